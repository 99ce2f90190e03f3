// `npm start` on a PostgreSQL that is there already: it serves without any other change, or says in one sentence why not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { copyCheckout, isClear } from '../support/checkout.js'
import { databaseKind, emptyDatabase } from '../support/database.js'
import { isRoot } from '../support/embedded-holder.js'
import { withDatabase, withRole } from '../support/url.js'

const SECRET = 'pa55word-canary'
t.setTimeout(200_000)

const checkout = copyCheckout(t)
const { folder } = checkout

t.test('a database that is there: it serves, makes no demonstration, and ends in order', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const DATA_DIR = join(folder, 'site')
  const baken = await checkout.started({ settings: { DATABASE_URL: ownerUrl, DATA_DIR } })
  for (const address of [`${baken.site}/nl/`, `${baken.desk}/en/`]) {
    const page = await fetch(address)
    t.equal(page.status, 200)
    t.notMatch(await page.text(), 'class="demo"')
  }
  t.equal((await fetch(`${baken.site}/readyz`)).status, 503, 'there is no desk yet, so it takes no reports')
  t.same((await owner.query('select from desk')).rowCount, 0)
  t.notOk(existsSync(join(DATA_DIR, 'postgres')))
  t.notOk(existsSync(join(DATA_DIR, 'demonstration-desk.txt')))
  t.notMatch(baken.output(), /demonstration|sign in/)

  const second = await checkout.refused({ settings: { DATABASE_URL: ownerUrl, DATA_DIR: join(folder, 'b') } })
  isClear(t, second, 'another Baken runs on this database already')
  t.equal((await fetch(`${baken.site}/nl/`)).status, 200, 'the first goes on')
  process.kill(-baken.pid, 'SIGINT')
  await baken.ended
  t.same(checkout.leftovers(DATA_DIR), [])
})

t.test('two on one database in the same instant: one works, the other says so', async (t) => {
  const round = async (number: number): Promise<void> => {
    const { ownerUrl } = await emptyDatabase(t)
    const pair = ['a', 'b'].map((name) =>
      checkout.npmStart({
        settings: { DATABASE_URL: ownerUrl, DATA_DIR: join(folder, `race-${number}-${name}`) },
      }),
    )
    const outcomes = await Promise.allSettled(pair.map(({ addresses }) => addresses))
    t.same(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], `round ${number}`)
    for (const [i, baken] of pair.entries()) {
      if (outcomes[i]?.status === 'fulfilled') {
        process.kill(-baken.pid, 'SIGINT')
        await baken.ended
        continue
      }
      t.equal((await baken.ended).code, 1)
      t.match(baken.output(), /Baken does not start: another Baken runs on this database already\.\n$/)
    }
  }
  await Promise.all([0, 1, 2].map(round))
  t.same(checkout.leftovers(), [])
})

t.test('a server that refuses: wrong password, no such database', async (t) => {
  const { ownerUrl } = await emptyDatabase(t)
  const wrong = withRole(ownerUrl, { user: new URL(ownerUrl).username, password: SECRET })
  isClear(
    t,
    await checkout.refused({ settings: { DATABASE_URL: wrong } }),
    'the database refused the user or the password in DATABASE_URL',
    SECRET,
  )
  isClear(
    t,
    await checkout.refused({ settings: { DATABASE_URL: withDatabase(ownerUrl, 'not_there') } }),
    'there is no such database on the server that DATABASE_URL names',
  )
})

if (databaseKind === 'embedded' && isRoot) {
  t.test('a socket that is for another user', async (t) => {
    const { ownerUrl } = await emptyDatabase(t)
    const other = copyCheckout(t, { unprivileged: true })
    isClear(
      t,
      await other.refused({ settings: { DATABASE_URL: ownerUrl } }),
      'this user may not use the socket, or another file, that DATABASE_URL names',
    )
  })
}
