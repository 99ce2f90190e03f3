import type { HalfDay } from '../../report/half-day.js'
import type { SealedFile, SealedPart, SealedReport } from '../../report/report.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { inChunks } from './chunks.js'
import { takeSubmissionKey } from './submission-key.js'

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

/** Why nothing was stored. */
type NotStored = 'already-there' | 'draft-changed' | 'code-in-use'

class Refusal extends Error {
  constructor(readonly why: NotStored) {
    super(why)
  }
}

/**
 * Puts a sealed report in the queue, once: the promise resolves with 'stored' when everything is committed and flushed.
 * Otherwise nothing is stored: 'already-there' when this submission key came before, 'draft-changed' when another tab
 * changed the draft that goes away in the same transaction, 'code-in-use' when a mailbox of the same code waits.
 */
export async function storeReport(
  pool: Pool,
  report: SealedReport,
  submissionKey: Uint8Array,
  { mailbox, draft }: { mailbox: NewMailbox | null; draft: DraftToTake | null },
): Promise<'stored' | NotStored> {
  try {
    await inTransaction(pool, async (client) => {
      if (!(await takeSubmissionKey(client, submissionKey, report.halfDay)))
        throw new Refusal('already-there')
      if (draft && !(await takeDraft(client, draft))) throw new Refusal('draft-changed')
      if (mailbox && !(await insertMailbox(client, mailbox, report.halfDay))) throw new Refusal('code-in-use')
      await client.query('insert into arrival values ($1, $2, $3, $4, $5, $6)', [
        report.id,
        report.desk,
        report.policeUnit,
        report.urgent,
        report.halfDay,
        report.fileCount,
      ])
      await insertSections(client, report.id, report.sections)
      for (const file of report.files) await insertFile(client, report.id, file)
    })
    return 'stored'
  } catch (error) {
    if (error instanceof Refusal) return error.why
    throw error
  }
}

/** Whether a submission with this key is in the queue, or was. */
export async function wasSubmitted(pool: Queryable, submissionKey: Uint8Array): Promise<boolean> {
  const { rows } = await pool.query<{ done: boolean }>('select was_submitted($1) as done', [submissionKey])
  return rows[0]?.done === true
}

async function takeDraft(client: Queryable, { key, version }: DraftToTake): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select draft_take($1, $2) as taken', [
    key,
    version,
  ])
  return rows[0]?.taken === true
}

async function insertMailbox(client: Queryable, mailbox: NewMailbox, halfDay: HalfDay): Promise<boolean> {
  const { id, lookup, recipient } = mailbox
  const { rowCount } = await client.query(
    'insert into arrival_mailbox values ($1, $2, $3, $4) on conflict do nothing',
    [id, lookup, recipient, halfDay],
  )
  return rowCount === 1
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

async function insertFile(client: Queryable, report: string, { id, sealed }: SealedFile): Promise<void> {
  for await (const { chunk, bytes } of inChunks(sealed)) {
    const row = [id, chunk, report, 'file', bytes]
    await client.query('insert into arrival_part values ($1, $2, $3, $4, $5)', row)
  }
}
