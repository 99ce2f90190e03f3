// What the queue's migration does to a desk that is at work already.
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { emptyDatabase } from '../support/database.js'

const FOLDER = new URL('../../../migrations/', import.meta.url)
const OWN = '0010-queue.sql'

t.test('open reports go on: those in hand for a day of work, urgent ones counting from now', async (t) => {
  const { owner } = await emptyDatabase(t)
  const run = async (names: readonly string[]) => {
    for (const name of names) await owner.query(readFileSync(new URL(name, FOLDER), 'utf8'))
  }
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  await run(names.filter((name) => name < OWN))
  const [desk, member] = [randomUUID(), randomUUID()]
  await owner.query(`insert into desk (id, name) values ($1, 'Front desk')`, [desk])
  await owner.query(
    `insert into member (id, desk, name, salt, authentication_hash, recipient, wrapped_identity)
     values ($1, $2, 'sam', '', '', 'age1', '')`,
    [member, desk],
  )
  const reports: string[] = []
  for (const [urgent, state] of [
    [true, 'waiting'],
    [false, 'waiting'],
    [true, 'claimed'],
    [true, 'assessed'],
  ] as const) {
    const id = randomUUID()
    reports.push(id)
    await owner.query(`insert into report values ($1, $2, 'Oost-Nederland', $3, '2026-11-23 pm', 2)`, [
      id,
      desk,
      urgent,
    ])
    await owner.query(`insert into queue_item values ($1, $2, '2026-11-23 pm', $3, $4)`, [
      id,
      urgent,
      state,
      state === 'waiting' ? null : member,
    ])
  }
  await run([OWN])
  const { rows } = await owner.query(
    `select q.desk, q.police_unit, q.file_count, q.state, q.leased_until > now() + interval '7 hours' as leased,
       a.rounds_left, a.late
     from queue_item q left join queue_age a on a.report = q.report order by array_position($1::uuid[], q.report)`,
    [reports],
  )
  const copied = { desk, police_unit: 'Oost-Nederland', file_count: 2 }
  const [counting, not] = [
    { rounds_left: 6, late: false },
    { rounds_left: null, late: null },
  ]
  t.same(rows, [
    { ...copied, state: 'waiting', leased: null, ...counting },
    { ...copied, state: 'waiting', leased: null, ...not },
    { ...copied, state: 'claimed', leased: true, ...counting },
    { ...copied, state: 'assessed', leased: null, ...not },
  ])
})
