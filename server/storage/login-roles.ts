// When one process runs both apps it makes itself two login roles for this database, with random passwords, and
// connects as them: the wall between the apps holds even there. They are members of baken_intake and baken_triage,
// which own nothing; several databases of one cluster do not disturb each other.
import { createHash, randomBytes } from 'node:crypto'
import type { ConnectOptions, Pool } from './connect.js'

export interface LoginRole {
  readonly user: string
  readonly password: string
}

/** Makes or renews the login roles of this database. Needs the right to create roles. */
export async function renewLoginRoles(owner: Pool): Promise<{ intake: LoginRole; triage: LoginRole }> {
  const { rows } = await owner.query<{ name: string }>('select current_database() as name')
  const suffix = createHash('sha256')
    .update(rows[0]?.name ?? '')
    .digest('hex')
    .slice(0, 8)
  return {
    intake: await renewRole(owner, 'baken_intake', suffix),
    triage: await renewRole(owner, 'baken_triage', suffix),
  }
}

/** Where a role reaches the database that the owner reaches at `target`. */
export function asRole(target: ConnectOptions['target'], role: LoginRole): ConnectOptions['target'] {
  if (typeof target !== 'string') return { ...target, ...role }
  const url = new URL(target)
  // Parameters overrule what stands before the host, so the owner's name must not stay among them.
  for (const name of ['user', 'password']) if (url.searchParams.has(name)) url.searchParams.delete(name)
  url.username = role.user
  url.password = role.password
  // An address without a host (postgres:///name?host=/folder) takes no user there, and says nothing of it.
  if (url.username !== role.user) {
    url.searchParams.set('user', role.user)
    url.searchParams.set('password', role.password)
  }
  return url.href
}

async function renewRole(owner: Pool, group: string, suffix: string): Promise<LoginRole> {
  const user = `${group}_${suffix}`
  const password = randomBytes(24).toString('hex')
  const exists = await owner.query('select from pg_roles where rolname = $1', [user])
  // Names and password are our own hexadecimal text, so they can stand in the statement.
  if (exists.rowCount === 0) await owner.query(`create role "${user}" login inherit in role ${group}`)
  await owner.query(`alter role "${user}" password '${password}'`)
  return { user, password }
}
