// The wall between the public side and the desk: somebody who holds a process's database password tries everything.
// The lists below are short on purpose; whatever a migration adds to them is a decision to be read in a review.
import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { connect, type Pool } from '../../server/storage/connect.js'
import { createDesk } from '../../server/storage/owner.js'
import { freshDatabase, type Teardown, type TestDatabase } from '../support/database.js'
import { tryAll, tryEverything } from '../support/rights.js'
import { withRole } from '../support/url.js'

/** What an operator changed in the help directory, which both sides read. */
const HELP = ['help_coordinator', 'help_coordinator_area', 'help_entry', 'help_version']
const COORDINATOR =
  'id, role, name, age_group, phone, website, valid_from, valid_to, confidence, sources, verified_on, publish, texts, retired, revision'

const MEMBER =
  'id, desk, name, salt, authentication_hash, recipient, wrapped_identity, left_desk, roles, reading_languages'

const PROPOSAL = 'desk, id, replaces, member, recipient, recovery_recipient, earlier'
const PASSKEY = 'id, member, credential, public_key, counter, transports, wrapped_identity, name, added_on'

const INTAKE_MAY = [
  'execute draft_chunk_get(bytea,uuid,smallint)',
  'execute draft_chunk_put(bytea,uuid,smallint,bytea)',
  'execute draft_drop(bytea)',
  'execute draft_file_drop(bytea,uuid)',
  'execute draft_get(bytea)',
  'execute draft_put(bytea,integer,bytea)',
  'execute draft_take(bytea,integer)',
  'execute open_mailbox(bytea)',
  'execute sweep()',
  'execute was_submitted(bytea)',
  'insert arrival (id, desk, police_unit, urgent, half_day, file_count)',
  'insert arrival_addition (id, chunk, mailbox, kind, sealed, half_day)',
  'insert arrival_answer (id, question, sealed, half_day)',
  'insert arrival_mailbox (id, lookup, recipient, half_day)',
  'insert arrival_part (id, chunk, report, kind, sealed)',
  'insert submitted (key, half_day)',
  'select desk (id, name, recipient, recovery_recipient, closed, asks_second_factor)',
  `select help_coordinator (${COORDINATOR})`,
  'select help_coordinator_area (coordinator, level, name, former)',
  'select help_entry (id, entry, retired, revision)',
  'select help_version (singular, version)',
  ...['desk', ...HELP].map(order),
].sort()

/** What members do with the queue and keep of it. */
const QUEUE_MAY = [
  'delete notice',
  'delete saved_view',
  'delete watch',
  'insert desk_target (desk, urgent_minutes, waiting_half_days, reading_half_days)',
  'insert notice (member, report, kind, by_member, reason)',
  'insert saved_view (id, desk, member, shared, sealed)',
  'insert watch (member, report)',
  'select desk_target (desk, urgent_minutes, waiting_half_days, reading_half_days)',
  'select notice (member, report, kind, by_member, reason)',
  'select saved_view (id, desk, member, shared, sealed)',
  'select watch (member, report)',
  'update desk_target (urgent_minutes, waiting_half_days, reading_half_days)',
  'update notice (by_member, reason)',
  'update saved_view (sealed)',
]

