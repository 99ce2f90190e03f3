// Who looks after the people of the desk: inviting, roles, ending sessions, leaving, and the trail of it all.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { isRoleSet, mayReadContent, ROLES, type Role } from '../../server/report/roles.js'
import { actorIn } from '../support/access.js'
import { startApps } from '../support/apps.js'
import { base64, type DeskClient, signIn } from '../support/desk-client.js'
import { routesOf } from '../support/routes-of.js'
import { sendReport } from '../support/send-report.js'

const apps = await startApps(t)
const { triage, intake, database, log } = apps
const kim = (await actorIn(apps, 'administrator')).client
const noa = (await actorIn(apps, 'auditor')).client

interface PersonRow {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly hasKey: boolean
  readonly sessions: number
  readonly left: boolean
}

const people = async (): Promise<PersonRow[]> => (await kim.get('/members')).json().people
const person = async (name: string) => (await people()).find((one) => one.name === name)
const trail = async (): Promise<string[]> =>
  (await noa.get('/trail'))
    .json()
    .lines.map(({ member, act, about, reason }: Record<string, string | null>) =>
      [member, act, about, reason].filter((part) => part !== null).join(' '),
    )

t.test('which roles go together is the same in the product and in the database', async (t) => {
  const { rows } = await database.owner.query<{ id: string }>(`select id from member where name = 'max'`)
  await fc.assert(
    fc.asyncProperty(fc.subarray([...ROLES]), async (roles) => {
      const stored = await database.owner
        .query('update member set roles = $2 where id = $1', [rows[0]?.id, roles])
        .then(() => true)
        .catch(() => false)
      // The database takes nobody's role away for good: a member without one can do nothing.
      return stored === (isRoleSet(roles) || roles.length === 0)
    }),
    { numRuns: 64 },
  )
  t.notOk(isRoleSet(['triager', 'triager']))
  t.ok(ROLES.every((role) => isRoleSet([role])))
  t.notOk(mayReadContent(['auditor']) || mayReadContent(['administrator']))
})

t.test('an invitation works once, in its roles, and whoever follows it has no key yet', async (t) => {
  const invited = await kim.post('/members/invite', { name: ' Fatima ', roles: ['triager', 'reviewer'] })
  t.equal(invited.statusCode, 200)
  const { token } = invited.json()
  t.notOk(JSON.stringify((await database.owner.query('select * from invitation')).rows).includes(token))
  t.match((await kim.get('/members')).json().invitations, [
    { name: 'Fatima', roles: ['triager', 'reviewer'] },
  ])
  const begun = await triage.inject({ method: 'POST', url: '/join/begin', payload: { token } })
  t.match(begun.json(), { name: 'Fatima', roles: ['triager', 'reviewer'] })
  const joined = await triage.inject({
    method: 'POST',
    url: '/join',
    payload: {
      token,
      salt: base64(new Uint8Array(16)),
      authentication: base64(new Uint8Array(32)),
      recipient: `age1${'q'.repeat(58)}`,
      wrappedIdentity: base64(new Uint8Array(100)),
    },
  })
  t.equal(joined.statusCode, 204)
  t.match(await person('Fatima'), { roles: ['triager', 'reviewer'], hasKey: false, left: false })
  const again = await triage.inject({ method: 'POST', url: '/join/begin', payload: { token } })
  t.equal(again.statusCode, 404)
  t.match(await trail(), ['Fatima member.joined', 'only administrator member.invited triager reviewer'])
})

t.test(
  'a later invitation of the same name ends the one before; a name that is taken is refused',
  async (t) => {
    const first = (await kim.post('/members/invite', { name: 'Jan', roles: ['triager'] })).json().token
    const second = (await kim.post('/members/invite', { name: 'jan', roles: ['auditor'] })).json().token
    const begin = (token: string) => triage.inject({ method: 'POST', url: '/join/begin', payload: { token } })
    t.equal((await begin(first)).statusCode, 404)
    t.match((await begin(second)).json(), { roles: ['auditor'] })
    const { invitations } = (await kim.get('/members')).json()
    const jan = invitations.find(({ name }: { name: string }) => name === 'jan')
    t.equal((await kim.post(`/invitations/${jan.id}/withdraw`)).statusCode, 204)
    t.equal((await begin(second)).statusCode, 404, 'withdrawn')
    for (const name of ['sam', 'SAM', 'max']) {
      t.equal((await kim.post('/members/invite', { name, roles: ['triager'] })).statusCode, 409, name)
    }
  },
)

t.test('what is no name or no set of roles is refused and changes nothing', async (t) => {
  const before = JSON.stringify([await people(), (await kim.get('/members')).json().invitations])
  const names = ['', ' ', 'x'.repeat(101), 'a\u0000b', 'a\u202eb', 'a\nb']
  for (const name of names) {
    t.equal((await kim.post('/members/invite', { name, roles: ['triager'] })).statusCode, 400)
  }
  const ilse = (await person('ilse'))?.id
  const sets = [
    [],
    ['triager', 'triager'],
    ['administrator', 'triager'],
    ['auditor', 'administrator'],
    ['owner'],
    'triager',
  ]
  for (const roles of sets) {
    t.equal((await kim.post('/members/invite', { name: 'new', roles })).statusCode, 400)
    t.equal((await kim.post(`/members/${ilse}/roles`, { roles })).statusCode, 400)
  }
  t.equal(JSON.stringify([await people(), (await kim.get('/members')).json().invitations]), before)
})

