// What stands beside words: passkeys and codes of an app, over the interface, with a device in software.
import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import t, { type Test } from 'tap'
import { deriveKeys, makeMemberKeys } from '../../../server/member-keys.js'
import { ACCESS, type RouteName } from '../../../server/triage/access-table.js'
import { openCodeSecret, sealCodeSecret, stepOfCode } from '../../../server/triage/signin/codes.js'
import { relyingPartyOf } from '../../../server/triage/signin/relying-party.js'
import { startApps } from '../../support/apps.js'
import { type Asking, createAuthenticator, type Lies } from '../../support/authenticator.js'
import { PASSPHRASE } from '../../support/desk.js'
import { base64, type DeskClient, signIn } from '../../support/desk-client.js'
import { countRows } from '../../support/stored-reports.js'

let now = Date.parse('2026-11-24T12:00:00Z')
const apps = await startApps(t, { clock: () => new Date(now) })
const { triage, database } = apps
const HALF_MINUTE = 30_000

const post = (url: string, payload: object = {}) => triage.inject({ method: 'POST', url, payload })

/** Words of a member as a browser sends them. */
async function wordsOf(name: string, passphrase = PASSPHRASE) {
  const { salt } = (await post('/sign-in/begin', { name })).json()
  const { authentication } = deriveKeys(passphrase, Buffer.from(salt, 'base64'))
  return { name, authentication: base64(authentication) }
}

function codeAt(secret: Uint8Array, timestamp: number): string {
  return new TOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }) }).generate({ timestamp })
}

async function forget(): Promise<void> {
  await database.owner.query('delete from passkey; ')
  await database.owner.query('delete from code_app')
  await database.owner.query('delete from session')
  await database.owner.query('delete from sign_in_attempt')
  await database.owner.query('update desk set asks_second_factor = false')
}

async function asking(t: Test): Promise<void> {
  await forget()
  await database.owner.query('update desk set asks_second_factor = true')
  t.teardown(forget)
}

async function addPasskey(member: DeskClient, name = 'Telephone') {
  const device = createAuthenticator()
  const options = (await member.post('/passkeys/begin')).json()
  const passkey = device.make(options)
  const added = await member.post('/passkeys', { passkey, name, wrappedIdentity: base64(randomBytes(300)) })
  return { device, added }
}

async function addCodes(member: DeskClient) {
  const secret = randomBytes(20)
  const { authentication } = await wordsOf(member.member.name)
  const added = await member.post('/codes', {
    authentication,
    secret: base64(secret),
    code: codeAt(secret, now),
  })
  return { secret, added }
}

const acts = async (from: number): Promise<string[]> =>
  (await database.owner.query('select act from audit where number > $1 order by number', [from])).rows.map(
    ({ act }) => act,
  )
const lastLine = async (): Promise<number> =>
  Number((await database.owner.query('select coalesce(max(number), 0) as last from audit')).rows[0].last)

