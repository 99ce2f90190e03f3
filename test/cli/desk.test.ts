import { createHash } from 'node:crypto'
import t from 'tap'
import { startApps, type TestApps } from '../support/apps.js'
import { baken, bakenJson } from '../support/cli.js'
import { freshDatabase } from '../support/database.js'
import { join, joinFirst } from '../support/join.js'

interface Invitation {
  readonly desk: { id: string; name: string }
  readonly member: string
  readonly link: string
  readonly days: number
}

const envOf = ({ database }: Pick<TestApps, 'database'>) => ({
  env: { DATABASE_URL: database.ownerUrl, PARTNER_ORIGIN: 'https://desk.example' },
})

/** The token of a one-time link. */
const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1)

t.test('a desk made here gets its key from the first member, and then takes reports', async (t) => {
  const apps = await startApps(t, { liveDesk: false })
  const { triage, database } = apps
  const made = await bakenJson(['desk', 'create', '--name', 'Voorpost', '--member', 'Sanne'], envOf(apps))
  t.equal(made.code, 0, made.stderr)
  const { link, member, desk, days } = made.json as Invitation
  t.match(link, /^https:\/\/desk\.example\/nl\/join#[\w-]{43}$/)
  t.same({ member, name: desk.name, days }, { member: 'Sanne', name: 'Voorpost', days: 3 })
  const kept = await database.owner.query('select * from invitation')
  t.notMatch(JSON.stringify(kept.rows), tokenOf(link), 'the database does not know the token')
  t.same(kept.rows[0].token_hash, createHash('sha256').update(tokenOf(link)).digest())
  const days3 = await database.owner.query(
    `select expires_at - now() between interval '71 hours' and interval '72 hours' as good from invitation`,
  )
  t.ok(days3.rows[0].good)

  const begun = await triage.inject({ method: 'POST', url: '/join/begin', payload: { token: tokenOf(link) } })
  t.match(begun.json(), { name: 'Sanne', desk: { name: 'Voorpost', recipient: null } })
  t.equal((await joinFirst(triage, tokenOf(link))).response.statusCode, 204)
  t.match(
    (await baken(['desk', 'list'], envOf(apps))).stdout,
    /^Voorpost: takes reports, 1 member {2}[0-9a-f-]{36}$/m,
  )
  t.equal((await triage.inject('/readyz')).statusCode, 200)
  t.equal((await joinFirst(triage, tokenOf(link))).response.statusCode, 404, 'the link works once')
})

t.test('another member joins with a link of baken invite, and waits for the key', async (t) => {
  const apps = await startApps(t)
  const invited = await bakenJson(['invite', '--desk', 'test DESK', '--name', 'Fatima'], envOf(apps))
  t.equal(invited.code, 0, invited.stderr)
  const { link } = invited.json as Invitation
  t.equal((await join(apps.triage, tokenOf(link), null)).statusCode, 204)
  const { stdout } = await baken(['desk', 'list'], envOf(apps))
  t.match(stdout, /^Test desk: takes reports, 3 members, 1 without the key /m)
})

t.test('a new link for the same name ends the earlier one', async (t) => {
  const apps = await startApps(t)
  const links: string[] = []
  for (const name of ['Fatima', 'fatima']) {
    const { json } = await bakenJson(['invite', '--desk', 'Test desk', '--name', name], envOf(apps))
    links.push(tokenOf((json as Invitation).link))
  }
  t.equal((await join(apps.triage, links[0] ?? '', null)).statusCode, 404)
  t.equal((await join(apps.triage, links[1] ?? '', null)).statusCode, 204)
})

t.test('for people the link stands on a line of its own, with what to do with it', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const { code, stdout, stderr } = await baken(['desk', 'create', '--name', 'Voorpost'], {
    env: { DATABASE_URL: ownerUrl },
  })
  t.equal(code, 0)
  t.match(
    stdout,
    /^http:\/\/127\.0\.0\.1:8081\/nl\/join#[\w-]{43}\n\nThe link works once, within three days\./,
  )
  t.match(stdout, 'Name to sign in with: first')
  t.match(stderr, 'PARTNER_ORIGIN is not set')
})

