// The desk's own targets, and how much work lies with whom: counts alone, of members and of half-days.
import { DEFAULT_TARGETS, type Targets } from '../../report/ageing.js'
import type { Pool, Queryable } from '../connect.js'
import { withAuditLine } from './with-audit-line.js'

/** The desk's targets, or those it begins with. */
export async function readTargets(pool: Queryable, desk: string): Promise<Targets> {
  const { rows } = await pool.query<Targets>(
    `select urgent_minutes as "urgentMinutes", waiting_half_days as "waitingHalfDays",
       reading_half_days as "readingHalfDays" from desk_target where desk = $1`,
    [desk],
  )
  return rows[0] ?? DEFAULT_TARGETS
}

/** Changes the targets. Urgent reports that are counting down already keep the one they began with. */
export async function setTargets(
  pool: Pool,
  { desk, member }: { readonly desk: string; readonly member: string },
  { urgentMinutes, waitingHalfDays, readingHalfDays }: Targets,
): Promise<void> {
  await withAuditLine(pool, { act: 'desk.targets-changed', member }, async (client) => {
    await client.query(
      `insert into desk_target values ($1, $2, $3, $4) on conflict (desk) do update set
       urgent_minutes = excluded.urgent_minutes, waiting_half_days = excluded.waiting_half_days,
       reading_half_days = excluded.reading_half_days`,
      [desk, urgentMinutes, waitingHalfDays, readingHalfDays],
    )
    return true
  })
}

export interface WorkCount {
  readonly member: string | null
  readonly urgent: boolean
  readonly late: boolean
  readonly halfDay: string
  readonly count: number
}

export interface Worker {
  readonly id: string
  readonly name: string
  readonly readingLanguages: readonly string[]
  /** within the last seven days */
  readonly assessed: number
}

/** Open reports by who has them (nobody: those that wait) and half-day; members in the order of their names. */
export async function readWorkload(
  pool: Queryable,
  desk: string,
): Promise<{ members: Worker[]; open: WorkCount[] }> {
  const members = await pool.query<Worker>(
    `select m.id, m.name, m.reading_languages as "readingLanguages",
       (select count(*)::integer from audit a where a.act = 'report.assessed' and a.member = m.id
         and a.at > now() - interval '7 days') as assessed
     from member m where m.desk = $1 and not m.left_desk and 'triager' = any (m.roles) order by lower(m.name)`,
    [desk],
  )
  const open = await pool.query<WorkCount>(
    `select q.member, q.urgent, coalesce(a.late, false) as late, q.half_day as "halfDay", count(*)::integer as count
     from queue_item q left join queue_age a on a.report = q.report
     where q.desk = $1 and q.state <> 'assessed' group by 1, 2, 3, 4 order by 2 desc, 4`,
    [desk],
  )
  return { members: members.rows, open: open.rows }
}
