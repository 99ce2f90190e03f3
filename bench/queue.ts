// `node dist/bench/queue.js`, and part of `npm run bench`: whether the inbox and a claim get slower with the number of
// reports. The rows are made by SQL; the smallest queue is the floor of the larger ones. `-- --million` adds the largest.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { connect, type Queryable } from '../server/storage/connect.js'
import { startEmbedded } from '../server/storage/embedded/index.js'
import { renewLoginRoles } from '../server/storage/login-roles.js'
import { migrate } from '../server/storage/migrate.js'
import { openTriageStorage } from '../server/storage/triage/index.js'
import { createTestDesk } from '../test/support/desk.js'
import { toUrl, withRole } from '../test/support/url.js'

const SIZES = [1_000, 100_000]
const MILLION = 1_000_000
const ROUNDS = 60
const PAGE_ROWS = 500

export interface QueueCosts {
  readonly reports: number
  /** milliseconds, the middle of many */
  readonly page: number
  readonly claim: number
  readonly claimThis: number
}

/** Measures at each size, in one database that grows. */
export async function queueCosts(sizes: readonly number[] = SIZES): Promise<QueueCosts[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'baken-bench-queue-'))
  const embedded = await startEmbedded(dataDir)
  const ownerUrl = toUrl(embedded.owner)
  const owner = connect({ target: ownerUrl, connections: 2 })
  await migrate(owner)
  const roles = await renewLoginRoles(owner)
  const desk = await createTestDesk(owner)
  const storage = openTriageStorage({ target: withRole(ownerUrl, roles.triage), connections: 1 })
  const costs: QueueCosts[] = []
  try {
    const { rows } = await owner.query<{ id: string }>(`select id from member where name = 'sam'`)
    const who = { desk: desk.id, member: rows[0]?.id ?? '' }
    let there = 0
    for (const reports of sizes) {
      await grow(owner, who, there, reports)
      there = reports
      const page = async () => {
        const listed = await storage.listOpen(who, { after: null, limit: PAGE_ROWS })
        if (listed.length !== PAGE_ROWS) throw new Error(`a page of ${listed.length}`)
      }
      const claim = async () => {
        if ((await storage.claimNext(desk.id, who.member)) === null) throw new Error('nothing waits')
      }
      // Of the page above, which is the same with every size but for its ids.
      const waiting = (await storage.listOpen(who, { after: null, limit: PAGE_ROWS }))
        .filter(({ state }) => state === 'waiting')
        .reverse()
      const claimThis = async () => {
        if (!(await storage.claim(desk.id, who.member, waiting.pop()?.id ?? '')))
          throw new Error('it is gone')
      }
      costs.push({
        reports,
        page: await median(page),
        claimThis: await median(claimThis),
        claim: await median(claim),
      })
    }
    return costs
  } finally {
    await storage.close()
    await owner.end()
    await embedded.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A queue of so many reports: of a hundred, three urgent, two in hand, forty assessed. */
async function grow(
  owner: Queryable,
  { desk, member }: { readonly desk: string; readonly member: string },
  from: number,
  to: number,
): Promise<void> {
  await owner.query('set statement_timeout = 0')
  await owner.query(
    `with made as (
       insert into report
         select gen_random_uuid(), $1, 'national', n % 100 < 3,
           to_char(date '2026-11-23' - (n % 200), 'YYYY-MM-DD') || case n % 2 when 0 then ' am' else ' pm' end, 0
         from generate_series($2::integer + 1, $3::integer) n
       returning id, urgent, half_day
     ),
     numbered as (select *, row_number() over () as n from made)
     insert into queue_item (report, urgent, half_day, desk, police_unit, file_count, state, member, leased_until)
       select id, urgent, half_day, $1, 'national', 0,
         case when n % 100 between 40 and 79 then 'assessed' when n % 100 in (90, 91) then 'claimed' else 'waiting' end,
         case when n % 100 between 40 and 79 or n % 100 in (90, 91) then $4::uuid end,
         case when n % 100 in (90, 91) then now() + interval '8 hours' end
       from numbered`,
    [desk, from, to, member],
  )
  await owner.query(
    `insert into queue_age select report, 6 from queue_item where urgent and state <> 'assessed' on conflict do nothing`,
  )
  await owner.query('vacuum analyze')
}

async function median(work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await work()
    // The first ones make plans and fill caches.
    if (round >= ROUNDS / 6) times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

/** For docs/benchmarks.md. */
export function queueTable(costs: readonly QueueCosts[]): string {
  const [least] = costs
  if (!least) return ''
  const cell = (value: number, floor: number) => `${value.toFixed(2)} (${(value / floor).toFixed(2)})`
  return `## The desk's queue
Storage alone, milliseconds; in brackets how many times as much as with ${least.reports.toLocaleString('en')} reports (goal: at most 1.5).

| reports | first page of the inbox, ${PAGE_ROWS} rows | claim the next | claim this one |
|---|---|---|---|
${costs
  .map(
    ({ reports, page, claim, claimThis }) =>
      `| ${reports.toLocaleString('en')} | ${cell(page, least.page)} | ${cell(claim, least.claim)} | ${cell(claimThis, least.claimThis)} |`,
  )
  .join('\n')}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = process.argv.includes('--million') ? [...SIZES, MILLION] : SIZES
  process.stdout.write(queueTable(await queueCosts(sizes)))
  process.exit(0)
}
