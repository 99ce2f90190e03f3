import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import {
  createDirectory,
  type HelpChange,
  type HelpChanges,
  helpRows,
  mergeHelp,
  namedHelp,
} from '../../server/help/directory.js'
import {
  coordinatorSchema,
  type HelpEntry,
  helpEntrySchema,
  holdsAddress,
  isInForce,
  isStale,
  phoneSchema,
  shownPhone,
} from '../../server/help/entry.js'
import { checkHelp, loadShipped } from '../../server/help/shipped.js'
import { watchHelp } from '../../server/help/watch.js'
import { loadTexts } from '../../server/i18n/index.js'
import { alteredTexts } from '../support/altered-texts.js'

const texts = loadTexts()
const shipped = loadShipped(texts)
const directory = createDirectory(texts)
const CODES = texts.languages.map(({ code }) => code)
const help = (language: string) => helpRows(directory, language)
const day = (date: string) => new Date(`${date}T12:00:00Z`)

/** The shipped entry of this id. */
function entryOf(id: string): HelpEntry {
  const entry = shipped.entries.find((one) => one.id === id)
  if (!entry) throw new Error(`no shipped entry ${id}`)
  return entry
}

t.test('every language has the same organisations, each with a source', async (t) => {
  const ids = CODES.map((code) => help(code).map(({ id }) => id))
  for (const own of ids) t.same(own, ids[0])
  t.equal(new Set(ids[0]).size, ids[0]?.length, 'none stands twice')
  t.ok((ids[0]?.length ?? 0) >= 15)
  for (const { id, phone, website, sources } of help('nl')) {
    t.ok(phone !== null || website !== null, `${id} can be reached`)
    t.ok(sources.length > 0, id)
  }
})

t.test('the numbers that stand on pages of failures are there', async (t) => {
  const ids = help('nl').map(({ id }) => id)
  for (const id of ['emergency', 'mma', 'comensha', 'veiligthuis']) t.ok(ids.includes(id), id)
})

t.test('what is shipped is whole, and everything wrong with it is told at once', async (t) => {
  checkHelp(texts)
  const altered = await alteredTexts(t)
  await altered.change('help-directory.json', (json) =>
    json.replace('"wegwijzer-melden"', '"unheard-of"').replace('"Haaglanden"', '"Atlantis"'),
  )
  await altered.change('en/help-coordinators.json', (json) => json.replace('"koraal"', '"corral"'))
  const i18n = await altered.load<{ loadTexts: typeof loadTexts }>('i18n/index.js')
  const own = await altered.load<{ checkHelp: typeof checkHelp }>('help/shipped.js')
  const check = () => own.checkHelp(i18n.loadTexts())
  t.throws(check, { message: /en\/help-coordinators\.json: no text for koraal/ })
  await altered.change('en/help-coordinators.json', (json) =>
    json.replace('"corral"', '"koraal": { "area": "", "whom": "" }, "spare"'),
  )
  for (const message of [/no source unheard-of/, /no region Atlantis/, /spare is no row/])
    t.throws(check, { message })
})

t.test('what is not to be published is shown nowhere', async (t) => {
  for (const code of CODES)
    t.notOk(help(code).some(({ id }) => id === 'shop' || id === 'slachtoffer_getuige'))
  t.notOk(JSON.stringify(help('nl')).includes('079-3458999'))
})

t.test('an old number of a region waits for somebody who verified it; service numbers do not', async (t) => {
  const phone = { shown: '020-6263800', tel: '+31206263800', publish: true }
  const row = { phone, confidence: 'B', verified_on: null } as const
  t.equal(shownPhone(row), null)
  t.equal(shownPhone({ ...row, verified_on: '2026-11-01' }), phone)
  t.equal(shownPhone({ ...row, confidence: 'A' }), phone)
  t.equal(shownPhone({ ...row, confidence: 'A', phone: { ...phone, publish: false } }), null)
  for (const id of ['113', 'kindertelefoon', 'csg'])
    t.not(help('nl').find((one) => one.id === id)?.phone ?? null, null, id)
  t.ok(isStale(null, day('2026-11-23')))
  t.notOk(isStale('2026-05-27', day('2026-11-23')), '180 days')
  t.ok(isStale('2026-05-26', day('2026-11-23')), '181 days')
})

