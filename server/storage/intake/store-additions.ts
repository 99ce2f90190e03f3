import type { AdditionKind } from '../../report/envelope.js'
import type { HalfDay } from '../../report/half-day.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { inChunks } from './chunks.js'
import { takeSubmissionKey } from './submission-key.js'

/** One padded age file for the desk; a large one as it is being sealed, read once. */
export interface SealedAddition {
  readonly id: string
  readonly kind: AdditionKind
  readonly sealed: Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * Puts in the queue what came through a mailbox, all of it once; resolves when it is committed and flushed. The
 * sealing of large ones begins only when this submission key did not come before.
 */
export async function storeAdditions(
  pool: Pool,
  {
    mailbox,
    halfDay,
    additions,
  }: { mailbox: string; halfDay: HalfDay; additions: readonly SealedAddition[] },
  submissionKey: Uint8Array,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await takeSubmissionKey(client, submissionKey, halfDay))) return
    for (const addition of additions) await insertAddition(client, mailbox, halfDay, addition)
  })
}

async function insertAddition(
  client: Queryable,
  mailbox: string,
  halfDay: HalfDay,
  { id, kind, sealed }: SealedAddition,
): Promise<void> {
  for await (const { chunk, bytes } of inChunks(sealed)) {
    const row = [id, chunk, mailbox, kind, bytes, halfDay]
    await client.query('insert into arrival_addition values ($1, $2, $3, $4, $5, $6)', row)
  }
}
