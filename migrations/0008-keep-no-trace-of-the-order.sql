-- What reporters sent keeps no trace of its order or moment once a batch is released. Mailboxes wait for the batch
-- too: moved at every call, their rows lay in the order in which reporters came, and a report's header names its
-- mailbox. The write-ahead log keeps the order until it is recycled, and so do archives made of it: that is the limit.
create or replace function release_arrivals(whole_batch boolean) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  batch uuid[];
begin
  -- One release at a time: two would interleave their random orders.
  if not pg_try_advisory_xact_lock(hashtext('baken release')) then
    return 0;
  end if;
  select coalesce(array_agg(a.id order by random()), '{}') into batch
  from public.arrival a where whole_batch or a.urgent;

  insert into public.report select a.* from public.arrival a where a.id = any (batch) order by random();
  insert into public.report_part select p.* from public.arrival_part p where p.report = any (batch) order by random();
  insert into public.queue_item (report, urgent, half_day)
    select a.id, a.urgent, a.half_day from public.arrival a where a.id = any (batch) order by random();
  delete from public.arrival a where a.id = any (batch);

  if whole_batch then
    -- Deleting and inserting in one statement: a row that comes in between stays for the next release.
    with gone as (delete from public.arrival_mailbox returning *)
    insert into public.mailbox (id, lookup, recipient, half_day)
      select g.id, g.lookup, g.recipient, g.half_day from gone g order by random();
    with gone as (delete from public.arrival_answer returning *)
    insert into public.answer
      select g.* from gone g join public.question q on q.id = g.question order by random();
    -- A row knows the number of the transaction that wrote it, and beside the dated lines of the audit trail such
    -- numbers are a clock: written anew, the keys of submissions all bear the number of this release.
    update public.submitted s set half_day = s.half_day;
  end if;
  return cardinality(batch);
end $$;

-- The mailbox of an urgent report may be needed before the batch: it comes when the desk asks for it by its id.
create function bring_mailbox(wanted uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from public.arrival_mailbox a where a.id = wanted returning *)
  insert into public.mailbox (id, lookup, recipient, half_day)
    select g.id, g.lookup, g.recipient, g.half_day from gone g
$$;
revoke execute on function bring_mailbox(uuid) from public;
grant execute on function bring_mailbox(uuid) to baken_triage;

-- Nothing finer than a half-day gets in anywhere, whoever writes it.
do $$
declare
  place text;
begin
  foreach place in array array['submitted', 'queue_item', 'arrival_mailbox', 'mailbox', 'arrival_answer', 'answer'] loop
    execute format('alter table %I add check (half_day ~ %L)', place, '^\d{4}-\d{2}-\d{2} (am|pm)$');
  end loop;
end $$;

-- Compared as text: a half-day that is no date must not end the ageing of drafts.
create or replace function sweep() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.maintenance m set last_run = now()
  where m.task = 'sweep' and m.last_run < now() - interval '10 minutes';
  if not found then
    return;
  end if;
  delete from public.draft d where d.sweeps_left <= 1;
  update public.draft d set sweeps_left = d.sweeps_left - 1;
  delete from public.submitted s where left(s.half_day, 10) < to_char(current_date - 2, 'YYYY-MM-DD');
end $$;

alter table submitted set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