t.test('a passkey lets its member in without a name or words, and gives what it unlocks', async (t) => {
  await forget()
  const from = await lastLine()
  const sam = await signIn(triage, 'sam')
  const { device, added } = await addPasskey(sam)
  t.equal(added.statusCode, 204)
  const { passkeys } = (await sam.get('/account')).json()
  t.match(passkeys, [{ name: 'Telephone', opensKey: true, addedOn: /^\d{4}-\d{2}-\d{2}$/ }])
  const options = (await post('/sign-in/passkey/begin')).json()
  t.match(options, { rpId: 'localhost', userVerification: 'required', allowCredentials: [] })
  const answer = await post('/sign-in/passkey', { passkey: device.answer(options) })
  t.equal(answer.statusCode, 200)
  t.match(answer.headers['set-cookie'], /^desk=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  t.match(answer.json(), {
    member: { name: 'sam' },
    wrappedByPasskey: /^[\w+/=]+$/,
    secondFactor: { passkeys: 1 },
  })
  const means = await database.owner.query('select means from session order by began_at desc limit 1')
  t.same(means.rows, [{ means: 'passkey' }])
  t.same(await acts(from), ['member.signed-in', 'member.passkey-added', 'member.signed-in'])
})

t.test('an answer of a device that is wrong in any way lets nobody in', async (t) => {
  await forget()
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const { device } = await addPasskey(sam)
  const stranger = createAuthenticator()
  const lies: readonly Lies[] = [
    { origin: 'http://localhost:1' },
    { origin: 'https://baken.example' },
    { rpId: 'baken.example' },
    { userVerified: false },
    { challenge: randomBytes(32).toString('base64url') },
    { type: 'webauthn.create' },
    { badSignature: true },
    { userHandle: Buffer.from(ilse.member.id.replaceAll('-', ''), 'hex').toString('base64url') },
  ]
  const before = await countRows(database.owner, 'session')
  for (const lie of lies) {
    const options = (await post('/sign-in/passkey/begin')).json()
    const answer = await post('/sign-in/passkey', { passkey: device.answer(options, lie) })
    t.equal(answer.statusCode, 401, JSON.stringify(lie))
    t.equal(answer.body, '{"problem":"not-signed-in"}')
    t.notOk(answer.headers['set-cookie'])
  }
  const unknown = (await post('/sign-in/passkey/begin')).json()
  t.equal(
    (await post('/sign-in/passkey', { passkey: stranger.answer(unknown, { userHandle: '' }) })).statusCode,
    400,
  )
  t.equal((await post('/sign-in/passkey', { passkey: { ...stranger.answer(unknown) } })).statusCode, 401)
  for (const passkey of [null, {}, 'x', { id: 'x' }]) {
    t.equal((await post('/sign-in/passkey', { passkey })).statusCode, 400)
  }
  t.equal(await countRows(database.owner, 'session'), before)

  const asked = (await post('/sign-in/passkey/begin')).json()
  const once = device.answer(asked)
  t.equal((await post('/sign-in/passkey', { passkey: once })).statusCode, 200)
  t.equal((await post('/sign-in/passkey', { passkey: once })).statusCode, 401, 'replayed')
  t.equal(
    (await post('/sign-in/passkey', { passkey: device.answer(asked) })).statusCode,
    401,
    'signed anew, but the question was answered already',
  )
  const late = (await post('/sign-in/passkey/begin')).json()
  await database.owner.query(`update passkey_challenge set ends_at = now()`)
  t.equal((await post('/sign-in/passkey', { passkey: device.answer(late) })).statusCode, 401, 'too late')
  await database.owner.query(`update member set left_desk = true where name = 'sam'`)
  const gone = (await post('/sign-in/passkey/begin')).json()
  t.equal((await post('/sign-in/passkey', { passkey: device.answer(gone) })).statusCode, 401, 'who left')
  await database.owner.query(`update member set left_desk = false where name = 'sam'`)
  t.same(apps.log, [])
})

t.test(
  'a counter that goes back is refused and written down; of two answers with one number one counts',
  async (t) => {
    await forget()
    const { device } = await addPasskey(await signIn(triage, 'sam'))
    const ask = async () => (await post('/sign-in/passkey/begin')).json() as Asking
    const from = await lastLine()
    const send = (options: Asking, counter: number) =>
      post('/sign-in/passkey', { passkey: device.answer(options, { counter }) })
    t.equal((await send(await ask(), 5)).statusCode, 200)
    for (const counter of [4, 5, 0]) t.equal((await send(await ask(), counter)).statusCode, 401)
    t.same(await acts(from), ['member.signed-in', ...Array(3).fill('member.passkey-refused')])
    const [one, two] = [await ask(), await ask()]
    const answers = await Promise.all([send(one, 6), send(two, 6)])
    t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 401])
  },
)

t.test('after a lock a passkey proves its own member, and nobody else', async (t) => {
  await forget()
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const { device } = await addPasskey(sam)
  const other = (await addPasskey(ilse)).device
  const stolen = { cookie: sam.cookie }
  const prove = (payload: object) =>
    triage.inject({ method: 'POST', url: '/prove/passkey', headers: stolen, payload })
  const begin = async () =>
    (
      await triage.inject({ method: 'POST', url: '/prove/passkey/begin', headers: stolen, payload: {} })
    ).json()
  const refused = await prove({ passkey: other.answer(await begin()) })
  t.equal(refused.statusCode, 403)
  t.equal(refused.body, '{"problem":"not-allowed"}')
  const forSignIn = (await post('/sign-in/passkey/begin')).json()
  t.equal(
    (await prove({ passkey: device.answer(forSignIn) })).statusCode,
    403,
    'a question for something else',
  )
  const proved = await prove({ passkey: device.answer(await begin()) })
  t.equal(proved.statusCode, 200)
  const headers = { ...stolen, 'x-baken-proof': proved.json().proof }
  t.equal((await triage.inject({ url: '/inbox', headers })).statusCode, 200)
  t.equal((await sam.get('/session')).statusCode, 200, 'a wrong passkey ends no session')
})

