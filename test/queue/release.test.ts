// When reports become visible, with a clock that the test moves.
import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { createLog } from '../../server/log.js'
import { startRelease } from '../../server/queue/release.js'

const MINUTE_MS = 60_000
const ROUND_MS = 2_000

interface Seen {
  readonly batches: number[]
  urgent: number
  sweeps: number
  leases: number
  vacuums: number
  readonly log: string[]
}

/** Lets release run for so many minutes; tells when batches came, in minutes. */
async function run(
  batchMinutes: number,
  minutes: number,
  failing: () => boolean = () => false,
): Promise<Seen> {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 0 })
  const seen: Seen = { batches: [], urgent: 0, sweeps: 0, leases: 0, vacuums: 0, log: [] }
  const stop = startRelease({
    batchMinutes,
    log: createLog({ withTime: false, write: (line) => seen.log.push(line) }),
    storage: {
      releaseArrivals: async (whole) => {
        if (failing()) throw Object.assign(new Error('CANARY'), { code: '57P01' })
        if (whole) seen.batches.push(Date.now() / MINUTE_MS)
        else seen.urgent++
      },
      sweep: async () => {
        seen.sweeps++
        if (failing()) throw new Error('CANARY')
      },
      endLeases: async () => {
        seen.leases++
        return 0
      },
    },
    vacuum: async () => {
      seen.vacuums++
    },
  })
  for (let at = 0; at < minutes * MINUTE_MS; at += ROUND_MS) {
    mock.timers.tick(ROUND_MS)
    await turn()
  }
  await stop()
  const before = seen.urgent + seen.batches.length
  mock.timers.tick(10 * MINUTE_MS)
  await turn()
  t.equal(seen.urgent + seen.batches.length, before, 'nothing is released after the stop')
  mock.timers.reset()
  return seen
}

t.test('a batch comes once in each stretch, never in its first half, never later than its end', async (t) => {
  const { batches, vacuums } = await run(60, 60 * 30)
  const gaps = batches.map((at, i) => at - (batches[i - 1] ?? 0))
  t.ok(gaps.length >= 29, `${gaps.length} batches`)
  // A batch is due at a moment and comes with the next round.
  const [shortest, longest] = [Math.min(...gaps), Math.max(...gaps)]
  t.ok(shortest >= 30 && longest <= 60 + ROUND_MS / MINUTE_MS, `${shortest} to ${longest} minutes`)
  t.ok(
    new Set(gaps.map((gap) => Math.floor(gap / 5))).size >= 3,
    'at moments that nobody can tell beforehand',
  )
  t.equal(vacuums, batches.length, 'and what moved rows leave behind is cleared away')
})

t.test('urgent reports go at every round, drafts age once a minute', async (t) => {
  const { batches, urgent, sweeps, leases } = await run(120, 30)
  t.same(batches, [])
  t.equal(urgent, 900)
  t.ok(sweeps >= 29 && sweeps <= 31, `${sweeps} sweeps`)
  t.equal(leases, sweeps, 'and with each, what nobody works on goes back')
})

t.test('in a demonstration everything goes at once', async (t) => {
  const { batches, urgent } = await run(0, 1)
  t.equal(batches.length, 30)
  t.equal(urgent, 0)
})

t.test('a failure is told by its code alone, and the batch that failed is tried again', async (t) => {
  const { batches, log } = await run(10, 60, () => Date.now() < 30 * MINUTE_MS)
  t.ok((batches[0] ?? 0) < 30.1, 'at the first round that works')
  t.ok(log.some((line) => line.includes('release.failed') && line.includes('57P01')))
  t.ok(log.some((line) => line.includes('sweep.failed')))
  t.notMatch(log.join(''), 'CANARY')
})
