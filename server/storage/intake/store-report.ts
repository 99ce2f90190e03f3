import type { SealedPart, SealedReport } from '../../report/report.js'
import { inTransaction, isUniqueViolation, type Pool, type Queryable } from '../connect.js'

const CHUNK_BYTES = 1024 * 1024

/** A mailbox to be made together with the report. */
export interface NewMailbox {
  readonly id: string
  readonly lookup: Uint8Array
  readonly recipient: string
}

/** The draft a report comes from, in the version that was read. */
export interface DraftToTake {
  readonly key: Uint8Array
  readonly version: number
}

class DraftChanged extends Error {}

const ONE_MAILBOX_PER_CODE = 'arrival_mailbox_lookup_key'

/**
 * Puts a sealed report in the queue, once: the promise resolves when everything is committed and flushed.
 * `submissionKey` makes a repeat harmless: the second time it resolves with 'already-there' and stores nothing.
 * A draft goes away in the same transaction; when another tab changed it meanwhile: 'draft-changed', nothing stored.
 * When another report made the mailbox of this code meanwhile: 'mailbox-there', nothing stored.
 */
export async function storeReport(
  pool: Pool,
  report: SealedReport,
  submissionKey: Uint8Array,
  { mailbox, draft }: { mailbox: NewMailbox | null; draft: DraftToTake | null },
): Promise<'stored' | 'already-there' | 'draft-changed' | 'mailbox-there'> {
  try {
    await inTransaction(pool, async (client) => {
      // The key goes first: a second click waits here for the first one and then leaves.
      await client.query('insert into submitted values ($1, $2)', [submissionKey, report.halfDay])
      if (draft) await takeDraft(client, draft)
      await client.query('insert into arrival values ($1, $2, $3, $4, $5, $6)', [
        report.id,
        report.desk,
        report.policeUnit,
        report.urgent,
        report.halfDay,
        report.fileCount,
      ])
      await insertSections(client, report.id, report.sections)
      for await (const file of report.files) await insertFile(client, report.id, file)
      if (mailbox) {
        await client.query('insert into arrival_mailbox values ($1, $2, $3, $4)', [
          mailbox.id,
          mailbox.lookup,
          mailbox.recipient,
          report.halfDay,
        ])
      }
    })
    return 'stored'
  } catch (error) {
    if (error instanceof DraftChanged) return 'draft-changed'
    if (isUniqueViolation(error, ONE_MAILBOX_PER_CODE)) return 'mailbox-there'
    if (isUniqueViolation(error) && (await wasSubmitted(pool, submissionKey))) return 'already-there'
    throw error
  }
}

/** Whether a submission with this key is in the queue, or was. */
export async function wasSubmitted(pool: Queryable, submissionKey: Uint8Array): Promise<boolean> {
  const { rows } = await pool.query<{ done: boolean }>('select was_submitted($1) as done', [submissionKey])
  return rows[0]?.done === true
}

async function takeDraft(client: Queryable, { key, version }: DraftToTake): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>('select draft_take($1, $2) as taken', [
    key,
    version,
  ])
  if (!rows[0]?.taken) throw new DraftChanged()
}

async function insertSections(
  client: Queryable,
  report: string,
  sections: readonly SealedPart[],
): Promise<void> {
  const places = sections.map((_, i) => `($${3 * i + 2}, 0, $1, $${3 * i + 3}, $${3 * i + 4})`)
  await client.query(`insert into arrival_part values ${places.join(', ')}`, [
    report,
    ...sections.flatMap(({ id, kind, sealed }) => [id, kind, sealed]),
  ])
}

async function insertFile(
  client: Queryable,
  report: string,
  { id, kind, sealed }: SealedPart,
): Promise<void> {
  for (let chunk = 0; chunk * CHUNK_BYTES < sealed.length; chunk++) {
    const bytes = sealed.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES)
    await client.query('insert into arrival_part values ($1, $2, $3, $4, $5)', [
      id,
      chunk,
      report,
      kind,
      bytes,
    ])
  }
}
