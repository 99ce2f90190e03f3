import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Finding } from '../../server/cli/finding.js'
import { migrate } from '../../server/storage/migrate.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { emptyDatabase, freshDatabase } from '../support/database.js'
import { createTestDesk } from '../support/desk.js'

interface Diagnosis {
  readonly checks: Finding[]
  readonly problems: number
  readonly warnings: number
}

async function examine(env: Record<string, string>) {
  const { code, json, stderr } = await bakenJson(['doctor'], { env })
  const diagnosis = json as Diagnosis
  const find = (text: string | RegExp) => diagnosis.checks.find((check) => check.text.match(text) !== null)
  return { code, stderr, find, ...diagnosis }
}

/** What runs well, to break one thing of it at a time. */
async function healthy(t: Test) {
  const database = await freshDatabase(t)
  await createTestDesk(database.owner)
  const DATA_DIR = join(ownFolder(t), 'data')
  mkdirSync(DATA_DIR, { mode: 0o700 })
  writeFileSync(join(DATA_DIR, 'pepper'), 'x'.repeat(32), { mode: 0o600 })
  return { owner: database.owner, DATA_DIR, env: { DATABASE_URL: database.ownerUrl, DATA_DIR } }
}

t.test('a machine and a database that keep the promises have no problem', async (t) => {
  const { env } = await healthy(t)
  const { code, stderr, checks, problems, find } = await examine({ ...env, DPIA_SIGNED: '2026-11-01' })
  t.same(
    checks.filter(({ level }) => level === 'problem'),
    [],
  )
  t.equal(code, 0)
  t.equal(problems, 0)
  t.equal(stderr, '')
  for (const text of [
    /^Node \d+/,
    /^core dumps/,
    /^swap/,
    /^the data folder .* has mode 700$/,
    /^the pepper file .* has mode 600$/,
    /^files (are|cannot be) made anew/,
    /^the database can be reached \(PostgreSQL \d+/,
    /^all migrations ran$/,
    /^what is acknowledged is on disk/,
    /^the roles of the apps own nothing and have no extra rights$/,
    /^the desk Test desk has a key and takes reports$/,
    /^the data protection impact assessment was signed on 2026-11-01$/,
    /^the browser code of the partner app/,
    /^of \d+ facts|^all \d+ facts/,
  ])
    t.ok(find(text), String(text))
})

t.test('for people it is one line for each check, and a count', async (t) => {
  const { env } = await healthy(t)
  const { code, stdout } = await baken(['doctor'], { env })
  t.equal(code, 0)
  const [lines = '', last] = stdout.trimEnd().split('\n\n')
  t.match(last, /^0 problems, \d+ warnings?\.$/)
  for (const line of lines.split('\n')) t.match(line, /^(ok {6}|warning |problem ) \S/)
  const todo = lines.split('\n').filter((line) => !line.startsWith('ok'))
  t.ok(todo.length > 0 && todo.every((line) => line.includes('; to do: ')), 'each says what to do')
})

t.test('rights that no migration gives are problems, one line each', async (t) => {
  const { owner, env } = await healthy(t)
  await owner.query(`grant select on report_part to baken_intake;
    grant insert on desk to baken_intake;
    grant update (name) on desk to baken_intake;
    grant select on report to baken_triage;
    grant delete on audit to baken_triage;
    grant select on draft to baken_triage;
    grant create on schema public to baken_triage;
    create function careless() returns integer language sql as 'select 1';
    grant execute on function careless() to public;
    create table owned (id integer);
    comment on column owned.id is 'public: x';
    alter table owned owner to baken_intake`)
  const { code, checks } = await examine(env)
  t.equal(code, 1)
  const told = checks.filter(({ level }) => level === 'problem').map(({ text }) => text)
  for (const text of [
    'baken_intake owns 1 object',
    'baken_intake may SELECT all of report_part',
    'baken_intake may INSERT all of desk',
    'baken_intake may UPDATE columns of desk',
    'baken_intake may DELETE all of owned',
    'baken_triage may SELECT all of report',
    'baken_triage may DELETE all of audit',
    'baken_triage may SELECT all of draft',
    'baken_triage may make tables',
    'every role may call careless()',
  ])
    t.ok(told.includes(text), text)
})

t.test('the server log is judged as the public app meets it, not as the owner does', async (t) => {
  const { owner, env } = await healthy(t)
  const { rows } = await owner.query<{ name: string }>('select current_database() as name')
  await owner.query(`alter role baken_intake in database ${rows[0]?.name} set log_statement = 'all'`)
  const { code, find } = await examine(env)
  t.equal(code, 1)
  t.match(find('log_statement is all'), { level: 'problem', todo: 'set it to none' })
})

t.test('a database that was not migrated, or belongs to another version, is a problem', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const empty = await examine({ DATABASE_URL: ownerUrl })
  t.equal(empty.code, 1)
  t.match(empty.find(/^\d+ migrations did not run yet$/), { level: 'problem', todo: 'run baken migrate' })
  const { rows } = await owner.query(`select to_regclass('migration') as made`)
  t.equal(rows[0].made, null, 'looking changes nothing')
  await migrate(owner)
  await owner.query(`insert into migration values ('9999-later.sql', 'x')`)
  const newer = await examine({ DATABASE_URL: ownerUrl })
  t.equal(newer.code, 1)
  t.equal(newer.find('the database is newer than this version')?.level, 'problem')
})

