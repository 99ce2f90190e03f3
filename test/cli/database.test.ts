import { chmodSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connect } from '../../server/storage/connect.js'
import { startEmbedded } from '../../server/storage/embedded/index.js'
import { migrate } from '../../server/storage/migrate.js'
import { createDesk } from '../../server/storage/owner.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { clusterUrl, emptyDatabase, freshDatabase } from '../support/database.js'
import { withDatabase, withRole } from '../support/url.js'

const SECRET = 'pa55word-canary'

t.test('a database that cannot be used is told in one sentence, without its address', async (t) => {
  const { ownerUrl } = await emptyDatabase(t)
  const wrongPassword = withRole(ownerUrl, { user: new URL(ownerUrl).username, password: SECRET })
  const wrong: [string, RegExp][] = [
    [`postgres://owner:${SECRET}@127.0.0.1:1/baken`, /the database does not answer: check DATABASE_URL/],
    [`postgres://owner:${SECRET}@%2Ftmp%2Fno-such-folder/baken`, /the socket of the database is not there/],
    [wrongPassword, /the database refused the user or the password/],
    [withDatabase(await clusterUrl(), 'no_such_database'), /there is no such database on the server/],
    [ownerUrl, /the database was not migrated: run baken migrate first/],
    [`mysql://owner:${SECRET}@db/x`, /DATABASE_URL: must be an address postgres:/],
    [`postgres://owner:${SECRET}@:/x`, /DATABASE_URL: must be an address postgres:/],
  ]
  for (const [address, sentence] of wrong) {
    const { code, stdout, stderr } = await baken(['desk', 'list'], { env: { DATABASE_URL: address } })
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, /^baken desk list: [^\n]+\.\n$/)
    t.match(stderr, sentence)
    t.notMatch(stderr, SECRET)
    t.notMatch(stderr, /\n +at |dist\//, 'no stack')
  }
})

t.test('a value that the database complains about is never repeated', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  await owner.query(`alter table desk add constraint short check (length(name) < 20)`)
  const { code, stderr } = await baken(['desk', 'create', '--name', 'CANARY name that is too long'], {
    env: { DATABASE_URL: ownerUrl },
  })
  t.equal(code, 1)
  t.match(stderr, /23514 short/, 'the code and the name of the rule')
  t.notMatch(stderr, 'CANARY')
})

t.test('the address may stand in a file, which goes before the environment', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const file = join(ownFolder(t), 'address')
  writeFileSync(file, `${ownerUrl}\n`)
  const listed = await baken(['desk', 'list', '--database-url-file', file], {
    env: { DATABASE_URL: 'postgres://127.0.0.1:1/none' },
  })
  t.equal(listed.code, 0, listed.stderr)
  writeFileSync(file, '')
  const empty = await baken(['desk', 'list', '--database-url-file', file], {
    env: { DATABASE_URL: ownerUrl },
  })
  t.equal(empty.code, 1, 'an empty file does not mean another database')
  t.match(empty.stderr, 'DATABASE_URL: must be an address postgres:')
  const missing = await baken(['desk', 'list', '--database-url-file', `${file}-not`])
  t.equal(missing.code, 1)
  t.match(missing.stderr, 'DATABASE_URL_FILE: cannot be read (ENOENT)')
  const named = await baken(['desk', 'list'], { env: { DATABASE_URL_FILE: file } })
  t.equal(named.code, 1, 'the setting of the processes works too')
})

t.test('without an address and without a demonstration nothing is made', async (t) => {
  const DATA_DIR = join(ownFolder(t), 'data')
  const { code, stderr } = await baken(['desk', 'list'], { env: { DATA_DIR } })
  t.equal(code, 1)
  t.match(stderr, `DATABASE_URL is not set, and there is no demonstration in ${DATA_DIR}`)
  t.notOk(existsSync(DATA_DIR))
})

t.test('it works on a demonstration that stands still, and says that a running one is in use', async (t) => {
  const DATA_DIR = join(realpathSync(ownFolder(t)), 'data')
  const running = await startEmbedded(DATA_DIR)
  const owner = connect({ target: running.owner, connections: 2 })
  await migrate(owner)
  await createDesk(owner, 'Demonstration desk')
  await owner.end()
  const held = await baken(['desk', 'list'], { env: { DATA_DIR } })
  t.equal(held.code, 1)
  t.match(held.stderr, /^baken desk list: the running npm start holds the database in .*\.\n$/)
  const looked = await bakenJson(['doctor'], { env: { DATA_DIR } })
  t.equal(looked.code, 0, 'which is no problem of the machine')
  t.match(JSON.stringify(looked.json), 'the running npm start holds the database')
  await running.stop()

  const listed = await baken(['desk', 'list'], { env: { DATA_DIR } })
  t.equal(listed.code, 0, listed.stderr)
  t.match(listed.stdout, 'Demonstration desk: waits for its first member')
  t.notOk(existsSync(join(DATA_DIR, 'baken.lock')), 'the folder is free again')
  const passwords = await baken(['migrate', '--set-passwords', join(DATA_DIR, 'x')], { env: { DATA_DIR } })
  t.equal(passwords.code, 1)
  t.match(passwords.stderr, 'the demonstration has its own passwords')
})

t.test('a data folder that lost its database is not taken for an empty one', async (t) => {
  const DATA_DIR = join(ownFolder(t), 'data')
  mkdirSync(DATA_DIR)
  chmodSync(DATA_DIR, 0o700)
  writeFileSync(join(DATA_DIR, 'postgres-folder.txt'), '/no/such/place\n')
  const { code, stderr } = await baken(['desk', 'list'], { env: { DATA_DIR } })
  t.equal(code, 1)
  t.match(stderr, 'The database should lie in /no/such/place')
})
