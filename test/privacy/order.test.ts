// In which order and when reports came must not be told by anything that stays: not by ids, not by where rows lie, not
// by the numbers of transactions, not by any column. Whoever knows when somebody visited could otherwise pick out the
// report. Rank correlations tell: with 300 rows chance alone gives less than 0.5 but for one run in 10^16, and with 20
// less than 0.93 but for one in 10^8.
import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { asHalfDay } from '../../server/report/half-day.js'
import { markSealed, type SealedReport } from '../../server/report/report.js'
import { connect, type Queryable } from '../../server/storage/connect.js'
import { openIntakeStorage } from '../../server/storage/intake/index.js'
import { vacuumArrivals } from '../../server/storage/owner.js'
import { openTriageStorage } from '../../server/storage/triage/index.js'
import { startApps } from '../support/apps.js'
import { freshDatabase } from '../support/database.js'
import { createTestDesk, openJson } from '../support/desk.js'
import { inboxRows } from '../support/inbox-rows.js'
import { rankCorrelation } from '../support/rank-correlation.js'
import { createReporter } from '../support/reporter.js'

const MANY = 300
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i
const KINDS = ['header', 'situation', 'place', 'victims', 'offenders', 'source'] as const
const HALF_DAY = asHalfDay('2026-11-23 pm')

/** The only moments there are: acts of the desk's members and of the machine, never of a reporter. */
const MOMENTS = [
  'audit.at',
  // The day on which the operator let a key go live.
  'code_app.added_on',
  'desk_key.since',
  // Days that an operator wrote down, on public pages.
  'help_coordinator.valid_from',
  'help_coordinator.valid_to',
  'help_coordinator.verified_on',
  'invitation.expires_at',
  'maintenance.last_run',
  'passkey.added_on',
  'passkey_challenge.ends_at',
  'queue_item.leased_until',
  'session.began_at',
  'session.ends_at',
  'session.last_seen_at',
  'session_proof.proved_at',
  'sign_in_attempt.window_start',
]

t.test(
  'nothing that stays of 300 reports, answers and additions is in the order in which they came',
  async (t) => {
    const { owner, intakeUrl, triageUrl } = await freshDatabase(t)
    const desk = await createTestDesk(owner)
    const intake = openIntakeStorage({ target: intakeUrl, connections: 1 })
    const triage = openTriageStorage({ target: triageUrl, connections: 1 })
    t.teardown(() => Promise.all([intake.close(), triage.close()]))

    const order = new Map<string, number>()
    const first = await transactionNumber(owner)
    for (let at = 0; at < MANY; at++) {
      const report = sealedReport(desk.id)
      const mailbox = { id: randomUUID(), lookup: random(32), recipient: `recipient ${randomUUID()}` }
      for (const id of [report.id, mailbox.id, ...report.sections.map((part) => part.id)]) order.set(id, at)
      await intake.storeReport(report, random(32), { mailbox, draft: null })
      // The partner process asks every two seconds whether something urgent is there.
      await triage.releaseArrivals(false)
    }
    const last = await transactionNumber(owner)
    t.same(await inboxRows(triage, desk.id, 1), [], 'before the batch the desk sees nothing')
    await triage.releaseArrivals(true)
    t.same(
      await writtenBetween(owner, first, last),
      [],
      "no row bears the number of a reporter's transaction",
    )

    const { rows: mailboxes } = await owner.query<{ id: string }>('select id from mailbox')
    const answers = new Map(mailboxes.map(({ id }, at) => [randomUUID() as string, { mailbox: id, at }]))
    for (const [question, { mailbox }] of answers) {
      await owner.query('insert into question values ($1, $2, $3)', [question, mailbox, random(10)])
    }
    for (const [question, { at }] of answers) {
      const answer = { id: randomUUID(), question, sealed: random(2500), halfDay: HALF_DAY }
      order.set(answer.id, at)
      await intake.storeAnswer(answer, random(32))
      await triage.releaseArrivals(false)
    }
    for (const [at, { id: mailbox }] of mailboxes.entries()) {
      const addition = { id: randomUUID(), kind: 'addition' as const, sealed: random(2500) }
      order.set(addition.id, at)
      const given = { mailbox, halfDay: HALF_DAY, additions: [addition] }
      await intake.storeAdditions(given, random(32))
      await triage.releaseArrivals(false)
    }
    await triage.releaseArrivals(true)

    const tables = { report: 'id', queue_item: 'report', mailbox: 'id', answer: 'id', addition: 'id' }
    for (const [table, id] of Object.entries(tables)) await checkOrder(t, owner, order, table, id, 'true')
    for (const kind of KINDS) await checkOrder(t, owner, order, 'report_part', 'id', `kind = '${kind}'`)
    const inbox = await inboxRows(triage, desk.id, MANY)
    t.equal(inbox.length, MANY)
    const shown = rankCorrelation(inbox.map(({ id }, at) => [order.get(id) ?? -1, at]))
    t.ok(Math.abs(shown) < 0.5, `the inbox is in another order (${shown.toFixed(2)})`)
  },
)

