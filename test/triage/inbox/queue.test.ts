// Who has what and until when: leases, giving and taking over, following, targets, the overview of the work, views, and
// pages of the inbox, asked over the interface.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { startApps } from '../../support/apps.js'
import { base64, type DeskClient, signIn } from '../../support/desk-client.js'
import { makeReports, type ReportToMake } from '../../support/make-reports.js'
import { countRows } from '../../support/stored-reports.js'

const apps = await startApps(t)
const { triage, database, desk, triageStorage: storage, log } = apps
const { owner } = database
await owner.query(`update member set roles = '{triager}', reading_languages = '{pl,nl}' where name = 'ilse'`)
const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]

/** These reports wait, and nothing else; their ids in the order in which they are given here. */
async function waiting(...reports: readonly ReportToMake[]): Promise<string[]> {
  await owner.query('delete from report')
  const ids = await makeReports(owner, desk, reports)
  await apps.release()
  return ids
}

const itemOf = async (who: DeskClient, report: string) => (await who.inbox()).find(({ id }) => id === report)
const notices = async (who: DeskClient) => (await who.get('/inbox')).json().notices
const inHours = async (report: string): Promise<number> => {
  const { rows } = await owner.query<{ hours: number }>(
    `select extract(epoch from leased_until - now())::float / 3600 as hours from queue_item where report = $1`,
    [report],
  )
  return rows[0]?.hours ?? Number.NaN
}
const expire = (report: string) =>
  owner.query(`update queue_item set leased_until = now() - interval '1 second' where report = $1`, [report])
const trail = async (): Promise<string[]> => {
  const { rows } = await owner.query<{ line: string }>(
    `select concat_ws(' ', m.name, a.act, b.name, a.reason) as line from audit a
     left join member m on m.id = a.member left join member b on b.id = a.about order by a.number desc limit 3`,
  )
  return rows.map(({ line }) => line)
}

t.test(
  'a claim holds for an hour when it is urgent, else for a day of work, and anew with each act',
  async (t) => {
    const [urgent = '', calm = ''] = await waiting({ urgent: true }, {})
    for (const [report, hours] of [
      [urgent, 1],
      [calm, 8],
    ] as const) {
      const holds = async () => {
        const left = await inHours(report)
        t.ok(left > hours - 0.1 && left <= hours, `${left.toFixed(2)} hours`)
      }
      await sam.post(`/reports/${report}/claim`)
      await holds()
      const acts = [() => sam.get(`/reports/${report}`), () => sam.post(`/reports/${report}/renew`)]
      for (const act of acts) {
        await expire(report)
        t.ok((await act()).statusCode < 300)
        await holds()
      }
    }
    await expire(calm)
    t.equal((await ilse.post(`/reports/${calm}/renew`)).statusCode, 409, 'nobody else makes it hold')
    t.ok((await inHours(calm)) < 0)
  },
)

t.test(
  'when nobody works on it, it waits again: its member is told, a line says so, and it is taken anew',
  async (t) => {
    const [report = '', other = ''] = await waiting({ urgent: true }, {})
    for (const id of [report, other]) await sam.post(`/reports/${id}/claim`)
    await expire(report)
    t.equal(await storage.endLeases(), 1)
    t.equal(await storage.endLeases(), 0)
    t.match(await itemOf(sam, report), { state: 'waiting', mine: false, claimedBy: null })
    t.match(await itemOf(sam, other), { state: 'claimed', mine: true }, 'another claim goes on')
    t.equal((await trail())[0], 'report.lease-ended sam')
    t.same(await notices(sam), [{ report, kind: 'lease-ended', by: null, reason: null }])
    t.equal((await sam.get(`/reports/${report}`)).statusCode, 403)
    t.equal((await sam.post(`/reports/${report}/renew`)).statusCode, 409)
    t.equal((await sam.assess(report, { usable: true, reason: 'concrete', note: '' })).statusCode, 403)
    t.equal((await sam.post(`/reports/${report}/claim`)).statusCode, 204)
    t.same(await notices(sam), [], 'who has it again need not be told')
  },
)

