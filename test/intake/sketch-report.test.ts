// The value by which the desk's browser finds reports that say nearly the same: it must hold for small changes, and
// never for people who have nothing to do with each other.
import fc from 'fast-check'
import t from 'tap'
import { parseReport } from '../../server/intake/parse-report.js'
import { loadSite } from '../../server/intake/site.js'
import { sketchReport } from '../../server/intake/sketch-report.js'
import { type Alike, alikeSchema, areAlike } from '../../server/report/alike.js'
import { type Answers, NO_ANSWERS } from '../../server/report/report.js'
import { readSentences } from '../support/giveaway-sentences.js'

const long = process.env.BAKEN_TEST_LONG === 'yes'
const runs = { numRuns: long ? 5_000 : 200 }
const { catalogue } = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })

function sketch(answers: Partial<Answers>, language = 'nl'): Alike {
  const parsed = parseReport({ ...NO_ANSWERS, ...answers }, 0, language, catalogue)
  if (parsed.kind === 'errors') throw new Error('the answers are not right')
  return sketchReport(parsed.report)
}
const isAlike = (one: Alike, other: Alike): boolean =>
  one.by === 'words' && other.by === 'words' && areAlike(one.sketch, other.sketch)

const VAN =
  'Elke nacht om drie uur stopt een witte bestelwagen achter de loods. Twee jonge vrouwen stappen uit en gaan door ' +
  'de achterdeur naar binnen. Ze komen nooit buiten, en een man met een café houdt hun telefoons.'
const FIELD =
  'Op het land bij de kassen werken acht mannen van vijf uur in de ochtend tot het donker is. Ze slapen met z’n allen ' +
  'in één caravan, en de baas heeft hun paspoorten in een kluis liggen.'

t.test('the same words with other capitals, accents, spaces and marks have the same value', async (t) => {
  const given = sketch({ words: VAN })
  t.equal(given.by, 'words')
  for (const words of [
    VAN.toUpperCase(),
    VAN.replaceAll(' ', '\n\n '),
    VAN.replaceAll(/[.,]/g, ' –  '),
    VAN.normalize('NFD'),
    VAN.replace('café', 'cafe'),
    `  «${VAN}»!!! 😡`,
  ])
    t.same(sketch({ words }), given, words)
  t.same(sketch({ words: VAN, place: 'elsewhere', danger: 'yes', municipality: 'Utrecht' }, 'en'), given)
})

t.test('whatever is written: the same in capitals and with other spaces between the words', async () => {
  const word = fc.string({ unit: fc.constantFrom(...'abcdeéöxyzжы日本١٢'), minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (written) => {
      const [plain, other] = [written.join(' '), written.join(' ,\n').toUpperCase()]
      return JSON.stringify(sketch({ words: plain })) === JSON.stringify(sketch({ words: other }))
    }),
    runs,
  )
})

t.test('a word that was changed leaves a text alike, wherever it stands; a row of numbers too', async () => {
  const words = `${VAN} ${FIELD}`.split(' ')
  const given = sketch({ words: words.join(' ') })
  const place = fc.nat({ max: words.length - 1 })
  const another = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop0123456789'), maxLength: 12 })
  fc.assert(
    fc.property(place, another, (at, word) =>
      isAlike(given, sketch({ words: words.with(at, word).join(' ') })),
    ),
    runs,
  )
})

t.test('texts about different things are far from alike, also when each is long', async (t) => {
  const sentences = [...new Set(readSentences('known').map(({ text }) => text))]
  const texts = Array.from({ length: Math.floor(sentences.length / 5) }, (_, i) =>
    sentences.slice(i * 5, i * 5 + 5).join(' '),
  )
  const all = [VAN, FIELD, ...texts].map((words) => sketch({ words }))
  t.ok(all.length > 25)
  t.ok(all.every(({ by }) => by === 'words'))
  const most = all.flatMap((one, i) => all.slice(0, i).map((other) => equalSamples(one, other)))
  t.ok(Math.max(...most) < 32, `${Math.max(...most)} of 64 samples`)
})

t.test('ticks, and words that anybody could write, have no value by words', async (t) => {
  for (const words of ['', 'help', 'Please help me, I am locked in here', 'A'.repeat(59), '. '.repeat(500)])
    t.match(sketch({ signs: ['s6', 's7'], words }), { by: 'answers', sketch: /^[\da-f]{4}$/ })
})

t.test('the value of ticks tells nothing but whether all answers are the same', async (t) => {
  const given = { signs: ['s6', 's7'], forms: ['sexual' as const], words: 'Help!', place: 'the blue door' }
  t.same(sketch(given), sketch({ ...given, words: 'help', place: 'The  blue door.' }))
  for (const other of [{ signs: ['s6'] }, { words: 'No' }, { place: '' }, { danger: 'yes' as const }])
    t.notSame(sketch(given), sketch({ ...given, ...other }), JSON.stringify(other))
})

t.test('whatever is typed, there is a value that the header takes', async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      (words) => alikeSchema.safeParse(sketch({ words, danger: 'yes' })).success,
    ),
    runs,
  )
})

function equalSamples({ sketch: one }: Alike, { sketch: other }: Alike): number {
  return [...one].filter((sample, i) => sample === other[i]).length
}
