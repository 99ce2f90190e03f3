// Details on the one page: the same questions as beside the road, folded, and sealed in the same sections.
import t from 'tap'
import { loadSite } from '../../server/intake/site.js'
import { detailName } from '../../server/report/details.js'
import { startApps, type TestApps } from '../support/apps.js'
import { faultsOfErrors, fieldsInSummary, hiddenValue } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'
import { countRows, openSections } from '../support/stored-reports.js'

const PATH = '/en/report/all'
const SECTIONS = ['victims', 'offenders', 'place', 'source'] as const
const ANSWERS = {
  people: { 'people-count': 'few', 'people-age': ['child', 'adult'], 'people-person': 'called Roos' },
  behind: { 'behind-control': ['debt', 'watched'], 'behind-phones': '06 12 34 56 78' },
  spot: { 'spot-kind': 'border', 'spot-address': 'the third door' },
  know: { 'know-how': ['seen', 'told'], 'know-only': 'maybe' },
}
const { details: groups } = loadSite({
  siteName: 'Baken',
  defaultLanguage: 'nl',
  demonstration: false,
}).catalogue

/** For what needs no database of its own. */
const shared = await startApps(t)

async function sealedDetails({ database, desk }: TestApps): Promise<unknown[]> {
  const open = (kind: (typeof SECTIONS)[number]) =>
    openSections<{ details: unknown }>(database.owner, desk, kind)
  return (await Promise.all(SECTIONS.map(open))).flat().map(({ details }) => details)
}

/** Titles of the subjects that stand open. */
function opened(page: string): string[] {
  return [...page.matchAll(/<details class="note" open>\s*<summary><h2>([^<]*)/g)].map(
    ([, title = '']) => title,
  )
}

t.test('details of the one page are sealed as those of the road are', async (t) => {
  const [road, page] = await Promise.all([startApps(t), startApps(t)])
  const noor = createReporter(road.intake)
  for (const [group, fields] of Object.entries(ANSWERS)) await noor.post(`/en/report/more/${group}`, fields)
  await noor.post('/en/report/send', {})
  const sam = createReporter(page.intake)
  const received = await sam.post(PATH, Object.assign({}, ...Object.values(ANSWERS)))
  t.match(received.body, '<h1>Received</h1>')
  t.equal(sam.cookie(), '')
  const sealed = await sealedDetails(page)
  t.match(sealed, [{ 'people-age': ['child', 'adult'] }, { 'behind-control': ['debt', 'watched'] }, {}, {}])
  t.same(sealed, await sealedDetails(road))
})

t.test('consent is only taken from professionals, and is no report of anybody else', async (t) => {
  const apps = await startApps(t)
  const noor = createReporter(apps.intake)
  const page = (await noor.get(PATH)).body
  t.match(page, /Only if you chose “I see it in my work[^<]*Shelter and registration/)
  const alone = await noor.post(PATH, { 'people-consent': 'consent', vantage: 'citizen' })
  t.same(fieldsInSummary(alone.body), ['forms'])
  t.match(alone.body, /name="people-consent" value="consent"[^>]* checked/, 'it still stands there')
  for (const vantage of ['citizen', 'professional'])
    await noor.post(PATH, { vantage, 'people-consent': 'consent', 'people-count': 'one' })
  const sealed = await openSections<{ details: object }>(apps.database.owner, apps.desk, 'victims')
  const keys = sealed.map(({ details }) => Object.keys(details).sort().join()).sort()
  t.same(keys, ['people-consent,people-count', 'people-count'])
})

t.test(
  'a minor who is ticked makes the report urgent, and the code stays folded with its advice',
  async (t) => {
    const { intake, database } = await startApps(t)
    const noor = createReporter(intake)
    const young = { vantage: 'affected', 'people-age': 'teen' }
    const again = await noor.post(PATH, { ...young, municipality: 'Atlantis' })
    t.same(opened(again.body), ['Who is in trouble?'])
    const code = again.body.indexOf('<p class="code"')
    t.ok(again.body.slice(0, code).includes('Then we advise against a code'), 'before the code')
    for (const age of ['teen', 'adult']) await noor.post(PATH, { ...young, 'people-age': age })
    const { rows } = await database.owner.query('select urgent from arrival order by urgent')
    t.same(rows, [{ urgent: false }, { urgent: true }])
    t.equal(await countRows(database.owner, 'arrival_mailbox'), 0)
  },
)

t.test('a subject is open when something in it is filled in or wrong; what was typed stays', async (t) => {
  const noor = createReporter(shared.intake)
  t.same(opened((await noor.get(PATH)).body), [])
  const typed = { 'people-person': 'called Roos', 'know-seen': 'x'.repeat(2_001), 'spot-kind': 'moon' }
  const page = await noor.post(PATH, { ...typed, 'people-age': 'teen' })
  t.equal(page.statusCode, 422)
  t.same(fieldsInSummary(page.body).sort(), ['know-seen', 'spot-kind'])
  t.same(faultsOfErrors(page.body), [])
  t.same(opened(page.body), ['Who is in trouble?', 'More about the place', 'How do you know?'])
  for (const words of ['called Roos', typed['know-seen']]) t.ok(page.body.includes(words))
  t.match(page.body, /name="people-age" value="teen" checked/)
})

t.test('details too are searched for what may tell who reports', async (t) => {
  const noor = createReporter(shared.intake)
  const fields = { 'know-heard': 'Mijn naam is Noortje', 'behind-phones': '06 12 34 56 78' }
  const asks = await noor.post(PATH, fields)
  t.equal(hiddenValue(asks.body, 'looked'), 'yes')
  t.match(asks.body, /<bdi translate="no">[^<]*Noortje<\/bdi>/)
  t.notMatch(asks.body, /<bdi translate="no">06/, 'a number is left alone where numbers are asked for')
  t.match((await noor.post(PATH, { ...fields, looked: 'yes' })).body, '<h1>Received</h1>')
})

t.test('everything on the page can be filled in at once', async (t) => {
  const noor = createReporter(shared.intake)
  const page = (await noor.get(PATH)).body
  const all: Record<string, string[]> = {}
  for (const [, name = '', value = ''] of page.matchAll(
    /type="(?:radio|checkbox)" name="([^"]+)" value="([^"]+)"/g,
  ))
    all[name] = [...(all[name] ?? []), value]
  const texts = groups.flatMap((group) =>
    group.questions
      .filter(({ kind, onlyOnRoad }) => kind === 'text' && !onlyOnRoad)
      .map((one) => detailName(group, one)),
  )
  for (const name of ['words', 'place', 'whenWords', ...texts]) all[name] = ['x']
  const hidden = ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(page, name)])
  const received = await noor.post(PATH, { ...all, ...Object.fromEntries(hidden) })
  t.match(received.body, '<h1>Received</h1>')
  for (const name of texts) t.ok(page.includes(`name="${name}"`), name)
})
