// Whatever people type: an answer, in a bounded number of steps, that fits the text.
import fc from 'fast-check'
import t from 'tap'
import { GIVEAWAY_KINDS, loadGiveaways } from '../../server/giveaway/index.js'
import { makeLexicon } from '../../server/giveaway/lexicon.js'
import { readRules } from '../../server/giveaway/rules.js'
import { MOST_CHARACTERS, MOST_STEPS, search } from '../../server/giveaway/search.js'
import { readSentences } from '../support/giveaway-sentences.js'

const long = process.env.BAKEN_TEST_LONG === 'yes'
const runs = { numRuns: long ? 20_000 : 400 }
const find = loadGiveaways()
const lexicon = makeLexicon(Object.values(readRules()))
const sentences = readSentences('known').map(({ text }) => text)

/** Words that mean something to the search, cut and joined anywhere, among characters of every kind. */
const typed = fc
  .array(
    fc.oneof(
      fc.constantFrom(...sentences),
      fc.constantFrom(...sentences).map((sentence) => sentence.slice(0, Math.floor(sentence.length / 2))),
      fc.constantFrom(
        '06',
        '12',
        '-',
        ' ',
        '@',
        '.',
        'NL91',
        '\u202e',
        '\ud83d',
        '\ude00',
        '\u0301',
        '٠٦',
        '👩‍👧',
        'İ',
        'ﷺ',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

t.test('findings lie in their text, in order, apart, and split no character', async () => {
  fc.assert(
    fc.property(typed, typed, (one, two) => {
      const texts = { one, two }
      const { giveaways } = find(texts)
      return giveaways.every(({ field, kind, start, end, text }, i) => {
        const own = texts[field]
        const before = giveaways[i - 1]
        const splits = (at: number) => at > 0 && at < own.length && (own.codePointAt(at - 1) ?? 0) > 0xffff
        return (
          GIVEAWAY_KINDS.includes(kind) &&
          start < end &&
          own.slice(start, end) === text &&
          !splits(start) &&
          !splits(end) &&
          (before === undefined || before.field !== field || before.end <= start) &&
          !(before?.field === 'two' && field === 'one')
        )
      })
    }),
    runs,
  )
})

t.test('the same words give the same answer, whatever was searched before', async () => {
  fc.assert(
    fc.property(typed, typed, (words, other) => {
      const first = JSON.stringify(find({ words }))
      find({ other })
      return JSON.stringify(find({ words })) === first
    }),
    { numRuns: runs.numRuns / 4 },
  )
})

t.test('no text takes more steps than the budget, and who runs out says so', async (t) => {
  const pieces = [
    ...['1 ', '0 1 ', '+1', '(', 'a@', '@', 'a at b dot ', 'ik heb ', 'mijn ', 'NL91ABNA', '12-', 'AB-12 '],
    ...[
      'kenteken A1 ',
      'bel 06-12345678 ',
      'bel 0612345 ',
      'a',
      ' ',
      '\n',
      '.',
      'ﷺ',
      '\ud800',
      '٩',
      "a'",
      'A-',
    ],
    ...['NL91ABNA0417164300 ', 'mijn naam is ', 'i i i i without ', 'nu am '],
    ...[
      'nul zes ',
      'nul ',
      'is my name ',
      'a\nmvg\n',
      'mvg ',
      'thanks, ',
      'kim ',
      'ik gaf haar 5 ',
      '0700 900 987, ',
    ],
  ]
  // One question to the telephone library may begin with the last step left.
  const lastQuestion = (41 * 4) ** 2
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(MOST_CHARACTERS / piece.length)).slice(0, MOST_CHARACTERS)
    const { steps, more } = search({ text }, lexicon)
    t.ok(steps <= MOST_STEPS + lastQuestion, `${JSON.stringify(piece)}: ${steps}`)
    if (steps > MOST_STEPS) t.equal(more, true)
  }
})

t.test('a long report of ordinary words is searched to its end', async (t) => {
  const text = sentences.join(' ').repeat(10).slice(0, MOST_CHARACTERS)
  t.equal(text.length, MOST_CHARACTERS)
  t.ok(search({ text }, lexicon).steps < MOST_STEPS / 2)
})

t.test('what nobody can fold does no harm: a million marks, or one letter of every script', async (t) => {
  t.same(find({ text: 'a\u0301'.repeat(25_000) }).giveaways, [])
  const all = Array.from({ length: 0x2fff }, (_, i) => String.fromCodePoint(i + 0x20)).join(' ')
  t.equal(find({ text: all }).more, false)
})
