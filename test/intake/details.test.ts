// More about a report, beside the road: sentences of a catalogue, each optional, each sealed in its own section.
import t from 'tap'
import { loadSite } from '../../server/intake/site.js'
import { detailName, requireTexts } from '../../server/report/details.js'
import { startApps, type TestApps } from '../support/apps.js'
import { openJson } from '../support/desk.js'
import { createReporter } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const groups = site.catalogue.details

async function sections(apps: TestApps): Promise<Record<string, unknown>> {
  await apps.release()
  const { rows } = await apps.database.owner.query<{ report: string; kind: 'victims'; sealed: Buffer }>(
    `select report, kind, sealed from report_part where kind in ('place', 'victims', 'offenders', 'source')`,
  )
  const opened = rows.map(async ({ report, kind, sealed }) => {
    const { details } = (await openJson(apps.desk.keys.identity, sealed, { kind, of: report })) as {
      details: unknown
    }
    return [kind, details]
  })
  return Object.fromEntries(await Promise.all(opened)) as Record<string, unknown>
}

t.test('what is ticked beside the road is read back as sentences and sealed in its section', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/more/people', {
    'people-count': 'few',
    'people-age': ['teen', 'adult'],
    'people-person': 'Roos, spreekt Hongaars',
  })
  await noor.post('/nl/report/more/behind', { 'behind-plates': 'GK-771-B' })
  await noor.post('/nl/report/more/spot', { 'spot-kind': 'border' })
  const check = await noor.post('/nl/report/more/know', { 'know-how': 'seen', 'know-only': 'maybe' })
  for (const sentence of [
    'Twee tot vijf mensen',
    '18 of ouder',
    'Roos, spreekt Hongaars',
    'GK-771-B',
    'Ik zag het zelf',
  ])
    t.ok(check.body.includes(sentence), sentence)
  t.match(check.body, 'Team Criminele Inlichtingen', 'the other way for whoever may be the only source')
  t.match(check.body, 'tel:08001814', 'the border police for a border')
  t.match((await noor.get('/nl/report/more/people')).body, /value="few" checked/)

  t.match((await noor.post('/nl/report/send', {})).body, 'Ontvangen')
  t.same(await sections(apps), {
    place: { 'spot-kind': ['border'] },
    victims: {
      'people-count': ['few'],
      'people-age': ['teen', 'adult'],
      'people-person': ['Roos, spreekt Hongaars'],
    },
    offenders: { 'behind-plates': ['GK-771-B'] },
    source: { 'know-how': ['seen'], 'know-only': ['maybe'] },
  })
})

t.test('one tick beside the road is a report', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/en/report/more/people', { 'people-papers': 'other' })
  t.match((await noor.post('/en/report/send', {})).body, 'Received')
  t.match(await sections(apps), { victims: { 'people-papers': ['other'] } })
})

t.test('a minor who is ticked makes the report urgent', async (t) => {
  const apps = await startApps(t)
  for (const age of ['teen', 'adult']) {
    const noor = createReporter(apps.intake)
    await noor.post('/en/report/more/people', { 'people-age': age })
    await noor.post('/en/report/send', {})
  }
  await apps.release()
  const { rows } = await apps.database.owner.query('select urgent from report order by urgent')
  t.same(rows, [{ urgent: false }, { urgent: true }])
})

t.test('only professionals are asked about consent, and only their answer is sealed', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/en/report/who', { vantage: 'professional' })
  t.match((await noor.get('/en/report/more/people')).body, 'name="people-consent"')
  await noor.post('/en/report/more/people', { 'people-consent': 'reason', 'people-count': 'one' })
  await noor.post('/en/report/who', { vantage: 'citizen' })
  t.notMatch((await noor.get('/en/report/more/people')).body, 'people-consent')
  await noor.post('/en/report/send', {})
  t.same((await sections(apps)).victims, { 'people-count': ['one'] })
})

t.test('a professional keeps three people apart, each with consent of its own', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/en/report/who', { vantage: 'professional' })
  const told = {
    'people-person': ['a woman with a scar'],
    'people-consent': ['nothing'],
    'people-secondPerson': ['a boy who is called Red'],
    'people-secondConsent': ['reason'],
    'people-thirdPerson': ['a man with a cough'],
    'people-thirdConsent': ['consent'],
  }
  await noor.post('/en/report/more/people', told)
  await noor.post('/en/report/send', {})
  t.same((await sections(apps)).victims, told)
  t.notMatch((await noor.get('/en/report/all')).body, 'thirdPerson', 'the one page stays short')
})

t.test('an answer that does not count any more is no report', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  await noor.post('/en/report/who', { vantage: 'professional' })
  await noor.post('/en/report/more/people', { 'people-consent': 'consent' })
  await noor.post('/en/report/who', { vantage: 'citizen' })
  t.match((await noor.post('/en/report/send', {})).body, 'There is nothing in it yet.')
  t.equal(await countRows(apps.database.owner, 'arrival'), 0)
})

t.test('a wrong choice and too long a text are told at their field, and what was typed stays', async (t) => {
  const { intake } = await startApps(t)
  const noor = createReporter(intake)
  const long = 'x'.repeat(2_001)
  const page = await noor.post('/en/report/more/know', { 'know-only': 'perhaps', 'know-seen': long })
  t.equal(page.statusCode, 422)
  t.match(page.body, 'id="know-only-error"')
  t.match(page.body, 'id="know-seen-error"')
  t.ok(page.body.includes(long))
  const check = await noor.post('/en/report/send', {})
  t.equal(check.statusCode, 422)
  t.match(check.body, 'href="/en/report/more/know"')
})

t.test('every sentence stands in every language, and one too many is noticed', async (t) => {
  for (const { code } of site.languages) t.doesNotThrow(() => requireTexts(groups, site.details(code)))
  const [first] = groups
  t.throws(() => requireTexts(groups.slice(1), site.details('nl')), new RegExp(`${first?.id}\\.`))
  const names = groups.flatMap((group) => group.questions.map((question) => detailName(group, question)))
  t.equal(new Set(names).size, names.length)
})
