// The floor of the report benchmark: sealing the same plaintexts and inserting the same rows, with nothing around.
import { randomBytes, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { packJson, SECTIONS } from '../server/report/envelope.js'
import { createSealer } from '../server/sealing/index.js'
import { connect, inTransaction } from '../server/storage/connect.js'

/** Reports before measuring starts, so that threads and compiled code are there. */
const WARM_UP = 60

interface Task {
  readonly url: string
  readonly desk: { id: string; recipients: string[] }
  readonly clients: number
  readonly seconds: number
  readonly words: string
}

process.on('message', async ({ url, desk, clients, seconds, words }: Task) => {
  const pool = connect({ target: url, connections: 16 })
  const sealer = createSealer()
  let done = 0
  const one = async (): Promise<void> => {
    const of = randomUUID()
    const kinds = ['header', ...SECTIONS] as const
    const sealed = await sealer.seal(
      kinds.map((kind) => packJson({ kind, of }, kind === 'situation' ? { words } : {})),
      desk.recipients,
    )
    await inTransaction(pool, async (client) => {
      await client.query('insert into submitted values ($1, $2)', [randomBytes(32), '2026-01-01 am'])
      await client.query('insert into arrival values ($1, $2, $3, $4, $5, $6)', [
        of,
        desk.id,
        'national',
        false,
        '2026-01-01 am',
        0,
      ])
      const places = sealed.map((_, i) => `($${3 * i + 2}, 0, $1, $${3 * i + 3}, $${3 * i + 4})`)
      await client.query(`insert into arrival_part values ${places.join(', ')}`, [
        of,
        ...sealed.flatMap((bytes, i) => [randomUUID(), kinds[i], bytes]),
      ])
    })
    done++
  }
  for (let warm = 0; warm < WARM_UP; warm++) await one()
  done = 0
  const before = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) await one()
    }),
  )
  const elapsed = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  await sealer.close()
  await pool.end()
  process.send?.({ done, seconds: elapsed, cpuSeconds: (user + system) / 1e6 })
})