t.test('nothing stays with who leaves or reads no reports any more', async (t) => {
  const ids = await waiting({}, { urgent: true })
  for (const id of ids) await ilse.post(`/reports/${id}/claim`)
  const given = await storage.releaseClaimsOf(ilse.member.id, sam.member.id)
  t.same(given.sort(), ids.sort())
  for (const id of ids) t.match(await itemOf(sam, id), { state: 'waiting', claimedBy: null })
  t.same((await trail()).slice(0, 2), ['sam report.handed-back ilse', 'sam report.handed-back ilse'])
})

t.test(
  'a lead gives a report to a triager, who may pass it on; both are told and the trail knows why',
  async (t) => {
    const [report = ''] = await waiting({ urgent: true })
    const give = (who: DeskClient, to: string, reason = 'language') =>
      who.post(`/reports/${report}/assign`, { member: to, reason })
    t.equal(
      (await give(ilse, ilse.member.id)).statusCode,
      403,
      'a triager takes what waits, and assigns nothing',
    )
    t.equal((await give(sam, ilse.member.id)).statusCode, 204)
    t.match(await itemOf(ilse, report), { state: 'claimed', mine: true })
    t.same(await notices(ilse), [{ report, kind: 'assigned', by: 'sam', reason: 'language' }])
    t.equal((await trail())[0], 'sam report.assigned ilse language')
    t.equal((await give(sam, ilse.member.id)).statusCode, 409, 'she has it already')
    t.equal((await give(ilse, sam.member.id, 'workload')).statusCode, 204, 'who has it passes it on')
    t.match(await itemOf(sam, report), { mine: true })
    t.equal((await ilse.get(`/reports/${report}`)).statusCode, 403, 'and does not read it any more')

    t.equal((await give(ilse, ilse.member.id, 'absent')).statusCode, 204, 'a colleague may take over')
    t.equal((await trail())[0], 'ilse report.taken-over sam absent')
    t.same(await notices(sam), [{ report, kind: 'taken-over', by: 'ilse', reason: 'absent' }])
    await sam.post('/notices/heard', { report, kind: 'taken-over' })
    t.same(await notices(sam), [])

    for (const reason of ['', 'because', null]) {
      const answer = await sam.post(`/reports/${report}/assign`, { member: sam.member.id, reason })
      t.equal(answer.statusCode, 400, 'a reason is one of the list')
    }
    const { rows } = await owner.query(`select id from member where name = 'max'`)
    for (const to of [rows[0].id, randomUUID()])
      t.equal((await give(sam, to)).statusCode, 409, 'nobody who left')
    await owner.query(`update member set roles = '{reviewer}' where name = 'ilse'`)
    t.equal((await give(sam, ilse.member.id)).statusCode, 409)
    t.same(
      (await sam.get('/triagers')).json().members.map(({ name }: { name: string }) => name),
      ['sam'],
      'and only triagers are offered',
    )
    await owner.query(`update member set roles = '{triager}' where name = 'ilse'`)
    t.match((await sam.get('/triagers')).json().members[0], { name: 'ilse', readingLanguages: ['pl', 'nl'] })
  },
)