t.test('who reads no reports any more loses the key at once, and what was in hand waits', async (t) => {
  await sendReport(intake)
  await apps.release()
  const ilse = await signIn(triage, 'ilse')
  const report = await ilse.claimNext()
  const { id = '' } = (await person('ilse')) ?? {}
  t.equal((await kim.post(`/members/${id}/roles`, { roles: ['auditor'] })).statusCode, 204)
  t.match(await person('ilse'), { roles: ['auditor'], hasKey: false })
  t.equal((await ilse.get(`/reports/${report}`)).statusCode, 403, 'the session knows it too')
  t.equal((await ilse.get('/session')).json().share, null)
  t.match(
    (await database.owner.query('select state, member from queue_item where report = $1', [report])).rows,
    [{ state: 'waiting', member: null }],
  )
  t.match((await trail())[0], /report\.handed-back ilse$|member\.roles-changed ilse auditor$/)
  t.ok((await trail()).includes('only administrator member.roles-changed ilse auditor'))
  await kim.post(`/members/${id}/roles`, { roles: ['triager', 'key_holder'] })
  t.match(await person('ilse'), { hasKey: false }, 'a role gives nobody the key')
})

t.test('ending the sessions of a colleague signs out every device, and nobody else', async (t) => {
  const devices = [await signIn(triage, 'sam'), await signIn(triage, 'sam')]
  const { id, sessions } = (await person('sam')) ?? {}
  t.equal(sessions, 2)
  t.equal((await kim.post(`/members/${id}/end-sessions`)).statusCode, 204)
  for (const device of devices) t.equal((await device.get('/session')).statusCode, 401)
  t.equal((await kim.get('/session')).statusCode, 200)
  t.equal((await person('sam'))?.sessions, 0)
  const { rows } = await database.owner.query(
    'select count(*)::integer as proofs from session_proof p, session s where s.id = p.session and s.member = $1',
    [id],
  )
  t.same(rows, [{ proofs: 0 }])
})

t.test('who leaves is refused everywhere at the next request, and the key is gone', async (t) => {
  const sam = await signIn(triage, 'sam')
  const { id } = (await person('sam')) ?? {}
  await sam.claimNext()
  t.equal((await kim.post(`/members/${id}/leave`)).statusCode, 204)
  await refusedEverywhere(t, sam)
  t.match(await person('sam'), { left: true, hasKey: false, sessions: 0 })
  t.equal((await database.owner.query('select from desk_key_share where member = $1', [id])).rowCount, 0)
  t.equal((await database.owner.query('select from queue_item where member = $1', [id])).rowCount, 0)
  await t.rejects(signIn(triage, 'sam'))
  t.equal((await kim.post(`/members/${id}/leave`)).statusCode, 404, 'once')
  t.equal((await kim.post(`/members/${id}/roles`, { roles: ['triager'] })).statusCode, 404)
})

async function refusedEverywhere(t: Test, { cookie, proof }: DeskClient): Promise<void> {
  for (const { method, url } of routesOf(triage)) {
    if (/^\/($|[a-z]{2}\/|sign-in|join|desk\.|favicon|robots|healthz|readyz|viewer|bundle)/.test(url))
      continue
    if (/\.(js|css|txt|json)$/.test(url)) continue
    const address = url.replace(/:\w+/g, randomUUID())
    const headers = { cookie, 'x-baken-proof': proof }
    const answer = await triage.inject({
      method,
      url: address,
      headers,
      ...(method === 'POST' && { payload: {} }),
    })
    t.equal(answer.statusCode, 401, `${method} ${url}`)
  }
}

t.test(
  'the trail is read from the newest back, of this desk alone, and holds nothing of a report',
  async (t) => {
    const first = (await noa.get('/trail')).json().lines as { number: string; at: string }[]
    t.same(
      first.map(({ number }) => Number(number)),
      first.map(({ number }) => Number(number)).sort((a, b) => b - a),
    )
    const last = Number(first[2]?.number)
    const older = (await noa.get(`/trail?before=${last}`)).json().lines as { number: string }[]
    t.same(older[0]?.number, first[3]?.number)
    for (const query of ['before=0', 'before=x', 'before=1&before=2', 'other=1', 'before=1e99']) {
      t.equal((await noa.get(`/trail?${query}`)).statusCode, 400, query)
    }
    t.same(Object.keys(first[0] ?? {}).sort(), [
      'about',
      'act',
      'at',
      'help',
      'member',
      'number',
      'reason',
      'report',
    ])
    t.same(log, [])
  },
)
