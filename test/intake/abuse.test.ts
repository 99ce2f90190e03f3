// Against abuse without following anybody: nobody who means well is kept out, and nothing is kept of anybody.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

t.test(
  'a program that fills in every field is asked again and stores nothing; a person then gets through',
  async (t) => {
    const { intake, database } = await startApps(t)
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'three lorries' })
    const asked = await noor.post('/en/report/send', { website: 'https://x.example' })
    t.equal(asked.statusCode, 422)
    t.match(asked.body, 'One field must stay empty')
    t.match(asked.body, 'three lorries')
    t.notMatch(asked.body, 'x.example')
    t.equal(await countRows(database.owner, 'arrival'), 0)
    t.match((await noor.post('/en/report/send', { website: '' })).body, '<h1>Received</h1>')
    t.equal(await countRows(database.owner, 'arrival'), 1)
  },
)

t.test('the same on the one page, with everything typed kept', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  const { body } = await noor.get('/en/report/all')
  const fields = { token: hiddenValue(body, 'token'), words: 'three lorries' }
  const asked = await noor.post('/en/report/all', { ...fields, website: 'x' })
  t.equal(asked.statusCode, 422)
  t.match(asked.body, 'three lorries')
  t.equal(await countRows(database.owner, 'arrival'), 0)
  t.match((await noor.post('/en/report/all', fields)).body, '<h1>Received</h1>')
})

t.test('thirty people behind one address all report', async (t) => {
  // A shelter or a library, with the limit that holds when no proxy stands in front.
  const { intake, database } = await startApps(t, { perMinute: 600 })
  const people = Array.from({ length: 30 }, () => createReporter(intake))
  const received = await Promise.all(
    people.map(async (noor, number) => {
      await noor.get('/nl/')
      await noor.get('/nl/report')
      await noor.post('/nl/report/danger', { danger: 'no' })
      await noor.post('/nl/report/who', { vantage: 'citizen' })
      await noor.post('/nl/report/words', { words: `person ${number}` })
      return (await noor.post('/nl/report/send', {})).body.includes('Ontvangen')
    }),
  )
  t.same(received, Array(30).fill(true))
  t.equal(await countRows(database.owner, 'arrival'), 30)
})
