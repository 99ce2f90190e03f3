// Telephone numbers said digit by digit: "nul zes 12345678", "oh seven seven double oh".
import type { Budget } from './budget.js'
import { type Found, foundWhole } from './kinds.js'
import type { Lexicon } from './lexicon.js'
import { isNear, type Word } from './words.js'

const FEWEST_DIGITS = 8
const MOST_DIGITS = 15
const FEWEST_SAID = 2
const FIGURES = /^\d+$/

export function* findSpelledPhones(
  words: readonly Word[],
  lexicon: Lexicon,
  budget: Budget,
): Generator<Found> {
  for (let at = 0, end = 0; at < words.length; at = Math.max(at + 1, end)) {
    // No word is read twice: the time stays proportional to the text.
    end = rowEnd(words, at, lexicon)
    if (!budget.spend(1 + end - at)) return
    const [first, last] = [words[at], words[end - 1]]
    if (!first || !last || end - at < FEWEST_SAID || !isPhone(words.slice(at, end))) continue
    const begins = first.text.startsWith('0') || lexicon.spelledNought(first.text)
    if (begins || isNear(words, first.start, lexicon.nearPhone))
      yield foundWhole('phone', first.start, last.end)
  }
}

/** The index after the digits, in figures or in words, that stand in a row here. */
function rowEnd(words: readonly Word[], from: number, { spelledDigit }: Lexicon): number {
  let end = from
  for (let word = words[end]; word; word = words[++end]) {
    const adjoins = end === from || /^[ ,.()/-]{0,3}$/.test(word.gap)
    if (!adjoins || !(spelledDigit(word.text) || FIGURES.test(word.text))) break
  }
  return end
}

function isPhone(row: readonly Word[]): boolean {
  const figures = row.filter(({ text }) => FIGURES.test(text))
  const said = row.length - figures.length
  const digits = figures.reduce((total, { text }) => total + text.length, said)
  return said >= FEWEST_SAID && digits >= FEWEST_DIGITS && digits <= MOST_DIGITS
}