t.test('who follows a report is told of its states, and nobody else', async (t) => {
  const [report = ''] = await waiting({})
  t.equal((await ilse.post(`/reports/${report}/watch`, { on: true })).statusCode, 204)
  t.match(await itemOf(ilse, report), { watched: true })
  t.match(await itemOf(sam, report), { watched: false })
  await sam.post(`/reports/${report}/claim`)
  const told = { report, kind: 'watched', by: 'sam', reason: null }
  t.same([await notices(ilse), await notices(sam)], [[told], []])
  await ilse.post('/notices/heard', { report, kind: 'watched' })
  await sam.assess(report, { usable: true, reason: 'concrete', note: '' })
  t.same(await notices(ilse), [told])
  const who = { desk: desk.id, member: ilse.member.id }
  t.match(
    await storage.listAssessed(who, 0),
    [{ id: report, watched: true }],
    'and sees it however old it is',
  )
  await ilse.post(`/reports/${report}/watch`, { on: false })
  t.same(await storage.listAssessed(who, 0), [])
  t.match(await itemOf(ilse, report), { watched: false, state: 'assessed' })
  t.equal((await ilse.post(`/reports/${randomUUID()}/watch`, { on: true })).statusCode, 404)
})

t.test('the targets are the desk’s own, and an urgent report counts down to them', async (t) => {
  const targets = { urgentMinutes: 20, waitingHalfDays: 2, readingHalfDays: 6 }
  t.equal((await sam.post('/targets', targets)).statusCode, 204)
  t.same((await ilse.get('/inbox')).json().targets, targets)
  for (const wrong of [{ urgentMinutes: 25 }, { urgentMinutes: 0 }, { waitingHalfDays: 0 }, { more: 1 }]) {
    t.equal((await sam.post('/targets', { ...targets, ...wrong })).statusCode, 400)
  }
  const [urgent = '', calm = ''] = await waiting({ urgent: true }, {})
  const late: (boolean | undefined)[] = []
  for (let round = 0; round < 3; round++) {
    late.push((await itemOf(sam, urgent))?.late)
    await owner.query(`update maintenance set last_run = '-infinity'`)
    await storage.sweep()
  }
  t.same(late, [false, false, true])
  t.match(await itemOf(sam, calm), { late: false })
  await sam.post(`/reports/${urgent}/claim`)
  await sam.assess(urgent, { usable: true, reason: 'concrete', note: '' })
  await owner.query(`update maintenance set last_run = '-infinity'`)
  await storage.sweep()
  t.equal(await countRows(owner, 'queue_age'), 0, 'what is assessed counts no more')
})

t.test('the overview of the work counts per member, in the order of names', async (t) => {
  const ids = await waiting({ urgent: true }, {}, {}, {})
  for (const id of ids.slice(0, 2)) await ilse.post(`/reports/${id}/claim`)
  await sam.post(`/reports/${ids[2]}/claim`)
  const before = (await sam.get('/workload')).json().members
  await sam.assess(ids[2] ?? '', { usable: true, reason: 'concrete', note: '' })
  const { members, open } = (await sam.get('/workload')).json()
  t.same(
    members.map(({ name }: { name: string }) => name),
    ['ilse', 'sam'],
  )
  t.equal(members[1].assessed, before[1].assessed + 1)
  t.same(Object.keys(members[0]).sort(), ['assessed', 'id', 'name', 'readingLanguages'], 'and no score')
  const count = { late: false, halfDay: '2026-11-23 pm', count: 1 }
  const rows = [
    { member: ilse.member.id, urgent: true, ...count },
    { member: ilse.member.id, urgent: false, ...count },
    { member: null, urgent: false, ...count },
  ]
  const inAnyOrder = (all: readonly object[]) =>
    all.map((row) => JSON.stringify(Object.entries(row).sort())).sort()
  t.same(inAnyOrder(open), inAnyOrder(rows))
})

