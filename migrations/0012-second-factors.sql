-- Words alone let nobody in where the desk asks for more: passkeys, and codes from an app.
create table passkey (
  id uuid primary key default gen_random_uuid(),
  member uuid not null references member,
  credential bytea not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  wrapped_identity bytea,
  name text not null,
  added_on date not null default current_date
);
create index on passkey (member);
comment on column passkey.id is 'partner: random id';
comment on column passkey.member is 'partner: whose passkey';
comment on column passkey.credential is 'partner: number by which the device knows the passkey';
comment on column passkey.public_key is 'public: what a signature of the device is checked with';
comment on column passkey.counter is 'partner: how often the device says it signed; one that goes back is a copy';
comment on column passkey.transports is 'partner: how the device is reached, such as usb';
comment on column passkey.wrapped_identity is
  'sealed: the member''s age identity under a key only the device gives; empty where it gives none';
comment on column passkey.name is 'partner: what the member calls it';
comment on column passkey.added_on is 'partner: day on which it was added';
grant select, insert, delete on passkey to baken_triage;
grant update (counter) on passkey to baken_triage;

create table passkey_challenge (
  hash bytea primary key,
  purpose text not null check (purpose in ('sign-in', 'prove', 'add')),
  member uuid references member,
  ends_at timestamptz not null default now() + interval '5 minutes'
);
create index on passkey_challenge (ends_at);
comment on column passkey_challenge.hash is 'code: SHA-256 of a random value that a device is asked to sign, once';
comment on column passkey_challenge.purpose is 'partner: what it was asked for';
comment on column passkey_challenge.member is 'partner: who was asked; empty before somebody is signed in';
comment on column passkey_challenge.ends_at is 'partner: end of the question';
grant select, insert, delete on passkey_challenge to baken_triage;

create table code_app (
  member uuid primary key references member,
  sealed_secret bytea not null,
  last_step bigint not null,
  added_on date not null default current_date
);
comment on column code_app.member is 'partner: whose app gives codes';
comment on column code_app.sealed_secret is
  'sealed: the secret of the codes under a key that only the member''s words give';
comment on column code_app.last_step is 'partner: half minute of the last code that was used: none counts twice';
comment on column code_app.added_on is 'partner: day on which it was added';
grant select, insert, delete on code_app to baken_triage;
grant update (sealed_secret, last_step, added_on) on code_app to baken_triage;

grant update (salt, authentication_hash, wrapped_identity) on member to baken_triage;
