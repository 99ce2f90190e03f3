// The database fails while Baken lives: nothing acknowledged is lost, nobody sees anything but calm pages, the pages
// that need no database go on, and so does everything else as soon as the database is back.
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { connect } from '../../server/storage/connect.js'
import { killHard, until } from '../support/baken-process.js'
import { databaseKind, freshDatabase } from '../support/database.js'
import { openJson } from '../support/desk.js'
import { runs } from '../support/embedded-holder.js'
import { type Site, startSite, untilReady } from '../support/sites.js'
import {
  get,
  makeSubmissions,
  openMailbox,
  post,
  prepare,
  type Submission,
  sendUntilAnswered,
} from '../support/submissions.js'

const REPORTERS = 40
t.setTimeout(200_000)

function isCalm(t: Test, page: string): void {
  t.notMatch(page, '<h1>Received</h1>')
  t.match(page, 'tel:112')
  t.match(page, 'href="/exit"')
  t.notMatch(page, /error:|at .*\.js|postgres|sql/i)
}

/** Processes of the database that serve the public app at this moment. */
async function backendsOfIntake(site: Site): Promise<number[]> {
  const { rows } = await site.asOwner((owner) =>
    owner.query<{ pid: number }>(`select pid from pg_stat_activity where usename like 'baken_intake%'`),
  )
  return rows.map(({ pid }) => pid)
}

/** Lets many reporters send, does something bad in the middle and waits until whoever tries again has an answer. */
async function inTheMiddle(site: Site, name: string, bad: () => Promise<void>): Promise<Submission[]> {
  const reporters = makeSubmissions(REPORTERS, name)
  await Promise.all(reporters.map((one) => prepare(site.url, one)))
  let over = false
  const clicks = reporters.map((one) => sendUntilAnswered(site.url, one, () => over))
  while (reporters.filter(({ answer }) => answer === 'received').length < 4) await wait(1)
  await bad()
  const patience = setTimeout(() => {
    over = true
  }, 60_000)
  await Promise.all(clicks)
  clearTimeout(patience)
  return reporters
}

async function nothingLost(t: Test, site: Site, reporters: readonly Submission[]): Promise<void> {
  const { rows } = await site.asOwner((owner) =>
    owner.query<{ report: string; sealed: Buffer }>(
      `select report, sealed from arrival_part where kind = 'situation'
       union all select report, sealed from report_part where kind = 'situation'`,
    ),
  )
  const texts = await Promise.all(
    rows.map(async ({ report, sealed }) => {
      const body = await openJson(site.identity, sealed, { kind: 'situation', of: report })
      return (body as { words: string }).words
    }),
  )
  const told = reporters.filter(({ answer }) => answer === 'received')
  t.same(
    told.filter(({ text }) => texts.filter((one) => one === text).length !== 1),
    [],
    'every acknowledged report is there exactly once',
  )
  t.equal(new Set(texts).size, texts.length, 'no report is there twice')
  t.same(
    reporters.filter(({ retries, answer }) => retries && !['received', 'gone'].includes(answer)),
    [],
    'whoever tries again gets an answer',
  )
  for (const { code } of told.filter(({ wantsCode }) => wantsCode).slice(0, 4))
    t.ok(await openMailbox(site.url, code), 'the code finds its mailbox')
}

t.test('sessions that the database ends in the middle cost nothing but a second try', async (t) => {
  const site = await startSite(t)
  const reporters = await inTheMiddle(site, 'ended', async () => {
    for (let i = 0; i < 5; i++) {
      await site.asOwner((owner) =>
        owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename ~ '^baken_(intake|triage)'`,
        ),
      )
      await wait(20)
    }
  })
  t.ok(runs(site.baken().pid), 'Baken lives on')
  t.notOk(
    reporters.some(({ answer }) => answer === 'gone'),
    'drafts are still there',
  )
  await untilReady(site.url)
  await nothingLost(t, site, reporters)
})

t.test('kill -9 of one database process, after which the server recovers, loses nothing', async (t) => {
  const site = await startSite(t)
  const reporters = await inTheMiddle(site, 'backend', async () => {
    killHard((await backendsOfIntake(site))[0] ?? 0)
  })
  t.ok(runs(site.baken().pid), 'Baken lives on')
  await untilReady(site.url)
  await nothingLost(t, site, reporters)
})

t.test(
  'kill -9 of the whole server while Baken lives: calm pages, and the service resumes by itself',
  async (t) => {
    const site = await startSite(t)
    const draft = makeSubmissions(8, 'left')[5] as Submission
    await prepare(site.url, draft)
    const sent = makeSubmissions(8, 'sent')[3] as Submission
    await prepare(site.url, sent)
    await sendUntilAnswered(site.url, sent, () => true)
    t.equal(sent.answer, 'received')

    const reporters = await inTheMiddle(site, 'server', async () => {
      await site.killDatabase()
      t.match(await get(site.url, '/en/help'), 'tel:', 'help needs no database')
      const answers = await Promise.all([
        get(site.url, '/en/report/words', draft.cookie),
        get(site.url, '/en/report/received', sent.cookie),
        post(site.url, '/en/report/words', { words: 'x' }).then((answer) => answer.text()),
        post(site.url, '/en/report/all', { words: 'x', token: 'x' }).then((answer) => answer.text()),
        post(site.url, '/en/return', { code: sent.code }).then((answer) => answer.text()),
      ])
      if (databaseKind === 'system') {
        for (const page of answers) isCalm(t, page)
        // Whether a desk is live is known a few seconds old.
        const isNotReady = async () => (await fetch(`${site.url}/readyz`)).status === 503
        await until('it says that it is not ready', isNotReady)
        t.equal((await fetch(`${site.url}/healthz`)).status, 200)
        t.equal((await fetch(`${site.url}/exit`, { redirect: 'manual' })).status, 303)
      }
      await site.startDatabase()
    })
    t.ok(runs(site.baken().pid), 'Baken lives on')
    await untilReady(site.url)
    await nothingLost(t, site, reporters)
    const isTold = () => /ended by itself.*runs again/s.test(site.baken().output())
    if (databaseKind === 'embedded') await until('the console tells it', isTold)

    t.match(await get(site.url, '/en/report/words', draft.cookie), 'There is nothing here any more')
    t.match(await get(site.url, '/en/report/received', sent.cookie), '<h1>Received</h1>')
    t.ok(await openMailbox(site.url, sent.code))
  },
)

t.test('a role that should commit without flushing is overruled in every session', async (t) => {
  const { owner, intakeUrl } = await freshDatabase(t)
  await owner.query(`alter role "${new URL(intakeUrl).username}" set synchronous_commit = off`)
  const pool = connect({ target: intakeUrl })
  t.teardown(() => pool.end())
  t.same((await pool.query('show synchronous_commit')).rows, [{ synchronous_commit: 'on' }])
})
