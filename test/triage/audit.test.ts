// The trail of what members did: no act without its line, no line with content, and none that can be changed.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { FIRST_ROLES } from '../../server/report/roles.js'
import { connect } from '../../server/storage/connect.js'
import { createInvitation } from '../../server/storage/owner.js'
import { hashToken, makeToken } from '../../server/triage/access.js'
import { startApps } from '../support/apps.js'
import { base64, signIn } from '../support/desk-client.js'
import { join, shareFor } from '../support/join.js'
import { sendReport } from '../support/send-report.js'
import { countRows } from '../support/stored-reports.js'

const apps = await startApps(t)
const { triage, intake, database, desk } = apps
const sam = await signIn(triage, 'sam')
const sealed = base64(new Uint8Array(100))

/** Lets no line into the trail while `act` runs. */
async function withoutTrail<T>(act: () => Promise<T>): Promise<T> {
  await database.owner.query('alter table audit add constraint full_up check (false) not valid')
  return act().finally(() => database.owner.query('alter table audit drop constraint full_up'))
}

/** All that acts change, as text. */
async function state(): Promise<string> {
  const tables = [
    'queue_item',
    'notice',
    'desk_target',
    'assessment',
    'question',
    'mailbox',
    'member',
    'desk_key_share',
    'invitation',
  ]
  const rows = await Promise.all(
    tables.map(async (table) => (await database.owner.query(`select * from ${table} order by 1, 2`)).rows),
  )
  return JSON.stringify(rows)
}

async function invite(name: string): Promise<string> {
  const token = makeToken()
  await createInvitation(database.owner, {
    desk: desk.id,
    name,
    roles: FIRST_ROLES,
    tokenHash: hashToken(token),
  })
  return token
}

t.test('what leaves no line in the trail is not done', async (t) => {
  for (const written of ['yes', '']) await sendReport(intake, { words: 'a van at night', written })
  await apps.release()
  const claimed = (await sam.claimNext()) ?? ''
  const waiting = (await sam.inbox()).find(({ state }) => state === 'waiting')?.id
  const { rows } = await database.owner.query('select id from mailbox')
  const mailbox = `/mailboxes/${rows[0].id}`
  await join(triage, await invite('Jan'), null)
  const [jan] = (await sam.get('/members/waiting')).json().members
  const share = await shareFor(sam, desk.keys.identity, jan)
  const token = await invite('Fatima')

  const ilse = (await database.owner.query(`select id from member where name = 'ilse'`)).rows[0].id
  const targets = { urgentMinutes: 30, waitingHalfDays: 2, readingHalfDays: 3 }

  const acts = {
    'claiming the next report': () => sam.post('/claim-next'),
    'claiming a report': () => sam.post(`/reports/${waiting}/claim`),
    assigning: () => sam.post(`/reports/${claimed}/assign`, { member: ilse, reason: 'absent' }),
    'setting targets': () => sam.post('/targets', targets),
    'handing back': () => sam.post(`/reports/${claimed}/hand-back`),
    assessing: () => sam.post(`/reports/${claimed}/assessment`, { sealed }),
    asking: () => sam.post(`${mailbox}/questions`, { id: randomUUID(), sealed }),
    closing: () => sam.post(`${mailbox}/close`),
    'giving the key': () => sam.post(`/members/${jan.id}/share`, share),
    joining: () => join(triage, token, null),
    'opening a report': () => sam.get(`/reports/${claimed}`),
  }
  const before = await state()
  for (const [name, act] of Object.entries(acts)) {
    const answer = await withoutTrail(act)
    t.equal(answer.statusCode, 500, name)
    t.equal(answer.body, '{"problem":"unexpected-failure"}')
    t.equal(await state(), before, `${name} did not happen`)
  }
  for (const act of ['giving the key', 'joining', 'asking', 'claiming a report', 'assessing'] as const) {
    t.equal((await acts[act]()).statusCode, 204, `${act} works when there is a trail`)
  }
})

t.test('what was refused leaves no line', async (t) => {
  const before = await countRows(database.owner, 'audit')
  const nobody = randomUUID()
  for (const path of [
    `/reports/${nobody}/claim`,
    `/reports/${nobody}/hand-back`,
    `/mailboxes/${nobody}/close`,
  ]) {
    t.ok((await sam.post(path)).statusCode >= 400, path)
  }
  t.equal((await sam.post(`/mailboxes/${nobody}/questions`, { id: nobody, sealed })).statusCode, 409)
  t.equal((await sam.get(`/reports/${nobody}`)).statusCode, 404)
  t.equal(await countRows(database.owner, 'audit'), before)
})

t.test('a line says who, which act, which report and when, and nothing more', async (t) => {
  const { rows } = await database.owner.query('select * from audit')
  t.ok(rows.length > 5)
  for (const row of rows) {
    t.same(Object.keys(row), ['number', 'at', 'member', 'act', 'report', 'help', 'about', 'reason'])
    t.equal(row.help, null, 'only acts on the help directory name a row of it')
    t.match(row.act, /^(member|report|mailbox)\.[a-z-]+$/)
    t.match(row.member, /^[0-9a-f-]{36}$/)
  }
})

t.test('the role of the partner app changes and removes no line, and dates none itself', async (t) => {
  const role = connect({ target: database.triageUrl, connections: 1 })
  t.teardown(() => role.end())
  const refused = { code: '42501' }
  for (const statement of [
    `update audit set act = 'x'`,
    'delete from audit',
    'truncate audit',
    `insert into audit (at, act) values ('2020-01-01', 'x')`,
    `insert into audit (number, act) overriding system value values (1, 'x')`,
    'alter table audit disable trigger all',
  ]) {
    await t.rejects(role.query(statement), refused, statement)
  }
})
