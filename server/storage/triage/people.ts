// Looking after the people of a desk: who is here, in which roles, and who leaves. None of it opens a report.
import { randomUUID } from 'node:crypto'
import { mayReadContent, type Role } from '../../report/roles.js'
import type { Pool, Queryable } from '../connect.js'
import { forgetFactors } from './factors.js'
import { releaseClaimsOf } from './queue.js'
import { endSessionsOf } from './sessions.js'
import { withAuditLine } from './with-audit-line.js'

export interface Person {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly readingLanguages: readonly string[]
  /** whether the member was given the desk's key */
  readonly hasKey: boolean
  /** sessions that are open now */
  readonly sessions: number
  readonly left: boolean
}

export interface OpenInvitation {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly endsAt: Date
}

/** Everybody of a desk, those who left last, and the invitations that still open something. */
export async function listPeople(
  pool: Queryable,
  desk: string,
): Promise<{ people: Person[]; invitations: OpenInvitation[] }> {
  const people = await pool.query<Person>(
    `select m.id, m.name, m.roles, m.reading_languages as "readingLanguages", m.left_desk as left,
       exists (select from desk_key_share k where k.member = m.id and k.desk = m.desk) as "hasKey",
       (select count(*)::integer from session s where s.member = m.id and s.ends_at > now()
         and s.last_seen_at > now() - interval '30 minutes') as sessions
     from member m where m.desk = $1 order by m.left_desk, lower(m.name)`,
    [desk],
  )
  const invitations = await pool.query<OpenInvitation>(
    `select id, name, roles, expires_at as "endsAt" from invitation
     where desk = $1 and not used and expires_at > now() order by lower(name)`,
    [desk],
  )
  return { people: people.rows, invitations: invitations.rows }
}

/** By whom something is done to whom, both of this desk. */
export interface Between {
  readonly desk: string
  readonly member: string
  readonly colleague: string
}

/**
 * Invites somebody for three days; earlier invitations of that name end. False when a member has the name, also one who
 * left.
 */
export async function invite(
  pool: Pool,
  { desk, member }: Omit<Between, 'colleague'>,
  invited: { readonly name: string; readonly roles: readonly Role[]; readonly tokenHash: Uint8Array },
): Promise<boolean> {
  const line = { act: 'member.invited', member, reason: invited.roles.join(' ') } as const
  return withAuditLine(pool, line, async (client) => {
    await client.query(
      'update invitation set used = true where desk = $1 and lower(name) = lower($2) and not used',
      [desk, invited.name],
    )
    const { rowCount } = await client.query(
      `insert into invitation (id, desk, name, token_hash, expires_at, roles, invited_by)
       select $1::uuid, $2, $3, $4, now() + interval '3 days', $5, $6
       where not exists (select from member m where lower(m.name) = lower($3))`,
      [randomUUID(), desk, invited.name, invited.tokenHash, invited.roles, member],
    )
    return rowCount === 1
  })
}

/** Ends an invitation before its time; false when it is not open. */
export async function withdrawInvitation(
  pool: Pool,
  { desk, member }: Omit<Between, 'colleague'>,
  invitation: string,
): Promise<boolean> {
  return withAuditLine(pool, { act: 'member.invitation-withdrawn', member }, async (client) => {
    const { rowCount } = await client.query(
      'update invitation set used = true where id = $2 and desk = $1 and not used and expires_at > now()',
      [desk, invitation],
    )
    return rowCount === 1
  })
}

/** Gives a colleague these roles instead of the ones before; who reads no reports any more loses the key. */
export async function changeRoles(pool: Pool, between: Between, roles: readonly Role[]): Promise<boolean> {
  const { desk, member, colleague } = between
  const line = { act: 'member.roles-changed', member, about: colleague, reason: roles.join(' ') } as const
  return withAuditLine(pool, line, async (client) => {
    const { rowCount } = await client.query(
      'update member set roles = $3 where id = $2 and desk = $1 and not left_desk',
      [desk, colleague, roles],
    )
    if (rowCount !== 1) return false
    if (!mayReadContent(roles)) await takeKeyAway(client, colleague)
    if (!roles.includes('triager')) await releaseClaimsOf(client, colleague, member)
    return true
  })
}

/** Ends all sessions of a colleague. False when there is no such colleague. */
export async function endColleagueSessions(pool: Pool, between: Between): Promise<boolean> {
  const { desk, member, colleague } = between
  return withAuditLine(pool, { act: 'member.sessions-ended', member, about: colleague }, async (client) => {
    const there = await client.query('select from member where id = $2 and desk = $1 and not left_desk', [
      desk,
      colleague,
    ])
    if (there.rowCount !== 1) return false
    await endSessionsOf(client, colleague)
    return true
  })
}

/**
 * Ends somebody's membership: sessions are over at once, the key is taken away, and what they had in hand waits again.
 * False when there is no such colleague.
 */
export async function leave(pool: Pool, between: Between): Promise<boolean> {
  const { desk, member, colleague } = between
  return withAuditLine(pool, { act: 'member.left', member, about: colleague }, async (client) => {
    const { rowCount } = await client.query(
      'update member set left_desk = true where id = $2 and desk = $1 and not left_desk',
      [desk, colleague],
    )
    if (rowCount !== 1) return false
    await endSessionsOf(client, colleague)
    await forgetFactors(client, colleague)
    await takeKeyAway(client, colleague)
    await releaseClaimsOf(client, colleague, member)
    return true
  })
}

async function takeKeyAway(client: Queryable, colleague: string): Promise<void> {
  // Who had the key may have kept it: the desk is told to make a new one.
  await client.query(
    `with gone as (delete from desk_key_share where member = $1 returning desk, member)
     insert into desk_key_gone select k.id, g.member from gone g join desk_key k on k.desk = g.desk and k.live
     on conflict do nothing`,
    [colleague],
  )
}

/** Which languages a member reads; none is any. */
export async function setReadingLanguages(
  pool: Queryable,
  member: string,
  languages: readonly string[],
): Promise<void> {
  await pool.query('update member set reading_languages = $2 where id = $1', [member, languages])
}
