// The last page of a report. By then nothing is known any more of who reads it, and nothing is promised that is not so.
import t from 'tap'
import { readDeskHours } from '../../server/report/desk-hours.js'
import { startApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'

const WHO_HELPS = ['tel:+31334481186', 'tel:08002000', 'tel:09000101']

t.test('whoever reported what, the page is the same: three numbers, help nearby, again, away', async (t) => {
  const { intake } = await startApps(t)
  const bodies: string[] = []
  for (const answers of [
    { danger: 'no', vantage: 'citizen', signs: 's6', words: 'a blue door' },
    { danger: 'yes', vantage: 'affected', signs: 's16', words: 'the white van comes at night' },
  ]) {
    const noor = createReporter(intake)
    await noor.post('/en/report/danger', { danger: answers.danger })
    await noor.post('/en/report/who', { vantage: answers.vantage })
    await noor.post('/en/report/signs', { signs: answers.signs })
    await noor.post('/en/report/words', { words: answers.words })
    await noor.post('/en/report/send', {})
    bodies.push((await noor.get('/en/report/received')).body)
  }
  const [body = ''] = bodies
  t.match(body, '<h1>Received</h1>')
  t.equal(bodies[1], body)
  const main = body.slice(body.indexOf('<main'), body.indexOf('</main>'))
  const dialled = [...main.matchAll(/href="(tel:[^"]+)"/g)].map(([, tel]) => tel)
  t.same(dialled, ['tel:112', ...WHO_HELPS])
  for (const path of ['/en/help/nearby', '/en/help', '/en/report', '/exit', '/en/safety'])
    t.match(main, `href="${path}"`)
})

t.test('the one page ends with the same, at its own address', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const form = (await noor.get('/en/report/all')).body
  const fields = Object.fromEntries(
    ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(form, name)]),
  )
  const onePage = await noor.post('/en/report/all', { ...fields, words: 'a blue door' })
  await noor.post('/en/report/words', { words: 'a blue door' })
  const road = await noor.post('/en/report/send', {})
  t.equal(
    onePage.body.replaceAll('/report/all/received"', '/report/received"'),
    road.body,
    'but for the switch of languages',
  )
})

t.test('when the desk reads is told as its hours say, and no moment is promised', async (t) => {
  const received = async (hours: string | null): Promise<string> => {
    const { intake } = await startApps(t, { deskHours: hours === null ? null : readDeskHours(hours) })
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'a blue door' })
    return (await noor.post('/en/report/send', {})).body
  }
  const known = await received('mon-fri 09:00-17:00')
  t.match(known, 'Monday – Friday 09:00 – 17:00')
  t.match(known, 'When your report gets its turn, we cannot say.')
  const unknown = await received(null)
  t.notMatch(unknown, /days and hours|\d\d:\d\d/)
  t.match(unknown, 'When your report gets its turn, we cannot say.')
})
