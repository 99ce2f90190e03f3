// Becoming a member over the interface, with keys made as the browser makes them.
import t from 'tap'
import { FIRST_ROLES } from '../../../server/report/roles.js'
import { createDesk, createInvitation } from '../../../server/storage/owner.js'
import { hashToken, makeToken } from '../../../server/triage/access.js'
import { startApps, type TestApps } from '../../support/apps.js'
import { signIn } from '../../support/desk-client.js'
import { join, joinFirst, shareFor } from '../../support/join.js'
import { createSecondDesk } from '../../support/second-desk.js'
import { countRows } from '../../support/stored-reports.js'

async function invite({ database }: TestApps, desk: string, name: string): Promise<string> {
  const token = makeToken()
  await createInvitation(database.owner, { desk, name, roles: FIRST_ROLES, tokenHash: hashToken(token) })
  return token
}

async function newDesk(apps: TestApps): Promise<string> {
  await apps.database.owner.query('update desk set closed = true')
  return createDesk(apps.database.owner, 'New desk', { asksSecondFactor: false })
}

t.test('the first member brings the key of the desk; the second one waits until it is given', async (t) => {
  const apps = await startApps(t)
  const { triage, intake } = apps
  const desk = await newDesk(apps)
  const [first, second] = [await invite(apps, desk, 'Fatima'), await invite(apps, desk, 'Jan')]
  const begun = await triage.inject({ method: 'POST', url: '/join/begin', payload: { token: first } })
  t.same(begun.json(), {
    name: 'Fatima',
    desk: { id: desk, name: 'New desk', recipient: null },
    roles: FIRST_ROLES,
  })
  const { response, keys } = await joinFirst(triage, first)
  t.equal(response.statusCode, 204)
  const fatima = await signIn(triage, 'fatima')
  t.equal(fatima.deskKey, keys.identity)
  t.equal((await intake.inject('/readyz')).statusCode, 200, 'and the desk takes reports')

  t.equal((await join(triage, second, null)).statusCode, 204)
  const jan = await signIn(triage, 'jan')
  t.equal(jan.deskKey, null)
  const waiting = (await fatima.get('/members/waiting')).json().members
  t.match(waiting, [{ id: jan.member.id, name: 'Jan' }])
  const share = await shareFor(fatima, keys.identity, waiting[0])
  t.equal((await jan.post(`/members/${jan.member.id}/share`, share)).statusCode, 403, 'not by himself')
  t.equal((await fatima.post(`/members/${jan.member.id}/share`, share)).statusCode, 204)
  t.equal((await signIn(triage, 'jan')).deskKey, keys.identity)
  t.same((await fatima.get('/members/waiting')).json(), { members: [], gone: [] })
  t.equal((await fatima.post(`/members/${jan.member.id}/share`, share)).statusCode, 409, 'once')
  const { rows } = await apps.database.owner.query('select act from audit order by number')
  t.same(
    rows.map(({ act }) => act),
    [
      'member.joined',
      'member.signed-in',
      'member.joined',
      'member.signed-in',
      'member.key-given',
      'member.signed-in',
    ],
  )
})

t.test('a link that was used, is over, or never was one, opens nothing', async (t) => {
  const apps = await startApps(t)
  const { triage, database } = apps
  const [used, over] = [await invite(apps, apps.desk.id, 'Used'), await invite(apps, apps.desk.id, 'Over')]
  t.equal((await join(triage, used, null)).statusCode, 204)
  await database.owner.query(`update invitation set expires_at = now() where name = 'Over'`)
  for (const token of [used, over, makeToken()]) {
    const begun = await triage.inject({ method: 'POST', url: '/join/begin', payload: { token } })
    t.equal(begun.statusCode, 404)
    t.equal(begun.body, '{"problem":"not-found"}')
    t.equal((await join(triage, token, null)).statusCode, 404)
  }
  t.equal(await countRows(database.owner, `member where name in ('Used', 'Over')`), 1)
})

t.test('of two who follow one link at the same moment one becomes a member', async (t) => {
  const apps = await startApps(t)
  const token = await invite(apps, apps.desk.id, 'Twice')
  const answers = await Promise.all([1, 2, 3, 4].map(() => join(apps.triage, token, null)))
  const statuses = answers.map(({ statusCode }) => statusCode).sort()
  t.equal(statuses[0], 204)
  t.ok(
    statuses.slice(1).every((status) => status === 409 || status === 404),
    statuses.join(' '),
  )
  t.equal(await countRows(apps.database.owner, `member where name = 'Twice'`), 1)
  t.same(apps.log, [])
})

t.test('of two first members of a desk at the same moment one brings the key', async (t) => {
  const apps = await startApps(t)
  const desk = await newDesk(apps)
  const tokens = [await invite(apps, desk, 'One'), await invite(apps, desk, 'Two')]
  const answers = await Promise.all(tokens.map((token) => joinFirst(apps.triage, token)))
  t.same(answers.map(({ response }) => response.statusCode).sort(), [204, 409])
  const { rows } = await apps.database.owner.query('select recipient from desk where id = $1', [desk])
  const winner = answers.find(({ response }) => response.statusCode === 204)
  t.equal(rows[0].recipient, winner?.keys.recipient)
  t.same(apps.log, [])
})

t.test('nobody brings another key to a desk that has one, and nobody comes first without one', async (t) => {
  const apps = await startApps(t)
  const late = await invite(apps, apps.desk.id, 'Late')
  t.equal((await joinFirst(apps.triage, late)).response.statusCode, 409)
  t.equal((await join(apps.triage, late, null)).statusCode, 204, 'the link is not lost by it')
  const desk = await newDesk(apps)
  const first = await invite(apps, desk, 'First')
  t.equal((await join(apps.triage, first, null)).statusCode, 409)
  t.equal((await joinFirst(apps.triage, first)).response.statusCode, 204)
})

t.test('a share goes to a member of the own desk who waits, once, whoever is quicker', async (t) => {
  const apps = await startApps(t)
  const { triage, database, desk } = apps
  const token = await invite(apps, desk.id, 'Jan')
  await join(triage, token, null)
  await createSecondDesk(database.owner)
  const [sam, ilse, bo] = [
    await signIn(triage, 'sam'),
    await signIn(triage, 'ilse'),
    await signIn(triage, 'bo'),
  ]
  const [jan] = (await sam.get('/members/waiting')).json().members
  const share = await shareFor(sam, desk.keys.identity, jan)
  t.same((await bo.get('/members/waiting')).json(), { members: [], gone: [] })
  for (const id of [bo.member.id, sam.member.id]) {
    t.equal((await sam.post(`/members/${id}/share`, share)).statusCode, 409)
  }
  t.equal((await bo.post(`/members/${jan.id}/share`, share)).statusCode, 409)
  t.equal((await sam.post('/members/nobody/share', share)).statusCode, 404)
  const gifts = await Promise.all(
    [sam, ilse, sam, ilse].map((giver) => giver.post(`/members/${jan.id}/share`, share)),
  )
  t.same(gifts.map(({ statusCode }) => statusCode).sort(), [204, 409, 409, 409])
  t.same(apps.log, [])
})