t.test('a new passkey is taken only as its member was asked for it', async (t) => {
  await forget()
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const begin = async (member: DeskClient) => (await member.post('/passkeys/begin')).json()
  const send = (member: DeskClient, passkey: object) =>
    member.post('/passkeys', { passkey, name: 'x', wrappedIdentity: null })
  for (const lie of [
    { origin: 'https://baken.example' },
    { rpId: 'baken.example' },
    { userVerified: false },
    { challenge: randomBytes(32).toString('base64url') },
    { type: 'webauthn.get' },
  ]) {
    const answer = await send(sam, createAuthenticator().make(await begin(sam), lie))
    t.equal(answer.statusCode, 400, JSON.stringify(lie))
  }
  t.equal(
    (await send(sam, createAuthenticator().make(await begin(ilse)))).statusCode,
    400,
    'asked of another',
  )
  const device = createAuthenticator()
  const options = await begin(sam)
  t.match(options, {
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    rp: { id: 'localhost' },
  })
  const made = device.make(options)
  t.equal((await send(sam, made)).statusCode, 204)
  t.equal((await send(sam, made)).statusCode, 400, 'once')
  t.equal((await send(ilse, device.make(await begin(ilse)))).statusCode, 409, 'the same device key twice')
  t.equal((await begin(sam)).excludeCredentials.length, 1)
  const { passkeys } = (await sam.get('/account')).json()
  t.equal((await ilse.post(`/passkeys/${passkeys[0].id}/remove`)).statusCode, 404)
  t.equal((await sam.post(`/passkeys/${passkeys[0].id}/remove`)).statusCode, 204)
  t.same((await sam.get('/account')).json().passkeys, [])
})

t.test('on a site with a name, passkeys are for that name and address alone', async (t) => {
  const named = await startApps(t, { secure: true, partnerOrigin: 'https://desk.baken.example' })
  const sam = await signIn(named.triage, 'sam')
  const good = createAuthenticator('https://desk.baken.example', 'desk.baken.example')
  const bad = createAuthenticator('http://localhost', 'localhost')
  for (const [device, status] of [
    [bad, 400],
    [good, 204],
  ] as const) {
    const options = (await sam.post('/passkeys/begin')).json()
    t.equal(options.rp.id, 'desk.baken.example')
    const added = await sam.post('/passkeys', {
      passkey: device.make(options),
      name: 'x',
      wrappedIdentity: null,
    })
    t.equal(added.statusCode, status)
  }
})

t.test(
  'a code of the app is asked after right words only, and counts once, also to prove oneself',
  async (t) => {
    await forget()
    const sam = await signIn(triage, 'sam')
    const { secret, added } = await addCodes(sam)
    t.equal(added.statusCode, 204)
    const words = await wordsOf('sam')
    const send = (more: object) => post('/sign-in', { ...words, ...more })
    const wrong = await post('/sign-in', { name: 'sam', authentication: base64(randomBytes(32)) })
    t.equal(wrong.body, '{"problem":"not-signed-in"}', 'wrong words tell nothing of codes')
    t.equal(
      (
        await post('/sign-in', {
          name: 'sam',
          authentication: base64(randomBytes(32)),
          code: codeAt(secret, now),
        })
      ).statusCode,
      401,
    )
    const asked = await send({})
    t.equal(asked.statusCode, 401)
    t.equal(asked.body, '{"problem":"code-needed"}')
    t.equal(
      (await send({ code: codeAt(secret, now) })).json().problem,
      'code-wrong',
      'the one that was typed when adding',
    )
    now += 3 * HALF_MINUTE
    t.equal(
      (await send({ code: codeAt(secret, now - 2 * HALF_MINUTE) })).json().problem,
      'code-wrong',
      'too old',
    )
    t.equal(
      (await send({ code: codeAt(secret, now + 2 * HALF_MINUTE) })).json().problem,
      'code-wrong',
      'too new',
    )
    t.equal((await send({ code: codeAt(secret, now - HALF_MINUTE) })).statusCode, 200, 'half a minute late')
    const code = codeAt(secret, now)
    const both = await Promise.all([send({ code }), send({ code })])
    t.same(both.map(({ statusCode }) => statusCode).sort(), [200, 401], 'of two at once one counts')
    const prove = (more: object) => sam.post('/prove', { authentication: words.authentication, ...more })
    t.equal((await prove({})).json().problem, 'code-needed')
    t.equal((await prove({ code })).json().problem, 'code-wrong', 'spent, also to prove')
    const next = codeAt(secret, now + HALF_MINUTE)
    t.equal((await prove({ code: next })).statusCode, 200, 'half a minute early')
    t.equal((await send({ code: next })).json().problem, 'code-wrong', 'and spent by it')
    t.equal((await send({ code: codeAt(secret, now) })).json().problem, 'code-wrong', 'nor one before it')
    for (const code of ['', '12345', '1234567', '12345a', '１２３４５６', 123456]) {
      t.equal((await send({ code })).statusCode, 400, JSON.stringify(code))
    }
  },
)

