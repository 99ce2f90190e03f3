import { createHash } from 'node:crypto'
import t from 'tap'
import { startApps } from '../../support/apps.js'
import { authenticationOf, PASSPHRASE } from '../../support/desk.js'
import { signIn } from '../../support/desk-client.js'
import { routesOf } from '../../support/routes-of.js'

const { triage, database } = await startApps(t)

const PUBLIC = new Set([
  'GET /',
  'GET /nl/',
  'GET /nl/join',
  'GET /en/',
  'GET /en/join',
  'GET /desk.js',
  'GET /desk.css',
  'GET /common-words.json',
  'GET /headers-worker.js',
  'GET /viewer',
  'GET /viewer.js',
  'GET /viewer.css',
  'GET /bundle-hashes.txt',
  'GET /favicon.ico',
  'GET /robots.txt',
  'GET /healthz',
  'GET /readyz',
  'POST /sign-in',
  'POST /sign-in/begin',
  'POST /sign-in/passkey',
  'POST /sign-in/passkey/begin',
  'POST /join',
  'POST /join/begin',
])

t.test('without a session every route answers 401, but those for signing in and joining', async (t) => {
  const routes = routesOf(triage)
  t.ok(routes.length >= 27, `${routes.length} routes`)
  const refused: string[] = []
  for (const { method, url } of routes) {
    if (PUBLIC.has(`${method} ${url}`)) continue
    const id = '00000000-0000-4000-8000-000000000000'
    for (const cookie of [
      '',
      'desk=',
      `desk=${'A'.repeat(43)}`,
      "desk=' or true --",
      `other=1; desk=x; desk=y`,
    ]) {
      const address = url.replace(/:\w+/g, id)
      const answer = await triage.inject({ method, url: address, headers: { cookie } })
      t.equal(answer.statusCode, 401, `${method} ${url}`)
      t.equal(answer.body, '{"problem":"not-signed-in"}')
    }
    refused.push(`${method} ${url}`)
  }
  t.ok(refused.includes('POST /claim-next') && refused.includes('GET /reports/:id/parts/:part'))
})

t.test('half an hour without a request ends a session; each request begins the half hour anew', async (t) => {
  const sam = await signIn(triage, 'sam')
  const idle = (minutes: number) =>
    database.owner.query(`update session set last_seen_at = now() - make_interval(mins => $1)`, [minutes])
  for (let i = 0; i < 3; i++) {
    await idle(29)
    t.equal((await sam.get('/session')).statusCode, 200)
  }
  await idle(31)
  t.equal((await sam.get('/session')).statusCode, 401)
  t.equal((await sam.get('/session')).statusCode, 401, 'and asking does not revive it')
})

t.test('after ten hours a session is over, however busy', async (t) => {
  const sam = await signIn(triage, 'sam')
  const { rows } = await database.owner.query(
    `select max(ends_at) - now() between interval '9 hours 59 minutes' and interval '10 hours' as ten from session`,
  )
  t.same(rows, [{ ten: true }])
  await database.owner.query('update session set ends_at = now()')
  t.equal((await sam.get('/session')).statusCode, 401)
  await signIn(triage, 'ilse')
  t.equal((await database.owner.query('select from session')).rowCount, 1, 'what is over is cleared away')
})

t.test('signing out ends that session at once and no other one', async (t) => {
  const [sam, elsewhere] = [await signIn(triage, 'sam'), await signIn(triage, 'sam')]
  const out = await sam.post('/sign-out')
  t.equal(out.statusCode, 204)
  t.match(out.headers['set-cookie'], /^desk=; .*Max-Age=0/)
  t.equal((await sam.get('/inbox')).statusCode, 401)
  t.equal((await elsewhere.get('/inbox')).statusCode, 200)
})

t.test('signing in again on a page that was loaded anew leaves no session behind', async (t) => {
  const sam = await signIn(triage, 'sam')
  const salt = (
    await triage.inject({ method: 'POST', url: '/sign-in/begin', payload: { name: 'sam' } })
  ).json().salt
  const again = await triage.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { cookie: sam.cookie },
    payload: { name: 'sam', authentication: authenticationOf(PASSPHRASE, Buffer.from(salt, 'base64')) },
  })
  t.equal(again.statusCode, 200)
  t.equal((await sam.get('/session')).statusCode, 401)
})

t.test('somebody who leaves the desk is refused at the next request', async (t) => {
  const ilse = await signIn(triage, 'ilse')
  await database.owner.query(`update member set left_desk = true where name = 'ilse'`)
  t.equal((await ilse.get('/inbox')).statusCode, 401)
  await t.rejects(signIn(triage, 'ilse'))
})

t.test('what lies in the database opens no session', async (t) => {
  const sam = await signIn(triage, 'sam')
  const { rows } = await database.owner.query<{ token_hash: Buffer }>('select token_hash from session')
  const token = sam.cookie.split('=')[1] ?? ''
  t.ok(rows.some(({ token_hash }) => token_hash.equals(createHash('sha256').update(token).digest())))
  for (const { token_hash } of rows) {
    for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      const cookie = `desk=${token_hash.toString(form).replace(/[^\x21-\x7e]|;/g, '')}`
      t.equal((await triage.inject({ url: '/session', headers: { cookie } })).statusCode, 401)
    }
  }
})

t.test('on a secure site the cookie is bound to it', async (t) => {
  const { triage } = await startApps(t, { secure: true })
  const sam = await signIn(triage, 'sam')
  t.match(sam.cookie, /^__Host-desk=/)
  t.equal((await sam.get('/session')).statusCode, 200)
})
