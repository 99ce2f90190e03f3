import type { Pool, Queryable } from '../connect.js'
import { type FoundMember, MEMBER_KEYS, type MemberRow, toMember } from './member-row.js'
import { withAuditLine } from './with-audit-line.js'

/** With what somebody signed in. */
export type Means = 'words' | 'words_and_code' | 'words_and_passkey' | 'passkey'

/** How lately the page that asks was opened by its member: never, since it was opened, or within ten minutes. */
export type ProofAge = 'none' | 'page' | 'fresh'

export interface SignedInMember extends FoundMember {
  readonly session: { readonly id: string; readonly means: Means; readonly proof: ProofAge }
}

/** A session as its own member sees it. */
export interface OwnSession {
  readonly id: string
  readonly beganAt: Date
  readonly lastSeenAt: Date
  readonly means: Means
  readonly isThis: boolean
}

export interface SessionHashes {
  /** of the cookie */
  readonly token: Uint8Array
  /** of the proof that the page keeps in its memory */
  readonly proof: Uint8Array
}

/**
 * Begins a session with the proof of its first page: thirty minutes idle, ten hours in all. The browser locks itself
 * after fifteen.
 */
export async function beginSession(
  pool: Queryable,
  hashes: SessionHashes,
  member: string,
  means: Means,
): Promise<void> {
  await pool.query('delete from session where ends_at < now()')
  await pool.query(
    `with begun as (
       insert into session (token_hash, member, last_seen_at, ends_at, means)
       values ($1, $3, now(), now() + interval '10 hours', $4) returning id
     )
     insert into session_proof (token_hash, session) select $2, id from begun`,
    [hashes.token, hashes.proof, member, means],
  )
}

/**
 * The member of a session that is neither idle too long nor over, its idle time beginning anew; null otherwise. Without
 * a proof of that very session the member is one whose cookie may have been stolen.
 */
export async function continueSession(
  pool: Queryable,
  token: Uint8Array,
  proof: Uint8Array | null,
): Promise<SignedInMember | null> {
  const { rows } = await pool.query<{ member: string; id: string; means: Means }>(
    `update session set last_seen_at = now()
     where token_hash = $1 and ends_at > now() and last_seen_at > now() - interval '30 minutes'
     returning member, id, means`,
    [token],
  )
  const session = rows[0]
  if (!session) return null
  const found = await pool.query<MemberRow & { proof: ProofAge | null }>(
    `select f.*, (
       select case when p.proved_at > now() - interval '10 minutes' then 'fresh' else 'page' end
       from session_proof p where p.session = $2 and p.token_hash = $3
     ) as proof from (${MEMBER_KEYS} and m.id = $1) f`,
    [session.member, session.id, proof],
  )
  const row = found.rows[0]
  if (!row) return null
  return { ...toMember(row), session: { id: session.id, means: session.means, proof: row.proof ?? 'none' } }
}

/** Gives a page of a session a proof of its own; those of its other pages stay. */
export async function addProof(pool: Queryable, session: string, proof: Uint8Array): Promise<void> {
  await pool.query('insert into session_proof (token_hash, session) values ($1, $2)', [proof, session])
}

export async function endSession(pool: Queryable, token: Uint8Array): Promise<void> {
  await pool.query('delete from session where token_hash = $1', [token])
}

/** Ends all sessions of a member: the next request of each is refused. Gives how many there were. */
export async function endSessionsOf(pool: Pool | Queryable, member: string): Promise<number> {
  const { rowCount } = await pool.query('delete from session where member = $1', [member])
  return rowCount ?? 0
}

/** The open sessions of a member, the newest first. `session` is the one that asks. */
export async function listSessions(pool: Queryable, member: string, session: string): Promise<OwnSession[]> {
  const { rows } = await pool.query<OwnSession>(
    `select id, began_at as "beganAt", last_seen_at as "lastSeenAt", means, id = $2 as "isThis" from session
     where member = $1 and ends_at > now() and last_seen_at > now() - interval '30 minutes'
     order by began_at desc, id`,
    [member, session],
  )
  return rows
}

/** Ends one session of this member; false when there is none with this id. */
export async function endOwnSession(pool: Pool, member: string, session: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'member.session-ended', member }, async (client) => {
    const { rowCount } = await client.query('delete from session where id = $2 and member = $1', [
      member,
      session,
    ])
    return rowCount === 1
  })
}

/** Ends all sessions of this member but one; false when there was no other. */
export async function endOtherSessions(pool: Pool, member: string, session: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'member.session-ended', member }, async (client) => {
    const { rowCount } = await client.query('delete from session where member = $1 and id <> $2', [
      member,
      session,
    ])
    return (rowCount ?? 0) > 0
  })
}