t.test('the number that is dialled is the one that is read', async (t) => {
  for (const { phone, phone_abroad } of shipped.entries) {
    for (const one of [phone, phone_abroad]) if (one) t.ok(phoneSchema.safeParse(one).success, one.shown)
  }
  const refused = [
    ['020-6263800', '+31206263801'],
    ['0800-7000', '08007001'],
    ['0313-123456', '0313123456'],
    ['112', 'javascript:1'],
  ]
  for (const [shown, tel] of refused)
    t.notOk(phoneSchema.safeParse({ shown, tel, publish: true }).success, String(tel))
  t.ok(phoneSchema.safeParse({ shown: '+31 (0)20 626 38 00', tel: '+31206263800', publish: true }).success)
  fc.assert(
    fc.property(fc.integer({ min: 100_000_000, max: 999_999_999 }), fc.nat({ max: 8 }), (digits, at) => {
      const own = String(digits)
      const other = [...own].map((digit, i) => (i === at ? String((Number(digit) + 1) % 10) : digit)).join('')
      const fits = (tel: string) => phoneSchema.safeParse({ shown: `0${own}`, tel, publish: true }).success
      return fits(`+31${own}`) && !fits(`+31${other}`)
    }),
  )
})

t.test('a shelter has no address: no field takes one and no text may hold one', async (t) => {
  const shelter = entryOf('comensha')
  t.notOk(helpEntrySchema.safeParse({ ...shelter, address: 'Dorpsstraat 12' }).success)
  const saying = (good_to_know: string, kinds: readonly string[] = ['shelter']) => {
    const [nl] = Object.values(shelter.texts)
    return helpEntrySchema.safeParse({ ...shelter, kinds, texts: { nl: { ...nl, good_to_know } } }).success
  }
  for (const text of ['Dorpsstraat 12', 'Kom naar de Lange Gracht 5a.', '1234 AB Ons Dorp', 'bij 1234ab'])
    t.notOk(saying(text), text)
  for (const text of ['Sinds 2015 en tot 18 jaar.', 'Elke dag 24 uur.', 'U bent een tijd onderweg 2 uur.'])
    t.ok(saying(text), text)
  t.ok(saying('Dorpsstraat 12', ['advice']))
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 9999 }),
      fc.stringMatching(/^[A-Z]{2}$/),
      fc.constantFrom('', ' '),
      (digits, letters, gap) => holdsAddress(`Wij zitten op ${digits}${gap}${letters}, boven.`),
    ),
  )
})

t.test('a coordinator is one from the first day to the last, and says when nobody is known', async (t) => {
  const [shippedRow] = shipped.coordinators
  const row = { ...shippedRow, valid_from: '2026-01-01', valid_to: '2026-12-31' }
  const parsed = coordinatorSchema.parse(row)
  for (const [date, inForce] of [
    ['2025-12-31', false],
    ['2026-01-01', true],
    ['2026-12-31', true],
    ['2027-01-01', false],
  ] as const)
    t.equal(isInForce(parsed, day(date)), inForce, date)
  t.notOk(coordinatorSchema.safeParse({ ...row, valid_to: '2025-01-01' }).success)
  t.ok(coordinatorSchema.safeParse({ ...row, name: null, phone: null }).success)
  t.notOk(coordinatorSchema.safeParse({ ...row, name: null, phone: entryOf('comensha').phone }).success)
})

t.test('what an operator stored stands in place of the shipped row, and a retired one is gone', async (t) => {
  const live = createDirectory(texts)
  let told = 0
  live.onChange(() => told++)
  const mma = entryOf('mma')
  const nl = mma.texts.nl as HelpEntry['texts'][string]
  live.replace({
    version: 7,
    entries: [
      { id: 'mma', row: { ...mma, texts: { nl: { ...nl, name: 'Eigen naam' } } }, retired: false },
      { id: 'police', row: entryOf('police'), retired: true },
      { id: 'a-new-one', row: { ...mma, id: 'a-new-one', texts: { nl } }, retired: false },
      { id: 'nla', row: { half: 'of another release' }, retired: false },
    ],
    coordinators: [],
  })
  t.equal(told, 1)
  t.equal(live.version, 7)
  const nlRows = live.entries('nl')
  const enRows = live.entries('en')
  const find = (rows: typeof nlRows, id: string) => rows.find((one) => one.id === id)
  t.equal(find(nlRows, 'mma')?.text.name, 'Eigen naam')
  t.equal(find(enRows, 'mma')?.text.name, mma.texts.en?.name, 'the other language stays the shipped one')
  t.equal(find(nlRows, 'police'), undefined)
  t.equal(find(nlRows, 'nla')?.text.name, entryOf('nla').texts.nl?.name, 'unreadable: as shipped')
  t.equal(nlRows.at(-1)?.id, 'a-new-one')
  t.equal(find(enRows, 'a-new-one')?.told_in, 'nl')
  t.same(
    nlRows.map(({ id }) => id).filter((id) => id !== 'a-new-one'),
    directory
      .entries('nl')
      .map(({ id }) => id)
      .filter((id) => id !== 'police'),
    'in the shipped order',
  )
})

