// The line on which a page hears that something happened: content-free, at most once a second, and over with the
// session, at once.
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { createLog } from '../../../server/log.js'
import { closeApp } from '../../../server/processes.js'
import { openTriageStorage } from '../../../server/storage/triage/index.js'
import { createTriageApp } from '../../../server/triage/app.js'
import { startApps } from '../../support/apps.js'
import { listen } from '../../support/browser.js'
import { type DeskClient, signIn } from '../../support/desk-client.js'
import { makeReports } from '../../support/make-reports.js'
import { sendReport } from '../../support/send-report.js'

const apps = await startApps(t)
const { triage, database, desk, log } = apps
const { owner } = database
const site = await listen(triage)

interface Line {
  readonly status: number
  /** everything that came so far */
  text(): string
  /** resolves with what came until then when it holds; rejects after some seconds */
  until(holds: (text: string) => boolean): Promise<string>
  readonly ended: Promise<void>
  close(): void
}

async function openLine(who: Pick<DeskClient, 'cookie' | 'proof'>, at = site): Promise<Line> {
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  const answer = await fetch(`${at}/events`, {
    headers: { cookie: who.cookie, 'x-baken-proof': who.proof },
    signal: ending.signal,
  })
  let text = ''
  const ended = (async () => {
    for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString()
  })().catch(() => undefined)
  return {
    status: answer.status,
    text: () => text,
    async until(holds) {
      for (let tries = 0; !holds(text); tries++) {
        if (tries > 500) throw new Error(`never came, only: ${JSON.stringify(text)}`)
        await wait(20)
      }
      return text
    },
    ended,
    close: () => ending.abort(),
  }
}

const words = (text: string) => [...text.matchAll(/event: (\w+)/g)].map(([, word = '']) => word)
/** A line that stands and has heard that it does. */
async function standing(who: DeskClient, at = site): Promise<Line & { fresh(): string[] }> {
  const line = await openLine(who, at)
  await line.until((text) => text.startsWith(':'))
  // The first line makes the listening connection, which then says one word.
  await owner.query(`select pg_notify('baken_queue', 'work')`)
  const before = await line.until((text) => words(text).length > 0)
  await wait(1_100)
  const seen = Math.max(words(line.text()).length, words(before).length)
  return { ...line, fresh: () => words(line.text()).slice(seen) }
}

t.test('a word says that something happened, and nothing of it', async (t) => {
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const line = await standing(sam)
  const [urgent = '', calm = ''] = await makeReports(owner, desk, [{ urgent: true }, {}])
  await apps.triageStorage.releaseArrivals(false)
  await line.until(() => line.fresh().includes('urgent'))
  await apps.release()
  await line.until(() => line.fresh().includes('work'))
  await ilse.post(`/reports/${urgent}/claim`)
  await ilse.post(`/reports/${calm}/claim`)
  await line.until(() => line.fresh().length >= 3)
  t.match(line.text(), /^(:\n\n|event: (work|urgent)\ndata:\n\n)+$/, 'these bytes and no others')
  line.close()
})

t.test('what arrives says nothing before it is released, and then one word for all of it', async (t) => {
  const heard: (string | undefined)[] = []
  const client = await owner.connect()
  t.teardown(() => client.release(true))
  client.on('notification', ({ payload }) => heard.push(payload))
  await client.query('listen baken_queue')
  for (const danger of ['yes', 'no', 'yes']) await sendReport(apps.intake, { danger, words: 'now' })
  await client.query(`select pg_notify('baken_queue', 'a mark')`)
  t.same(heard, ['a mark'])
  await apps.triageStorage.releaseArrivals(false)
  await apps.triageStorage.releaseArrivals(false)
  await apps.release()
  await client.query('select 1')
  t.same(heard.slice(1), ['urgent', 'work'])
})

t.test('a hundred things in a moment are two words at most', async (t) => {
  const sam = await signIn(triage, 'sam')
  const line = await standing(sam)
  for (let i = 0; i < 100; i++)
    await owner.query(`select pg_notify('baken_queue', $1)`, [i === 50 ? 'urgent' : 'work'])
  await line.until(() => line.fresh().includes('urgent'))
  t.ok(line.fresh().length <= 3, line.fresh().join())
  await owner.query(`select pg_notify('baken_queue', 'a report''s id, by somebody who holds the database')`)
  t.notMatch(line.text(), 'id')
  line.close()
})

t.test('it ends at once when its member signs out, leaves, or may not read any more', async (t) => {
  const sam = await signIn(triage, 'sam')
  const ends: Readonly<Record<string, (who: DeskClient) => Promise<unknown>>> = {
    'signs out': (who) => who.post('/sign-out'),
    'is an auditor from now on': () =>
      owner.query(`update member set roles = '{auditor}' where name = 'ilse'`),
    leaves: () => owner.query(`update member set left_desk = true where name = 'ilse'`),
  }
  const other = await standing(sam)
  for (const [how, end] of Object.entries(ends)) {
    await owner.query(`update member set roles = '{triager}', left_desk = false where name = 'ilse'`)
    const ilse = await signIn(triage, 'ilse')
    const line = await openLine(ilse)
    await line.until((text) => text.startsWith(':'))
    await end(ilse)
    await line.ended
    t.pass(`Ilse ${how}`)
  }
  await owner.query(`update member set left_desk = false where name = 'ilse'`)
  await owner.query(`select pg_notify('baken_queue', 'urgent')`)
  await other.until(() => other.fresh().includes('urgent'))
  t.pass('and Sam’s goes on')
  other.close()
})

t.test('a line keeps no session alive, and needs the proof of its page', async (t) => {
  const sam = await signIn(triage, 'sam')
  const line = await openLine(sam)
  await line.until((text) => text.startsWith(':'))
  await owner.query(`update session set last_seen_at = now() - interval '31 minutes'`)
  await owner.query(`select pg_notify('baken_queue', 'session')`)
  await line.ended
  const again = await signIn(triage, 'sam')
  t.equal((await openLine({ ...again, proof: '' })).status, 403)
  t.equal((await openLine({ cookie: '', proof: again.proof })).status, 401)
})

t.test(
  'another process hears it too; a lost connection is made again; the stop waits for no line',
  async (t) => {
    const storage = openTriageStorage({ target: database.triageUrl })
    t.teardown(() => storage.close().catch(() => undefined))
    const second = await createTriageApp({
      storage,
      log: createLog({ withTime: false, write: (line) => log.push(line) }),
      settings: { siteName: 'Baken', defaultLanguage: 'nl', demonstration: false },
      secure: false,
    })
    const at = await listen(second)
    const line = await standing(await signIn(second, 'sam'), at)
    const [report = ''] = await makeReports(owner, desk, [{}])
    await apps.release()
    await line.until(() => line.fresh().includes('work'))
    t.ok(report)
    const user = new URL(database.triageUrl).username
    await owner.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [user])
    const before = line.fresh().length
    await line.until(() => line.fresh().length > before)
    t.pass('what was missed meanwhile is one word')
    await closeApp(second)
    await line.ended
    await storage.close()
    t.same(log, [])
  },
)
