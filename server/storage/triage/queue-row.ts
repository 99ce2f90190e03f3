import type { QueueState } from '../../report/case.js'

export interface QueueRow {
  readonly id: string
  readonly policeUnit: string
  readonly urgent: boolean
  readonly halfDay: string
  readonly files: number
  readonly state: QueueState
  readonly member: string | null
  readonly claimedBy: string | null
  /** whether an urgent report waits longer than the desk's target */
  readonly late: boolean
  /** whether the member who asks follows it */
  readonly watched: boolean
}

/** The place of a row in the order of the queue. */
export type QueuePlace = Pick<QueueRow, 'urgent' | 'halfDay' | 'id'>

/** The half of a statement after `from (…) q`: what the rows of the queue carry. The member is $2. */
export const ROW_FACTS = `
select q.report as id, q.police_unit as "policeUnit", q.urgent, q.half_day as "halfDay", q.file_count as files,
  q.state, q.member, m.name as "claimedBy", w.report is not null as watched,
  q.urgent and exists (select from queue_age a where a.report = q.report and a.late) as late`
export const ROW_JOINS = `
left join member m on m.id = q.member left join watch w on w.report = q.report and w.member = $2`

/** How long a claim holds without anybody at work: an hour when it is urgent, otherwise a day's work. */
export const LEASE = `now() + case when urgent then interval '1 hour' else interval '8 hours' end`
