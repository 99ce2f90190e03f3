import type { Role } from '../../report/roles.js'
import type { Queryable } from '../connect.js'

/**
 * The roles of the member of a session that still stands; null when it is over, idle too long, or its member left. Unlike
 * a request of the member, the look does not keep it alive.
 */
export async function rolesOfSession(pool: Queryable, session: string): Promise<readonly Role[] | null> {
  const { rows } = await pool.query<{ roles: Role[] }>(
    `select m.roles from session s join member m on m.id = s.member
     where s.id = $1 and s.ends_at > now() and s.last_seen_at > now() - interval '30 minutes' and not m.left_desk`,
    [session],
  )
  return rows[0]?.roles ?? null
}
