// "Does this give you away?": asked once before sending, decided by the reporter, never taken out unasked.
import t from 'tap'
import { startApps, type TestApps } from '../support/apps.js'
import { hiddenValue } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'
import { countRows, openSections } from '../support/stored-reports.js'

const WORDS = 'Mijn naam is Noortje. De man belt met 06 12 34 56 78 en slaapt in de loods.'

/** The names of the questions on a page, in their order. */
function asked(page: string): string[] {
  return [...new Set([...page.matchAll(/name="(at-[\w-]+)"/g)].map(([, name = '']) => name))]
}

async function storedWords({ database, desk }: TestApps): Promise<string | undefined> {
  const [situation] = await openSections<{ words: string }>(database.owner, desk, 'situation')
  return situation?.words
}

t.test('sending asks first about a name and a number, and does what the reporter says', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/words', { words: WORDS })
  const sent = await noor.postOnly('/nl/report/send', {})
  t.equal(sent.headers.location, '/nl/report/look')
  const page = await noor.get('/nl/report/look')
  t.equal(await countRows(apps.database.owner, 'arrival'), 0)
  const [name = '', number = ''] = asked(page.body)
  t.ok(name && number, 'both are asked about')
  t.match(page.body, /<strong>[^<]*Noortje<\/strong>/)
  const check = await noor.post('/nl/report/look', { [name]: 'out', [number]: 'keep' })
  t.match(check.body, '[…]. De man belt met 06 12 34 56 78')
  t.match((await noor.post('/nl/report/send', {})).body, 'Ontvangen')
  t.equal(await storedWords(apps), WORDS.replace('Mijn naam is Noortje', '[…]'))
})

t.test('whoever leaves everything as it is is asked once, and again after other words', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/words', { words: WORDS })
  await noor.post('/nl/report/look', {})
  await noor.post('/nl/report/words', { words: `${WORDS} Ik woon ernaast.` })
  t.equal((await noor.postOnly('/nl/report/send', {})).headers.location, '/nl/report/look')
  await noor.post('/nl/report/look', { 'at-words-0-4': 'out', 'at-nothing': 'out' })
  t.match((await noor.post('/nl/report/send', {})).body, 'Ontvangen')
  t.equal(await storedWords(apps), `${WORDS} Ik woon ernaast.`, 'a place that is no finding is left alone')
})

t.test(
  'somebody with a code goes back to the code, and nothing is asked where nothing is found',
  async (t) => {
    const { intake } = await startApps(t)
    const noor = createReporter(intake)
    await noor.post('/nl/report/words', { words: WORDS })
    await noor.post('/nl/report/code', {})
    const sent = await noor.postOnly('/nl/report/send', { with_code: 'yes', written: 'yes' })
    t.equal(sent.headers.location, '/nl/report/look')
    t.equal((await noor.postOnly('/nl/report/look', {})).headers.location, '/nl/report/code')
    const quiet = createReporter(intake)
    await quiet.post('/nl/report/words', { words: 'De gordijnen zijn altijd dicht.' })
    t.equal((await quiet.get('/nl/report/look')).headers.location, '/nl/report/check')
    t.match((await createReporter(intake).get('/nl/report/look')).body, 'Er staat hier niets meer')
  },
)

t.test('the one page asks once, above the button, with everything typed kept', async (t) => {
  const { intake, database } = await startApps(t)
  const noor = createReporter(intake)
  const fresh = (await noor.get('/nl/report/all')).body
  const fields = { token: hiddenValue(fresh, 'token'), words: WORDS }
  const asks = await noor.post('/nl/report/all', fields)
  t.equal(asks.statusCode, 422)
  t.match(asks.body, WORDS)
  t.equal(hiddenValue(asks.body, 'looked'), 'yes')
  t.equal(await countRows(database.owner, 'arrival'), 0)
  t.match((await noor.post('/nl/report/all', { ...fields, looked: 'yes' })).body, 'Ontvangen')
  t.equal(noor.cookie(), '')
})
