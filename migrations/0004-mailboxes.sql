-- A reporter who asked for a code can be asked a question. A mailbox is found only through a memory-hard hash of
-- the code; which report it belongs to stands sealed in that report's header.
create table arrival_mailbox (
  id uuid primary key,
  lookup bytea not null unique,
  recipient text not null,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$')
);
create table mailbox (
  like arrival_mailbox including all,
  closed boolean not null default false
);
create table question (
  id uuid primary key,
  mailbox uuid not null references mailbox on delete cascade,
  sealed bytea not null
);
create table arrival_answer (
  id uuid primary key,
  question uuid not null,
  sealed bytea not null,
  half_day text not null check (half_day ~ '^\d{4}-\d{2}-\d{2} (am|pm)$')
);
create table answer (
  like arrival_answer including all,
  foreign key (question) references question on delete cascade
);
do $$
declare
  place text;
begin
  foreach place in array array['arrival_mailbox', 'mailbox'] loop
    execute format('comment on column %I.id is %L', place, 'public: random id');
    execute format('comment on column %I.lookup is %L', place, 'code: peppered memory-hard hash of the code');
    execute format('comment on column %I.recipient is %L', place, 'code: age recipient derived from the code');
    execute format('comment on column %I.half_day is %L', place, 'coarse: date and half-day');
  end loop;
  foreach place in array array['arrival_answer', 'answer'] loop
    execute format('comment on column %I.id is %L', place, 'public: random id');
    execute format('comment on column %I.question is %L', place, 'public: the question it answers');
    execute format('comment on column %I.sealed is %L', place, 'sealed: padded age file for the desk');
    execute format('comment on column %I.half_day is %L', place, 'coarse: date and half-day');
  end loop;
end $$;
comment on column mailbox.closed is 'partner: the desk asks nothing more';
comment on column question.id is 'public: random id';
comment on column question.mailbox is 'public: the mailbox it was put in';
comment on column question.sealed is 'sealed: padded age file for the reporter''s code and the desk';

grant insert on arrival_mailbox, arrival_answer to baken_intake;
-- The hash that finds a mailbox is none of the desk's business.
grant select (id, recipient, half_day, closed) on mailbox to baken_triage;
grant select on question to baken_triage;
grant select (id, question, sealed, half_day) on answer to baken_triage;
grant insert on question to baken_triage;
grant update (closed) on mailbox to baken_triage;

-- The one thing intake may ask: what waits for the holder of this code. Unknown codes give no row.
create function open_mailbox(wanted bytea)
returns table (mailbox uuid, closed boolean, question uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with found as (
    select m.id, m.closed from public.mailbox m where m.lookup = wanted
    union all
    select a.id, false from public.arrival_mailbox a where a.lookup = wanted
  )
  select f.id, f.closed, q.id, q.sealed
  from found f
  left join public.question q on q.mailbox = f.id and not f.closed
    and not exists (select from public.arrival_answer a where a.question = q.id)
    and not exists (select from public.answer a where a.question = q.id)
$$;
revoke execute on function open_mailbox(bytea) from public;
grant execute on function open_mailbox(bytea) to baken_intake;

create function was_submitted(wanted bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from public.submitted s where s.key = wanted)
$$;
revoke execute on function was_submitted(bytea) from public;
grant execute on function was_submitted(bytea) to baken_intake;