const TRIAGE_MAY = [
  ...QUEUE_MAY,
  ...['desk_target', 'notice', 'saved_view', 'watch'].map(order),
  'delete desk_key_proposal',
  'delete desk_key_share',
  'delete reseal_run',
  'delete resealed_part',
  'delete code_app',
  'delete passkey',
  'delete passkey_challenge',
  'delete session',
  'delete session_proof',
  'delete sign_in_attempt',
  'execute bring_mailbox(uuid)',
  'execute make_desk_key(uuid,text,text)',
  'execute note_part_fits(uuid,text,uuid)',
  'execute put_resealed(uuid,text,uuid,uuid,bytea[])',
  'execute release_arrivals(boolean)',
  'execute sealed_part(uuid,text,uuid)',
  'execute sweep()',
  'insert assessment (report, member, sealed)',
  'insert audit (member, act, report, help, about, reason)',
  'insert desk_key_gone (desk_key, member)',
  `insert desk_key_proposal (${PROPOSAL})`,
  'insert desk_key_proposal_share (desk, member, sealed, vouch)',
  'insert desk_key_share (desk, member, sealed, vouch)',
  'insert invitation (id, desk, name, token_hash, expires_at, roles, invited_by)',
  `insert member (${MEMBER})`,
  'insert question (id, mailbox, sealed, desk_key)',
  'insert reseal_run (id, session, desk_key)',
  'insert resealed_part (attempt, chunk, part, run, sealed)',
  'insert code_app (member, sealed_secret, last_step, added_on)',
  `insert passkey (${PASSKEY})`,
  'insert passkey_challenge (hash, purpose, member, ends_at)',
  'insert session (token_hash, member, last_seen_at, ends_at, id, began_at, means)',
  'insert session_proof (token_hash, session, proved_at)',
  'insert sign_in_attempt (name_hash, window_start, attempts)',
  'select addition (id, chunk, mailbox, kind, sealed, half_day, desk_key)',
  'select answer (id, question, sealed, half_day, desk_key)',
  'select assessment (report, member, sealed)',
  'select audit (number, at, member, act, report, help, about, reason)',
  'select code_app (member, sealed_secret, last_step, added_on)',
  'select desk (id, name, recipient, recovery_recipient, closed, asks_second_factor)',
  'select desk_key (id, desk, recipient, recovery_recipient, live, since, earlier)',
  'select desk_key_gone (desk_key, member)',
  `select desk_key_proposal (${PROPOSAL})`,
  'select desk_key_proposal_share (desk, member, sealed, vouch)',
  'select desk_key_share (desk, member, sealed, vouch)',
  'select instance_secret (name, value)',
  'select invitation (id, desk, name, token_hash, expires_at, used, roles, invited_by)',
  'select mailbox (id, recipient, half_day, closed)',
  `select member (${MEMBER})`,
  'select question (id, mailbox, sealed, desk_key)',
  'select queue_age (report, late)',
  'select queue_item (report, urgent, half_day, state, member, desk, police_unit, file_count, leased_until)',
  `select passkey (${PASSKEY})`,
  'select passkey_challenge (hash, purpose, member, ends_at)',
  'select report (id, desk, police_unit, urgent, half_day, file_count)',
  'select report_part (id, chunk, report, kind, sealed, desk_key)',
  'select reseal_run (id, session, desk_key)',
  'select resealed_part (attempt, chunk, part, run, sealed)',
  'select session (token_hash, member, last_seen_at, ends_at, id, began_at, means)',
  'select session_proof (token_hash, session, proved_at)',
  'select sign_in_attempt (name_hash, window_start, attempts)',
  'update code_app (sealed_secret, last_step, added_on)',
  'update invitation (used)',
  'update mailbox (closed)',
  'update queue_item (state, member, leased_until)',
  'update member (salt, authentication_hash, wrapped_identity, left_desk, roles, reading_languages)',
  'update passkey (counter)',
  'update session (token_hash, member, last_seen_at, ends_at, id, began_at, means)',
  'update sign_in_attempt (name_hash, window_start, attempts)',
  ...['insert', 'select'].flatMap((verb) => [
    `${verb} help_coordinator (${COORDINATOR})`,
    `${verb} help_coordinator_area (coordinator, level, name, former)`,
    `${verb} help_entry (id, entry, retired, revision)`,
  ]),
  'select help_version (singular, version)',
  `update help_coordinator (${COORDINATOR.replace('id, ', '')})`,
  'update help_coordinator_area (former)',
  'update help_entry (entry, retired, revision)',
  'update help_version (version)',
  // Of the staff's own tables the order may be seen; of what reporters sent never.
  ...['assessment', 'audit', 'code_app', 'desk', 'desk_key_share', 'instance_secret', 'invitation'].map(
    order,
  ),
  ...['desk_key', 'desk_key_gone', 'desk_key_proposal', 'desk_key_proposal_share'].map(order),
  ...['passkey', 'passkey_challenge', 'reseal_run', 'resealed_part'].map(order),
  ...['member', 'question', 'session', 'session_proof', 'sign_in_attempt', ...HELP].map(order),
].sort()

function order(table: string): string {
  return `see the order of ${table}`
}

