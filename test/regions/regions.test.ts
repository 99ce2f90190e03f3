import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { loadRegions, type Municipality } from '../../server/regions/index.js'
import { alteredTexts } from '../support/altered-texts.js'

const regions = loadRegions()
const { find, byCode, municipalities, meaning, near } = regions
const DAY = '2026-11-23'
const anyOfThem = fc.constantFrom(...municipalities)
const codeOf = (typed: string): string => {
  const found = find(typed)
  return found.kind === 'found' ? found.municipality.code : found.kind
}

t.test('all 342 municipalities are there, each in one of the ten police units', async (t) => {
  t.equal(municipalities.length, 342)
  t.equal(new Set(municipalities.map(({ code }) => code)).size, 342)
  t.equal(new Set(municipalities.map(({ policeUnit }) => policeUnit)).size, 10)
  for (const municipality of municipalities) {
    t.match(municipality.code, /^GM\d{4}$/)
    t.equal(byCode(municipality.code), municipality)
    t.ok(municipality.policeUnit, municipality.name)
  }
})

t.test('each is found by the name that the list offers', async (t) => {
  for (const { code, name } of municipalities) {
    t.equal(codeOf(name), code, name)
    t.equal(codeOf(`  ${name} `), code, name)
  }
})

t.test('capitals, accents, hyphens, apostrophes and spaces never lead to another one', async () => {
  const variants: readonly ((name: string) => string)[] = [
    (name) => name.toUpperCase(),
    (name) => name.toLowerCase(),
    (name) => name.normalize('NFD').replace(/\p{M}/gu, ''),
    (name) => name.normalize('NFD'),
    (name) => name.replaceAll('-', ' '),
    (name) => name.replaceAll('-', ''),
    (name) => name.replaceAll("'", '’'),
    (name) => name.replaceAll(/['’]/g, ''),
    (name) => ` ${name.replaceAll(' ', '  ')}\n`,
  ]
  fc.assert(
    fc.property(anyOfThem, fc.subarray([...variants]), ({ code, name }, chosen) => {
      const typed = chosen.reduce((text, vary) => vary(text), name)
      const found = find(typed)
      // Two may share a name without its province in brackets; then it is asked, never guessed.
      return found.kind === 'several' ? found.names.includes(name) : codeOf(typed) === code
    }),
    { numRuns: 2_000 },
  )
})

t.test('names people use lead where they mean', async (t) => {
  for (const [typed, code] of Object.entries({
    'den haag': 'GM0518',
    "'s-Gravenhage": 'GM0518',
    's gravenhage': 'GM0518',
    'Den Bosch': 'GM0796',
    'A’dam': 'GM0363',
    'SUDWEST FRYSLAN': 'GM1900',
    Nuenen: 'GM0820',
  })) {
    t.equal(codeOf(typed), code, typed)
  }
})

t.test('a name of two places is asked, not guessed', async (t) => {
  const bergen = find('bergen')
  t.same(bergen.kind === 'several' && [...bergen.names].sort(), ['Bergen (L.)', 'Bergen (NH.)'])
  t.equal(find('Hengelo').kind, 'several')
})

t.test('what is no place here is unknown, whatever it is', async () => {
  for (const typed of ['', ' ', '-', 'Atlantis', '__proto__', 'constructor', 'toString', 'GM0363', '\0']) {
    if (find(typed).kind !== 'unknown') throw new Error(typed)
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) =>
      ['unknown', 'found', 'several'].includes(find(typed).kind),
    ),
  )
})

t.test('another name that leads nowhere stops the start', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('regions/aliases.json', (json) =>
    json.replace('"not_verified": {', '"not_verified": {"atlantis": ["GM9999"],'),
  )
  const regions = await altered.load<{ loadRegions: typeof loadRegions }>('regions/index.js')
  t.throws(regions.loadRegions, { message: /does not exist: atlantis/ })
})

