import type { Queryable } from '../connect.js'

/** Everything a member of the desk can do that leaves a line; release writes none: it would be the time of an arrival. */
export type AuditAct =
  | 'member.joined'
  | 'member.signed-in'
  | 'member.signed-out'
  | 'member.key-given'
  | 'report.claimed'
  | 'report.handed-back'
  | 'report.opened'
  | 'report.file-opened'
  | 'report.assessed'
  | 'mailbox.question-asked'
  | 'mailbox.file-opened'
  | 'mailbox.closed'
  /** by the operator, with no member */
  | 'help.imported'
  | 'help.added'
  | 'help.changed'
  | 'help.verified'
  | 'help.retired'
  | 'help.restored'

export interface AuditLine {
  readonly act: AuditAct
  readonly member: string
  readonly report?: string
  /** `entry/<id>` or `coordinator/<id>` of the help directory */
  readonly help?: string
}

/** Adds a line to the trail; the role can neither change nor remove one. */
export async function addAuditLine(pool: Queryable, line: AuditLine): Promise<void> {
  await pool.query('insert into audit (member, act, report, help) values ($1, $2, $3, $4)', [
    line.member,
    line.act,
    line.report ?? null,
    line.help ?? null,
  ])
}
