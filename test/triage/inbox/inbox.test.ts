import t from 'tap'
import { startApps } from '../../support/apps.js'
import { type InboxItem, signIn } from '../../support/desk-client.js'
import { createSecondDesk } from '../../support/second-desk.js'
import { sendReport } from '../../support/send-report.js'

const ROW = [
  'claimedBy',
  'files',
  'halfDay',
  'id',
  'late',
  'mine',
  'policeUnit',
  'state',
  'urgent',
  'watched',
]
const DEFAULT_TARGETS = { urgentMinutes: 60, waitingHalfDays: 4, readingHalfDays: 10 }

let now = new Date('2026-11-23T09:00:00Z')
const apps = await startApps(t, { clock: () => now })
const { triage, intake, database, release } = apps

/** Reports of three half-days, the newest first, urgent and other ones mixed; released together. */
async function sendMany(): Promise<void> {
  for (const moment of ['2026-11-24T09:00:00Z', '2026-11-23T15:00:00Z', '2026-11-23T09:00:00Z']) {
    now = new Date(moment)
    for (const danger of ['no', 'yes', 'no', 'yes', 'no', 'no']) {
      await sendReport(intake, { danger, words: 'a van at night' })
    }
  }
  await release()
}

const place = ({ urgent, halfDay, id }: InboxItem) => `${urgent ? 0 : 1} ${halfDay} ${id}`

t.test(
  'urgent reports come first, then those of earlier half-days, and within one by random id',
  async (t) => {
    await sendMany()
    const items = await (await signIn(triage, 'sam')).inbox()
    t.equal(items.length, 18)
    t.same(items.map(place), items.map(place).sort())
    t.equal(new Set(items.map((item) => `${item.urgent} ${item.halfDay}`)).size, 6)
    t.ok(
      items.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(id)),
      'ids are random',
    )
  },
)

t.test('a row carries coarse facts and who has it, and the sealed header comes apart', async (t) => {
  const sam = await signIn(triage, 'sam')
  const answer = await sam.get('/inbox')
  t.same(Object.keys(answer.json()), ['items', 'next', 'targets', 'notices'])
  t.match(answer.json(), { next: null, targets: DEFAULT_TARGETS, notices: [] })
  for (const item of answer.json().items) t.same(Object.keys(item).sort(), ROW)
  const headers = new Set<number>()
  for (const item of await sam.inbox()) {
    t.match(item.halfDay, /^2026-11-2[34] (am|pm)$/)
    const header = Buffer.from(item.header, 'base64')
    t.match(header.toString('latin1', 0, 22), 'age-encryption.org/v1\n')
    headers.add(header.length)
    t.match(await sam.header(item), { language: 'en', mailbox: null })
  }
  t.equal(headers.size, 1, 'all headers are of one size')
  t.equal(answer.headers['cache-control'], 'no-store')
})

t.test('each member sees who has a report; only the one who has it sees it as her own', async (t) => {
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const report = await sam.claimNext()
  const own = (await sam.inbox()).find(({ id }) => id === report)
  const others = (await ilse.inbox()).find(({ id }) => id === report)
  t.match(own, { state: 'claimed', mine: true, claimedBy: 'sam' })
  t.match(others, { state: 'claimed', mine: false, claimedBy: 'sam' })
})

t.test('what is assessed stands after everything that waits, the newest 200 of it', async (t) => {
  const sam = await signIn(triage, 'sam')
  const report = (await sam.inbox()).find(({ mine }) => mine)?.id ?? ''
  t.equal((await sam.assess(report, { usable: true, reason: 'concrete', note: '' })).statusCode, 204)
  t.match((await sam.inbox()).at(-1), { id: report, state: 'assessed', mine: true })
  await database.owner.query(
    `with made as (
       insert into report select gen_random_uuid(), desk, 'national', false, '2026-11-0' || 1 + n % 2 || ' am', 0
       from report, generate_series(1, 300) n where id = $1 returning id, half_day),
     part as (
       insert into report_part select gen_random_uuid(), 0, made.id, 'header', 'x' from made)
     insert into queue_item select made.id, false, made.half_day, 'assessed', member, queue_item.desk, 'national', 0 from made
       join queue_item on queue_item.report = $1`,
    [report],
  )
  const items = await sam.inbox()
  const assessed = items.filter(({ state }) => state === 'assessed')
  t.equal(items.length - assessed.length, 17, 'what waits is always shown whole')
  t.equal(assessed.length, 200)
  t.equal(assessed.filter(({ halfDay }) => halfDay === '2026-11-02 am').length, 150)
  t.ok(assessed.some(({ id }) => id === report))
})

t.test('a member of another desk sees none of it', async (t) => {
  await createSecondDesk(database.owner)
  const bo = await signIn(triage, 'bo')
  t.same((await bo.get('/inbox')).json(), { items: [], next: null, targets: DEFAULT_TARGETS, notices: [] })
  t.same((await bo.get('/inbox/assessed')).json(), { items: [] })
  const { rows } = await database.owner.query('select id from report limit 5')
  const ids = rows.map(({ id }) => id)
  t.same((await bo.post('/inbox/headers', { ids })).json(), { headers: [] })
})
