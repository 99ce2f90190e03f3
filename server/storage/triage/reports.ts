import type { QueueState } from '../../report/case.js'
import { inTransaction, isUniqueViolation, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import { readChunks } from './chunks.js'
import { withAuditLine } from './with-audit-line.js'

export interface InboxRow {
  readonly id: string
  readonly policeUnit: string
  readonly urgent: boolean
  readonly halfDay: string
  readonly files: number
  readonly state: QueueState
  readonly member: string | null
  readonly claimedBy: string | null
  readonly header: Uint8Array
}

const FACTS = `
select r.id, r.police_unit as "policeUnit", r.urgent, r.half_day as "halfDay", r.file_count as files,
  q.state, q.member, m.name as "claimedBy"
from report r join queue_item q on q.report = r.id left join member m on m.id = q.member`

/** The desk's reports: urgent first, then by half-day, then by random id. Unassessed ones all, of the others the newest. */
export async function listInbox(pool: Queryable, desk: string, assessedLimit: number): Promise<InboxRow[]> {
  const { rows } = await pool.query<InboxRow>(
    `select f.*, p.sealed as header from (
       (${FACTS} where r.desk = $1 and q.state <> 'assessed')
       union all
       (${FACTS} where r.desk = $1 and q.state = 'assessed' order by r.half_day desc, r.id limit $2)
     ) f join report_part p on p.report = f.id and p.kind = 'header'
     order by f.state = 'assessed', f.urgent desc, f."halfDay", f.id`,
    [desk, assessedLimit],
  )
  return rows
}

/** Claims the next waiting report for a member; no two members get the same one. Null when none waits. */
export async function claimNext(pool: Pool, desk: string, member: string): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ report: string }>(
      `update queue_item set state = 'claimed', member = $2 where report = (
         select q.report from queue_item q join report r on r.id = q.report
         where q.state = 'waiting' and r.desk = $1
         order by q.urgent desc, q.half_day, q.report limit 1 for update of q skip locked
       ) returning report`,
      [desk, member],
    )
    const report = rows[0]?.report ?? null
    if (report) await addAuditLine(client, { act: 'report.claimed', member, report })
    return report
  })
}

/** Claims one report; false when it is not waiting (any more). */
export async function claim(pool: Pool, desk: string, member: string, report: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'report.claimed', member, report }, async (client) => {
    const { rowCount } = await client.query(
      `update queue_item q set state = 'claimed', member = $3 from report r
       where q.report = $2 and r.id = q.report and r.desk = $1 and q.state = 'waiting'`,
      [desk, report, member],
    )
    return rowCount === 1
  })
}

/** Puts a claimed report back for the others; false when this member does not have it. */
export async function handBack(pool: Pool, member: string, report: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'report.handed-back', member, report }, async (client) => {
    const { rowCount } = await client.query(
      `update queue_item set state = 'waiting', member = null where report = $1 and member = $2 and state = 'claimed'`,
      [report, member],
    )
    return rowCount === 1
  })
}

export interface ReportFacts extends Omit<InboxRow, 'header'> {
  readonly parts: readonly { id: string; kind: string; bytes: number }[]
  readonly assessment: Uint8Array | null
}

/** What is known of one report of the desk, with the list of its sealed parts; null when there is none. */
export async function findReport(pool: Queryable, desk: string, report: string): Promise<ReportFacts | null> {
  const { rows } = await pool.query<Omit<InboxRow, 'header'>>(`${FACTS} where r.desk = $1 and r.id = $2`, [
    desk,
    report,
  ])
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
        `update queue_item set state = 'assessed' where report = $1 and member = $2 and state = 'claimed'`,
        [report, member],
      )
      if (rowCount !== 1) return false
      await client.query('insert into assessment values ($1, $2, $3)', [report, member, sealed])
      return true
    })
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}
