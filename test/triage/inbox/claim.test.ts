import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { startApps } from '../../support/apps.js'
import { signIn } from '../../support/desk-client.js'
import { createSecondDesk } from '../../support/second-desk.js'
import { sendReport } from '../../support/send-report.js'
import { countRows } from '../../support/stored-reports.js'

const apps = await startApps(t)
const { triage, intake, database, log } = apps
await createSecondDesk(database.owner)
const [sam, ilse, bo] = [
  await signIn(triage, 'sam'),
  await signIn(triage, 'ilse'),
  await signIn(triage, 'bo'),
]

/** So many fresh reports wait, and nothing else; gives their ids. */
async function waiting(count: number): Promise<string[]> {
  await database.owner.query('delete from report')
  for (let i = 0; i < count; i++) await sendReport(intake)
  await apps.release()
  return (await sam.inbox()).map(({ id }) => id)
}

const stateOf = async (report: string) => (await sam.inbox()).find(({ id }) => id === report)

t.test('twenty who ask for the next report at once never get the same one', async (t) => {
  const ids = await waiting(12)
  const given = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? sam : ilse).post('/claim-next')),
  )
  t.ok(given.every(({ statusCode }) => statusCode === 200))
  const reports = given.map((answer) => answer.json().report as string | null)
  const got = reports.filter((report) => report !== null)
  t.equal(new Set(got).size, got.length, 'each report went to one of them')
  // Who meets a locked row goes on to the next one: nobody goes without while something waits.
  t.same([...got].sort(), [...ids].sort())
  t.equal(reports.length - got.length, 8)
  const lines = await countRows(database.owner, `audit where act = 'report.claimed'`)
  t.equal(lines, 12, 'and each claim left one line')
  t.same(log, [])
})

t.test('twenty who want this very report: one gets it, the others are told that it went', async (t) => {
  const [report = ''] = await waiting(1)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? sam : ilse).post(`/reports/${report}/claim`)),
  )
  const statuses = answers.map(({ statusCode }) => statusCode)
  t.equal(statuses.filter((status) => status === 204).length, 1)
  t.equal(statuses.filter((status) => status === 409).length, 19)
  t.match(await stateOf(report), { state: 'claimed' })
  t.same(log, [])
})

t.test('who asks for the next report never waits for somebody who is taking the one before it', async (t) => {
  const [first, second] = await waiting(2)
  const taking = await database.owner.connect()
  try {
    await taking.query('begin')
    await taking.query('select from queue_item where report = $1 for update', [first])
    t.equal(await Promise.race([sam.claimNext(), wait(3_000, 'still waiting', { ref: false })]), second)
  } finally {
    await taking.query('rollback')
    taking.release()
  }
})

t.test('the next report is the first one of the inbox', async (t) => {
  await waiting(3)
  await sendReport(intake, { danger: 'yes', words: 'now' })
  await apps.triageStorage.releaseArrivals(false)
  const order = (await sam.inbox()).map(({ id }) => id)
  t.equal((await sam.inbox())[0]?.urgent, true)
  const claimed = []
  for (let i = 0; i < 5; i++) claimed.push(await ilse.claimNext())
  t.same(claimed, [...order, null])
})

t.test('a report handed back waits again; only who has it can hand it back', async (t) => {
  const [report = ''] = await waiting(1)
  t.equal((await sam.post(`/reports/${report}/hand-back`)).statusCode, 409, 'nobody has it yet')
  await sam.post(`/reports/${report}/claim`)
  t.equal((await ilse.post(`/reports/${report}/hand-back`)).statusCode, 409)
  t.match(await stateOf(report), { state: 'claimed', claimedBy: 'sam' })
  t.equal((await sam.post(`/reports/${report}/hand-back`)).statusCode, 204)
  t.match(await stateOf(report), { state: 'waiting', claimedBy: null, mine: false })
  t.equal((await sam.get(`/reports/${report}`)).statusCode, 403, 'and is closed to her again')
  t.equal(await ilse.claimNext(), report)
})

t.test('what was assessed can be neither claimed nor handed back', async (t) => {
  const [report = ''] = await waiting(1)
  await sam.claimNext()
  await sam.assess(report, { usable: false, reason: 'duplicate', note: '' })
  for (const act of ['claim', 'hand-back']) {
    t.equal((await sam.post(`/reports/${report}/${act}`)).statusCode, 409, act)
  }
  t.equal(await ilse.claimNext(), null)
})

t.test('a member of another desk gets and touches no report, known or unknown alike', async (t) => {
  const [report = ''] = await waiting(1)
  t.equal(await bo.claimNext(), null)
  for (const act of ['claim', 'hand-back']) {
    const [known, unknown] = await Promise.all(
      [report, randomUUID()].map((id) => bo.post(`/reports/${id}/${act}`)),
    )
    t.equal(known?.statusCode, 409)
    t.same([known?.statusCode, known?.body], [unknown?.statusCode, unknown?.body])
  }
  t.match(await stateOf(report), { state: 'waiting' })
  t.equal(await countRows(database.owner, `audit where member = '${bo.member.id}' and report is not null`), 0)
})

t.test('Max, who left while signed in, gets nothing at the next request', async (t) => {
  const [report = ''] = await waiting(1)
  await database.owner.query(`update member set left_desk = false where name = 'max'`)
  const max = await signIn(triage, 'max')
  await database.owner.query(`update member set left_desk = true where name = 'max'`)
  for (const path of ['/claim-next', `/reports/${report}/claim`, `/reports/${report}/hand-back`]) {
    const answer = await max.post(path)
    t.equal(answer.statusCode, 401, path)
    t.equal(answer.body, '{"problem":"not-signed-in"}')
  }
  t.match(await stateOf(report), { state: 'waiting' })
})

t.test('members of a closed desk still read what it has', async (t) => {
  const [report = ''] = await waiting(1)
  await database.owner.query('update desk set closed = true')
  t.equal(await sam.claimNext(), report)
  t.match(await sam.section(report, 'situation'), { words: 'a van at night' })
  t.equal((await sam.assess(report, { usable: true, reason: 'concrete', note: '' })).statusCode, 204)
})

t.test('an id that is none is answered like one that is unknown to the desk', async (t) => {
  for (const id of ['1', 'x'.repeat(99), "'%20or%20true%20--", '..%2F..', '%00', '%E2%80%AE']) {
    for (const act of ['claim', 'hand-back']) {
      const answer = await sam.post(`/reports/${id}/${act}`)
      t.equal(answer.statusCode, 404, `${id} ${act}`)
      t.equal(answer.body, '{"problem":"not-found"}')
    }
  }
  t.same(log, [])
})
