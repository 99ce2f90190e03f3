-- The desk's queue: who has a report and until when, who follows it, what waits too long, the views that members keep,
-- and a word to every open page when something changed. No column tells when a report came or was released.
alter table queue_item
  add column desk uuid references desk,
  add column police_unit text,
  add column file_count smallint,
  add column leased_until timestamptz;
update queue_item q set desk = r.desk, police_unit = r.police_unit, file_count = r.file_count
from report r where r.id = q.report;
update queue_item set leased_until = now() + interval '8 hours' where state = 'claimed';
alter table queue_item
  alter column desk set not null, alter column police_unit set not null, alter column file_count set not null;
comment on column queue_item.desk is 'public: the desk it is sealed to';
comment on column queue_item.police_unit is 'coarse: copied for the list: regional police unit, or national';
comment on column queue_item.file_count is 'coarse: copied for the list: number of files';
comment on column queue_item.leased_until is 'partner: until when the member has it, unless somebody works on it; it then waits again';
-- One index for each question: the open ones in their order, the waiting ones, those of a member, the newest assessed.
drop index queue_item_urgent_half_day_report_idx;
-- The first has all that a page of the list shows: five hundred rows lie everywhere in a large table.
create index queue_item_open on queue_item (desk, (not urgent), half_day, report)
  include (urgent, state, member, police_unit, file_count) where state <> 'assessed';
create index queue_item_waiting on queue_item (desk, (not urgent), half_day, report) where state = 'waiting';
create index queue_item_claimed on queue_item (member, leased_until) where state = 'claimed';
create index queue_item_assessed on queue_item (desk, half_day desc, report) where state = 'assessed';
grant select (desk, police_unit, file_count, leased_until), update (leased_until) on queue_item to baken_triage;

-- What the desk asks of itself.
create table desk_target (
  desk uuid primary key references desk,
  urgent_minutes smallint not null default 60 check (urgent_minutes between 10 and 1440 and urgent_minutes % 10 = 0),
  waiting_half_days smallint not null default 4 check (waiting_half_days between 1 and 60),
  reading_half_days smallint not null default 10 check (reading_half_days between 1 and 60)
);
comment on column desk_target.desk is 'public: which desk';
comment on column desk_target.urgent_minutes is 'partner: within how many minutes an urgent report should be assessed';
comment on column desk_target.waiting_half_days is 'partner: how many half-days another report may wait';
comment on column desk_target.reading_half_days is 'partner: how many half-days after its arrival it should be assessed';
grant select, insert on desk_target to baken_triage;
grant update (urgent_minutes, waiting_half_days, reading_half_days) on desk_target to baken_triage;

-- An urgent report counts down to the desk's target with the rounds of the machine. It stands apart from the queue, so
-- that a round never holds a row that somebody is about to take. The desk sees only whether the target has passed.
create table queue_age (
  report uuid primary key references queue_item on delete cascade,
  rounds_left smallint not null check (rounds_left >= 0),
  late boolean generated always as (rounds_left = 0) stored
);
comment on column queue_age.report is 'partner: an urgent report that is not assessed yet';
comment on column queue_age.rounds_left is 'coarse: rounds of ten minutes until the target of the desk passes';
comment on column queue_age.late is 'coarse: whether it has passed';
create index queue_age_late on queue_age (report) where late;
grant select (report, late) on queue_age to baken_triage;
-- What is open now counts from now.
insert into queue_age (report, rounds_left)
  select q.report, 6 from queue_item q where q.urgent and q.state <> 'assessed' order by random();

create table watch (
  member uuid not null references member,
  report uuid not null references queue_item on delete cascade,
  primary key (member, report)
);
create index on watch (report);
comment on column watch.member is 'partner: who follows it';
comment on column watch.report is 'partner: the report that is followed';
grant select, insert, delete on watch to baken_triage;

create table notice (
  member uuid not null references member,
  report uuid not null references queue_item on delete cascade,
  kind text not null check (kind in ('watched', 'assigned', 'taken-over', 'lease-ended')),
  by_member uuid references member,
  reason text check (reason in ('absent', 'workload', 'language', 'knowledge')),
  primary key (member, report, kind)
);
create index on notice (report);
comment on column notice.member is 'partner: who is told';
comment on column notice.report is 'partner: about which report';
comment on column notice.kind is 'partner: what happened in the queue';
comment on column notice.by_member is 'partner: who did it; empty when time did';
comment on column notice.reason is 'partner: why, as a fixed code';
grant select, insert, delete on notice to baken_triage;
grant update (by_member, reason) on notice to baken_triage;

-- A filter tells what the desk looks for, so a view and its name are sealed in the browser.
create table saved_view (
  id uuid primary key,
  desk uuid not null references desk,
  member uuid not null references member,
  shared boolean not null,
  sealed bytea not null
);
create index on saved_view (desk, member);
comment on column saved_view.id is 'public: random id';
comment on column saved_view.desk is 'public: the desk it is sealed to';
comment on column saved_view.member is 'partner: who made it';
comment on column saved_view.shared is 'partner: whether the whole desk sees it';
comment on column saved_view.sealed is 'sealed: name and filter of a view, sealed in the browser to the desk';
grant select, insert, delete on saved_view to baken_triage;
grant update (sealed) on saved_view to baken_triage;

-- Of the trail the overview of the work counts the assessments of a week.
create index on audit (at) where act = 'report.assessed';

-- A page that listens ends with its session, at once.
create function tell_session_ended() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify('baken_queue', 'session');
  return null;
end $$;
revoke execute on function tell_session_ended() from public;
create trigger session_ended after delete on session for each row execute function tell_session_ended();
create trigger member_left after update of left_desk, roles on member for each row execute function tell_session_ended();

-- The same release as before; it fills the new columns and tells those who listen.
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
  insert into public.queue_item (report, desk, urgent, half_day, police_unit, file_count)
    select r.id, r.desk, r.urgent, r.half_day, r.police_unit, r.file_count from public.report r where r.id = any (moved) order by random();
  insert into public.queue_age (report, rounds_left)
    select r.id, coalesce(t.urgent_minutes, 60) / 10
    from public.report r left join public.desk_target t on t.desk = r.desk
    where r.urgent and r.id = any (moved) order by random();
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
  -- Told at the end, to whoever listens, in a word that says nothing of any report.
  if exists (select from public.report r where r.urgent and r.id = any (moved)) then
    perform pg_notify('baken_queue', 'urgent');
  elsif cardinality(moved) > 0 then
    perform pg_notify('baken_queue', 'work');
  end if;
  return cardinality(moved);
end $$;

-- The same sweep as before; every open urgent report also comes a round nearer to the target of its desk, all of them in
-- one statement, so that no row tells by its place or number when it came.
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
  -- Compared as text: a half-day that is no date must not end the ageing of drafts.
  delete from public.submitted s where left(s.half_day, 10) < to_char(current_date - 2, 'YYYY-MM-DD');
  delete from public.queue_age a using public.queue_item q where q.report = a.report and q.state = 'assessed';
  update public.queue_age a set rounds_left = greatest(a.rounds_left - 1, 0);
end $$;
