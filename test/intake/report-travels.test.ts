import t from 'tap'
import { startApps } from '../support/apps.js'
import { openJson, openPart } from '../support/desk.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'

const steps = {
  who: { vantage: 'citizen' },
  danger: { danger: 'no' },
  what: { forms: ['sexual', 'labour'] },
  signs: { signs: ['s1', 'l1'] },
  words: { words: 'Every night a white van.\nIt stops at the corner.' },
  where: { municipality: 'den bosch', place: 'near the station' },
  when: { when: 'now', whenWords: 'Friday evening' },
}

t.test(
  'a report goes from question to question, is sealed, released and opens with the desk key',
  async (t) => {
    const { intake, database, desk, release } = await startApps(t)
    const noor = createReporter(intake)
    for (const [step, fields] of Object.entries(steps)) {
      const next = await noor.post(`/nl/report/${step}`, fields)
      t.equal(next.statusCode, 200, `${step} leads on`)
    }
    const files = await noor.upload('/nl/report/files', [{ bytes: await dirtyPhoto({ canary: 'CANARY' }) }])
    t.match(files.body, 'Bestand 1: foto, opnieuw gemaakt')
    const check = await noor.get('/nl/report/check')
    t.match(check.body, 'Every night a white van.')
    const received = await noor.post('/nl/report/send', {})
    t.equal(received.statusCode, 200)
    t.match(received.body, '<h1>Ontvangen</h1>')

    t.equal(
      (await database.owner.query('select from report')).rowCount,
      0,
      'the desk sees nothing before the release',
    )
    await release()
    const { rows } = await database.owner.query('select * from report')
    t.equal(rows.length, 1)
    t.match(rows[0], { police_unit: 'Oost-Brabant', urgent: false, file_count: 1, desk: desk.id })
    t.match(rows[0].half_day, /^\d{4}-\d{2}-\d{2} (am|pm)$/)

    const parts = await database.owner.query('select kind, sealed from report_part order by kind')
    t.same(
      parts.rows.map(({ kind }) => kind),
      ['file', 'header', 'offenders', 'place', 'situation', 'source', 'victims'],
      'always the same sections, empty ones too',
    )
    const sealed = (kind: string): Uint8Array => parts.rows.find((part) => part.kind === kind).sealed
    const of = rows[0].id
    t.match(await openJson(desk.keys.identity, sealed('situation'), { kind: 'situation', of }), {
      words: steps.words.words,
      signs: ['s1', 'l1'],
      when: 'now',
    })
    t.match(await openJson(desk.keys.recoveryIdentity, sealed('place'), { kind: 'place', of }), {
      municipality: 'GM0796',
      description: 'near the station',
    })
    const file = await openPart(desk.keys.identity, sealed('file'))
    t.equal(file.label.type, 'image/jpeg')
    t.notOk(Buffer.from(file.body).includes('CANARY'))
  },
)

t.test('sending twice gives one report, and both see "received"', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: 'yes' })
  const [one, two] = await Promise.all([
    noor.postOnly('/en/report/send', {}),
    noor.postOnly('/en/report/send', {}),
  ])
  for (const answer of [one, two]) {
    t.equal(answer.statusCode, 303)
    t.equal(answer.headers.location, '/en/report/received')
  }
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal((await database.owner.query('select from arrival')).rowCount, 1)
})

t.test('a second report from the same browser is a report of its own', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/danger', { danger: 'yes' })
  await noor.post('/en/report/send', {})
  await noor.post('/en/report/words', { words: 'another thing' })
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal((await database.owner.query('select from arrival')).rowCount, 2)
})

t.test('one tick is a report; nothing at all is not, and is told at the page', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/who', { vantage: 'client' })
  const refused = await noor.post('/en/report/send', {})
  t.equal(refused.statusCode, 422)
  t.match(refused.body, 'There is nothing in it yet')
  await noor.post('/en/report/signs', { signs: 's3' })
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  t.equal((await database.owner.query('select from arrival')).rowCount, 1)
})

t.test('without a live desk key the form is closed, with telephone numbers', async (t) => {
  const { intake, database } = await startApps(t, { liveDesk: false })
  const noor = createReporter(intake)
  for (const path of ['/nl/report', '/nl/report/danger', '/nl/report/all']) {
    const closed = await noor.get(path)
    t.equal(closed.statusCode, 503, path)
    t.match(closed.body, 'tel:112')
    t.match(closed.body, '0800')
  }
  await noor.post('/nl/report/danger', { danger: 'yes' })
  t.equal((await noor.post('/nl/report/send', {})).statusCode, 503)
  t.equal((await database.owner.query('select from arrival')).rowCount, 0)
})
