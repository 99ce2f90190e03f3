import fc from 'fast-check'
import t from 'tap'
import { isStep, parseReport, STEPS, stepOfField, takeFields } from '../../server/intake/parse-report.js'
import { loadSite } from '../../server/intake/site.js'
import { answersSchema, LONGEST_PLACE, LONGEST_TEXT, NO_ANSWERS } from '../../server/report/report.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const { catalogue } = site
const texts = site.translate('en')

const FIELDS = Object.keys(NO_ANSWERS)
const ODD_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'id', 'urgent', 'policeUnit', '']
const KNOWN = [
  'yes',
  'no',
  'now',
  'planned',
  'sexual',
  'labour',
  's1',
  'l1',
  'citizen',
  'Amsterdam',
  'Bergen',
]

/** A soup of fields: right and wrong names, right and wrong values, several of each. */
const soup = fc
  .array(
    fc.tuple(
      fc.constantFrom(...FIELDS, ...ODD_NAMES),
      fc.array(fc.oneof(fc.constantFrom(...KNOWN, ...ODD_NAMES), fc.string({ unit: 'binary' })), {
        maxLength: 4,
      }),
    ),
  )
  .map((pairs) => new Map(pairs))

const take = (fields: Record<string, string | string[]>) =>
  takeFields(
    NO_ANSWERS,
    new Map(Object.entries(fields).map(([name, value]) => [name, [value].flat()])),
    'all',
    catalogue,
  )
const parse = (fields: Record<string, string | string[]>) =>
  parseReport(take(fields).answers, 0, 'en', catalogue)

t.test('any soup of fields gives a report or errors at fields that exist, and never throws', async () => {
  fc.assert(
    fc.property(soup, fc.constantFrom(...STEPS, 'all' as const), (fields, step) => {
      const { answers, errors } = takeFields(NO_ANSWERS, fields, step, catalogue)
      answersSchema.parse(answers)
      const parsed = parseReport(answers, 0, 'en', catalogue)
      const told = { ...errors, ...(parsed.kind === 'errors' && parsed.errors) }
      return Object.entries(told).every(([field, key]) => FIELDS.includes(field) && texts(key) !== '')
    }),
    { numRuns: 500 },
  )
})

t.test('a step changes its own answers and no others', async () => {
  fc.assert(
    fc.property(soup, fc.constantFrom(...STEPS), (fields, step) => {
      const { answers } = takeFields(NO_ANSWERS, fields, step, catalogue)
      return Object.entries(answers).every(
        ([field, value]) =>
          stepOfField(field) === step ||
          JSON.stringify(value) === JSON.stringify(NO_ANSWERS[field as keyof typeof NO_ANSWERS]),
      )
    }),
  )
})

t.test('names that every object has are neither choices nor steps nor signs', async (t) => {
  for (const name of ODD_NAMES) {
    t.notOk(isStep(name))
    t.equal(stepOfField(name), 'check')
    if (name === '') continue
    t.same(take({ danger: name, forms: [name], signs: [name] }).errors, {
      danger: 'error.choice',
      forms: 'error.choice',
      signs: 'error.choice',
    })
  }
})

t.test(
  'one tick, one word, a place or a file is a report; choices about who and when alone are none',
  async (t) => {
    for (const fields of [
      { forms: 'sexual' },
      { signs: 's1' },
      { danger: 'yes' },
      { words: 'x' },
      { place: 'x' },
    ]) {
      t.equal(parse(fields).kind, 'parsed', JSON.stringify(fields))
    }
    t.equal(parseReport(NO_ANSWERS, 1, 'en', catalogue).kind, 'parsed')
    for (const fields of [{}, { vantage: 'client' }, { words: ' \n\t' }, { danger: 'no' }, { when: 'now' }]) {
      t.same(parse(fields), { kind: 'errors', errors: { forms: 'error.empty' } }, JSON.stringify(fields))
    }
  },
)

t.test(
  'danger, something about to happen and a sign of a minor are urgent, and nothing else is',
  async (t) => {
    const minor = catalogue.signs.find(({ minors_only }) => minors_only)?.id ?? ''
    const other = catalogue.signs.find(({ minors_only }) => !minors_only)?.id ?? ''
    const isUrgent = (fields: Record<string, string>) => {
      const parsed = parse({ words: 'x', ...fields })
      return parsed.kind === 'parsed' ? [parsed.report.urgent, parsed.report.minor] : null
    }
    t.same(isUrgent({ danger: 'yes' }), [true, false])
    t.same(isUrgent({ when: 'planned' }), [true, false])
    t.same(isUrgent({ signs: minor }), [true, true])
    for (const fields of [{ signs: other }, { danger: 'no' }, { danger: 'unknown' }, { when: 'now' }]) {
      t.same(isUrgent(fields), [false, false], JSON.stringify(fields))
    }
  },
)

t.test('a text of the longest length is taken and one sign more is told, none of it lost', async (t) => {
  for (const [field, longest] of [
    ['words', LONGEST_TEXT],
    ['place', LONGEST_PLACE],
    ['whenWords', LONGEST_PLACE],
  ] as const) {
    t.equal(parse({ [field]: 'x'.repeat(longest) }).kind, 'parsed', field)
    const { answers, errors } = take({ [field]: 'x'.repeat(longest + 1) })
    t.same(errors, { [field]: 'error.tooLong' })
    t.equal(answers[field].length, longest + 1)
  }
})

t.test('a place gives its police unit, none or an unclear one does not', async (t) => {
  const den = parse({ words: 'x', municipality: 'Den Bosch' })
  t.match(den, { kind: 'parsed', report: { municipality: 'GM0796', policeUnit: 'Oost-Brabant' } })
  t.match(parse({ words: 'x' }), { report: { municipality: null, policeUnit: 'national' } })
  t.match(parse({ words: 'x', municipality: 'Atlantis' }), {
    errors: { municipality: 'error.municipalityUnknown' },
  })
  t.match(parse({ words: 'x', municipality: 'Hengelo' }), {
    errors: { municipality: 'error.municipalitySeveral' },
  })
})
