// Five entries, one flow: each kind of reporter reads her own words, danger comes before everything, and help before
// reporting.
import t from 'tap'
import { loadSite } from '../../server/intake/site.js'
import { readDeskHours } from '../../server/report/desk-hours.js'
import { VANTAGES } from '../../server/report/signs.js'
import { startApps } from '../support/apps.js'
import { createReporter } from '../support/reporter.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const FIRST = ['client', 'sex_worker', 'professional', 'affected']

for (const language of ['nl', 'en']) {
  t.test(`each entry has its own road and words (${language})`, async (t) => {
    const { intake } = await startApps(t)
    for (const vantage of VANTAGES) {
      const noor = createReporter(intake)
      const base = `/${language}/report`
      await noor.post(`${base}/danger`, { danger: 'no' })
      const chosen = await noor.postOnly(`${base}/who`, { vantage })
      const hasFirst = FIRST.includes(vantage)
      t.equal(chosen.headers.location, `${base}/${hasFirst ? 'first' : 'what'}`, vantage)
      const entry = site.entry(language, vantage)
      const first = await noor.get(`${base}/first`)
      if (hasFirst) {
        t.match(first.body, entry.first?.title ?? 'none')
        t.match(first.body, `href="${base}/what"`)
        t.match(first.body, 'tel:')
      } else t.equal(first.headers.location, `${base}/what`)
      t.match((await noor.get(`${base}/signs`)).body, entry.signs.question)
      t.match((await noor.get(`${base}/words`)).body, entry.words.question)
      for (const prompt of entry.words.prompts) t.ok((await noor.get(`${base}/words`)).body.includes(prompt))
    }
  })
}

t.test('danger now shows 112 and whether anybody reads, and the report goes on', async (t) => {
  const hours = readDeskHours('mon-fri 09:00-17:00')
  for (const [deskHours, moment, says] of [
    [hours, '2026-11-23T10:00:00Z', 'Somebody may read your report soon'],
    [hours, '2026-11-23T20:00:00Z', 'At this moment nobody reads reports'],
    [null, '2026-11-23T10:00:00Z', 'Count on it that nobody reads it now'],
  ] as const) {
    const { intake } = await startApps(t, { deskHours, clock: () => new Date(moment) })
    const noor = createReporter(intake)
    const now = await noor.post('/en/report/danger', { danger: 'yes' })
    t.match(now.body, 'href="tel:112"')
    t.match(now.body, says)
    t.match(now.body, 'href="/en/report/who"')
    t.equal(now.body.includes('Monday'), deskHours !== null)
  }
})

t.test('a reporter is shown signs that her kind can see, all when she would rather not say', async (t) => {
  const { intake } = await startApps(t)
  const shown = async (vantage: string): Promise<string[]> => {
    const noor = createReporter(intake)
    await noor.post('/en/report/who', { vantage })
    const page = await noor.get('/en/report/signs')
    return [...page.body.matchAll(/name="signs" value="(\w+)"/g)].map(([, id = '']) => id)
  }
  for (const vantage of VANTAGES) {
    const seen = site.catalogue.signs.filter(({ vantages }) => vantages.includes(vantage)).map(({ id }) => id)
    const all = site.catalogue.signs.map(({ id }) => id)
    t.same(await shown(vantage), vantage === 'other' ? all : seen, vantage)
  }
})

t.test('the person affected reads of herself, and the desk reads the same sign', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  await noor.post('/en/report/who', { vantage: 'affected' })
  t.match((await noor.get('/en/report/signs')).body, 'My boss has my passport')
  t.notMatch((await noor.get('/en/report/signs')).body, 'The person')
  await noor.post('/en/report/signs', { signs: ['l4', 's15'] })
  t.match((await noor.get('/en/report/check')).body, 'I am always watched')
  await noor.post('/en/report/who', { vantage: 'citizen' })
  t.match((await noor.get('/en/report/check')).body, 'The person is always watched')
})

t.test(
  'texts for clients promise nothing after, and no text asks whether or when somebody paid',
  async (t) => {
    for (const { code } of site.languages) {
      const words = JSON.stringify(site.entry(code, 'client'))
      t.match(words, code === 'nl' ? 'niet beloven' : 'cannot promise')
      t.notMatch(words, /\?[^"]*(paid|pay|betaal)[^"]*\?/i)
    }
    t.notMatch(JSON.stringify(site.entry('nl', 'professional')), /prostitu/i)
  },
)