/** Independent of the list: the table of the ten units, by safety region, with the number of municipalities of 2025. */
const UNITS: Readonly<Record<string, readonly [regions: string, municipalities: number]>> = {
  'Noord-Nederland': ['VR01 VR02 VR03', 40],
  'Oost-Nederland': ['VR04 VR05 VR06 VR07 VR08', 76],
  'Midden-Nederland': ['VR09 VR14 VR25', 38],
  'Noord-Holland': ['VR10 VR11 VR12', 32],
  Amsterdam: ['VR13', 6],
  'Den Haag': ['VR15 VR16', 27],
  Rotterdam: ['VR17 VR18', 23],
  'Zeeland-West-Brabant': ['VR19 VR20', 37],
  'Oost-Brabant': ['VR21 VR22', 32],
  Limburg: ['VR23 VR24', 31],
}
const ALIASES = JSON.parse(
  readFileSync(new URL('../../../locales/regions/aliases.json', import.meta.url), 'utf8'),
) as Record<'sourced' | 'not_verified', Record<string, string[]>>
const aliases = Object.entries({ ...ALIASES.sourced, ...ALIASES.not_verified })

t.test('every unit of the police is its safety regions, with as many municipalities as it has', async (t) => {
  t.same([...new Set(municipalities.map(({ policeUnit }) => policeUnit))].sort(), Object.keys(UNITS).sort())
  for (const [unit, [codes, number]] of Object.entries(UNITS)) {
    const own = municipalities.filter(({ policeUnit }) => policeUnit === unit)
    t.equal(own.length, number, unit)
    t.same([...new Set(own.map(({ safetyRegionCode }) => safetyRegionCode))].sort(), codes.split(' '), unit)
  }
  // One safety region is in one unit and, but for none, in one province.
  for (const key of ['policeUnit', 'province'] as const) {
    const pairs = new Set(municipalities.map((one) => `${one.safetyRegionCode} ${one[key]}`))
    t.equal(pairs.size, 25, key)
  }
})

t.test('every one of the names leads to its municipalities and so to the right unit', async (t) => {
  t.ok(aliases.length > 2_000)
  for (const [alias, codes] of aliases) {
    const found = meaning(alias, DAY)
    const own = codes.map((code) => byCode(code) as Municipality)
    if (found.kind === 'unknown') t.fail(alias)
    else if (found.kind === 'one') t.same([found.municipality], own, alias)
    else for (const one of own) t.ok(found.municipalities.includes(one), alias)
    // The address it leads to means all of them again.
    if (found.kind === 'unknown') continue
    const again = meaning(found.slug, DAY)
    const meant =
      again.kind === 'one' ? [again.municipality] : again.kind === 'several' ? again.municipalities : []
    t.equal(again.kind !== 'unknown' && again.slug, found.slug, alias)
    for (const one of own) t.ok(meant.includes(one), `${alias}: ${one.name}`)
  }
})

t.test('every municipality has an address of its own: small letters, no accents, no two alike', async (t) => {
  for (const municipality of municipalities) {
    t.match(municipality.slug, /^[a-z0-9]+(-[a-z0-9]+)*$/)
    const found = meaning(municipality.slug, DAY)
    t.equal(found.kind !== 'unknown' && found.slug, municipality.slug)
    const meant =
      found.kind === 'one' ? [found.municipality] : found.kind === 'several' ? found.municipalities : []
    t.ok(meant.includes(municipality), municipality.slug)
  }
  t.equal(new Set(municipalities.map(({ slug }) => slug)).size, 342)
  for (const [typed, slug] of Object.entries({
    'Den Bosch': 's-hertogenbosch',
    "'s-Hertogenbosch": 's-hertogenbosch',
    'The Hague': 'den-haag',
    'De Friese Meren': 'de-fryske-marren',
    'Súdwest-Fryslân': 'sudwest-fryslan',
    Ljouwert: 'leeuwarden',
    'Bergen (L.)': 'bergen-l',
    Nuenen: 'nuenen-gerwen-en-nederwetten',
    bergen: 'bergen',
    Heusden: 'heusden',
  })) {
    const found = meaning(typed, DAY)
    t.equal(found.kind !== 'unknown' && found.slug, slug, typed)
  }
})

