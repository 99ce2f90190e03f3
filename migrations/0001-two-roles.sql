-- The wall between the public side and the desk is made of database roles. They are cluster-wide, so they may
-- exist already, and another database may be making them at this very moment.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['baken_intake', 'baken_triage'] loop
    begin
      execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication', wanted);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to baken_intake, baken_triage', current_database());
end $$;

revoke all on schema public from public;
grant usage on schema public to baken_intake, baken_triage;
alter default privileges revoke execute on functions from public;

-- Large objects and advisory channels are open to everyone by default; the roles need none of them.
do $$
begin
  revoke execute on function lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) from public;
exception when insufficient_privilege then
  raise notice 'large object functions stay open: the owner of this database is not the owner of the cluster';
end $$;
