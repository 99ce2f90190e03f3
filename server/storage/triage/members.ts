import { CONTENT_ROLES, mayReadContent, type Role } from '../../report/roles.js'
import { inTransaction, isUniqueViolation, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import { type FoundMember, MEMBER_KEYS, type MemberRow, toMember } from './member-row.js'
import { withAuditLine } from './with-audit-line.js'

/** A member by sign-in name, whatever its case; null for unknown names and those who left. */
export async function findMemberByName(pool: Queryable, name: string): Promise<FoundMember | null> {
  const { rows } = await pool.query<MemberRow>(`${MEMBER_KEYS} and lower(m.name) = lower($1)`, [name])
  return rows[0] ? toMember(rows[0]) : null
}

/** A member by id; null for those who left. */
export async function findMemberById(pool: Queryable, id: string): Promise<FoundMember | null> {
  const { rows } = await pool.query<MemberRow>(`${MEMBER_KEYS} and m.id = $1`, [id])
  return rows[0] ? toMember(rows[0]) : null
}

/** The secret that gives unknown names a stable salt. */
export async function readSignInSecret(pool: Queryable): Promise<Uint8Array> {
  const { rows } = await pool.query<{ value: Uint8Array }>(
    `select value from instance_secret where name = 'sign-in'`,
  )
  if (!rows[0]) throw new Error('the sign-in secret is missing')
  return rows[0].value
}

/** Counts a failed attempt and tells how many there were in the last quarter of an hour. */
export async function countAttempt(pool: Queryable, nameHash: Uint8Array): Promise<number> {
  const { rows } = await pool.query<{ attempts: number }>(
    `insert into sign_in_attempt as a values ($1, now(), 1)
     on conflict (name_hash) do update set
       attempts = case when a.window_start < now() - interval '15 minutes' then 1 else a.attempts + 1 end,
       window_start = case when a.window_start < now() - interval '15 minutes' then now() else a.window_start end
     returning attempts`,
    [nameHash],
  )
  return rows[0]?.attempts ?? 0
}

export async function forgetAttempts(pool: Queryable, nameHash: Uint8Array): Promise<void> {
  await pool.query('delete from sign_in_attempt where name_hash = $1', [nameHash])
}

export interface Invitation {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly desk: { id: string; name: string; recipient: string | null }
}

/** An invitation that is neither used nor over. */
export async function findInvitation(pool: Queryable, tokenHash: Uint8Array): Promise<Invitation | null> {
  const { rows } = await pool.query<{
    id: string
    name: string
    roles: Role[]
    desk: string
    desk_name: string
    recipient: string | null
  }>(
    `select i.id, i.name, i.roles, d.id as desk, d.name as desk_name, d.recipient from invitation i join desk d on d.id = i.desk
     where i.token_hash = $1 and not i.used and i.expires_at > now()`,
    [tokenHash],
  )
  const row = rows[0]
  return row
    ? {
        id: row.id,
        name: row.name,
        roles: row.roles,
        desk: { id: row.desk, name: row.desk_name, recipient: row.recipient },
      }
    : null
}

export interface Enrolment {
  readonly memberId: string
  readonly salt: Uint8Array
  readonly authenticationHash: Uint8Array
  readonly recipient: string
  readonly wrappedIdentity: Uint8Array
  /** from the first member of a desk only: its key */
  readonly deskKey: {
    recipient: string
    recoveryRecipient: string
    share: Uint8Array
    vouch: Uint8Array
  } | null
}

/**
 * Makes a member of an invited person, once. False when the invitation was used meanwhile, or when the desk's key
 * exists already and another one was brought (or is missing and none was), when somebody of that name joined, when the
 * first to join a desk may not hold its key, or when another desk is live.
 */
export async function enrol(pool: Pool, invitation: Invitation, enrolment: Enrolment): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const used = await client.query('update invitation set used = true where id = $1 and not used', [
      invitation.id,
    ])
    if (used.rowCount !== 1) throw new Refused()
    await client.query(
      `insert into member (id, desk, name, roles, salt, authentication_hash, recipient, wrapped_identity)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        enrolment.memberId,
        invitation.desk.id,
        invitation.name,
        invitation.roles,
        enrolment.salt,
        enrolment.authenticationHash,
        enrolment.recipient,
        enrolment.wrappedIdentity,
      ],
    )
    const { deskKey } = enrolment
    const { rows } = await client.query<{ recipient: string | null }>(
      'select recipient from desk where id = $1',
      [invitation.desk.id],
    )
    // The desk's key is made by the first who may hold and give it; who reads no report brings none.
    const makesKey = rows[0]?.recipient === null && invitation.roles.includes('key_holder')
    const waitsForKey = rows[0]?.recipient === null && mayReadContent(invitation.roles) && !makesKey
    if (makesKey !== (deskKey !== null) || waitsForKey) throw new Refused()
    if (deskKey) {
      const made = await client.query<{ made: boolean }>('select make_desk_key($1, $2, $3) as made', [
        invitation.desk.id,
        deskKey.recipient,
        deskKey.recoveryRecipient,
      ])
      if (!made.rows[0]?.made) throw new Refused()
      await client.query('insert into desk_key_share values ($1, $2, $3, $4)', [
        invitation.desk.id,
        enrolment.memberId,
        deskKey.share,
        deskKey.vouch,
      ])
    }
    await addAuditLine(client, { act: 'member.joined', member: enrolment.memberId })
    return true
  }).catch((error: unknown) => {
    if (error instanceof Refused || isUniqueViolation(error)) return false
    throw error
  })
}

class Refused extends Error {}

/** Members of a desk who may read reports but were not given its key yet. */
export async function listWaitingMembers(
  pool: Queryable,
  desk: string,
): Promise<{ id: string; name: string; recipient: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string; recipient: string }>(
    `select m.id, m.name, m.recipient from member m where m.desk = $1 and not m.left_desk
     and m.roles && $2 and not exists (select from desk_key_share k where k.member = m.id and k.desk = m.desk)
     order by m.name`,
    [desk, CONTENT_ROLES],
  )
  return rows
}

/** The desk's key for one member, with the word of who gives it that the recipient is that member's. */
export interface GivenShare {
  readonly sealed: Uint8Array
  readonly vouch: Uint8Array
  /** id of the key */
  readonly key: string
}

/**
 * Gives a waiting member the desk's key, sealed to that member; false when there is nobody waiting under this id, or when
 * the desk has another key by now.
 */
export async function giveShare(
  pool: Pool,
  giver: FoundMember,
  member: string,
  share: GivenShare,
): Promise<boolean> {
  return withAuditLine(
    pool,
    { act: 'member.key-given', member: giver.member.id, about: member },
    async (client) => {
      const { rowCount } = await client.query(
        `insert into desk_key_share (desk, member, sealed, vouch) select $1::uuid, m.id, $3, $5 from member m
       where m.id = $2 and m.desk = $1 and not m.left_desk and m.roles && $4
         and not exists (select from desk_key_share k where k.member = m.id and k.desk = m.desk)
         and exists (select from desk_key k where k.desk = $1 and k.live and k.id = $6)
       on conflict do nothing`,
        [giver.desk.id, member, share.sealed, CONTENT_ROLES, share.vouch, share.key],
      )
      return rowCount === 1
    },
  )
}
