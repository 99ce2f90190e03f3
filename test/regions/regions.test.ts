import fc from 'fast-check'
import t from 'tap'
import { loadRegions } from '../../server/regions/index.js'
import { alteredTexts } from '../support/altered-texts.js'

const { find, byCode, municipalities } = loadRegions()
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
  await altered.change('regions/aliases.json', (json) => json.replace('{', '{"atlantis": ["GM9999"],'))
  const regions = await altered.load<{ loadRegions: typeof loadRegions }>('regions/index.js')
  t.throws(regions.loadRegions, { message: /does not exist: atlantis/ })
})
