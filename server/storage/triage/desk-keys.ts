// Which key a desk has, who has it, and the new one that a key holder proposes. Only the owner of the database accepts.
import { CONTENT_ROLES } from '../../report/roles.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import { withAuditLine } from './with-audit-line.js'

export interface DeskKeyRow {
  readonly id: string
  readonly recipient: string
  readonly recoveryRecipient: string
  readonly live: boolean
  /** the day on which it went live, such as 2026-11-23 */
  readonly since: string
}

/** A member who may read reports. */
export interface KeyMember {
  readonly id: string
  readonly name: string
  readonly recipient: string
  /** null for who was not given the key, or was before vouching began */
  readonly vouch: Uint8Array | null
  readonly hasKey: boolean
}

export interface ProposedKey {
  readonly id: string
  readonly by: string
  readonly recipient: string
  readonly recoveryRecipient: string
  readonly earlier: Uint8Array
  readonly shares: readonly { member: string; sealed: Uint8Array }[]
}

export interface KeyState {
  /** the live one first */
  readonly keys: readonly DeskKeyRow[]
  readonly members: readonly KeyMember[]
  /** names of those who had the live key and may have it no more */
  readonly gone: readonly string[]
  readonly proposal: ProposedKey | null
  /** reports that are not assessed and of which a part is not known to fit the live key; 0 while there is one key */
  readonly unchecked: number
}

/** How a desk stands with its keys. */
export async function readKeyState(pool: Queryable, desk: string): Promise<KeyState> {
  const keys = await pool.query<DeskKeyRow>(
    `select id, recipient, recovery_recipient as "recoveryRecipient", live, since::text
     from desk_key where desk = $1 order by live desc, since desc, id`,
    [desk],
  )
  const members = await pool.query<KeyMember>(
    `select m.id, m.name, m.recipient, k.vouch, k.member is not null as "hasKey"
     from member m left join desk_key_share k on k.member = m.id and k.desk = m.desk
     where m.desk = $1 and not m.left_desk and m.roles && $2 order by lower(m.name)`,
    [desk, CONTENT_ROLES],
  )
  const live = keys.rows.find((key) => key.live)
  return {
    keys: keys.rows,
    members: members.rows,
    gone: await listGone(pool, desk),
    proposal: await findProposal(pool, desk),
    unchecked: live && keys.rows.length > 1 ? await countUnchecked(pool, desk, live.id) : 0,
  }
}

/** Names of those who had the live key of a desk and may have it no more. */
export async function listGone(pool: Queryable, desk: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select m.name from desk_key_gone g join desk_key d on d.id = g.desk_key join member m on m.id = g.member
     where d.desk = $1 and d.live order by lower(m.name)`,
    [desk],
  )
  return rows.map(({ name }) => name)
}

async function countUnchecked(pool: Queryable, desk: string, live: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::integer as count from report r join queue_item q on q.report = r.id
     where r.desk = $1 and q.state <> 'assessed'
       and exists (select from report_part p where p.report = r.id and p.desk_key is distinct from $2)`,
    [desk, live],
  )
  return rows[0]?.count ?? 0
}

async function findProposal(pool: Queryable, desk: string): Promise<ProposedKey | null> {
  const { rows } = await pool.query<Omit<ProposedKey, 'shares'>>(
    `select p.id, m.name as by, p.recipient, p.recovery_recipient as "recoveryRecipient", p.earlier
     from desk_key_proposal p join member m on m.id = p.member where p.desk = $1`,
    [desk],
  )
  if (!rows[0]) return null
  const shares = await pool.query<{ member: string; sealed: Uint8Array }>(
    'select member, sealed from desk_key_proposal_share where desk = $1 order by member',
    [desk],
  )
  return { ...rows[0], shares: shares.rows }
}

export interface KeyToPropose {
  readonly id: string
  /** the key that was live when it was made */
  readonly replaces: string
  readonly recipient: string
  readonly recoveryRecipient: string
  readonly earlier: Uint8Array
  readonly shares: readonly { member: string; sealed: Uint8Array; vouch: Uint8Array }[]
}

/**
 * Lays a new key before the operator. False when another one waits already, when the key it replaces is not live, or when
 * a share is for somebody who may not read reports of this desk.
 */
export async function proposeKey(
  pool: Pool,
  { desk, member }: { readonly desk: string; readonly member: string },
  key: KeyToPropose,
): Promise<boolean> {
  return withAuditLine(pool, { act: 'key.proposed', member }, async (client) => {
    const { rowCount } = await client.query(
      `insert into desk_key_proposal (desk, id, replaces, member, recipient, recovery_recipient, earlier)
       select $1, $2, k.id, $4, $5, $6, $7 from desk_key k where k.desk = $1 and k.live and k.id = $3
         and (select count(*) from member m where m.id = any ($8) and m.desk = $1 and not m.left_desk
           and m.roles && $9) = cardinality($8)
       on conflict do nothing`,
      [
        desk,
        key.id,
        key.replaces,
        member,
        key.recipient,
        key.recoveryRecipient,
        key.earlier,
        key.shares.map((share) => share.member),
        CONTENT_ROLES,
      ],
    )
    if (rowCount !== 1) return false
    for (const share of key.shares) {
      await client.query('insert into desk_key_proposal_share values ($1, $2, $3, $4)', [
        desk,
        share.member,
        share.sealed,
        share.vouch,
      ])
    }
    return true
  })
}

/** Takes back the key that waits for the operator; false when it is not there (any more). */
export async function withdrawKey(
  pool: Pool,
  { desk, member }: { readonly desk: string; readonly member: string },
  id: string,
): Promise<boolean> {
  return withAuditLine(pool, { act: 'key.withdrawn', member }, async (client) => {
    const { rowCount } = await client.query('delete from desk_key_proposal where desk = $1 and id = $2', [
      desk,
      id,
    ])
    return rowCount === 1
  })
}

/** Begins sealing open work anew in this session, under the id of a run; gives how many open reports there are, null without a key. */
export async function beginReseal(
  pool: Pool,
  { desk, member, session }: { readonly desk: string; readonly member: string; readonly session: string },
  run: string,
): Promise<number | null> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'insert into reseal_run select $1, $2, id from desk_key where desk = $3 and live',
      [run, session, desk],
    )
    if (rowCount !== 1) return null
    await addAuditLine(client, { act: 'key.reseal-begun', member })
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from report r join queue_item q on q.report = r.id
       where r.desk = $1 and q.state <> 'assessed'`,
      [desk],
    )
    return rows[0]?.count ?? 0
  })
}