t.test('a saved view is what the browser sealed, of its member or of the team', async (t) => {
  const keep = (who: DeskClient, shared: boolean) => {
    const view = { id: randomUUID(), shared, sealed: base64(new Uint8Array(300).fill(7)) }
    return who.post('/views', view).then(({ statusCode }) => ({ view, statusCode }))
  }
  const views = async (who: DeskClient): Promise<{ id: string; mine: boolean }[]> =>
    (await who.get('/views')).json().views
  const [own, team] = [await keep(ilse, false), await keep(ilse, true)]
  t.same([own.statusCode, team.statusCode], [204, 204])
  t.same((await views(ilse)).map(({ id }) => id).sort(), [own.view.id, team.view.id].sort())
  t.match(await views(sam), [{ id: team.view.id, mine: false, shared: true, sealed: team.view.sealed }])
  t.equal((await ilse.post('/views', own.view)).statusCode, 409, 'an id is used once')
  const made: number[] = []
  for (let i = 0; i < 50; i++) made.push((await keep(ilse, false)).statusCode)
  t.equal(made.filter((status) => status === 204).length, 48, 'nobody fills the database with views')
  t.equal(
    (await sam.post(`/views/${own.view.id}/remove`)).statusCode,
    404,
    'not even a lead sees one of a member',
  )
  t.equal((await sam.post(`/views/${team.view.id}/remove`)).statusCode, 204)
  t.equal((await ilse.post(`/views/${own.view.id}/remove`)).statusCode, 204)
  await owner.query('delete from saved_view')
})

t.test(
  'pages of the inbox have each open report once, urgent ones before all others, whatever there is',
  async (t) => {
    const report = fc.record({
      urgent: fc.boolean(),
      halfDay: fc.constantFrom('2026-11-22 pm', '2026-11-23 am', '2026-11-23 pm'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(report, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (reports, limit) => {
          await owner.query('delete from report')
          await owner.query(
            `insert into arrival select gen_random_uuid(), $1, 'national', (r ->> 'urgent')::boolean, r ->> 'halfDay', 0
           from jsonb_array_elements($2::jsonb) r`,
            [desk.id, JSON.stringify(reports)],
          )
          await apps.release()
          const who = { desk: desk.id, member: sam.member.id }
          const seen: string[] = []
          for (let after = null; ; ) {
            const page = await storage.listOpen(who, { after, limit })
            seen.push(...page.map(({ urgent, halfDay, id }) => `${urgent ? 0 : 1} ${halfDay} ${id}`))
            const last = page.at(-1)
            if (!last || page.length < limit) break
            after = last as never
          }
          const claimed = []
          for (let next = await sam.claimNext(); next !== null; next = await sam.claimNext())
            claimed.push(next)
          return (
            seen.length === reports.length &&
            new Set(seen).size === seen.length &&
            JSON.stringify(seen) === JSON.stringify([...seen].sort()) &&
            JSON.stringify(claimed) === JSON.stringify(seen.map((row) => row.slice(-36)))
          )
        },
      ),
      { numRuns: 15 },
    )
    t.pass()
  },
)

t.test('a page begins after the place that was given, and after nothing else', async (t) => {
  await owner.query('delete from report')
  await owner.query(
    `insert into arrival select gen_random_uuid(), $1, 'national', n % 7 = 0, '2026-11-23 pm', 0 from generate_series(1, 1100) n`,
    [desk.id],
  )
  await apps.release()
  const first = (await sam.get('/inbox')).json()
  t.equal(first.items.length, 500)
  t.notOk('header' in first.items[0], 'without the sealed headers')
  const second = (await sam.get(`/inbox?after=${first.next}`)).json()
  const third = (await sam.get(`/inbox?after=${second.next}`)).json()
  t.equal(third.next, null)
  const all = [first, second, third].flatMap(({ items }) => items)
  t.equal(new Set(all.map(({ id }) => id)).size, 1100)
  t.equal(
    all.slice(0, 157).every(({ urgent }) => urgent),
    true,
  )
  for (const after of ['', '1', `1.2026-11-23.pm.${'x'.repeat(36)}`, "' or true --", '0.2026-11-23.xx.1']) {
    t.equal((await sam.get(`/inbox?after=${encodeURIComponent(after)}`)).statusCode, 400, after)
  }
  const ids = all.slice(0, 201).map(({ id }) => id)
  t.equal(
    (await sam.post('/inbox/headers', { ids })).statusCode,
    400,
    'two hundred headers at once are enough',
  )
  t.same(log, [])
})
