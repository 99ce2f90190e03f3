import t from 'tap'
import { connect, type Pool } from '../../server/storage/connect.js'
import { asRole, renewLoginRoles } from '../../server/storage/login-roles.js'
import { freshDatabase } from '../support/database.js'

const role = { user: 'baken_intake_0a1b', password: 'c2d3' }

t.test('the role takes the place of the owner in every kind of address', async (t) => {
  t.equal(
    asRole('postgres://owner:secret@db:5432/baken', role),
    'postgres://baken_intake_0a1b:c2d3@db:5432/baken',
  )
  t.equal(
    asRole('postgres://db/baken?sslmode=verify-full&user=owner&password=secret', role),
    'postgres://baken_intake_0a1b:c2d3@db/baken?sslmode=verify-full',
  )
  t.equal(
    asRole('postgres:///baken?host=/run/postgresql', role),
    'postgres:///baken?host=%2Frun%2Fpostgresql&user=baken_intake_0a1b&password=c2d3',
  )
  t.match(asRole({ host: '/tmp', port: 1, user: 'owner', password: 'x', database: 'baken' }, role), role)
})

t.test('whatever the address of the owner looks like, the apps never connect as the owner', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  const roles = await renewLoginRoles(owner)
  for (const address of spellings(ownerUrl)) {
    t.equal(await userOf(connect({ target: address, connections: 1 })), new URL(ownerUrl).username)
    const target = asRole(address, roles.intake)
    t.equal(await userOf(connect({ target, connections: 1 })), roles.intake.user)
  }
})

/** The same database: user before the host, user among the parameters, no host at all. */
function spellings(ownerUrl: string): string[] {
  const { username, password, hostname, port, pathname } = new URL(ownerUrl)
  const host = decodeURIComponent(hostname)
  const asParameters = new URLSearchParams({ user: username, password: decodeURIComponent(password) })
  return [
    ownerUrl,
    `postgres://${hostname}:${port}${pathname}?${asParameters}`,
    `postgres://${pathname}?${new URLSearchParams({ host, port })}&${asParameters}`,
  ]
}

async function userOf(pool: Pool): Promise<string> {
  try {
    const { rows } = await pool.query<{ name: string }>('select current_user as name')
    return rows[0]?.name ?? ''
  } finally {
    await pool.end()
  }
}
