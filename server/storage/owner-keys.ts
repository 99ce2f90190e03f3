// The key of a desk, as only the owner of the database sets it: the first one of a demonstration, and the new one that a
// member proposed and the operator accepts.
import { CONTENT_ROLES } from '../report/roles.js'
import { inTransaction, type Pool, type Queryable } from './connect.js'

interface Recipients {
  readonly recipient: string
  readonly recoveryRecipient: string
}

/** Gives a desk its first key without a member's browser, for a demonstration and for tests. */
export async function setDeskKey(owner: Queryable, desk: string, keys: Recipients): Promise<void> {
  const values = [desk, keys.recipient, keys.recoveryRecipient]
  await owner.query('update desk set recipient = $2, recovery_recipient = $3 where id = $1', values)
  await owner.query('insert into desk_key (desk, recipient, recovery_recipient) values ($1, $2, $3)', values)
}

export interface KeyHistory {
  readonly id: string
  readonly live: boolean
  /** such as 2026-11-23 */
  readonly since: string
}

export interface DeskKeyList {
  /** the live one first */
  readonly keys: readonly KeyHistory[]
  /** names of members who have the live key */
  readonly holders: readonly string[]
  /** names of members who may have it and wait */
  readonly waiting: readonly string[]
  /** names of those who had the live key and may have it no more */
  readonly gone: readonly string[]
  /** the new key that waits for the operator */
  readonly proposal: { readonly by: string; readonly shares: number } | null
}

/** How a desk stands with its keys. */
export async function listKeys(owner: Queryable, desk: string): Promise<DeskKeyList> {
  const keys = await owner.query<KeyHistory>(
    'select id, live, since::text from desk_key where desk = $1 order by live desc, since desc, id',
    [desk],
  )
  const members = await owner.query<{ name: string; has: boolean }>(
    `select m.name, k.member is not null as has from member m
     left join desk_key_share k on k.member = m.id and k.desk = m.desk
     where m.desk = $1 and not m.left_desk and m.roles && $2 order by lower(m.name)`,
    [desk, CONTENT_ROLES],
  )
  const gone = await owner.query<{ name: string }>(
    `select m.name from desk_key_gone g join desk_key d on d.id = g.desk_key join member m on m.id = g.member
     where d.desk = $1 and d.live order by lower(m.name)`,
    [desk],
  )
  const proposal = await owner.query<{ by: string; shares: number }>(
    `select m.name as by, (select count(*)::integer from desk_key_proposal_share s where s.desk = p.desk) as shares
     from desk_key_proposal p join member m on m.id = p.member where p.desk = $1`,
    [desk],
  )
  return {
    keys: keys.rows,
    holders: members.rows.filter(({ has }) => has).map(({ name }) => name),
    waiting: members.rows.filter(({ has }) => !has).map(({ name }) => name),
    gone: gone.rows.map(({ name }) => name),
    proposal: proposal.rows[0] ?? null,
  }
}

/** What came of accepting: nothing changes unless `accepted`. */
export type Acceptance = 'accepted' | 'none-waits' | 'other-words' | 'outdated' | 'for-nobody'

/**
 * Lets the proposed key of a desk go live, in one transaction: reports are sealed to it from then on, and only members for
 * whom the proposal has a share have it. `isRight` looks at the very recipients that would go live.
 */
export async function acceptKey(
  owner: Pool,
  desk: string,
  isRight: (proposed: Recipients) => boolean,
): Promise<Acceptance> {
  return inTransaction(owner, async (client) => {
    // Nobody gives or loses a share meanwhile: one that comes later is for the new key, or is refused.
    await client.query('lock table desk_key_share in share row exclusive mode')
    await client.query('select from desk where id = $1 for update', [desk])
    const { rows } = await client.query<Recipients & { id: string; replaces: string }>(
      `select id, replaces, recipient, recovery_recipient as "recoveryRecipient"
       from desk_key_proposal where desk = $1 for update`,
      [desk],
    )
    const proposed = rows[0]
    if (!proposed) return 'none-waits'
    if (!isRight(proposed)) return 'other-words'
    if ((await countReceivers(client, desk)) === 0) return 'for-nobody'
    const replaced = await client.query(
      'update desk_key set live = false where id = $2 and desk = $1 and live',
      [desk, proposed.replaces],
    )
    if (replaced.rowCount !== 1) return 'outdated'
    await goLive(client, desk)
    await client.query(`insert into audit (act) values ('key.accepted')`)
    return 'accepted'
  })
}

/** How many members would have the proposed key: those it was made for who still may read reports. */
async function countReceivers(client: Queryable, desk: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer as count from desk_key_proposal_share s join member m on m.id = s.member
     where s.desk = $1 and m.desk = $1 and not m.left_desk and m.roles && $2`,
    [desk, CONTENT_ROLES],
  )
  return rows[0]?.count ?? 0
}

async function goLive(client: Queryable, desk: string): Promise<void> {
  await client.query(
    `insert into desk_key (id, desk, recipient, recovery_recipient, earlier)
     select id, desk, recipient, recovery_recipient, earlier from desk_key_proposal where desk = $1`,
    [desk],
  )
  await client.query(
    `update desk d set recipient = p.recipient, recovery_recipient = p.recovery_recipient
     from desk_key_proposal p where p.desk = d.id and d.id = $1`,
    [desk],
  )
  await client.query('delete from desk_key_share where desk = $1', [desk])
  await client.query(
    `insert into desk_key_share (desk, member, sealed, vouch)
     select s.desk, s.member, s.sealed, s.vouch from desk_key_proposal_share s join member m on m.id = s.member
     where s.desk = $1 and m.desk = $1 and not m.left_desk and m.roles && $2`,
    [desk, CONTENT_ROLES],
  )
  // Who left while the proposal waited knows the new key too, if it was made for them.
  await client.query(
    `insert into desk_key_gone (desk_key, member)
     select p.id, s.member from desk_key_proposal p join desk_key_proposal_share s on s.desk = p.desk
     where p.desk = $1 and not exists (select from desk_key_share k where k.member = s.member)`,
    [desk],
  )
  await client.query('delete from reseal_run r using desk_key k where k.id = r.desk_key and k.desk = $1', [
    desk,
  ])
  await client.query('delete from desk_key_proposal where desk = $1', [desk])
}

/** Takes away the key that waits; false when none does. */
export async function refuseKey(owner: Pool, desk: string): Promise<boolean> {
  return inTransaction(owner, async (client) => {
    const { rowCount } = await client.query('delete from desk_key_proposal where desk = $1', [desk])
    if (rowCount !== 1) return false
    await client.query(`insert into audit (act) values ('key.refused')`)
    return true
  })
}