t.test('how urgent reports count down tells neither their order nor their moment', async (t) => {
  const { owner, triageUrl } = await freshDatabase(t)
  const desk = await createTestDesk(owner)
  const triage = openTriageStorage({ target: triageUrl, connections: 1 })
  t.teardown(() => triage.close())
  const order = new Map<string, number>()
  for (let at = 0; at < 100; at++) {
    const id = randomUUID()
    order.set(id, at)
    await owner.query(`insert into arrival values ($1, $2, 'national', true, $3, 0)`, [id, desk.id, HALF_DAY])
  }
  await triage.releaseArrivals(false)
  // By chance a hundred rows come to 0.75 less often than once in 10^18 times.
  await checkOrder(t, owner, order, 'queue_age', 'report', 'true', 0.75)
  for (let round = 1; round <= 7; round++) {
    await owner.query(`update maintenance set last_run = '-infinity'`)
    await triage.sweep()
    const { rows } = await owner.query(
      'select count(distinct xmin::text)::integer as writers, bool_and(late) as late from queue_age',
    )
    t.same(rows, [{ writers: 1, late: round >= 6 }], `round ${round}: all rows are written at once`)
  }
  await checkOrder(t, owner, order, 'queue_age', 'report', 'true', 0.75)
})

t.test('what the release moved away is cleaned out of the files, and the server is told to', async (t) => {
  const { owner, intakeUrl, triageUrl } = await freshDatabase(t)
  const desk = await createTestDesk(owner)
  const intake = openIntakeStorage({ target: intakeUrl })
  const triage = openTriageStorage({ target: triageUrl })
  t.teardown(() => Promise.all([intake.close(), triage.close()]))
  const mailbox = { id: randomUUID(), lookup: random(32), recipient: 'recipient' }
  await intake.storeReport(sealedReport(desk.id), random(32), { mailbox, draft: null })
  await triage.releaseArrivals(true)
  await vacuumArrivals(owner)
  const { rows } = await owner.query<{ name: string; bytes: number; options: string[] }>(
    `select relname as name, pg_relation_size(oid)::integer as bytes, reloptions as options from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname like 'arrival%' order by relname`,
  )
  t.same(
    rows.map(({ name }) => name),
    ['arrival', 'arrival_addition', 'arrival_answer', 'arrival_mailbox', 'arrival_part'],
  )
  for (const { name, bytes, options } of rows) {
    t.equal(bytes, 0, `${name} leaves nothing behind`)
    t.ok(options.includes('autovacuum_vacuum_threshold=1'), `${name} is cleaned soon, by whoever runs it`)
  }
})

t.test(
  '20 reports sent through the site, with and without a code, leave no trace of their order',
  async (t) => {
    const { intake, triageStorage, database, desk } = await startApps(t)
    const { owner } = database
    const first = await transactionNumber(owner)
    for (let at = 0; at < 20; at++) {
      const noor = createReporter(intake)
      await noor.post('/en/report/words', { words: `report number ${at}` })
      if (at % 2) await noor.post('/en/report/code', {})
      const sent = await noor.postOnly('/en/report/send', at % 2 ? { with_code: 'yes', written: 'yes' } : {})
      t.equal(sent.headers.location, '/en/report/received')
      await triageStorage.releaseArrivals(false)
    }
    const last = await transactionNumber(owner)
    await triageStorage.releaseArrivals(true)
    t.same(await writtenBetween(owner, first, last), [])

    const order = new Map<string, number>()
    const { rows } = await owner.query('select report, kind, sealed from report_part order by ctid')
    for (const { report, kind, sealed } of rows.filter((row) => row.kind === 'situation')) {
      const opened = await openJson(desk.keys.identity, sealed, { kind, of: report })
      order.set(report, Number(/\d+/.exec(JSON.stringify(opened))?.[0]))
    }
    t.equal(order.size, 20)
    await checkOrder(t, owner, order, 'report', 'id', 'true', 0.93)
    await checkOrder(t, owner, order, 'queue_item', 'report', 'true', 0.93)
    for (const kind of KINDS)
      await checkOrder(t, owner, order, 'report_part', 'report', `kind = '${kind}'`, 0.93)
    for (const id of order.keys()) t.match(id, /^.{14}4/, 'ids are version 4: random, without a time')
    const parts = await owner.query<{ id: string }>('select id from report_part union select id from mailbox')
    t.ok(parts.rows.every(({ id }) => id[14] === '4'))
  },
)