t.test('ten wrong codes in a quarter of an hour, and no more', async (t) => {
  await forget()
  const { secret } = await addCodes(await signIn(triage, 'sam'))
  now += 10 * HALF_MINUTE
  const words = await wordsOf('sam')
  const right = codeAt(secret, now)
  const wrong = right === '000000' ? '000001' : '000000'
  const answers = await Promise.all(
    Array.from({ length: 14 }, () => post('/sign-in', { ...words, code: wrong })),
  )
  t.equal(answers.filter(({ statusCode }) => statusCode === 401).length, 10)
  t.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 4)
  t.equal((await post('/sign-in', { ...words, code: right })).statusCode, 429)
  await database.owner.query(`update sign_in_attempt set window_start = now() - interval '16 minutes'`)
  t.equal((await post('/sign-in', { ...words, code: right })).statusCode, 200)
})

t.test('the secret of the codes cannot be read out of the database without the words', async (t) => {
  await forget()
  const { secret } = await addCodes(await signIn(triage, 'sam'))
  const stored = JSON.stringify(
    (await database.owner.query('select m.*, c.* from member m join code_app c on c.member = m.id')).rows,
  )
  const asText = (bytes: Uint8Array) => JSON.stringify(Buffer.from(bytes)).slice(25, -2)
  t.notMatch(stored, asText(secret))
  t.notMatch(stored, new Secret({ buffer: new Uint8Array(secret).buffer }).base32)
  await database.owner.query(
    `update code_app set sealed_secret = (select sealed_secret from code_app), member = (select id from member where name = 'ilse')`,
  )
  now += 10 * HALF_MINUTE
  const moved = await post('/sign-in', { ...(await wordsOf('ilse')), code: codeAt(secret, now) })
  t.equal(moved.statusCode, 500, 'nor does it work for somebody else')
  apps.log.length = 0
})

t.test('codes are added with the right words and a code that fits, and within ten minutes', async (t) => {
  await forget()
  const sam = await signIn(triage, 'sam')
  const secret = randomBytes(20)
  const { authentication } = await wordsOf('sam')
  const good = { authentication, secret: base64(secret), code: codeAt(secret, now) }
  const wrong = { ...good, authentication: base64(randomBytes(32)) }
  t.equal((await sam.post('/codes', wrong)).json().problem, 'not-allowed')
  t.equal(
    (await sam.post('/codes', { ...good, code: codeAt(secret, now - 5 * HALF_MINUTE) })).json().problem,
    'code-wrong',
  )
  t.equal((await sam.post('/codes', { ...good, secret: base64(randomBytes(10)) })).statusCode, 400)
  await database.owner.query(`update session_proof set proved_at = now() - interval '11 minutes'`)
  for (const url of [
    '/codes',
    '/codes/remove',
    '/passkeys/begin',
    '/passkeys',
    '/words',
    `/passkeys/${sam.member.id}/remove`,
  ]) {
    t.equal((await sam.post(url, good)).json().problem, 'fresh-proof-needed', url)
  }
  t.equal(await countRows(database.owner, 'code_app'), 0)
})

