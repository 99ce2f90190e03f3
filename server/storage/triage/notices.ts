// What members are told about the queue: what they follow, what was given to them or taken over, what time gave back.
// A notice stays until its member heard it.
import type { NoticeKind } from '../../report/case.js'
import type { Queryable } from '../connect.js'

export interface Notice {
  readonly report: string
  readonly kind: NoticeKind
  /** name of who did it; null when time did */
  readonly by: string | null
  readonly reason: string | null
}

/**
 * Tells every open page that something changed, and who follows this report that it did. For use inside an act: who acts
 * on a report knows that it is theirs again, or not.
 */
export async function tellQueue(client: Queryable, report: string, actor: string): Promise<void> {
  await client.query(
    `with followers as (
       insert into notice (member, report, kind, by_member)
         select w.member, w.report, 'watched', $2 from watch w where w.report = $1 and w.member <> $2
       on conflict (member, report, kind) do update set by_member = excluded.by_member, reason = null
     ),
     over as (
       delete from notice where report = $1 and member = $2 and kind in ('lease-ended', 'taken-over')
     )
     select pg_notify('baken_queue', 'work')`,
    [report, actor],
  )
}

/** Tells one member what a colleague did with a report. */
export async function tellMember(
  client: Queryable,
  member: string,
  notice: {
    readonly report: string
    readonly kind: NoticeKind
    readonly by: string
    readonly reason: string
  },
): Promise<void> {
  // What was said of it before is no longer so.
  await client.query('delete from notice where member = $1 and report = $2', [member, notice.report])
  await client.query(
    'insert into notice (member, report, kind, by_member, reason) values ($1, $2, $3, $4, $5)',
    [member, notice.report, notice.kind, notice.by, notice.reason],
  )
}

/** What a member was not told yet. */
export async function listNotices(pool: Queryable, member: string): Promise<Notice[]> {
  const { rows } = await pool.query<Notice>(
    `select n.report, n.kind, b.name as by, n.reason from notice n left join member b on b.id = n.by_member
     where n.member = $1 order by n.kind, n.report limit 100`,
    [member],
  )
  return rows
}

/** Forgets a notice that its member heard. */
export async function hearNotice(
  pool: Queryable,
  member: string,
  { report, kind }: Pick<Notice, 'report' | 'kind'>,
): Promise<void> {
  await pool.query('delete from notice where member = $1 and report = $2 and kind = $3', [
    member,
    report,
    kind,
  ])
}

/** Follows a report of the desk, or stops. False when there is no such report. */
export async function setWatch(
  pool: Queryable,
  { desk, member }: { readonly desk: string; readonly member: string },
  report: string,
  on: boolean,
): Promise<boolean> {
  const there = await pool.query('select report from queue_item where report = $2 and desk = $1', [
    desk,
    report,
  ])
  if (there.rowCount !== 1) return false
  await pool.query(
    on
      ? 'insert into watch (member, report) values ($1, $2) on conflict do nothing'
      : 'delete from watch where member = $1 and report = $2',
    [member, report],
  )
  return true
}
