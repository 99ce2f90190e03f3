-- A desk reads reports; its key is made in a member's browser and stored only wrapped.
create table desk (
  id uuid primary key,
  name text not null,
  recipient text,
  recovery_recipient text,
  closed boolean not null default false,
  check ((recipient is null) = (recovery_recipient is null))
);
comment on column desk.id is 'public: random id';
comment on column desk.name is 'public: name of the desk';
comment on column desk.recipient is 'public: age recipient that reports are sealed to';
comment on column desk.recovery_recipient is 'public: age recipient of the printed recovery key';
comment on column desk.closed is 'public: a closed desk takes no reports';
-- The product ships with one front desk: two live ones would leave open which of them reads a report.
create unique index one_live_desk on desk ((true)) where recipient is not null and not closed;
grant select on desk to baken_intake, baken_triage;

-- The first member of a desk brings its key; false when it has one already, so that nobody who takes over the partner
-- host can put another key in its place.
create function make_desk_key(wanted uuid, new_recipient text, new_recovery_recipient text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.desk d set recipient = new_recipient, recovery_recipient = new_recovery_recipient
  where d.id = wanted and d.recipient is null;
  return found;
end $$;
revoke execute on function make_desk_key(uuid, text, text) from public;
grant execute on function make_desk_key(uuid, text, text) to baken_triage;

create table member (
  id uuid primary key,
  desk uuid not null references desk,
  name text not null,
  salt bytea not null,
  authentication_hash bytea not null,
  recipient text not null,
  wrapped_identity bytea not null,
  left_desk boolean not null default false
);
create unique index member_name on member (lower(name));
comment on column member.id is 'partner: random id';
comment on column member.desk is 'partner: the desk this member belongs to';
comment on column member.name is 'partner: sign-in name';
comment on column member.salt is 'partner: salt of the passphrase derivation';
comment on column member.authentication_hash is 'code: SHA-256 of the authentication value; the value is never stored';
comment on column member.recipient is 'partner: age recipient of the member';
comment on column member.wrapped_identity is 'sealed: the member''s age identity under a key only the passphrase gives';
comment on column member.left_desk is 'partner: somebody who left signs in no more';
grant select, insert on member to baken_triage;

create table desk_key_share (
  desk uuid not null references desk,
  member uuid not null references member,
  sealed bytea not null,
  primary key (desk, member)
);
comment on column desk_key_share.desk is 'partner: whose key';
comment on column desk_key_share.member is 'partner: for whom';
comment on column desk_key_share.sealed is 'sealed: the desk''s age identity, sealed to this member alone';
grant select, insert on desk_key_share to baken_triage;

create table invitation (
  id uuid primary key,
  desk uuid not null references desk,
  name text not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  used boolean not null default false
);
comment on column invitation.id is 'partner: random id';
comment on column invitation.desk is 'partner: the desk somebody is invited to';
comment on column invitation.name is 'partner: sign-in name of the invited member';
comment on column invitation.token_hash is 'code: SHA-256 of the one-time link''s token';
comment on column invitation.expires_at is 'partner: end of the invitation';
comment on column invitation.used is 'partner: a used invitation opens nothing';
grant select on invitation to baken_triage;
grant update (used) on invitation to baken_triage;

create table session (
  token_hash bytea primary key,
  member uuid not null references member,
  last_seen_at timestamptz not null,
  ends_at timestamptz not null
);
comment on column session.token_hash is 'code: SHA-256 of the session cookie';
comment on column session.member is 'partner: who is signed in';
comment on column session.last_seen_at is 'partner: last act of the member, for the idle limit';
comment on column session.ends_at is 'partner: absolute end of the session';
grant select, insert, update, delete on session to baken_triage;

create table sign_in_attempt (
  name_hash bytea primary key,
  window_start timestamptz not null,
  attempts integer not null
);
comment on column sign_in_attempt.name_hash is 'code: keyed hash of the name somebody tried, known or not';
comment on column sign_in_attempt.window_start is 'partner: start of the counting window';
comment on column sign_in_attempt.attempts is 'partner: failed attempts in the window';
grant select, insert, update, delete on sign_in_attempt to baken_triage;

create table instance_secret (
  name text primary key,
  value bytea not null
);
comment on column instance_secret.name is 'public: what the secret is for';
comment on column instance_secret.value is 'code: random key; gives unknown sign-in names a stable salt';
insert into instance_secret values ('sign-in', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
grant select on instance_secret to baken_triage;
