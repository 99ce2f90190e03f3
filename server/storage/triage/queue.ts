// The desk's queue: pages of what is open in its order, taking, handing back, and giving back what nobody works on.
// Each act tells its line to the trail, a word to every open page, and its followers.
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import { tellQueue } from './notices.js'
import { LEASE, type QueuePlace, type QueueRow, ROW_FACTS, ROW_JOINS } from './queue-row.js'
import { withAuditLine } from './with-audit-line.js'

/** At most `limit` open reports after a place: urgent first, then by half-day, then by random id. */
export async function listOpen(
  pool: Queryable,
  { desk, member }: { readonly desk: string; readonly member: string },
  { after, limit }: { readonly after: QueuePlace | null; readonly limit: number },
): Promise<QueueRow[]> {
  const { rows } = await pool.query<QueueRow>(
    `${ROW_FACTS} from (
       select report, urgent, half_day, police_unit, file_count, state, member from queue_item
       where desk = $1 and state <> 'assessed' and (not urgent, half_day, report) > ($3, $4, $5)
       order by (not urgent), half_day, report limit $6
     ) q ${ROW_JOINS} order by (not q.urgent), q.half_day, q.report`,
    // Before the first: no half-day is the empty text.
    [desk, member, !(after?.urgent ?? true), after?.halfDay ?? '', after?.id ?? NIL, limit],
  )
  return rows
}

const NIL = '00000000-0000-0000-0000-000000000000'

const ASSESSED = `
select report, urgent, half_day, police_unit, file_count, state, member from queue_item
where desk = $1 and state = 'assessed'`

/** The newest assessed reports, and those that the member follows however old they are. */
export async function listAssessed(
  pool: Queryable,
  { desk, member }: { readonly desk: string; readonly member: string },
  limit: number,
): Promise<QueueRow[]> {
  const { rows } = await pool.query<QueueRow>(
    `${ROW_FACTS} from (
       (${ASSESSED} order by half_day desc, report limit $3)
       union
       (${ASSESSED} and report in (select report from watch where member = $2))
     ) q ${ROW_JOINS} order by q.half_day desc, q.report`,
    [desk, member, limit],
  )
  return rows
}

/** The sealed headers of these reports, of those that are the desk's. */
export async function readHeaders(
  pool: Queryable,
  desk: string,
  reports: readonly string[],
): Promise<{ id: string; header: Uint8Array }[]> {
  const { rows } = await pool.query<{ id: string; header: Uint8Array }>(
    `select p.report as id, p.sealed as header from report_part p join queue_item q on q.report = p.report
     where p.report = any ($2::uuid[]) and p.kind = 'header' and q.desk = $1`,
    [desk, reports],
  )
  return rows
}

/** Claims the next waiting report for a member; no two members get the same one. Null when none waits. */
export async function claimNext(pool: Pool, desk: string, member: string): Promise<string | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ report: string }>(
      `update queue_item set state = 'claimed', member = $2, leased_until = ${LEASE} where report = (
         select q.report from queue_item q where q.state = 'waiting' and q.desk = $1
         order by (not q.urgent), q.half_day, q.report limit 1 for update of q skip locked
       ) returning report`,
      [desk, member],
    )
    const report = rows[0]?.report ?? null
    if (report) {
      await addAuditLine(client, { act: 'report.claimed', member, report })
      await tellQueue(client, report, member)
    }
    return report
  })
}

/** Claims one report; false when it is not waiting (any more). */
export async function claim(pool: Pool, desk: string, member: string, report: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'report.claimed', member, report }, async (client) => {
    const { rowCount } = await client.query(
      `update queue_item set state = 'claimed', member = $3, leased_until = ${LEASE}
       where report = $2 and desk = $1 and state = 'waiting'`,
      [desk, report, member],
    )
    if (rowCount === 1) await tellQueue(client, report, member)
    return rowCount === 1
  })
}

/** Puts a claimed report back for the others; false when this member does not have it. */
export async function handBack(pool: Pool, member: string, report: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'report.handed-back', member, report }, async (client) => {
    const { rowCount } = await client.query(
      `update queue_item set state = 'waiting', member = null, leased_until = null
       where report = $1 and member = $2 and state = 'claimed'`,
      [report, member],
    )
    if (rowCount === 1) await tellQueue(client, report, member)
    return rowCount === 1
  })
}

/** Lets a claim hold anew because somebody works on it; false when this member does not have it (any more). */
export async function renewLease(pool: Queryable, member: string, report: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update queue_item set leased_until = ${LEASE} where report = $1 and member = $2 and state = 'claimed'`,
    [report, member],
  )
  return rowCount === 1
}

/** What each statement that gives claims back does with `given (report, member)`; $1 is a member or none. */
const GIVE_BACK = `
given as (
  update queue_item q set state = 'waiting', member = null, leased_until = null
  from ending e where q.report = e.report and q.state = 'claimed' returning q.report, e.member
),
lines as (
  insert into audit (member, act, report, about)
    select $1::uuid, case when $1::uuid is null then 'report.lease-ended' else 'report.handed-back' end, report, member
    from given
),
told as (
  insert into notice (member, report, kind) select member, report, 'lease-ended' from given
  on conflict (member, report, kind) do update set by_member = null, reason = null
),
followers as (
  insert into notice (member, report, kind)
    select w.member, w.report, 'watched' from watch w join given g on g.report = w.report and g.member <> w.member
  on conflict (member, report, kind) do update set by_member = null, reason = null
)
select report, case when row_number() over () = 1 then pg_notify('baken_queue', 'work') end from given`

/**
 * Gives back every claim on which nobody worked for as long as it holds; its member is told. Any number of processes
 * may call it at once. Gives how many there were.
 */
export async function endLeases(pool: Queryable): Promise<number> {
  const { rowCount } = await pool.query(
    `with ending as (
       select report, member from queue_item where state = 'claimed' and leased_until < now()
       for update of queue_item skip locked
     ), ${GIVE_BACK}`,
    [null],
  )
  return rowCount ?? 0
}

/**
 * Gives back everything a member has in hand, because of an act of `by`: for one who leaves, or reads no reports any
 * more. Gives the reports.
 */
export async function releaseClaimsOf(pool: Queryable, member: string, by: string): Promise<string[]> {
  const { rows } = await pool.query<{ report: string }>(
    `with ending as (
       select report, member from queue_item where state = 'claimed' and member = $2 for update of queue_item
     ), ${GIVE_BACK}`,
    [by, member],
  )
  return rows.map(({ report }) => report)
}