t.test('where the desk asks for more, words alone open only what adds it', async (t) => {
  await asking(t)
  const sam = await signIn(triage, 'sam')
  t.equal(sam.deskKey, null, 'and the key of the desk is not given')
  t.match((await sam.get('/session')).json(), { share: null, secondFactor: { isNeeded: true } })
  const id = '00000000-0000-4000-8000-000000000000'
  for (const [name, access] of Object.entries(ACCESS) as [RouteName, (typeof ACCESS)[RouteName]][]) {
    const [method = '', path = ''] = name.split(' ')
    if (access.roles === 'anyone' || 'withWordsAlone' in access) continue
    const url = path.replace(/:\w+/g, id)
    const answer = method === 'GET' ? await sam.get(url) : await sam.post(url)
    t.equal(answer.statusCode, 403, name)
    t.equal(answer.body, '{"problem":"second-factor-needed"}', name)
  }
  t.equal((await addCodes(sam)).added.statusCode, 204)
  t.equal((await sam.get('/inbox')).statusCode, 200, 'the same session goes on')
  t.type((await sam.get('/session')).json().share, 'string')
  const ilse = await signIn(triage, 'ilse')
  t.equal((await addPasskey(ilse)).added.statusCode, 204)
  t.equal((await ilse.get('/inbox')).statusCode, 200)
  const { rows } = await database.owner.query('select means from session order by began_at')
  t.same(rows, [{ means: 'words_and_code' }, { means: 'words_and_passkey' }])
})

t.test('who has a passkey and no codes shows it beside the words; another one’s does not do', async (t) => {
  await asking(t)
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const { device } = await addPasskey(sam)
  const other = (await addPasskey(ilse)).device
  const words = await wordsOf('sam')
  const begin = async () => (await post('/sign-in/passkey/begin')).json()
  t.equal((await post('/sign-in', words)).body, '{"problem":"passkey-needed"}')
  t.equal((await post('/sign-in', { ...words, passkey: other.answer(await begin()) })).statusCode, 401)
  const answer = await post('/sign-in', { ...words, passkey: device.answer(await begin()) })
  t.equal(answer.statusCode, 200)
  t.equal(answer.json().secondFactor.isNeeded, false)
  const { secret } = await addCodes(sam)
  now += 10 * HALF_MINUTE
  t.equal(
    (await post('/sign-in', { ...words, code: codeAt(secret, now) })).statusCode,
    200,
    'with codes added, a lost passkey keeps nobody out',
  )
})

t.test('the last second factor stays, also when two are taken away at the same moment', async (t) => {
  await asking(t)
  const sam = await signIn(triage, 'sam')
  await addPasskey(sam)
  await addCodes(sam)
  const id = (await sam.get('/account')).json().passkeys[0].id
  const answers = await Promise.all([sam.post(`/passkeys/${id}/remove`), sam.post('/codes/remove')])
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [204, 409])
  const left = (await sam.get('/account')).json()
  const last = left.code ? '/codes/remove' : `/passkeys/${id}/remove`
  t.equal((await sam.post(last)).body, '{"problem":"last-second-factor"}')
  await database.owner.query('update desk set asks_second_factor = false')
  t.equal((await sam.post(last)).statusCode, 204, 'a desk that does not ask lets it go')
  t.equal((await sam.post('/codes/remove')).statusCode, 404)
})

t.test(
  'new words end other sessions, keep the codes working, and the old ones are worth nothing',
  async (t) => {
    await forget()
    const [sam, elsewhere] = [await signIn(triage, 'sam'), await signIn(triage, 'sam')]
    const { secret } = await addCodes(sam)
    const old = await database.owner.query(
      `select salt, authentication_hash, wrapped_identity from member where name = 'sam'`,
    )
    const from = await lastLine()
    const next = await makeMemberKeys('seven other words that nobody knows')
    const change = {
      authentication: base64(next.authentication),
      salt: base64(next.salt),
      wrappedIdentity: base64(next.wrappedIdentity),
    }
    const { authentication } = await wordsOf('sam')
    const refused = await sam.post('/words', { ...change, oldAuthentication: base64(randomBytes(32)) })
    t.equal(refused.json().problem, 'not-allowed')
    t.equal((await sam.post('/words', { ...change, oldAuthentication: authentication })).statusCode, 204)
    t.equal((await elsewhere.get('/inbox')).statusCode, 401)
    t.equal((await sam.get('/inbox')).statusCode, 200)
    t.same(await acts(from), ['member.words-changed'])
    now += 10 * HALF_MINUTE
    t.equal(
      (await post('/sign-in', { name: 'sam', authentication, code: codeAt(secret, now) })).statusCode,
      401,
    )
    const words = await wordsOf('sam', 'seven other words that nobody knows')
    t.equal((await post('/sign-in', words)).json().problem, 'code-needed')
    const answer = await post('/sign-in', { ...words, code: codeAt(secret, now) })
    t.equal(answer.statusCode, 200)
    t.equal(answer.json().wrappedIdentity, change.wrappedIdentity)
    const row = old.rows[0]
    await database.owner.query(
      `update member set salt = $1, authentication_hash = $2, wrapped_identity = $3 where name = 'sam'`,
      [row.salt, row.authentication_hash, row.wrapped_identity],
    )
  },
)