t.test('without a desk key it says how to get one, and a member without the key is a warning', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const none = await examine({ DATABASE_URL: ownerUrl })
  t.equal(none.code, 1)
  t.match(none.find('no desk has a key'), { level: 'problem', todo: 'run baken desk create' })
  await baken(['desk', 'create', '--name', 'Voorpost'], { env: { DATABASE_URL: ownerUrl } })
  const waiting = await examine({ DATABASE_URL: ownerUrl })
  t.match(waiting.find('no desk has a key')?.todo, 'let the first member follow the one-time link')
  const { owner, env } = await healthy(t)
  await owner.query('delete from desk_key_share where member in (select id from member where name = $1)', [
    'ilse',
  ])
  const shared = await examine(env)
  t.equal(shared.code, 0)
  t.equal(shared.find('1 member of the desk still without its key')?.level, 'warning')

  await owner.query(
    `insert into desk_key_gone select k.id, m.id from desk_key k join member m on m.desk = k.desk
     where k.live and m.name = 'max'`,
  )
  t.match(
    (await examine(env)).find('1 person who had the key of the desk may not have it any more')?.todo,
    'a key holder makes a new one',
  )
  await owner.query('delete from desk_key_share')
  const lost = await examine(env)
  t.equal(lost.code, 1)
  t.equal(lost.find('no member has the key of the desk: nobody reads reports')?.level, 'problem')
})

t.test('files with secrets that others can reach are problems', async (t) => {
  const { DATA_DIR, env } = await healthy(t)
  chmodSync(DATA_DIR, 0o755)
  chmodSync(join(DATA_DIR, 'pepper'), 0o640)
  const { code, find } = await examine(env)
  t.equal(code, 1)
  t.match(find(/^the data folder .* has mode 755: other users/), {
    level: 'problem',
    todo: `chmod 700 ${DATA_DIR}`,
  })
  t.match(find(/^the pepper file .* has mode 640: other users/), { level: 'problem' })
})

t.test('a database out of reach is one problem; the rest is looked at all the same', async (t) => {
  const { code, find, stderr } = await examine({ DATABASE_URL: 'postgres://owner:S3CRET@127.0.0.1:1/baken' })
  t.equal(code, 1)
  t.equal(stderr, '')
  t.equal(find('the database could not be looked at: the database does not answer')?.level, 'problem')
  t.ok(find(/^of \d+ facts|^all \d+ facts/))
})

t.test(
  'a site for others without a signed assessment, and settings that are wrong, are problems',
  async (t) => {
    const { env } = await healthy(t)
    const unsigned = await examine({ ...env, PUBLIC_ORIGIN: 'https://melden.example' })
    t.equal(unsigned.code, 1)
    t.equal(unsigned.find('is not signed: no process starts')?.level, 'problem')
    const local = await examine(env)
    t.equal(local.find('is not signed: only this machine')?.level, 'warning')
    const wrong = await examine({ ...env, PUBLIC_ORIGIN: 'http://melden.example', PORT: '99999' })
    t.equal(wrong.code, 1)
    t.match(wrong.find('these settings are not right')?.text, /PORT.*PUBLIC_ORIGIN|PUBLIC_ORIGIN.*PORT/)
  },
)
