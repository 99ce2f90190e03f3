-- Intake can only put reports into "arrival"; the order in which rows lie there would tell the order of arrival,
-- so release_arrivals() moves them in random order into the tables the desk reads.
create table arrival (
  id uuid primary key,
  desk uuid not null references desk,
  police_unit text not null,
  urgent boolean not null,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$'),
  file_count smallint not null check (file_count between 0 and 100)
);
create table arrival_part (
  id uuid not null,
  chunk smallint not null,
  report uuid not null references arrival on delete cascade,
  kind text not null check (kind in ('header', 'situation', 'place', 'victims', 'offenders', 'source', 'file')),
  sealed bytea not null,
  primary key (id, chunk)
);
create index on arrival_part (report);
create table report (like arrival including all, foreign key (desk) references desk);
create table report_part (
  like arrival_part including all,
  foreign key (report) references report on delete cascade
);
do $$
declare
  place text;
begin
  foreach place in array array['arrival', 'report'] loop
    execute format('comment on column %I.id is %L', place, 'public: random id');
    execute format('comment on column %I.desk is %L', place, 'public: the desk it is sealed to');
    execute format('comment on column %I.police_unit is %L', place, 'coarse: regional police unit, or national');
    execute format('comment on column %I.urgent is %L', place, 'coarse: one flag for danger, minor or time-critical');
    execute format('comment on column %I.half_day is %L', place, 'coarse: date and half-day of arrival');
    execute format('comment on column %I.file_count is %L', place, 'coarse: number of files');
    execute format('comment on column %I.id is %L', place || '_part', 'public: random id');
    execute format('comment on column %I.chunk is %L', place || '_part', 'public: place within a large sealed file');
    execute format('comment on column %I.report is %L', place || '_part', 'public: the report it belongs to');
    execute format('comment on column %I.kind is %L', place || '_part', 'public: which section; every report has all');
    execute format('comment on column %I.sealed is %L', place || '_part', 'sealed: padded age file for the desk');
  end loop;
end $$;

-- A second click, or a retry after a lost answer, brings the same key and is refused by it. The key is a hash over
-- a random token and the content, so it tells nothing and belongs to no row.
create table submitted (
  key bytea primary key,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$')
);
comment on column submitted.key is 'code: hash of a random token and the content; no row refers to it';
comment on column submitted.half_day is 'coarse: for deleting old keys';

create table queue_item (
  report uuid primary key references report on delete cascade,
  urgent boolean not null,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$'),
  state text not null default 'waiting' check (state in ('waiting', 'claimed', 'assessed')),
  member uuid references member,
  check ((state = 'waiting') = (member is null))
);
comment on column queue_item.report is 'partner: the report to be read';
comment on column queue_item.urgent is 'coarse: copied for the order of the queue';
comment on column queue_item.half_day is 'coarse: copied for the order of the queue';
comment on column queue_item.state is 'partner: waiting, claimed or assessed';
comment on column queue_item.member is 'partner: who has it';
create index on queue_item (urgent desc, half_day, report);

create table assessment (
  report uuid primary key references report on delete cascade,
  member uuid not null references member,
  sealed bytea not null
);
comment on column assessment.report is 'partner: the report assessed';
comment on column assessment.member is 'partner: who assessed it';
comment on column assessment.sealed is 'sealed: usable or not and why, sealed in the browser to the desk';

create table audit (
  number bigint generated always as identity primary key,
  at timestamptz not null default now(),
  member uuid references member,
  act text not null,
  report uuid
);
comment on column audit.number is 'partner: order of the trail of staff acts';
comment on column audit.at is 'partner: time of the act of a member of the desk, never of a reporter';
comment on column audit.member is 'partner: who acted';
comment on column audit.act is 'partner: what was done';
comment on column audit.report is 'partner: on which report';

grant insert on arrival, arrival_part, submitted to baken_intake;
-- Where a row lies tells when it came, so of what reporters sent the desk reads columns, never the place of a row.
-- It neither numbers nor dates an audit line.
grant select (id, desk, police_unit, urgent, half_day, file_count) on report to baken_triage;
grant select (id, chunk, report, kind, sealed) on report_part to baken_triage;
grant select (report, urgent, half_day, state, member) on queue_item to baken_triage;
grant update (state, member) on queue_item to baken_triage;
grant select on assessment, audit to baken_triage;
grant insert on assessment to baken_triage;
grant insert (member, act, report) on audit to baken_triage;