t.test('urgent reports come at once, the others and their number stay hidden until the batch', async (t) => {
  const { intake, triageStorage, desk } = await startApps(t)
  for (const danger of ['no', 'yes', 'no']) {
    const noor = createReporter(intake)
    await noor.post('/en/report/danger', { danger })
    await noor.post('/en/report/words', { words: `danger: ${danger}` })
    await noor.post('/en/report/code', {})
    await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
  }
  t.same(await inboxRows(triageStorage, desk.id, 10), [])
  await triageStorage.releaseArrivals(false)
  const urgent = await inboxRows(triageStorage, desk.id, 10)
  t.equal(urgent.length, 1)
  const header = await openJson(desk.keys.identity, urgent[0]?.header ?? random(1), {
    kind: 'header',
    of: urgent[0]?.id ?? '',
  })
  t.match(header, { danger: 'yes' })
  const { mailbox } = header as { mailbox: string }
  t.match(
    await triageStorage.findConversation(mailbox),
    { id: mailbox },
    'its mailbox can be reached at once',
  )
  await triageStorage.releaseArrivals(true)
  t.equal((await inboxRows(triageStorage, desk.id, 10)).length, 3)
})

t.test('the answer to sending carries no number of the report', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: 'yes' })
  const sent = await noor.postOnly('/en/report/send', {})
  const received = await noor.get('/en/report/received')
  const onePage = await createReporter(intake).post('/en/report/all', { danger: 'yes' })
  t.match(onePage.body, '<h1>Received</h1>')
  for (const answer of [sent, received, onePage]) {
    t.notMatch(answer.body, UUID)
    t.notMatch(JSON.stringify(answer.headers), UUID)
  }
})

t.test('no column holds a moment but those of the desk and of the machine', async (t) => {
  const { owner } = await freshDatabase(t)
  const { rows } = await owner.query<{ name: string; type: string; fallback: string | null }>(
    `select c.relname || '.' || a.attname as name, format_type(a.atttypid, null) as type,
       pg_get_expr(d.adbin, d.adrelid) as fallback
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`,
  )
  const moments = rows.filter(({ type }) => /time|date|interval|xid|lsn|snapshot/.test(type))
  t.same(
    moments.map(({ name }) => name),
    MOMENTS,
  )
  const counted = rows.filter(({ fallback }) => /nextval|now|clock|current|uuid/i.test(fallback ?? ''))
  t.same(
    counted.map(({ name }) => name),
    [
      'audit.at',
      'code_app.added_on',
      'desk_key.id',
      'desk_key.since',
      'passkey.added_on',
      'passkey.id',
      'passkey_challenge.ends_at',
      'session.began_at',
      'session.id',
      'session_proof.proved_at',
    ],
    'nothing of a report is counted up or dated by itself',
  )
  const { rows: identities } = await owner.query(
    `select attrelid::regclass || '.' || attname as name from pg_attribute where attidentity <> ''`,
  )
  t.same(identities, [{ name: 'audit.number' }])
})

