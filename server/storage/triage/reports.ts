import { isUniqueViolation, type Pool, type Queryable } from '../connect.js'
import { readChunks } from './chunks.js'
import { tellQueue } from './notices.js'
import { type QueueRow, ROW_FACTS, ROW_JOINS } from './queue-row.js'
import { withAuditLine } from './with-audit-line.js'

export interface ReportFacts extends QueueRow {
  readonly parts: readonly { id: string; kind: string; bytes: number }[]
  readonly assessment: Uint8Array | null
}

/**
 * What is known of one report of the desk, with the list of its sealed parts; null when there is none. The member is who
 * asks.
 */
export async function findReport(
  pool: Queryable,
  { desk, member }: { readonly desk: string; readonly member: string },
  report: string,
): Promise<ReportFacts | null> {
  const { rows } = await pool.query<QueueRow>(
    `${ROW_FACTS} from queue_item q ${ROW_JOINS} where q.desk = $1 and q.report = $3`,
    [desk, member, report],
  )
  const facts = rows[0]
  if (!facts) return null
  const parts = await pool.query<{ id: string; kind: string; bytes: number }>(
    `select id, kind, sum(length(sealed))::integer as bytes from report_part where report = $1
     group by id, kind order by kind, id`,
    [report],
  )
  const assessed = await pool.query<{ sealed: Uint8Array }>(
    'select sealed from assessment where report = $1',
    [report],
  )
  return { ...facts, parts: parts.rows, assessment: assessed.rows[0]?.sealed ?? null }
}

/**
 * The sealed bytes of one part, row by row: between two rows no connection is held, however slow the line to the browser is.
 * Throws when they are not as many as was said, because the part went away meanwhile.
 */
export function readPart(
  pool: Queryable,
  report: string,
  { id, bytes }: { id: string; bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  return readChunks(bytes, (chunk) =>
    pool.query<{ sealed: Uint8Array }>(
      'select sealed from report_part where report = $1 and id = $2 and chunk = $3',
      [report, id, chunk],
    ),
  )
}

/** Stores a sealed first assessment; false when the member does not have the report or it was assessed already. */
export async function storeAssessment(
  pool: Pool,
  member: string,
  report: string,
  sealed: Uint8Array,
): Promise<boolean> {
  try {
    return await withAuditLine(pool, { act: 'report.assessed', member, report }, async (client) => {
      const { rowCount } = await client.query(
        `update queue_item set state = 'assessed', leased_until = null where report = $1 and member = $2 and state = 'claimed'`,
        [report, member],
      )
      if (rowCount !== 1) return false
      await client.query('insert into assessment values ($1, $2, $3)', [report, member, sealed])
      await tellQueue(client, report, member)
      return true
    })
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}
