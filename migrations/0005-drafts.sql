-- What somebody typed waits here, encrypted under the cookie of that browser alone. The intake role has no right
-- on the tables: it can only put, get and drop what it can name. No column tells a time.
create unlogged table draft (
  key bytea primary key,
  version integer not null,
  body bytea not null,
  sweeps_left smallint not null
);
create unlogged table draft_chunk (
  key bytea not null references draft on delete cascade,
  file uuid not null,
  chunk smallint not null,
  body bytea not null,
  primary key (key, file, chunk)
);
comment on column draft.key is 'code: SHA-256 of the cookie value';
comment on column draft.version is 'coarse: number of changes, so that two tabs lose nothing';
comment on column draft.body is 'sealed: encrypted under the cookie value';
comment on column draft.sweeps_left is 'coarse: rounds of ten minutes until it goes';
comment on column draft_chunk.key is 'code: SHA-256 of the cookie value';
comment on column draft_chunk.file is 'public: random id';
comment on column draft_chunk.chunk is 'public: place within a file';
comment on column draft_chunk.body is 'sealed: encrypted under the cookie value';

create function draft_get(wanted bytea) returns table (version integer, body bytea)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update public.draft d set sweeps_left = 6 where d.key = wanted returning d.version, d.body
$$;

-- Stores a draft when its version is still the one that was read (0 for a new one); false when another tab was first.
create function draft_put(wanted bytea, read_version integer, new_body bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if read_version = 0 then
    insert into public.draft values (wanted, 1, new_body, 6) on conflict (key) do nothing;
  else
    update public.draft d set version = d.version + 1, body = new_body, sweeps_left = 6
    where d.key = wanted and d.version = read_version;
  end if;
  return found;
end $$;

create function draft_drop(wanted bytea) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from public.draft d where d.key = wanted
$$;

-- Takes the draft away in the transaction that stores its report, only in the version that was sent: what another
-- tab wrote meanwhile is not lost, and nothing sent can be sent once more in another form.
create function draft_take(wanted bytea, read_version integer) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from public.draft d where d.key = wanted and d.version = read_version;
  return found;
end $$;

-- A piece of a file whose draft went away is refused without an error: most servers write errors down with their time,
-- and that would be the time at which somebody left. False when there is no such draft (any more).
create function draft_chunk_put(wanted bytea, wanted_file uuid, wanted_chunk smallint, new_body bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Locked, so that the draft cannot go away between the look and the insert.
  perform from public.draft d where d.key = wanted for key share;
  if not found then
    return false;
  end if;
  insert into public.draft_chunk values (wanted, wanted_file, wanted_chunk, new_body) on conflict do nothing;
  return true;
end $$;

create function draft_chunk_get(wanted bytea, wanted_file uuid, wanted_chunk smallint) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.body from public.draft_chunk c
  where c.key = wanted and c.file = wanted_file and c.chunk = wanted_chunk
$$;

create function draft_file_drop(wanted bytea, wanted_file uuid) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from public.draft_chunk c where c.key = wanted and c.file = wanted_file
$$;

create table maintenance (
  task text primary key,
  last_run timestamptz not null
);
comment on column maintenance.task is 'public: name of a task of the machine';
comment on column maintenance.last_run is 'public: when the machine last did it; says nothing of any reporter';
insert into maintenance values ('sweep', '-infinity');

-- Any number of processes may call this; once in ten minutes it does something: drafts age, old keys of
-- submissions go after two days.
create function sweep() returns void
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
end $$;

revoke execute on function draft_get(bytea), draft_put(bytea, integer, bytea), draft_drop(bytea), draft_take(bytea, integer),
  draft_chunk_put(bytea, uuid, smallint, bytea), draft_chunk_get(bytea, uuid, smallint),
  draft_file_drop(bytea, uuid), sweep() from public;
grant execute on function draft_get(bytea), draft_put(bytea, integer, bytea), draft_drop(bytea), draft_take(bytea, integer),
  draft_chunk_put(bytea, uuid, smallint, bytea), draft_chunk_get(bytea, uuid, smallint),
  draft_file_drop(bytea, uuid), sweep() to baken_intake;
grant execute on function sweep() to baken_triage;
