import type { AdditionKind } from '../../report/envelope.js'
import type { HalfDay } from '../../report/half-day.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { takeSubmissionKey } from './submission-key.js'

const CHUNK_BYTES = 1024 * 1024

/** One padded age file for the desk. */
export interface SealedAddition {
  readonly id: string
  readonly kind: AdditionKind
  readonly sealed: Uint8Array
}

/**
 * Puts in the queue what came through a mailbox, all of it once; resolves when it is committed and flushed. The
 * additions are asked for only when this submission key did not come before.
 */
export async function storeAdditions(
  pool: Pool,
  {
    mailbox,
    halfDay,
    additions,
  }: { mailbox: string; halfDay: HalfDay; additions: AsyncIterable<SealedAddition> },
  submissionKey: Uint8Array,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await takeSubmissionKey(client, submissionKey, halfDay))) return
    for await (const addition of additions) await insertAddition(client, mailbox, halfDay, addition)
  })
}

async function insertAddition(
  client: Queryable,
  mailbox: string,
  halfDay: HalfDay,
  { id, kind, sealed }: SealedAddition,
): Promise<void> {
  for (let chunk = 0; chunk * CHUNK_BYTES < sealed.length; chunk++) {
    const bytes = sealed.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES)
    await client.query('insert into arrival_addition values ($1, $2, $3, $4, $5, $6)', [
      id,
      chunk,
      mailbox,
      kind,
      bytes,
      halfDay,
    ])
  }
}
