import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connect } from '../../server/storage/connect.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { emptyDatabase, freshDatabase } from '../support/database.js'

t.test('it runs what did not run yet, and tells which', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const first = await baken(['migrate'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(first.code, 0, first.stderr)
  t.match(first.stdout, /^0001-two-roles\.sql\n/)
  t.match(first.stdout, /\n\d+ migrations ran\.\n$/)
  t.ok((await owner.query('select from desk')).rowCount === 0)
  const again = await baken(['migrate'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(again.code, 0)
  t.equal(again.stdout, 'The database is up to date.\n')
  t.same((await bakenJson(['migrate'], { env: { DATABASE_URL: ownerUrl } })).json, { ran: [] })
})

t.test('two at once: each migration runs once, both succeed', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const both = await Promise.all(
    [1, 2].map(() => bakenJson(['migrate'], { env: { DATABASE_URL: ownerUrl } })),
  )
  t.same(
    both.map(({ code }) => code),
    [0, 0],
  )
  const ran = both.flatMap(({ json }) => (json as { ran: string[] }).ran).sort()
  const { rows } = await owner.query<{ name: string }>('select name from migration order by name')
  t.same(
    ran,
    rows.map(({ name }) => name),
  )
})

t.test('two databases of one server stand side by side, and the roles survive', async (t) => {
  const [one, two] = [await emptyDatabase(t), await emptyDatabase(t)]
  const both = await Promise.all(
    [one, two].map(({ ownerUrl }) => baken(['migrate'], { env: { DATABASE_URL: ownerUrl } })),
  )
  t.same(
    both.map(({ code, stderr }) => [code, stderr]),
    [
      [0, ''],
      [0, ''],
    ],
  )
  for (const { owner } of [one, two]) {
    const { rows } = await owner.query(
      `select rolname from pg_roles where rolname in ('baken_intake', 'baken_triage') order by 1`,
    )
    t.equal(rows.length, 2)
  }
})

t.test('an edited migration is refused', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  await owner.query(`update migration set checksum = 'other' where name = '0003-reports.sql'`)
  const { code, stdout, stderr } = await baken(['migrate'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 1)
  t.equal(stdout, '')
  t.equal(stderr, 'baken migrate: migration 0003-reports.sql was changed after it ran.\n')
})

t.test('a database of a newer version is refused', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  await owner.query(`insert into migration values ('9999-later.sql', 'x')`)
  const { code, stderr } = await baken(['migrate'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 1)
  t.equal(
    stderr,
    'baken migrate: the database is newer than this version: it has migration 9999-later.sql.\n',
  )
})

t.test('--set-passwords writes an address for each process, and both work', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  const file = join(ownFolder(t), 'address')
  const set = ['migrate', '--set-passwords', file, '--even-shared']
  const done = await baken(set, { env: { DATABASE_URL: ownerUrl } })
  t.equal(done.code, 0, done.stderr)
  t.match(done.stdout, `stand in ${file}.intake and ${file}.triage`)
  for (const app of ['intake', 'triage']) {
    t.equal(statSync(`${file}.${app}`).mode & 0o777, 0o600)
    const address = readFileSync(`${file}.${app}`, 'utf8').trim()
    t.notMatch(done.stdout + done.stderr, new URL(address).password, 'no password on the screen')
    const pool = connect({ target: address, connections: 1 })
    const { rows } = await pool.query('select current_user as name')
    await pool.end()
    t.equal(rows[0].name, `baken_${app}`)
  }
  const kept = await owner.query(`select rolpassword from pg_authid where rolname = 'baken_intake'`)
  t.match(kept.rows[0].rolpassword, /^SCRAM-SHA-256\$/)
})

t.test('--set-passwords leaves a file that is there as it is, and the passwords too', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  const folder = ownFolder(t)
  const passwords = async () =>
    (
      await owner.query(
        `select rolname, rolpassword from pg_authid where rolname ~ '^baken_(intake|triage)$'`,
      )
    ).rows
  const before = await passwords()
  for (const app of ['intake', 'triage']) {
    const file = join(folder, `before-${app}`)
    writeFileSync(`${file}.${app}`, 'precious')
    const refused = await baken(['migrate', '--set-passwords', file, '--even-shared'], {
      env: { DATABASE_URL: ownerUrl },
    })
    t.equal(refused.code, 1)
    t.match(refused.stderr, /^baken migrate: .* is there already: it stays as it is\.\n$/)
    t.equal(readFileSync(`${file}.${app}`, 'utf8'), 'precious')
  }
  t.same(readdirSync(folder), ['before-intake.intake', 'before-triage.triage'], 'nothing stays behind')
  t.same(await passwords(), before)
})

t.test('--set-passwords locks out no other database of the server unasked', async (t) => {
  const [one, two] = [await freshDatabase(t), await freshDatabase(t)]
  const folder = ownFolder(t)
  const refused = await baken(['migrate', '--set-passwords', join(folder, 'address')], {
    env: { DATABASE_URL: one.ownerUrl },
  })
  t.equal(refused.code, 1)
  t.match(refused.stderr, new URL(two.ownerUrl).pathname.slice(1))
  t.match(refused.stderr, '--even-shared')
  t.same(readdirSync(folder), [])
})

t.test('a user who is not the owner gets one sentence', async (t) => {
  const { triageUrl } = await freshDatabase(t)
  const { code, stdout, stderr } = await baken(['migrate'], { env: { DATABASE_URL: triageUrl } })
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /^baken migrate: this user of the database may not do that: .*owner is needed\.\n$/)
})