t.test('members see their own sessions and end them, one or all others, and nobody else’s', async (t) => {
  await forget()
  const [sam, second, third] = [
    await signIn(triage, 'sam'),
    await signIn(triage, 'sam'),
    await signIn(triage, 'sam'),
  ]
  const ilse = await signIn(triage, 'ilse')
  const list = async (member: DeskClient) =>
    (await member.get('/sessions')).json().sessions as { id: string; means: string; isThis: boolean }[]
  const own = await list(sam)
  t.equal(own.length, 3)
  t.equal(own.filter(({ isThis }) => isThis).length, 1)
  t.ok(own.every(({ means }) => means === 'words'))
  const other = (await list(second)).find(({ isThis }) => isThis)?.id
  t.equal((await ilse.post(`/sessions/${other}/end`)).statusCode, 404)
  t.equal((await second.get('/inbox')).statusCode, 200)
  t.equal((await sam.post(`/sessions/${other}/end`)).statusCode, 204)
  t.equal((await second.get('/inbox')).statusCode, 401)
  t.equal((await sam.post(`/sessions/${other}/end`)).statusCode, 404)
  t.equal((await sam.post('/sessions/end-others')).statusCode, 204)
  t.equal((await third.get('/inbox')).statusCode, 401)
  t.equal((await sam.get('/inbox')).statusCode, 200)
  t.equal((await ilse.get('/inbox')).statusCode, 200)
  t.same(apps.log, [])
})

t.test('codes are those of RFC 6238, and their sealing is bound to words, member and every bit', (t) => {
  const secret = Buffer.from('12345678901234567890')
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ] as const) {
    t.equal(stepOfCode(secret, code, new Date(seconds * 1000)), Math.floor(seconds / 30))
  }
  const [words, others] = [randomBytes(32), randomBytes(32)]
  const sealed = sealCodeSecret(secret, words, 'sam')
  t.same(openCodeSecret(sealed, words, 'sam'), secret)
  t.throws(() => openCodeSecret(sealed, others, 'sam'))
  t.throws(() => openCodeSecret(sealed, words, 'ilse'))
  for (let at = 0; at < sealed.length; at++) {
    const bent = Buffer.from(sealed)
    bent[at] = (bent[at] ?? 0) ^ 1
    t.throws(() => openCodeSecret(bent, words, 'sam'), `byte ${at}`)
  }
  t.throws(() => openCodeSecret(sealed.subarray(0, 20), words, 'sam'), 'cut off within the tag')
  t.end()
})

t.test('of somebody who leaves nothing is kept that let them in', async (t) => {
  await forget()
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const { device } = await addPasskey(sam)
  await addCodes(sam)
  const between = { desk: apps.desk.id, member: ilse.member.id, colleague: sam.member.id }
  t.equal(await apps.triageStorage.leave(between), true)
  for (const table of ['passkey', 'code_app']) t.equal(await countRows(database.owner, table), 0, table)
  const options = (await post('/sign-in/passkey/begin')).json()
  t.equal((await post('/sign-in/passkey', { passkey: device.answer(options) })).statusCode, 401)
})

t.test(
  'passkeys are for the name of the site; a machine of one’s own is localhost, at the port that listens',
  (t) => {
    const at = (port: number) => ({ server: { address: () => ({ port }) } }) as unknown as FastifyInstance
    for (const [origin, id, expected] of [
      ['https://desk.baken.example', 'desk.baken.example', 'https://desk.baken.example'],
      ['https://desk.baken.example:8443/', 'desk.baken.example', 'https://desk.baken.example:8443'],
      ['http://127.0.0.1', 'localhost', 'http://localhost:8081'],
      ['http://[::1]', 'localhost', 'http://localhost:8081'],
      ['http://localhost:9000', 'localhost', 'http://localhost:9000'],
      ['https://localhost:9000', 'localhost', 'https://localhost:9000'],
    ] as const) {
      t.same(relyingPartyOf(at(8081), origin), { id, origin: expected }, origin)
    }
    t.end()
  },
)
