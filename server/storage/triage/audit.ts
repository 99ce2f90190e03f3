import type { Queryable } from '../connect.js'

/** Everything a member of the desk can do that leaves a line; release writes none: it would be the time of an arrival. */
export type AuditAct =
  | 'member.joined'
  | 'member.signed-in'
  | 'member.signed-out'
  | 'member.proved'
  | 'member.key-given'
  | 'member.invited'
  | 'member.invitation-withdrawn'
  | 'member.roles-changed'
  | 'member.sessions-ended'
  | 'member.left'
  | 'member.passkey-added'
  | 'member.passkey-removed'
  /** a passkey that was refused: its counter went back */
  | 'member.passkey-refused'
  | 'member.code-added'
  | 'member.code-removed'
  | 'member.words-changed'
  | 'member.session-ended'
  | 'report.claimed'
  | 'report.handed-back'
  | 'report.assigned'
  | 'report.taken-over'
  /** time gave it back; without a member, about the one who had it */
  | 'report.lease-ended'
  | 'desk.targets-changed'
  | 'report.opened'
  | 'report.file-opened'
  | 'report.assessed'
  | 'mailbox.question-asked'
  | 'mailbox.file-opened'
  | 'mailbox.closed'
  | 'key.proposed'
  | 'key.withdrawn'
  | 'key.reseal-begun'
  /** by the operator, with no member */
  | 'key.accepted'
  | 'key.refused'
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
  /** the member it was done to */
  readonly about?: string
  /** a fixed code, or the roles that were given; never words of somebody */
  readonly reason?: string
  /** `entry/<id>` or `coordinator/<id>` of the help directory */
  readonly help?: string
}

/** Adds a line to the trail; the role can neither change nor remove one. */
export async function addAuditLine(pool: Queryable, line: AuditLine): Promise<void> {
  await pool.query(
    'insert into audit (member, act, report, help, about, reason) values ($1, $2, $3, $4, $5, $6)',
    [line.member, line.act, line.report ?? null, line.help ?? null, line.about ?? null, line.reason ?? null],
  )
}

export interface TrailLine {
  readonly number: string
  readonly at: Date
  readonly act: string
  /** name of the member; null for the operator */
  readonly member: string | null
  readonly report: string | null
  readonly about: string | null
  readonly help: string | null
  readonly reason: string | null
}

/** The lines of the trail below a number, or the newest, newest first: of this desk's members and of the operator. */
export async function readTrail(
  pool: Queryable,
  desk: string,
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<TrailLine[]> {
  const { rows } = await pool.query<TrailLine>(
    `select a.number, a.at, a.act, m.name as member, a.report, b.name as about, a.help, a.reason
     from audit a left join member m on m.id = a.member left join member b on b.id = a.about
     where (a.member is null or m.desk = $1) and ($2::bigint is null or a.number < $2)
     order by a.number desc limit $3`,
    [desk, before, most],
  )
  return rows
}
