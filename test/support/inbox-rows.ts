// What the desk would see, asked of the storage alone.
import { randomUUID } from 'node:crypto'
import type { QueueRow, TriageStorage } from '../../server/storage/triage/index.js'

/** Every open report and the newest assessed ones, with their sealed headers, in the order of the inbox. */
export async function inboxRows(
  storage: TriageStorage,
  desk: string,
  assessed = 1000,
): Promise<(QueueRow & { header: Uint8Array })[]> {
  const who = { desk, member: randomUUID() }
  const rows = [
    ...(await storage.listOpen(who, { after: null, limit: 100_000 })),
    ...(await storage.listAssessed(who, assessed)),
  ]
  const headers = await storage.readHeaders(
    desk,
    rows.map(({ id }) => id),
  )
  const known = new Map(headers.map(({ id, header }) => [id, header]))
  return rows.map((row) => ({ ...row, header: known.get(row.id) ?? new Uint8Array() }))
}