t.test('on the day of a merger the old name begins to lead to the new municipality', async (t) => {
  const places = ['Wijdemeren', 'wijdemeren', 'Loosdrecht', "'s-Graveland"]
  for (const place of places) {
    const before = meaning(place, '2026-12-31')
    const after = meaning(place, '2027-01-01')
    t.equal(before.kind === 'one' && before.municipality.code, 'GM1696', place)
    t.equal(after.kind === 'one' && after.municipality.code, 'GM0402', place)
    t.equal(after.kind === 'one' && after.municipality.policeUnit, 'Midden-Nederland')
  }
  t.equal(regions.standing('2026-12-31').length, 342)
  t.same(
    municipalities.filter((one) => !regions.standing('2027-01-01').includes(one)).map(({ name }) => name),
    ['Wijdemeren'],
  )
  t.same(
    near('wijdemren', '2027-01-01').map(({ of }) => of.name),
    ['Hilversum'],
  )
  // A report names it as before: its unit is the same on both days.
  t.equal(codeOf('Wijdemeren'), 'GM1696')
})

t.test('which names no source gives is in the data; only those of the sources are not marked', async (t) => {
  const of = (code: string) => regions.otherNames(code)
  t.same(
    of('GM0518')
      .filter(({ isSourced }) => isSourced)
      .map(({ name }) => name),
    ['Den Haag', 'The Hague'],
  )
  t.ok(of('GM0518').some(({ name, isSourced }) => name === 'Scheveningen' && !isSourced))
  t.ok(of('GM0893').some(({ name, isShared }) => name === 'Afferden' && isShared))
  t.ok(regions.changes.every(({ status, verified_on }) => status === 'intended' && verified_on === null))
})

t.test('a letter dropped, changed or swapped in a long name still offers the place', async (t) => {
  const long = municipalities.filter(({ name }) => name.replace(/[^a-z]/gi, '').length >= 7)
  fc.assert(
    fc.property(
      fc.constantFrom(...long),
      fc.nat(),
      fc.constantFrom('drop', 'swap', 'change', 'double'),
      ({ code, name }, seed, how) => {
        const at = seed % (name.length - 1)
        const [before, letter, next, after] = [name.slice(0, at), name[at], name[at + 1], name.slice(at + 2)]
        const typed = {
          drop: before + next + after,
          swap: before + next + letter + after,
          change: `${before}q${next}${after}`,
          double: before + letter + letter + next + after,
        }[how]
        const found = meaning(typed, DAY)
        return found.kind !== 'unknown' || near(typed, DAY).some(({ of }) => of.code === code)
      },
    ),
    { numRuns: 1_000 },
  )
  t.same(near('Zuidoost, Amsterdam', DAY)[0]?.of.name, 'Amsterdam', 'a name in more words')
  t.same(near('Amersf', DAY)[0]?.of.name, 'Amersfoort', 'the beginning of a name')
})

t.test('what is near nothing offers nothing, and never more than six', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => near(typed, DAY).length <= 6),
  )
  for (const typed of ['', 'xq', '3511 AB', '🙂🙂🙂🙂🙂', '__proto__'])
    if (near(typed, DAY).length > 0) throw new Error(typed)
})

t.test('a municipality that goes into one that does not exist stops the start', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('regions/changes.json', (json) => json.replace('GM0402', 'GM9999'))
  const broken = await altered.load<{ loadRegions: typeof loadRegions }>('regions/index.js')
  t.throws(broken.loadRegions, { message: /change of an unknown municipality: GM1696/ })
})
