-- The partner app's role sees and changes no more than its work needs. Where a row lies tells when it came, so of
-- what reporters sent it reads columns, never the place of a row; the hash that finds a mailbox is none of its
-- business. It neither numbers nor dates an audit line, and cannot put another key in the place of a desk's own.
revoke select on report, report_part, queue_item, mailbox, answer from baken_triage;
grant select (id, desk, police_unit, urgent, half_day, file_count) on report to baken_triage;
grant select (id, chunk, report, kind, sealed) on report_part to baken_triage;
grant select (report, urgent, half_day, state, member) on queue_item to baken_triage;
grant select (id, recipient, half_day, closed) on mailbox to baken_triage;
grant select (id, question, sealed, half_day) on answer to baken_triage;

revoke insert on audit from baken_triage;
grant insert (member, act, report) on audit to baken_triage;

revoke update (recipient, recovery_recipient) on desk from baken_triage;
-- The first member of a desk brings its key; false when it has one already.
create function make_desk_key(wanted uuid, new_recipient text, new_recovery_recipient text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.desk d set recipient = new_recipient, recovery_recipient = new_recovery_recipient
  where d.id = wanted and d.recipient is null;
  return found;
end $$;
revoke execute on function make_desk_key(uuid, text, text) from public;
grant execute on function make_desk_key(uuid, text, text) to baken_triage;
