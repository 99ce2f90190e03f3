import { randomBytes } from 'node:crypto'
import t from 'tap'
import { startApps } from '../../support/apps.js'
import { authenticationOf, PASSPHRASE } from '../../support/desk.js'
import { signIn } from '../../support/desk-client.js'
import { countRows } from '../../support/stored-reports.js'

const { triage, database, log } = await startApps(t)
const wrong = randomBytes(32).toString('base64')

const begin = (name: unknown) =>
  triage.inject({ method: 'POST', url: '/sign-in/begin', payload: { name } as object })
const send = (name: unknown, authentication: unknown = wrong) =>
  triage.inject({ method: 'POST', url: '/sign-in', payload: { name, authentication } as object })
const rightFor = async (name: string) =>
  authenticationOf(PASSPHRASE, Buffer.from((await begin(name)).json().salt, 'base64'))

t.test(
  'with the right passphrase Sam gets a session and her wrapped keys, whatever the case of her name',
  async (t) => {
    const before = await countRows(database.owner, 'audit')
    const answer = await send(' SAM ', await rightFor('Sam'))
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['set-cookie'], /^desk=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    t.same(Object.keys(answer.json()).sort(), [
      'desk',
      'member',
      'proof',
      'salt',
      'secondFactor',
      'share',
      'wrappedIdentity',
    ])
    t.equal(answer.json().member.name, 'sam')
    t.equal(await countRows(database.owner, 'audit'), before + 1)
    const { deskKey } = await signIn(triage, 'sam')
    t.match(deskKey, /^AGE-SECRET-KEY-1/, 'and the browser opens the key of the desk with them')
  },
)

t.test(
  'a wrong passphrase, a name nobody has and the name of somebody who left get the same answer',
  async (t) => {
    const max = (await database.owner.query(`select salt from member where name = 'max'`)).rows[0].salt
    const answers = [
      await send('ilse'),
      await send('nobody'),
      await send('max'),
      await send('max', authenticationOf(PASSPHRASE, max)),
    ]
    for (const answer of answers) {
      t.equal(answer.statusCode, 401)
      t.equal(answer.body, '{"problem":"not-signed-in"}')
      t.notOk(answer.headers['set-cookie'])
    }
    t.equal(
      await countRows(database.owner, `session where member <> (select id from member where name = 'sam')`),
      0,
    )
  },
)

t.test('every name gets a salt, always the same one, and none that tells who works here', async (t) => {
  const saltOf = async (name: string) => (await begin(name)).json().salt as string
  for (const name of [
    'ilse',
    'nobody',
    'max',
    'Ünïcödé',
    '\ud800',
    '"; drop table member',
    'x'.repeat(100),
  ]) {
    const salt = await saltOf(name)
    t.equal(Buffer.from(salt, 'base64').length, 16, JSON.stringify(name))
    t.equal(await saltOf(name), salt)
    t.equal(await saltOf(` ${name.toUpperCase().toLowerCase()} `), salt)
  }
  t.not(await saltOf('nobody'), await saltOf('nobody2'))
  const { rows } = await database.owner.query(`select salt from member where name = 'max'`)
  t.not(await saltOf('max'), rows[0].salt.toString('base64'), 'who left is a stranger')
})

t.test('the eleventh attempt in a quarter of an hour waits, for known and unknown names alike', async (t) => {
  for (const name of ['ilse', 'stranger']) {
    await database.owner.query('delete from sign_in_attempt')
    const right = await rightFor(name)
    for (let attempt = 0; attempt < 10; attempt++) t.equal((await send(name)).statusCode, 401)
    const refused = await send(name.toUpperCase(), right)
    t.equal(refused.statusCode, 429, 'with the right passphrase too')
    t.equal(refused.body, '{"problem":"too-many-attempts"}')
    t.equal((await send('sam', await rightFor('sam'))).statusCode, 200, 'others are not troubled')
    await database.owner.query(`update sign_in_attempt set window_start = now() - interval '16 minutes'`)
    t.equal((await send(name, right)).statusCode, name === 'ilse' ? 200 : 401)
  }
  t.equal(await countRows(database.owner, 'sign_in_attempt'), 1, 'and who signed in begins anew')
})

t.test('many attempts at once are all counted', async (t) => {
  await database.owner.query('delete from sign_in_attempt')
  const answers = await Promise.all(Array.from({ length: 30 }, () => send('ilse')))
  t.equal(answers.filter(({ statusCode }) => statusCode === 401).length, 10)
  t.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 20)
  await database.owner.query('delete from sign_in_attempt')
})

t.test('bodies that are none of ours are refused without a detail', async (t) => {
  const names = [
    undefined,
    null,
    '',
    ' ',
    'x'.repeat(101),
    5,
    ['sam'],
    { sam: 1 },
    'sam\u0000',
    'a\u0007b',
    '\u0000',
  ]
  for (const name of names) {
    for (const answer of [await begin(name), await send(name)]) {
      t.equal(answer.statusCode, 400, JSON.stringify(name))
      t.equal(answer.body, '{"problem":"bad-request"}')
    }
  }
  for (const authentication of [null, '', 'x', 'AAAA', 5, [wrong], `${wrong}AAAA`, `${wrong} `, '%%%%']) {
    t.equal((await send('sam', authentication)).statusCode, 400, JSON.stringify(authentication))
  }
  const more = { name: 'sam', authentication: wrong, admin: true }
  t.equal((await triage.inject({ method: 'POST', url: '/sign-in', payload: more })).statusCode, 400)
  t.same(log, [])
})
