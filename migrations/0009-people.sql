-- The people of the desk: what each may do, which languages they read, how long they are signed in and since when they
-- showed again who they are.
alter table desk add column asks_second_factor boolean not null default true;
comment on column desk.asks_second_factor is 'public: whether words alone let nobody in; false in a demonstration';

alter table member
  add column roles text[] not null default '{}',
  add column reading_languages text[] not null default '{}',
  -- Who looks after people, or sees the trail, does nothing else: nobody can give themselves the desk's key.
  add constraint member_roles check (
    roles <@ array['triager', 'reviewer', 'desk_lead', 'key_holder', 'auditor', 'administrator']
    and (not roles && array['auditor', 'administrator'] or cardinality(roles) = 1)
  );
comment on column member.roles is 'partner: what the member may do';
comment on column member.reading_languages is 'partner: languages the member reads; empty for any';
-- Until now every member did everything.
update member set roles = '{triager,desk_lead,key_holder}';
grant update (roles, reading_languages, left_desk) on member to baken_triage;
-- Who leaves the desk, or reads no reports any more, loses the key.
grant delete on desk_key_share to baken_triage;

alter table invitation
  add column roles text[] not null default '{triager}',
  add column invited_by uuid references member,
  add constraint invitation_roles check (
    cardinality(roles) > 0
    and roles <@ array['triager', 'reviewer', 'desk_lead', 'key_holder', 'auditor', 'administrator']
    and (not roles && array['auditor', 'administrator'] or cardinality(roles) = 1)
  );
comment on column invitation.roles is 'partner: what the invited member may do';
comment on column invitation.invited_by is 'partner: the member who invited; empty for the operator';
update invitation set roles = '{triager,desk_lead,key_holder}';
grant insert (id, desk, name, token_hash, expires_at, roles, invited_by) on invitation to baken_triage;

alter table session
  add column id uuid not null default gen_random_uuid() unique,
  add column began_at timestamptz not null default now(),
  add column means text not null default 'words'
    check (means in ('words', 'words_and_code', 'words_and_passkey', 'passkey'));
comment on column session.id is 'partner: random id, by which a session is shown and ended';
comment on column session.began_at is 'partner: when the member signed in';
comment on column session.means is 'partner: with what the member signed in';

-- A proof is given to one page, which keeps it in its memory: a cookie that was stolen has none.
create table session_proof (
  token_hash bytea primary key,
  session uuid not null references session (id) on delete cascade,
  proved_at timestamptz not null default now()
);
comment on column session_proof.token_hash is 'code: SHA-256 of the proof that a page keeps in its memory';
comment on column session_proof.session is 'partner: the session it belongs to';
comment on column session_proof.proved_at is 'partner: when the member last showed who they are';
create index on session_proof (session);
create index on session (member);
grant select, insert, delete on session_proof to baken_triage;

alter table audit
  add column about uuid references member,
  add column reason text;
comment on column audit.about is 'partner: which member it was done to';
comment on column audit.reason is 'partner: why, as a fixed code or the roles that were given';
grant insert (about, reason) on audit to baken_triage;