t.test('a time finer than a half-day is refused wherever a half-day stands', async (t) => {
  const { owner } = await freshDatabase(t)
  const { rows } = await owner.query<{ table: string }>(
    `select attrelid::regclass::text as table from pg_attribute join pg_class c on c.oid = attrelid
     where attname = 'half_day' and c.relkind = 'r' order by 1`,
  )
  t.ok(rows.length >= 8)
  for (const { table } of rows) {
    const checks = await owner.query<{ rule: string }>(
      `select pg_get_constraintdef(oid) as rule from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
      [table],
    )
    t.ok(
      checks.rows.some(({ rule }) => rule.includes('half_day ~') && rule.includes('(am|pm)$')),
      table,
    )
  }
})

t.test('a half-day that is no date does not end the ageing of drafts', async (t) => {
  const { owner, intakeUrl } = await freshDatabase(t)
  const intake = connect({ target: intakeUrl, connections: 1 })
  t.teardown(() => intake.end())
  await intake.query("insert into submitted values ('a', '2026-99-99 am'), ('b', '2026-01-01 am')")
  await intake.query('select sweep()')
  const { rows } = await owner.query('select half_day from submitted')
  t.same(rows, [{ half_day: '2026-99-99 am' }])
})

t.test('a row that collides with one released before is dropped and stops no release', async (t) => {
  const { owner, intakeUrl, triageUrl } = await freshDatabase(t)
  const desk = await createTestDesk(owner)
  const intake = openIntakeStorage({ target: intakeUrl })
  const triage = openTriageStorage({ target: triageUrl })
  t.teardown(() => Promise.all([intake.close(), triage.close()]))
  const mailbox = { id: randomUUID(), lookup: random(32), recipient: 'recipient' }
  const report = sealedReport(desk.id)
  for (const again of [report, { ...report, urgent: true }, sealedReport(desk.id)]) {
    await intake.storeReport(again, random(32), { mailbox, draft: null })
    await triage.releaseArrivals(false)
    await triage.releaseArrivals(true)
  }
  const inbox = await inboxRows(triage, desk.id, 10)
  t.equal(inbox.length, 2)
  t.notOk(inbox.some(({ urgent }) => urgent))
  t.equal((await owner.query('select from arrival')).rowCount, 0)
})

t.test('the measure of order finds an order, in part and backwards too', async (t) => {
  const places = Array.from({ length: 300 }, (_, at) => at)
  t.equal(rankCorrelation(places.map((at) => [at, at * at])), 1)
  t.equal(rankCorrelation(places.map((at) => [at, -at])), -1)
  t.ok(rankCorrelation(places.map((at) => [at, at % 3 === 0 ? (at * 7919) % 300 : at])) > 0.5)
  t.equal(rankCorrelation(places.map((at) => [at, 7])), 0)
  t.ok(Math.abs(rankCorrelation(places.map((at) => [at, (at * 7919) % 300]))) < 0.2)
})

t.test('the write-ahead log is named as the limit', async (t) => {
  const root = new URL('../../../', import.meta.url).pathname
  const texts = ['migrations', 'docs'].flatMap((folder) => readAll(join(root, folder)))
  t.ok(texts.some((text) => /write-ahead log[^.]*\border\b|\border\b[^.]*write-ahead log/i.test(text)))
})

/** Checks every column of a table, and where its rows lie, against the order in which the reports came. */
async function checkOrder(
  t: { ok(value: boolean, message: string): void },
  owner: Queryable,
  order: ReadonlyMap<string, number>,
  table: string,
  id: string,
  where: string,
  bound = 0.5,
): Promise<void> {
  const { rows: columns } = await owner.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  const tells = new Map(columns.map(({ name }) => [name, `"${name}"`]))
  tells.set('place on disk', 'ctid').set('transaction', 'xmin::text::bigint')
  if (table === 'report_part' && (await knowsToast(owner)))
    tells.set('number of its large value', 'pg_column_toast_chunk_id(sealed)::bigint')
  for (const [name, expression] of tells) {
    const { rows } = await owner.query<{ id: string; rank: number }>(
      `select "${id}" as id, (rank() over (order by ${expression}))::integer as rank from ${table} where ${where}`,
    )
    const pairs = rows.flatMap(({ id, rank }): [number, number][] =>
      order.has(id) ? [[order.get(id) ?? -1, rank]] : [],
    )
    const found = rankCorrelation(pairs)
    const message = `${table} (${where}): ${name} tells nothing of the order of ${pairs.length} (${found.toFixed(2)})`
    t.ok(pairs.length >= 20 && Math.abs(found) < bound, message)
  }
}

async function knowsToast(owner: Queryable): Promise<boolean> {
  const { rows } = await owner.query(`select to_regproc('pg_column_toast_chunk_id') is not null as known`)
  return rows[0].known
}

/** Tables with living rows that were written by one of these transactions. */
async function writtenBetween(owner: Queryable, first: number, last: number): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  )
  const written: string[] = []
  for (const { name } of rows) {
    const { rowCount } = await owner.query(
      `select from "${name}" where xmin::text::bigint > $1 and xmin::text::bigint < $2`,
      [first, last],
    )
    if (rowCount) written.push(name)
  }
  return written
}

async function transactionNumber(owner: Queryable): Promise<number> {
  const { rows } = await owner.query<{ number: string }>('select pg_current_xact_id()::text as number')
  return Number(rows[0]?.number)
}

function sealedReport(desk: string): SealedReport {
  return markSealed({
    id: randomUUID(),
    desk,
    policeUnit: 'national',
    urgent: false,
    halfDay: HALF_DAY,
    fileCount: 0,
    sections: KINDS.map((kind) => ({ id: randomUUID(), kind, sealed: random(2500) })),
    files: [],
  })
}

function random(bytes: number): Uint8Array {
  return new Uint8Array(randomBytes(bytes))
}

function readAll(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names
      .filter((name) => /\.(sql|md)$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  } catch {
    return []
  }
}
