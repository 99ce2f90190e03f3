// When one process runs both apps it makes itself two login roles for this database, with random passwords, and
// connects as them: the wall between the apps holds even there. They are members of baken_intake and baken_triage,
// which own nothing; several databases of one cluster do not disturb each other.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { type ConnectOptions, inTransaction, type Pool, type Queryable } from './connect.js'

const PASSWORD_BYTES = 24
const SCRAM_ITERATIONS = 4096

export interface LoginRole {
  readonly user: string
  readonly password: string
}

/** Makes or renews the login roles of this database. Needs the right to create roles. */
export async function renewLoginRoles(owner: Pool): Promise<{ intake: LoginRole; triage: LoginRole }> {
  const suffix = await databaseSuffix(owner)
  return {
    intake: await renewRole(owner, 'baken_intake', suffix),
    triage: await renewRole(owner, 'baken_triage', suffix),
  }
}

/** The roles that may stand for one app in this database: those all databases share, and its own two. */
export async function listAppRoles(owner: Queryable): Promise<{ intake: string[]; triage: string[] }> {
  const suffix = await databaseSuffix(owner)
  const { rows } = await owner.query<{ name: string }>('select rolname as name from pg_roles')
  const existing = (group: string) =>
    rows.map(({ name }) => name).filter((name) => name === group || name === `${group}_${suffix}`)
  return { intake: existing('baken_intake'), triage: existing('baken_triage') }
}

/** The two roles that all databases of a server share, each with a new password that nobody has set yet. */
export function makeSharedPasswords(): { intake: LoginRole; triage: LoginRole } {
  return {
    intake: { user: 'baken_intake', password: makePassword() },
    triage: { user: 'baken_triage', password: makePassword() },
  }
}

/** Sets the passwords of roles, all or none. Needs the right to alter them. */
export async function setPasswords(owner: Pool, roles: readonly LoginRole[]): Promise<void> {
  await inTransaction(owner, async (client) => {
    for (const { user, password } of roles) {
      await client.query(`alter role "${user}" login password '${scramVerifier(password)}'`)
    }
  })
}

/** Other databases of this server whose processes use the shared roles. */
export async function listSharingDatabases(owner: Queryable): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select distinct d.datname as name from pg_database d, aclexplode(d.datacl) a
     where a.grantee = 'baken_intake'::regrole and d.datname <> current_database() order by 1`,
  )
  return rows.map(({ name }) => name)
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
  const password = makePassword()
  const exists = await owner.query('select from pg_roles where rolname = $1', [user])
  // Names and verifiers are made here of harmless characters, so they can stand in the statement.
  if (exists.rowCount === 0) await owner.query(`create role "${user}" login inherit in role ${group}`)
  await owner.query(`alter role "${user}" password '${scramVerifier(password)}'`)
  return { user, password }
}

/** What tells this database's own roles from those of its neighbours. */
async function databaseSuffix(owner: Queryable): Promise<string> {
  const { rows } = await owner.query<{ name: string }>('select current_database() as name')
  return createHash('sha256')
    .update(rows[0]?.name ?? '')
    .digest('hex')
    .slice(0, 8)
}

function makePassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('hex')
}

/** What PostgreSQL keeps of a password (RFC 5802 and 7677). Sent in its place, so that no server log can hold it. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256')
  const keyed = (label: string) => createHmac('sha256', salted).update(label).digest()
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${stored}:${keyed('Server Key').toString('base64')}`
}
