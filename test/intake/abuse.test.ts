// Against abuse without following anybody: nobody who means well is kept out, and nothing is kept of anybody.
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { hiddenValue } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'
import { createVisitor } from '../support/visitor.js'

t.test(
  'a program that fills in every field is asked again and stores nothing; a person then gets through',
  async (t) => {
    const { intake, database } = await startApps(t)
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'three lorries' })
    const asked = await noor.post('/en/report/send', { website: 'https://x.example' })
    t.equal(asked.statusCode, 422)
    t.match(asked.body, 'One field must stay empty')
    t.match(
      asked.body,
      /href="#website"[\s\S]*id="website"/,
      'and the link leads to where she sends once more',
    )
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
  t.match(asked.body, /href="#website"[\s\S]*id="website"/)
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

t.test(
  'while one address floods, everybody else comes next: those elsewhere, and those who began already',
  async (t) => {
    const sealing = makeHold()
    const { intake } = await startApps(t, {
      through: (storage) => ({ ...storage, storeReport: sealing.around(storage.storeReport) }),
    })
    const origin = await listen(intake)
    const noor = createVisitor(origin, { from: '127.0.0.7' })
    const sam = createVisitor(origin, { from: '127.0.0.9' })
    await sam.post('/en/report/danger', { danger: 'no' })
    await sam.post('/en/report/words', { words: 'the blue door' })
    const done: string[] = []
    const flood = Array.from({ length: 120 }, async (_, i) => {
      const token = `${i}`.padStart(32, 'x')
      await createVisitor(origin, { from: '127.0.0.9' }).post('/en/report/all', {
        token,
        words: `flood ${i}`,
      })
      done.push('flood')
    })
    await pause(500)
    const others = [
      noor.post('/en/report/danger', { danger: 'no' }).then(() => done.push('noor')),
      sam.post('/en/report/send', { go: 'yes' }).then(() => done.push('sam')),
    ]
    await pause(200)
    t.same(done, [], 'everything waits while nothing can be stored')
    sealing.end()
    await Promise.all([...flood, ...others])
    // Sixteen were being worked on, and some of them end in the same moment.
    for (const name of ['noor', 'sam'])
      t.ok(done.indexOf(name) < 60, `${name} came after ${done.indexOf(name)} of 120`)
  },
)

t.test('turns come back from those who hang up', async (t) => {
  const { intake } = await startApps(t)
  const origin = await listen(intake)
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const leaving = new AbortController()
        const asked = fetch(`${origin}/en/report/words`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'words=a',
          signal: leaving.signal,
        })
        setTimeout(() => leaving.abort(), round * 3)
        await asked.then((answer) => answer.text()).catch(() => undefined)
      }),
    )
  }
  t.equal((await createVisitor(origin).post('/en/report/words', { words: 'b' })).statusCode, 200)
})

t.test('a full disk is told before anybody begins; what was begun is still sent', async (t) => {
  let full = false
  const { intake, database } = await startApps(t, { isFull: async () => full })
  const noor = createReporter(intake)
  await noor.post('/en/report/words', { words: 'three lorries' })
  const { body } = await noor.get('/en/report/all')
  full = true
  await pause(2_100)
  for (const page of ['/en/report', '/en/report/danger', '/en/report/all']) {
    const told = await createReporter(intake).get(page)
    t.equal(told.statusCode, 503, page)
    t.match(told.body, 'We cannot take new reports at this moment')
    t.match(told.body, 'tel:112')
  }
  t.equal((await createReporter(intake).post('/en/report/danger', { danger: 'no' })).statusCode, 503)
  t.match((await createReporter(intake).get('/en/help')).body, 'tel:')
  t.match((await noor.get('/en/report/words')).body, 'three lorries')
  t.match((await noor.post('/en/report/send', {})).body, '<h1>Received</h1>')
  const fields = { token: hiddenValue(body, 'token'), words: 'a fourth lorry' }
  t.match((await createReporter(intake).post('/en/report/all', fields)).body, '<h1>Received</h1>')
  t.equal(await countRows(database.owner, 'arrival'), 2)
})

/** Holds calls back until `end`. */
function makeHold() {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    end: () => end(),
    around:
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        await ended
        return call(...given)
      },
  }
}
