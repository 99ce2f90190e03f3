-- With the code a reporter can do more than answer: add words or files, ask the desk not to use the report, end the
-- mailbox. All of it goes the way of an answer: sealed to the desk, inserted by the public side, which cannot read it
-- back, and released in random order with the next batch.
create table arrival_addition (
  id uuid not null,
  chunk smallint not null,
  mailbox uuid not null,
  kind text not null check (kind in ('addition', 'added_file', 'withdrawal', 'ending')),
  sealed bytea not null,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$'),
  primary key (id, chunk)
);
create index on arrival_addition (mailbox);
create table addition (
  like arrival_addition including all,
  foreign key (mailbox) references mailbox on delete cascade
);
do $$
declare
  place text;
begin
  foreach place in array array['arrival_addition', 'addition'] loop
    execute format('comment on column %I.id is %L', place, 'public: random id');
    execute format('comment on column %I.chunk is %L', place, 'public: place within a large sealed file');
    execute format('comment on column %I.mailbox is %L', place, 'public: the mailbox it came through');
    execute format('comment on column %I.kind is %L', place, 'coarse: words, a file, a withdrawal or the end of the mailbox');
    execute format('comment on column %I.sealed is %L', place, 'sealed: padded age file for the desk');
    execute format('comment on column %I.half_day is %L', place, 'coarse: date and half-day');
  end loop;
end $$;

grant insert on arrival_addition to baken_intake;
grant select (id, chunk, mailbox, kind, sealed, half_day) on addition to baken_triage;
alter table arrival_addition set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);

-- What waits for the holder of a code, and what the holder already asked for. A mailbox that was ended shows as closed
-- and without questions to a process that does not know the last column yet.
drop function open_mailbox(bytea);
create function open_mailbox(wanted bytea)
returns table (mailbox uuid, closed boolean, question uuid, sealed bytea, withdrawn boolean, ended boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with found as (
    select m.id, m.closed from public.mailbox m where m.lookup = wanted
    union all
    select a.id, false from public.arrival_mailbox a where a.lookup = wanted
  ), asked as (
    select f.id, i.kind from found f join public.arrival_addition i on i.mailbox = f.id
    union all
    select f.id, i.kind from found f join public.addition i on i.mailbox = f.id
  ), told as (
    select f.id, f.closed,
      exists (select from asked a where a.id = f.id and a.kind = 'withdrawal') as withdrawn,
      exists (select from asked a where a.id = f.id and a.kind = 'ending') as ended
    from found f
  )
  select t.id, t.closed or t.ended, q.id, q.sealed, t.withdrawn, t.ended
  from told t
  left join public.question q on q.mailbox = t.id and not (t.closed or t.withdrawn or t.ended)
    and not exists (select from public.arrival_answer a where a.question = q.id)
    and not exists (select from public.answer a where a.question = q.id)
$$;
revoke execute on function open_mailbox(bytea) from public;
grant execute on function open_mailbox(bytea) to baken_intake;

-- The same release as before, with additions. A mailbox that its reporter ended takes no question, and the hash that
-- found it is forgotten: from then on nothing tells that its code was ever one.
create or replace function release_arrivals(whole_batch boolean) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  batch uuid[];
  moved uuid[];
begin
  -- One release at a time: two would interleave their random orders.
  if not pg_try_advisory_xact_lock(hashtext('baken release')) then
    return 0;
  end if;
  select coalesce(array_agg(a.id order by random()), '{}') into batch
  from public.arrival a where whole_batch or a.urgent;

  with fresh as (
    insert into public.report select a.* from public.arrival a where a.id = any (batch) order by random()
    on conflict do nothing returning id
  )
  select coalesce(array_agg(f.id order by random()), '{}') into moved from fresh f;
  insert into public.report_part select p.* from public.arrival_part p where p.report = any (moved) order by random()
  on conflict do nothing;
  insert into public.queue_item (report, urgent, half_day)
    select r.id, r.urgent, r.half_day from public.report r where r.id = any (moved) order by random();
  delete from public.arrival a where a.id = any (batch);

  if whole_batch then
    -- Deleting and inserting in one statement: a row that comes in between stays for the next release.
    with gone as (delete from public.arrival_mailbox returning *)
    insert into public.mailbox (id, lookup, recipient, half_day)
      select g.id, g.lookup, g.recipient, g.half_day from gone g order by random()
    on conflict do nothing;
    with gone as (delete from public.arrival_answer returning *)
    insert into public.answer
      select g.* from gone g join public.question q on q.id = g.question order by random()
    on conflict do nothing;
    -- A mailbox that came in since the statement above waits for the next release, and so does what came through it:
    -- taken now, it would find no mailbox and be lost.
    with gone as (
      delete from public.arrival_addition a
      where not exists (select from public.arrival_mailbox w where w.id = a.mailbox) returning a.*
    ),
    fresh as (
      insert into public.addition
        select g.* from gone g join public.mailbox m on m.id = g.mailbox order by random()
      on conflict do nothing returning mailbox, kind
    )
    update public.mailbox m
      set closed = true, lookup = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
      where m.id in (select f.mailbox from fresh f where f.kind = 'ending');
    -- A row knows the number of the transaction that wrote it, and beside the dated lines of the audit trail such
    -- numbers are a clock: written anew, the keys of submissions all bear the number of this release.
    update public.submitted s set half_day = s.half_day;
  end if;
  return cardinality(moved);
end $$;
