-- One row that clashes with an older one must never hold up the release of all others: it is left out. Intake chooses
-- ids itself, and a code can be used for a second report in the very moment in which its mailbox is being moved.
create or replace function release_arrivals(whole_batch boolean) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  batch uuid[];
begin
  -- One release at a time: two would interleave their random orders.
  if not pg_try_advisory_xact_lock(hashtext('baken release')) then
    return 0;
  end if;
  delete from public.arrival a using public.report r where r.id = a.id;
  select coalesce(array_agg(a.id order by random()), '{}') into batch
  from public.arrival a where whole_batch or a.urgent;

  insert into public.report select a.* from public.arrival a where a.id = any (batch) order by random();
  insert into public.report_part select p.* from public.arrival_part p where p.report = any (batch) order by random()
    on conflict do nothing;
  insert into public.queue_item (report, urgent, half_day)
    select a.id, a.urgent, a.half_day from public.arrival a where a.id = any (batch) order by random();
  delete from public.arrival a where a.id = any (batch);

  -- Deleting and inserting in one statement: a row that comes in between stays for the next release.
  with gone as (delete from public.arrival_mailbox returning *)
  insert into public.mailbox (id, lookup, recipient, half_day)
    select g.id, g.lookup, g.recipient, g.half_day from gone g order by random()
    on conflict do nothing;
  if whole_batch then
    with gone as (delete from public.arrival_answer returning *)
    insert into public.answer
      select g.* from gone g join public.question q on q.id = g.question order by random()
      on conflict do nothing;
  end if;
  return cardinality(batch);
end $$;
