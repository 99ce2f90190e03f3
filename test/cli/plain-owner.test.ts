// docs/operating.md gives the owner no more than CREATEROLE: everything must work with that, on a server of its own.
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { connect, type Pool } from '../../server/storage/connect.js'
import { startEmbedded } from '../../server/storage/embedded/index.js'
import { type LoginRole, renewLoginRoles } from '../../server/storage/login-roles.js'
import { baken, bakenJson, ownFolder } from '../support/cli.js'
import { toUrl, withDatabase, withRole } from '../support/url.js'

const OWNER: LoginRole = { user: 'site_owner', password: 'plain' }

t.test(
  'an owner who is no superuser migrates, sets passwords, makes desks and finds nothing wrong',
  async (t) => {
    const folder = realpathSync(ownFolder(t))
    const embedded = await startEmbedded(join(folder, 'data'))
    t.teardown(embedded.stop)
    const superuser = connect({ target: embedded.owner, connections: 1 })
    await superuser.query(`create role site_owner login createrole password 'plain'`)
    await superuser.query(`create database site owner site_owner template template0 encoding 'UTF8'`)
    await superuser.end()
    const address = withRole(withDatabase(toUrl(embedded.owner), 'site'), OWNER)
    const env = { DATABASE_URL: address }

    const file = join(folder, 'address')
    const migrated = await baken(['migrate', '--set-passwords', file], { env })
    t.equal(migrated.code, 0, migrated.stderr)
    for (const app of ['intake', 'triage']) {
      const user = await userOf(
        connect({ target: readFileSync(`${file}.${app}`, 'utf8').trim(), connections: 1 }),
      )
      t.equal(user, `baken_${app}`)
    }
    t.equal((await baken(['desk', 'create', '--name', 'Voorpost'], { env })).code, 0)
    const { json } = await bakenJson(['doctor'], { env })
    const problems = (json as { checks: { level: string; text: string }[] }).checks
      .filter(({ level }) => level === 'problem')
      .map(({ text }) => text)
    t.same(problems, ['no desk has a key: the public form is closed'])
    const owner = connect({ target: address, connections: 2 })
    await renewLoginRoles(owner)
    await owner.end()
  },
)

async function userOf(pool: Pool): Promise<string> {
  try {
    const { rows } = await pool.query<{ name: string }>('select current_user as name')
    return rows[0]?.name ?? ''
  } finally {
    await pool.end()
  }
}
