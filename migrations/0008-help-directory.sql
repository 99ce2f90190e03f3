-- Where people can turn is shipped with each release; here stands what this operator changed or added. A row takes the
-- place of the shipped one with its id, so numbers show also when the database is away.
create table help_entry (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  entry jsonb not null,
  retired boolean not null default false,
  revision integer not null default 1
);
comment on column help_entry.id is 'public: short name of an organisation in the help directory';
comment on column help_entry.entry is 'public: its number, hours, region, sources and sentences, as the public site shows them';
comment on column help_entry.retired is 'public: taken out of the directory';
comment on column help_entry.revision is 'public: how often the row was changed, so that nobody overwrites what they did not see';

create table help_coordinator (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9_-]{0,59}$'),
  role text not null check (role in ('care_coordinator', 'chain_director')),
  name text,
  age_group text check (age_group in ('minor', 'adult')),
  phone jsonb,
  website text,
  valid_from date,
  valid_to date,
  confidence text not null check (confidence in ('A', 'B', 'C')),
  sources text[] not null,
  verified_on date,
  publish boolean not null,
  texts jsonb not null,
  retired boolean not null default false,
  revision integer not null default 1,
  check (valid_from <= valid_to)
);
comment on column help_coordinator.id is 'public: short name of a coordinator in the help directory';
comment on column help_coordinator.role is 'public: care coordinator or director of the chain (ketenregisseur)';
comment on column help_coordinator.name is 'public: organisation or person in the role; empty when it is not known';
comment on column help_coordinator.age_group is 'public: for minors, for adults, or empty for both';
comment on column help_coordinator.phone is 'public: telephone number as it is read and dialled';
comment on column help_coordinator.website is 'public: address of the website';
comment on column help_coordinator.valid_from is 'public: first day in the role, when it is known';
comment on column help_coordinator.valid_to is 'public: last day in the role, when it is known';
comment on column help_coordinator.confidence is 'public: how good the source is';
comment on column help_coordinator.sources is 'public: where it was read';
comment on column help_coordinator.verified_on is 'public: the day somebody last looked whether it is still so';
comment on column help_coordinator.publish is 'public: whether the public site shows it';
comment on column help_coordinator.texts is 'public: its region and for whom, in words, by language';
comment on column help_coordinator.retired is 'public: taken out of the directory';
comment on column help_coordinator.revision is 'public: how often the row was changed, so that nobody overwrites what they did not see';

-- A region has several coordinators and a coordinator several regions. A former region is marked and not deleted: no
-- role may delete rows here.
create table help_coordinator_area (
  coordinator text not null references help_coordinator,
  level text not null check (level in ('national', 'province', 'police_unit', 'safety_region', 'municipality')),
  name text not null,
  former boolean not null default false,
  primary key (coordinator, level, name)
);
comment on column help_coordinator_area.coordinator is 'public: which coordinator';
comment on column help_coordinator_area.level is 'public: what kind of region';
comment on column help_coordinator_area.name is 'public: name of the region, or code of the municipality; empty for the whole country';
comment on column help_coordinator_area.former is 'public: a region that was taken off the coordinator';

create table help_version (
  singular boolean primary key default true check (singular),
  version integer not null
);
comment on column help_version.singular is 'public: there is one row';
comment on column help_version.version is 'public: goes up with every change of the help directory, so that the public site knows when to read it again';
insert into help_version (version) values (1);

grant select on help_entry, help_coordinator, help_coordinator_area, help_version to baken_intake;
grant select, insert on help_entry, help_coordinator, help_coordinator_area to baken_triage;
-- By column, which gives no right to lock a whole table against the public side.
grant update (entry, retired, revision) on help_entry to baken_triage;
grant update (role, name, age_group, phone, website, valid_from, valid_to, confidence, sources, verified_on, publish,
  texts, retired, revision) on help_coordinator to baken_triage;
grant update (former) on help_coordinator_area to baken_triage;
grant select, update (version) on help_version to baken_triage;

-- A line of the trail says which row was changed. What the operator imports with the owner's password has no member.
alter table audit add column help text;
comment on column audit.help is 'partner: which row of the help directory';
grant insert (help) on audit to baken_triage;