t.test('the emergency number can be neither changed nor taken out', async (t) => {
  const emergency = entryOf('emergency')
  const other = { shown: '0800-7000', tel: '08007000', publish: true }
  for (const change of [{ phone: other }, { phone: null }, { publish: false }])
    t.notOk(helpEntrySchema.safeParse({ ...emergency, ...change }).success)
  const live = createDirectory(texts)
  const wrong = { id: 'emergency', row: { ...emergency, phone: other }, retired: true }
  live.replace({ version: 1, entries: [wrong], coordinators: [] })
  t.equal(live.entries('nl').find(({ id }) => id === 'emergency')?.phone?.tel, '112')
})

t.test('whatever is stored, the shipped directory is read or replaced, never broken', async () => {
  const change = fc.record({
    id: fc.constantFrom('mma', 'police', 'comensha', 'unheard-of'),
    row: fc.oneof(fc.anything(), fc.constant({ ...entryOf('mma'), phone: null })),
    retired: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.uniqueArray(change, { selector: ({ id }) => id }), (entries: HelpChange[]) => {
      const merged = mergeHelp(shipped, { version: 1, entries, coordinators: entries })
      const gone = entries.filter(({ retired }) => retired).map(({ id }) => id)
      return (
        merged.entries.every((one) => helpEntrySchema.safeParse(one).success) &&
        shipped.entries.every(({ id }) => merged.entries.some((one) => one.id === id) !== gone.includes(id))
      )
    }),
  )
})

t.test('while the database is away what was read last stays, and the failure is told once', async (t) => {
  let now = day('2026-11-23')
  const live = createDirectory(texts, () => now)
  let cleared = 0
  live.onChange(() => cleared++)
  let stored: HelpChanges | null = {
    version: 3,
    entries: [{ id: 'mma', row: { ...entryOf('mma'), website: 'https://own.example/' }, retired: false }],
    coordinators: [],
  }
  const failures: unknown[] = []
  const ask = async (): Promise<HelpChanges> => {
    if (!stored) throw new Error('away')
    return stored
  }
  const source = { helpVersion: async () => (await ask()).version, readHelp: ask }
  const watch = watchHelp(live, source, (error) => failures.push(error), 5)
  t.teardown(watch.stop)
  const site = () => live.entries('nl').find(({ id }) => id === 'mma')?.website
  await until(() => cleared === 1)
  t.equal(site(), 'https://own.example/')
  t.notOk(await watch.look(), 'nothing new')
  t.equal(cleared, 1, 'pages are kept while nothing changes')

  stored = null
  await t.rejects(watch.look(), { message: 'away' })
  await until(() => failures.length > 0)
  await setTimeout(30)
  t.equal(failures.length, 1)
  t.equal(site(), 'https://own.example/')

  now = day('2026-11-24')
  await t.rejects(watch.look())
  t.equal(cleared, 2, 'a new day makes pages anew, also without a database')
  stored = { version: 4, entries: [], coordinators: [] }
  t.ok((await watch.look()) || live.version === 4)
  t.equal(site(), entryOf('mma').website)
})

t.test('a watch that was stopped says nothing of what was under way', async (t) => {
  const live = createDirectory(texts)
  let refuse = (_error: Error): void => undefined
  const away = new Promise<number>((_resolve, reject) => {
    refuse = reject
  })
  const failures: unknown[] = []
  const source = {
    helpVersion: () => away,
    readHelp: async () => ({ version: 0, entries: [], coordinators: [] }),
  }
  const watch = watchHelp(live, source, (error) => failures.push(error))
  watch.stop()
  refuse(new Error('the pool has ended'))
  await setTimeout(5)
  t.same(failures, [])
})

t.test('a text that names an organisation goes on making sense when it was taken out', async (t) => {
  const live = createDirectory(texts)
  const named = () => namedHelp(live, 'nl', 'comensha')
  t.equal(named().phone, '033-4481186')
  const retired = { id: 'comensha', row: entryOf('comensha'), retired: true }
  live.replace({ version: 1, entries: [retired], coordinators: [] })
  t.match(named(), { name: 'CoMensha', phone: null, tel: null, website: null })
  t.throws(() => namedHelp(live, 'nl', 'unheard-of'))
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(2)
}
