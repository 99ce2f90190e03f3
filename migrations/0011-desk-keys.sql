-- A desk makes a new key when somebody who had it leaves, or when nobody has it any more. The partner app only proposes
-- one; it goes live when the operator accepts it as owner, so that whoever takes over the partner host cannot put a key
-- of their own in its place.
create table desk_key (
  id uuid primary key default gen_random_uuid(),
  desk uuid not null references desk,
  recipient text not null,
  recovery_recipient text not null,
  live boolean not null default true,
  since date not null default current_date,
  earlier bytea
);
comment on column desk_key.id is 'public: random id';
comment on column desk_key.desk is 'public: whose key';
comment on column desk_key.recipient is 'public: age recipient that reports were sealed to while it was live';
comment on column desk_key.recovery_recipient is 'public: age recipient of the printed recovery key of that time';
comment on column desk_key.live is 'public: whether reports are sealed to it now';
comment on column desk_key.since is 'public: the day on which it went live';
comment on column desk_key.earlier is
  'sealed: the keys before it, sealed to it and to its recovery key; whoever has this one opens what came before';
create unique index on desk_key (desk) where live;
insert into desk_key (desk, recipient, recovery_recipient)
  select id, recipient, recovery_recipient from desk where recipient is not null;
grant select on desk_key to baken_triage;

