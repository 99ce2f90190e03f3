// Acknowledged means committed and flushed. Many reporters send at once, some try again after the connection broke,
// and in the middle everything is killed. Whoever saw "received" must be found afterwards, exactly once, readable.
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { until } from '../support/baken-process.js'
import { databaseKind } from '../support/database.js'
import { openJson } from '../support/desk.js'
import { type Site, startSite } from '../support/sites.js'
import {
  makeSubmissions,
  openMailbox,
  prepare,
  type Submission,
  sendUntilAnswered,
} from '../support/submissions.js'

const long = process.env.BAKEN_TEST_LONG === 'yes'
const KILLS = long ? 5 : 1
const REPORTERS = long ? 200 : 64
const PATIENCE_MS = 60_000
t.setTimeout(long ? 1_500_000 : 200_000)

interface Stored {
  readonly words: string
  readonly mailbox: string | null
}

/** Kills in the middle of the last clicks, starts again and waits until everybody has an answer or gave up. */
async function killInTheMiddle(site: Site, reporters: Submission[], kill: () => Promise<void>) {
  for (let i = 0; i < reporters.length; i += 20)
    await Promise.all(reporters.slice(i, i + 20).map((one) => prepare(site.url, one)))
  let over = false
  const clicks = reporters.map((one) => sendUntilAnswered(site.url, one, () => over))
  const enough = randomInt(Math.ceil(reporters.length / 10), Math.ceil(reporters.length / 2))
  const told = () => reporters.filter(({ answer }) => answer === 'received').length
  try {
    await until('enough are told', () => told() >= enough, PATIENCE_MS)
    await kill()
    const before = told()
    const killed = Date.now()
    await site.start()
    const seconds = (Date.now() - killed) / 1000
    await Promise.race([Promise.all(clicks), wait(PATIENCE_MS, undefined, { ref: false })])
    return { before, seconds }
  } finally {
    over = true
    await Promise.all(clicks)
  }
}

/** Opens every part of every report that lies in the database. `known` holds those opened earlier. */
async function openAll(t: Test, site: Site, known: Map<string, Stored>): Promise<Stored[]> {
  const parts = await site.asOwner((owner) =>
    owner.query<{ report: string; kind: 'header' | 'situation'; sealed: Buffer }>(
      `select report, kind, sealed from arrival_part union all select report, kind, sealed from report_part`,
    ),
  )
  const bodies = new Map<string, Map<string, Record<string, unknown>>>()
  for (const { report, kind, sealed } of parts.rows) {
    if (known.has(report)) continue
    const body = (await openJson(site.identity, sealed, { kind, of: report })) as Record<string, unknown>
    bodies.set(report, (bodies.get(report) ?? new Map()).set(kind, body))
  }
  for (const [report, sections] of bodies) {
    t.equal(sections.size, 6, 'a report has its header and its five sections, each opens')
    const mailbox = sections.get('header')?.mailbox
    known.set(report, {
      words: String(sections.get('situation')?.words),
      mailbox: typeof mailbox === 'string' ? mailbox : null,
    })
  }
  const reports = new Set(parts.rows.map(({ report }) => report))
  return [...known].flatMap(([id, stored]) => (reports.has(id) ? [stored] : []))
}

function howOften(stored: readonly Stored[], text: string): number {
  return stored.filter(({ words }) => words === text).length
}

async function checkReports(
  t: Test,
  site: Site,
  reporters: readonly Submission[],
  stored: readonly Stored[],
): Promise<void> {
  const told = reporters.filter(({ answer }) => answer === 'received')
  const lost = told.filter(({ text }) => howOften(stored, text) === 0)
  const twice = reporters.filter(({ text }) => howOften(stored, text) > 1)
  t.same(lost, [], 'no acknowledged report is lost')
  t.same(twice, [], 'no report is there twice')
  const gone = reporters.filter(({ answer, text }) => answer === 'gone' && howOften(stored, text) > 0)
  t.same(gone, [], 'whoever is told that a draft is gone has sent nothing')

  const mailboxes = await site.asOwner((owner) =>
    owner.query<{ id: string }>('select id from arrival_mailbox union all select id from mailbox'),
  )
  const ids = new Set(mailboxes.rows.map(({ id }) => id))
  const withCode = told.filter(({ wantsCode }) => wantsCode)
  const found = await Promise.all(withCode.map(({ code }) => openMailbox(site.url, code)))
  t.same(
    withCode.filter((_, i) => found[i] !== true),
    [],
    'every acknowledged code finds its mailbox',
  )
  for (const { text } of withCode) {
    const mailbox = stored.find(({ words }) => words === text)?.mailbox
    t.ok(mailbox && ids.has(mailbox), 'the mailbox is the one that stands sealed in the report')
  }
}

async function surviveKills(t: Test, way: 'killNode' | 'killEverything'): Promise<void> {
  const site = await startSite(t)
  const known = new Map<string, Stored>()
  const everybody: Submission[] = []
  for (let round = 1; round <= KILLS; round++) {
    const reporters = makeSubmissions(REPORTERS, `${way} ${round}`)
    everybody.push(...reporters)
    const { before, seconds } = await killInTheMiddle(site, reporters, site[way])
    t.ok(before > 0 && before < REPORTERS, 'the kill came in the middle')
    t.same(
      reporters.filter(({ retries, answer }) => retries && !['received', 'gone'].includes(answer)),
      [],
      'whoever tries again gets an answer',
    )
    if (way === 'killNode')
      t.notOk(
        reporters.some(({ answer }) => answer === 'gone'),
        'drafts outlive the end of Node alone',
      )
    const stored = await openAll(t, site, known)
    await checkReports(t, site, reporters, stored)
    const told = reporters.filter(({ answer }) => answer === 'received').length
    t.comment(
      `${databaseKind}, ${way} ${round}: ${before} of ${REPORTERS} acknowledged before, ${told} in the end, ` +
        `${reporters.filter(({ answer }) => answer === 'gone').length} drafts gone, ready after ${seconds.toFixed(1)} s`,
    )
  }
  const stored = await openAll(t, site, known)
  const told = everybody.filter(({ answer }) => answer === 'received')
  t.same(
    told.filter(({ text }) => howOften(stored, text) !== 1),
    [],
    'what was acknowledged before any of the kills is there exactly once',
  )
  t.comment(`${databaseKind}, ${way}: ${told.length} acknowledged over ${KILLS} kills, 0 lost, 0 twice`)
}

t.test('kill -9 of Node alone in the middle of many reports loses nothing that was acknowledged', (t) =>
  surviveKills(t, 'killNode'),
)

t.test('kill -9 of Node, the database server and all its children loses nothing that was acknowledged', (t) =>
  surviveKills(t, 'killEverything'),
)