t.test('a name that a member has, or had, is refused and leaves nothing behind', async (t) => {
  const apps = await startApps(t)
  for (const name of ['SAM', 'max']) {
    const refused = await baken(['invite', '--desk', 'Test desk', '--name', name], envOf(apps))
    t.equal(refused.code, 1)
    t.match(refused.stderr, /^baken invite: there is a member called \w+ already, or there was one/)
    const create = await baken(['desk', 'create', '--name', 'Voorpost', '--member', name], envOf(apps))
    t.equal(create.code, 1)
  }
  t.equal((await apps.database.owner.query('select from invitation')).rowCount, 0)
  t.equal((await apps.database.owner.query('select from desk')).rowCount, 1, 'no desk without an invitation')
})

t.test('a desk that is not there, or there twice, is told', async (t) => {
  const apps = await startApps(t)
  const unknown = await baken(['invite', '--desk', 'Nowhere', '--name', 'Fatima'], envOf(apps))
  t.equal(unknown.code, 1)
  t.match(unknown.stderr, 'there is no desk called Nowhere')
  const twice = await baken(['desk', 'create', '--name', 'TEST desk'], envOf(apps))
  t.equal(twice.code, 1)
  t.match(twice.stderr, 'there is a desk called TEST desk already')
  await apps.database.owner.query(
    `insert into desk (id, name) values (gen_random_uuid(), 'Old'), (gen_random_uuid(), 'Old')`,
  )
  const several = await baken(['invite', '--desk', 'Old', '--name', 'Fatima'], envOf(apps))
  t.equal(several.code, 1)
  t.match(several.stderr, 'several desks are called Old: give the id')
  const byId = await baken(['invite', '--desk', apps.desk.id, '--name', 'Fatima'], envOf(apps))
  t.equal(byId.code, 0, 'an id always fits')
})

t.test('closing the live desk closes the form and says so; its members read on', async (t) => {
  const apps = await startApps(t)
  const closed = await bakenJson(['desk', 'close', '--name', 'Test desk'], envOf(apps))
  t.equal(closed.code, 0, closed.stderr)
  t.match(closed.json, { desk: { name: 'Test desk' }, formClosed: true })
  t.match(closed.stderr, 'The public form is closed')
  t.equal((await apps.triage.inject('/readyz')).statusCode, 503)
  const again = await baken(['desk', 'close', '--name', 'Test desk'], envOf(apps))
  t.equal(again.code, 1)
  t.match(again.stderr, 'the desk Test desk is closed already')
  const invited = await baken(['invite', '--desk', 'Test desk', '--name', 'Fatima'], envOf(apps))
  t.equal(invited.code, 0, 'somebody may still have to read what is left')
})

t.test('a desk that closes before its first member came gets no key any more', async (t) => {
  const apps = await startApps(t, { liveDesk: false })
  const made = await bakenJson(['desk', 'create', '--name', 'Voorpost'], envOf(apps))
  t.equal(
    (await baken(['desk', 'close', '--name', 'Voorpost'], envOf(apps))).stdout,
    'The desk Voorpost is closed.\n',
  )
  t.equal((await joinFirst(apps.triage, tokenOf((made.json as Invitation).link))).response.statusCode, 404)
})

t.test(
  'beside a live desk a new one can be prepared, and it is said when to close the old one',
  async (t) => {
    const apps = await startApps(t)
    const made = await baken(['desk', 'create', '--name', 'Voorpost', '--member', 'Sanne'], envOf(apps))
    t.equal(made.code, 0)
    t.match(
      made.stderr,
      'The desk Test desk takes the reports until it is closed: close it just before Sanne joins.',
    )
  },
)

t.test('without a desk the list says how one is made', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const { code, stdout } = await baken(['desk', 'list'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 0)
  t.match(stdout, 'There is no desk: baken desk create makes one.')
  t.same((await bakenJson(['desk', 'list'], { env: { DATABASE_URL: ownerUrl } })).json, { desks: [] })
})

t.test('an address of the partner app that others could read along is refused', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  const { code, stdout, stderr } = await baken(['desk', 'create', '--name', 'Voorpost'], {
    env: { DATABASE_URL: ownerUrl, PARTNER_ORIGIN: 'http://desk.example' },
  })
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, 'PARTNER_ORIGIN: must be https:')
  t.equal((await owner.query('select from desk')).rowCount, 0)
})