create or replace function make_desk_key(wanted uuid, new_recipient text, new_recovery_recipient text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.desk d set recipient = new_recipient, recovery_recipient = new_recovery_recipient
  where d.id = wanted and d.recipient is null;
  if found then
    insert into public.desk_key (desk, recipient, recovery_recipient)
      values (wanted, new_recipient, new_recovery_recipient);
    return true;
  end if;
  return false;
end $$;

-- Who gives the key to a member vouches for that member's recipient with the key itself: a server that puts another
-- recipient under a member's name cannot do so.
alter table desk_key_share add column vouch bytea;
comment on column desk_key_share.vouch is
  'code: keyed hash over the member''s name and recipient, under the desk''s key, by whoever gave the share';

create table desk_key_gone (
  desk_key uuid not null references desk_key on delete cascade,
  member uuid not null references member,
  primary key (desk_key, member)
);
comment on column desk_key_gone.desk_key is 'partner: a key that a member had';
comment on column desk_key_gone.member is 'partner: who had it and may have it no more';
grant select, insert on desk_key_gone to baken_triage;

create table desk_key_proposal (
  desk uuid primary key references desk,
  id uuid not null unique,
  replaces uuid not null references desk_key,
  member uuid not null references member,
  recipient text not null,
  recovery_recipient text not null,
  earlier bytea not null
);
comment on column desk_key_proposal.desk is 'partner: the desk for which a new key was made';
comment on column desk_key_proposal.id is 'public: random id, which the key keeps';
comment on column desk_key_proposal.replaces is 'partner: the key that was live when it was made';
comment on column desk_key_proposal.member is 'partner: who made it';
comment on column desk_key_proposal.recipient is 'public: age recipient of the new key';
comment on column desk_key_proposal.recovery_recipient is 'public: age recipient of its recovery key';
comment on column desk_key_proposal.earlier is 'sealed: the keys before it, sealed to it and to its recovery key';

create table desk_key_proposal_share (
  desk uuid not null references desk_key_proposal on delete cascade,
  member uuid not null references member,
  sealed bytea not null,
  vouch bytea not null,
  primary key (desk, member)
);
comment on column desk_key_proposal_share.desk is 'partner: the desk for which a new key was made';
comment on column desk_key_proposal_share.member is 'partner: for whom';
comment on column desk_key_proposal_share.sealed is 'sealed: the new key, sealed to this member alone';
comment on column desk_key_proposal_share.vouch is 'code: keyed hash over the member''s name and recipient, under the new key';
grant select, insert, delete on desk_key_proposal to baken_triage;
grant select, insert on desk_key_proposal_share to baken_triage;

-- To which key a part is sealed, as far as a member of the desk found out; the public side never says.
alter table report_part add column desk_key uuid references desk_key;
alter table question add column desk_key uuid references desk_key;
alter table answer add column desk_key uuid references desk_key;
alter table addition add column desk_key uuid references desk_key;
do $$
declare
  place text;
begin
  foreach place in array array['report_part', 'question', 'answer', 'addition'] loop
    execute format('comment on column %I.desk_key is %L', place,
      'partner: the key it was sealed to anew, or is known to fit; empty: as it came');
  end loop;
end $$;
grant select (desk_key) on report_part, answer, addition to baken_triage;

-- A member who seals open work anew, from a moment at which they showed who they are until their session ends.
create table reseal_run (
  id uuid primary key,
  session uuid not null references session (id) on delete cascade,
  desk_key uuid not null references desk_key on delete cascade
);
comment on column reseal_run.id is 'partner: random id';
comment on column reseal_run.session is 'partner: the session in which somebody seals open work anew';
comment on column reseal_run.desk_key is 'partner: to which key';
create index on reseal_run (session);
grant select, insert, delete on reseal_run to baken_triage;

-- What was sealed anew waits here until the browser read it back and opened it. Nothing else takes the place of a part.
create table resealed_part (
  attempt uuid not null,
  chunk smallint not null check (chunk >= 0),
  part uuid not null,
  run uuid not null references reseal_run on delete cascade,
  sealed bytea not null check (length(sealed) between 1 and 1048576),
  primary key (attempt, chunk)
);
comment on column resealed_part.attempt is 'partner: random id of one try';
comment on column resealed_part.chunk is 'public: place within a large sealed file';
comment on column resealed_part.part is 'public: the part whose place it is to take';
comment on column resealed_part.run is 'partner: who seals it; what waits goes with the session';
comment on column resealed_part.sealed is 'sealed: padded age file for the desk';
create index on resealed_part (part);
create index on resealed_part (run);
grant select, insert, delete on resealed_part to baken_triage;

-- The bytes of one part and the key it is known to fit; of a desk's reports, or of mailboxes, whose desk is sealed.
create function sealed_part(in_desk uuid, place text, wanted uuid)
returns table (bytes bigint, desk_key uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sum(length(p.sealed)), (array_agg(p.desk_key))[1]
    from public.report_part p join public.report r on r.id = p.report
    where place = 'report_part' and p.id = wanted and r.desk = in_desk having count(*) > 0
  union all
  select length(q.sealed), q.desk_key from public.question q where place = 'question' and q.id = wanted
  union all
  select length(a.sealed), a.desk_key from public.answer a where place = 'answer' and a.id = wanted
  union all
  select sum(length(a.sealed)), (array_agg(a.desk_key))[1]
    from public.addition a where place = 'addition' and a.id = wanted having count(*) > 0
$$;
revoke execute on function sealed_part(uuid, text, uuid) from public;
grant execute on function sealed_part(uuid, text, uuid) to baken_triage;

-- Puts what was sealed anew into the place of the part it was made of: exactly the rows whose hashes the browser gives,
-- which read them back and opened them, and only when they are together as long as what they replace. One transaction:
-- at no moment is there neither, or half of each.
create function put_resealed(in_desk uuid, place text, wanted uuid, tried uuid, hashes bytea[]) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  live uuid;
  fits uuid;
  old_bytes bigint;
  new_bytes bigint;
  new_rows integer;
  belongs uuid;
  sort text;
  half text;
begin
  select k.id into live from public.desk_key k where k.desk = in_desk and k.live;
  -- One at a time for each part: two members may seal the same one.
  perform pg_advisory_xact_lock(hashtextextended(wanted::text, 0));
  select s.bytes, s.desk_key into old_bytes, fits from public.sealed_part(in_desk, place, wanted) s;
  -- What is sealed to the live key is never put aside again, nor anything of a desk that has only ever had one: whoever
  -- takes over the partner app could otherwise put worthless bytes in the place of every report.
  if fits = live or not exists (select from public.desk_key k where k.desk = in_desk and not k.live) then
    return false;
  end if;
  select count(*), sum(length(s.sealed)) into new_rows, new_bytes
    from public.resealed_part s join public.reseal_run r on r.id = s.run
    where s.attempt = tried and s.part = wanted and r.desk_key = live
      and s.chunk < cardinality(hashes) and sha256(s.sealed) = hashes[s.chunk + 1];
  if old_bytes is null or new_rows = 0 or new_rows <> cardinality(hashes) or new_bytes <> old_bytes then
    return false;
  end if;
  if place in ('question', 'answer') and new_rows <> 1 then
    return false;
  end if;
  case place
    when 'report_part' then
      select p.report, p.kind into belongs, sort from public.report_part p where p.id = wanted limit 1;
      delete from public.report_part p where p.id = wanted;
      insert into public.report_part (id, chunk, report, kind, sealed, desk_key)
        select wanted, s.chunk, belongs, sort, s.sealed, live from public.resealed_part s
        where s.attempt = tried order by s.chunk;
    when 'addition' then
      select a.mailbox, a.kind, a.half_day into belongs, sort, half from public.addition a where a.id = wanted limit 1;
      delete from public.addition a where a.id = wanted;
      insert into public.addition (id, chunk, mailbox, kind, sealed, half_day, desk_key)
        select wanted, s.chunk, belongs, sort, s.sealed, half, live from public.resealed_part s
        where s.attempt = tried order by s.chunk;
    when 'question' then
      update public.question q set sealed = s.sealed, desk_key = live from public.resealed_part s
        where q.id = wanted and s.attempt = tried;
    when 'answer' then
      update public.answer a set sealed = s.sealed, desk_key = live from public.resealed_part s
        where a.id = wanted and s.attempt = tried;
  end case;
  delete from public.resealed_part s where s.part = wanted;
  return true;
end $$;
revoke execute on function put_resealed(uuid, text, uuid, uuid, bytea[]) from public;
grant execute on function put_resealed(uuid, text, uuid, uuid, bytea[]) to baken_triage;

-- Notes that a part opens with the live key as it is, because it came after that key. Changes no sealed byte.
create function note_part_fits(in_desk uuid, place text, wanted uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  live uuid;
begin
  select k.id into live from public.desk_key k where k.desk = in_desk and k.live;
  if live is null or not exists (select from public.sealed_part(in_desk, place, wanted)) then
    return false;
  end if;
  case place
    when 'report_part' then update public.report_part p set desk_key = live where p.id = wanted;
    when 'addition' then update public.addition a set desk_key = live where a.id = wanted;
    when 'question' then update public.question q set desk_key = live where q.id = wanted;
    when 'answer' then update public.answer a set desk_key = live where a.id = wanted;
  end case;
  return true;
end $$;
revoke execute on function note_part_fits(uuid, text, uuid) from public;
grant execute on function note_part_fits(uuid, text, uuid) to baken_triage;

-- What was sealed to an earlier key lies in the files of the table until it is vacuumed: let the server do that soon.
alter table report_part set (
  autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 1, toast.autovacuum_vacuum_scale_factor = 0
);
alter table addition set (
  autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 1, toast.autovacuum_vacuum_scale_factor = 0
);
alter table question set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
alter table answer set (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0);
