// Giving a report to a colleague, passing it on, taking it over.
import type { AssignReason } from '../../report/case.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import { tellMember, tellQueue } from './notices.js'
import { LEASE } from './queue-row.js'

export interface Triager {
  readonly id: string
  readonly name: string
  /** none is any */
  readonly readingLanguages: readonly string[]
}

/** Who may be given a report: triagers of the desk who have its key. */
const TRIAGERS = `
select m.id, m.name, m.reading_languages as "readingLanguages" from member m
where m.desk = $1 and not m.left_desk and 'triager' = any (m.roles)
  and exists (select from desk_key_share k where k.member = m.id and k.desk = m.desk)`

export async function listTriagers(pool: Queryable, desk: string): Promise<Triager[]> {
  const { rows } = await pool.query<Triager>(`${TRIAGERS} order by lower(m.name)`, [desk])
  return rows
}

export interface Assignment {
  readonly desk: string
  readonly report: string
  /** who acts */
  readonly by: string
  /** who gets it */
  readonly to: string
  readonly reason: AssignReason
  /** a desk lead divides all work */
  readonly isLead: boolean
}

/**
 * Gives a report to a triager. A desk lead may give any open one, who has it may pass it on, and everybody may take over
 * what a colleague has; `not-allowed` otherwise. `conflict` when it is assessed, unknown, with that member already, or
 * when the member cannot have one. Both members are told.
 */
export async function assign(
  pool: Pool,
  { desk, report, by, to, reason, isLead }: Assignment,
): Promise<'done' | 'conflict' | 'not-allowed'> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ state: string; member: string | null }>(
      'select state, member from queue_item where report = $2 and desk = $1 for update of queue_item',
      [desk, report],
    )
    const item = rows[0]
    if (!item || item.state === 'assessed' || item.member === to) return 'conflict'
    const had = item.member
    const isTakingOver = to === by && had !== null
    if (!isLead && had !== by && !isTakingOver) return 'not-allowed'
    const target = await client.query(`${TRIAGERS} and m.id = $2`, [desk, to])
    if (target.rowCount !== 1) return 'conflict'
    await client.query(
      `update queue_item set state = 'claimed', member = $2,
         leased_until = ${LEASE}
       where report = $1`,
      [report, to],
    )
    const act = isTakingOver ? 'report.taken-over' : 'report.assigned'
    const about = isTakingOver ? had : to
    await addAuditLine(client, { act, member: by, report, about, reason })
    await tellQueue(client, report, by)
    if (to !== by) await tellMember(client, to, { report, kind: 'assigned', by, reason })
    if (had !== null && had !== by) await tellMember(client, had, { report, kind: 'taken-over', by, reason })
    return 'done'
  })
}