/** What anybody with a password could try, whatever tables there are. `{}` stands for the owner's role. */
const ESCAPES = [
  'create table planted (id integer)',
  'create temp table planted (id integer)',
  'create unlogged table planted (id integer)',
  'create view planted as select 1',
  'create materialized view planted as select 1',
  'create sequence planted',
  'create type planted as enum ()',
  "create function planted() returns integer language sql as 'select 1'",
  'create schema planted',
  'create role planted',
  'create publication planted for all tables',
  'create foreign data wrapper planted',
  'create event trigger planted on ddl_command_start execute function pg_event_trigger_ddl_commands()',
  'create trusted language planted handler plpgsql_call_handler',
  'alter role {} password null',
  'alter role {} nologin',
  'alter schema public owner to current_user',
  'alter default privileges for role {} grant select on tables to public',
  'drop schema public cascade',
  'drop function sweep()',
  'create or replace function sweep() returns void language sql as $$ select 1 $$',
  'alter function sweep() security invoker',
  'grant pg_read_all_data to current_user',
  'grant pg_execute_server_program to current_user',
  'grant {} to current_user',
  'set role {}',
  'set session authorization {}',
  'reassign owned by {} to current_user',
  'drop owned by {}',
  "copy (select 1) to '/tmp/planted'",
  "copy (select 1) to program 'true'",
  "select pg_read_file('postgresql.conf')",
  "select pg_read_binary_file('postgresql.conf')",
  "select pg_ls_dir('.')",
  "select pg_stat_file('postgresql.conf')",
  'select pg_ls_waldir()',
  'select pg_ls_logdir()',
  'select pg_ls_tmpdir()',
  "select lo_import('/etc/hostname')",
  'select lo_create(0)',
  'select lo_creat(-1)',
  "select lo_from_bytea(0, 'planted')",
  'select pg_reload_conf()',
  'select pg_rotate_logfile()',
  'select pg_switch_wal()',
  "select pg_create_restore_point('planted')",
  "select pg_create_physical_replication_slot('planted')",
  'select pg_stat_reset()',
  'select pg_log_backend_memory_contexts(pg_backend_pid())',
  "load 'planted'",
  'set session_replication_role = replica',
  "set log_statement = 'all'",
  'set zero_damaged_pages = on',
  'select rolpassword from pg_authid',
  'select passwd from pg_shadow',
  'select * from pg_statistic',
  'select data from pg_largeobject',
  'select umoptions from pg_user_mapping',
  'select * from pg_hba_file_rules',
  'select * from pg_file_settings',
  'select * from pg_config',
  'select * from pg_shmem_allocations',
]
/** The same, where PostgreSQL wants no transaction around it. */
const ESCAPES_ALONE = [
  'create database planted',
  "create tablespace planted location '/tmp'",
  "alter system set log_statement = 'all'",
]

t.test('with the password of the intake process nothing is possible but its short list', async (t) => {
  const database = await freshDatabase(t)
  const login = openLogin(t, database.intakeUrl)
  t.same(await tryEverything(database.owner, login), INTAKE_MAY)
  await refuseEscapes(t, database, login, 'baken_triage')
})

t.test('as the role baken_intake itself nothing more is possible', async (t) => {
  const database = await freshDatabase(t)
  const login = openLogin(t, await urlOfGroup(t, database, 'baken_intake'))
  t.same(await tryEverything(database.owner, login), INTAKE_MAY)
  await refuseEscapes(t, database, login, 'baken_triage')
})

t.test('with the password of the partner process nothing is possible but its own list', async (t) => {
  const database = await freshDatabase(t)
  const login = openLogin(t, database.triageUrl)
  t.same(await tryEverything(database.owner, login), TRIAGE_MAY)
  await refuseEscapes(t, database, login, 'baken_intake')
})

t.test('as the role baken_triage itself nothing more is possible', async (t) => {
  const database = await freshDatabase(t)
  const login = openLogin(t, await urlOfGroup(t, database, 'baken_triage'))
  t.same(await tryEverything(database.owner, login), TRIAGE_MAY)
  await refuseEscapes(t, database, login, 'baken_intake')
})

t.test('a table, column, view or function that a migration adds is tried too', async (t) => {
  const { owner, intakeUrl } = await freshDatabase(t)
  const login = openLogin(t, intakeUrl)
  await owner.query(`
    create table planted (id uuid primary key, words text);
    grant select (words) on planted to baken_intake;
    create view planted_view as select sealed from report_part;
    grant select on planted_view to baken_intake;
    create function planted_open() returns integer language sql as 'select 1';
    grant execute on function planted_open() to public;
    create schema later; create table later.planted (id uuid primary key); grant usage on schema later to baken_intake;
    grant update (id) on later.planted to public;
    alter table desk add secret text`)
  const found = await tryEverything(owner, login)
  t.same(
    found.filter((right) => !INTAKE_MAY.includes(right)),
    [
      'execute planted_open()',
      'select desk (id, name, recipient, recovery_recipient, closed, asks_second_factor, secret)',
      'select planted (words)',
      'select planted_view (sealed)',
      'update later.planted (id)',
    ],
  )
})

t.test('somebody of neither role cannot even connect, and would find nothing', async (t) => {
  const { owner, ownerUrl } = await freshDatabase(t)
  const stranger = { user: `baken_stranger_${randomBytes(4).toString('hex')}`, password: 'a stranger' }
  await owner.query(`create role ${stranger.user} login password '${stranger.password}'`)
  t.teardown(async () => owner.query(`drop owned by ${stranger.user}; drop role ${stranger.user}`))
  const login = openLogin(t, withRole(ownerUrl, stranger))
  await t.rejects(login.query('select 1'), { code: '42501' })

  const { rows } = await owner.query('select current_database() as name')
  await owner.query(`grant connect on database ${rows[0].name} to ${stranger.user}`)
  t.same(await tryEverything(owner, login), [])
  await login.end()
})

