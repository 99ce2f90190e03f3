-- Moves what arrived to the desk in random order, so that what stays keeps no trace of the order or moment of arrival:
-- urgent reports at every call; the others, mailboxes and answers only when a whole batch is due. A row that collides
-- with one released before is dropped, whoever made it: it must not hold up the others. Returns how many reports moved.
-- The write-ahead log keeps the order until it is recycled, and so do archives made of it: that is the limit.
create function release_arrivals(whole_batch boolean) returns integer
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
    -- A row knows the number of the transaction that wrote it, and beside the dated lines of the audit trail such
    -- numbers are a clock: written anew, the keys of submissions all bear the number of this release.
    update public.submitted s set half_day = s.half_day;
  end if;
  return cardinality(moved);
end $$;
revoke execute on function release_arrivals(boolean) from public;
grant execute on function release_arrivals(boolean) to baken_triage;

-- The mailbox of an urgent report may be needed before the batch: it comes when the desk asks for it by its id, which
-- only that report's sealed header tells.
create function bring_mailbox(wanted uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (delete from public.arrival_mailbox a where a.id = wanted returning *)
  insert into public.mailbox (id, lookup, recipient, half_day)
    select g.id, g.lookup, g.recipient, g.half_day from gone g
  on conflict do nothing
$$;
revoke execute on function bring_mailbox(uuid) from public;
grant execute on function bring_mailbox(uuid) to baken_triage;

-- What was moved away lies in the heap in order of arrival until it is vacuumed: let the server do that soon.
alter table arrival set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
alter table arrival_part set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
alter table arrival_mailbox set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
alter table arrival_answer set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
alter table submitted set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
