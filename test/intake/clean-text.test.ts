import fc from 'fast-check'
import t from 'tap'
import { cleanText } from '../../server/intake/clean-text.js'

/** Any UTF-16 at all, with what misleads or breaks things well represented. */
const anything = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(
        '\r\n',
        '\r',
        '\n',
        '\0',
        '\u202e',
        '\u2066',
        '\ufeff',
        '\ud800',
        '\udc00',
        '\u0085',
        '\u200f',
      ),
    ),
  )
  .map((pieces) => pieces.join(''))

t.test('whatever was typed, what is kept can be stored and misleads nobody', async () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const kept = cleanText(typed)
      return (
        kept.isWellFormed() &&
        !/[\u202a-\u202e\u2066-\u2069\ufeff\r]/.test(kept) &&
        [...kept].every((sign) => sign === '\n' || sign === '\t' || !/\p{Cc}/u.test(sign))
      )
    }),
    { numRuns: 1_000 },
  )
})

t.test('cleaning twice is cleaning once, and nothing gets longer', async () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const kept = cleanText(typed)
      return cleanText(kept) === kept && kept.length <= typed.length
    }),
    { numRuns: 1_000 },
  )
})

t.test('words of every script, marks that they need and pictures stay as they are', async (t) => {
  for (const words of [
    'Zij heet Aïsha, éénmaal gezien – “daar”.',
    'Тази жена се казва Мария',
    'نام\u200cه‌ها \u200f(خانه)\u200e',
    'हिन्दी क्\u200dष',
    'tiếng Việt e\u0301',
    '👩\u200d👧 🇳🇱 ✅',
    'one\ttwo\nthree',
  ]) {
    t.equal(cleanText(words), words)
  }
})

t.test('each kind of line end becomes one line end', async (t) => {
  t.equal(cleanText('a\r\nb\rc\nd\r\n\r\ne'), 'a\nb\nc\nd\n\ne')
})
