-- A piece of a file whose draft went away is refused without an error: most servers write errors down with their time,
-- and that would be the time at which somebody left. False when there is no such draft (any more).
drop function draft_chunk_put(bytea, uuid, smallint, bytea);
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
revoke execute on function draft_chunk_put(bytea, uuid, smallint, bytea) from public;
grant execute on function draft_chunk_put(bytea, uuid, smallint, bytea) to baken_intake;