t.test('what others ask of the database and from where stays hidden', async (t) => {
  const database = await freshDatabase(t)
  const login = openLogin(t, database.intakeUrl)
  const triage = openLogin(t, database.triageUrl)
  await Promise.all([triage.query("select 'canary of the desk'"), database.owner.query("select 'canary'")])
  const { rows } = await login.query(
    'select query, client_addr, client_port, state from pg_stat_activity where usename <> current_user and datname = current_database()',
  )
  t.ok(rows.length >= 2, 'that somebody is connected cannot be hidden')
  for (const row of rows) {
    t.notMatch(row.query ?? '', 'canary')
    t.same([row.client_addr, row.client_port, row.state], [null, null, null])
  }
})

t.test(
  'a function that acts for its owner is closed to others and looks things up in one place only',
  async (t) => {
    const { owner } = await freshDatabase(t)
    const { rows } = await owner.query(
      `select p.oid::regprocedure::text as name, p.prosecdef as definer, p.proconfig as config,
       coalesce((select bool_or(a.grantee = 0) from aclexplode(p.proacl) a), p.proacl is null) as everybody
     from pg_proc p where p.pronamespace = 'public'::regnamespace`,
    )
    t.ok(rows.length > 10)
    for (const { name, definer, config, everybody } of rows) {
      t.equal(everybody, false, `${name} is not for everybody`)
      if (definer) t.same(config, ['search_path=pg_catalog, pg_temp'], `${name} has a fixed search path`)
    }
  },
)

t.test('the roles own nothing, belong to no other role and have no attribute', async (t) => {
  const { owner, intakeUrl, triageUrl } = await freshDatabase(t)
  const users = [intakeUrl, triageUrl].map((url) => new URL(url).username)
  const { rows } = await owner.query(
    `select r.rolname as name, r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls as powers,
       array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as groups,
       exists (select from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o') as owns
     from pg_roles r where r.rolname = any ($1) order by r.rolname`,
    [[...users, 'baken_intake', 'baken_triage']],
  )
  const nothing = { powers: false, owns: false }
  t.same(rows, [
    { name: 'baken_intake', groups: [], ...nothing },
    { name: users[0], groups: ['baken_intake'], ...nothing },
    { name: 'baken_triage', groups: [], ...nothing },
    { name: users[1], groups: ['baken_triage'], ...nothing },
  ])
  const extensions = await owner.query('select extname from pg_extension')
  t.same(extensions.rows, [{ extname: 'plpgsql' }], 'nothing that could connect elsewhere')
})

t.test('the first member brings the desk its key, and nobody puts another one in its place', async (t) => {
  const { owner, triageUrl } = await freshDatabase(t)
  const login = openLogin(t, triageUrl)
  const desk = await createDesk(owner, 'Test desk')
  const bring = async (key: string) =>
    (await login.query('select make_desk_key($1, $2, $3) as made', [desk, key, `${key} recovery`])).rows[0]
      .made
  t.equal(await bring('first'), true)
  t.equal(await bring('second'), false)
  const { rows } = await owner.query('select recipient, recovery_recipient from desk')
  t.same(rows, [{ recipient: 'first', recovery_recipient: 'first recovery' }])
})

function openLogin(t: Teardown, url: string): Pool {
  // One connection, so that a transaction's statements stay together.
  const login = connect({ target: url, connections: 1 })
  t.teardown(() => (login.ended ? undefined : login.end()))
  return login
}

/** Logs in as the group role; it has no password of its own, so it gets one for the time of the test. */
async function urlOfGroup(t: Teardown, { owner, ownerUrl }: TestDatabase, user: string): Promise<string> {
  const password = randomBytes(16).toString('hex')
  await owner.query(`alter role ${user} password '${password}'`)
  t.teardown(() => owner.query(`alter role ${user} password null`))
  return withRole(ownerUrl, { user, password })
}

async function refuseEscapes(
  t: Test,
  { owner, ownerUrl }: TestDatabase,
  login: Pool,
  otherRole: string,
): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    'select name from pg_available_extensions where installed_version is null order by name',
  )
  const escapes = [
    ...ESCAPES,
    ...rows.map(({ name }) => `create extension "${name}" cascade`),
    `set role ${otherRole}`,
    `grant ${otherRole} to current_user`,
    `alter role ${otherRole} password null`,
    `alter table report owner to ${otherRole}`,
  ].map((statement) => statement.replaceAll('{}', `"${new URL(ownerUrl).username}"`))
  const allowed = await tryAll(login, escapes)
  const possible = escapes.filter((_, i) => allowed[i])
  t.same(possible, [], `${escapes.length} ways out are all refused`)
  for (const statement of ESCAPES_ALONE) await t.rejects(login.query(statement), { code: '42501' }, statement)
}
