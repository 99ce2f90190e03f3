import fc from 'fast-check'
import t from 'tap'
import { loadGiveaways, MARK, takeOut } from '../../server/giveaway/index.js'

const text = fc.string({ unit: 'binary', maxLength: 60 })
const ranges = fc.array(
  fc.record({ start: fc.integer({ min: -5, max: 70 }), end: fc.integer({ min: -5, max: 70 }) }),
  {
    maxLength: 6,
  },
)

t.test('what was chosen goes, and a mark stays', async (t) => {
  const words = 'Bel Noor op 06-12345678 morgen'
  t.equal(takeOut(words, [{ start: 12, end: 23 }]), `Bel Noor op ${MARK} morgen`)
  t.equal(
    takeOut(words, [
      { start: 12, end: 23 },
      { start: 4, end: 8 },
    ]),
    `Bel ${MARK} op ${MARK} morgen`,
  )
  t.equal(takeOut(words, []), words)
})

t.test('half a character goes whole', async (t) => {
  t.equal(takeOut('a😀b', [{ start: 2, end: 3 }]), `a${MARK}b`)
  t.equal(takeOut('a😀b', [{ start: 1, end: 2 }]), `a${MARK}b`)
})

t.test('ranges that are none take nothing', async (t) => {
  for (const [start, end] of [
    [2, 2],
    [3, 1],
    [9, 12],
    [Number.NaN, 2],
    [0.5, 2],
  ] as const)
    t.equal(takeOut('abc', [{ start, end }]), 'abc')
})

t.test('what lies in no range stays as it was, in its order; what lies in one is gone', async () => {
  fc.assert(
    fc.property(text, ranges, (words, own) => {
      const kept = takeOut(words, own)
      const inside = (at: number) =>
        own.some(({ start, end }) => start < end && at >= Math.max(0, start) && at < end)
      const half = (at: number) => {
        const before = (words.codePointAt(at - 1) ?? 0) > 0xffff && at > 0
        const after = (words.codePointAt(at) ?? 0) > 0xffff
        return (before && inside(at - 1)) || (after && inside(at + 1))
      }
      const expected: string[] = ['']
      let open = false
      for (let at = 0; at < words.length; at++) {
        const gone = inside(at) || half(at)
        if (gone && !open) expected.push('')
        if (!gone) expected.push(`${expected.pop() ?? ''}${words[at]}`)
        open = gone
      }
      const pieces = kept.split(MARK).filter(Boolean)
      return pieces.join('') === expected.join('') && kept.length <= words.length + own.length * MARK.length
    }),
    { numRuns: 500 },
  )
})

t.test('a text without its giveaways has none of them left', async (t) => {
  const find = loadGiveaways()
  const words = 'Mijn naam is Teun. Bel 06-12345678 of mail teun@example.org.\nGroetjes, Teun'
  const left = takeOut(words, find({ words }).giveaways)
  t.same(find({ left }).giveaways, [])
  t.notMatch(left, /Teun|example|1234/)
})
