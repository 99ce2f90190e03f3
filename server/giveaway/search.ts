import { Budget } from './budget.js'
import { findEmails, findSpelledEmails } from './find-emails.js'
import { findBsns, findIbans, findPhones } from './find-numbers.js'
import { findPhrases } from './find-phrases.js'
import { findPlates } from './find-plates.js'
import { findSpelledPhones } from './find-spelled-phones.js'
import { type Folded, fold, unfold } from './fold.js'
import { type Found, GIVEAWAY_KINDS, type Giveaway, type Range } from './kinds.js'
import type { Lexicon } from './lexicon.js'
import { wordsOf } from './words.js'

/** Nobody answers more questions than this; a text made of numbers must not make a page of megabytes. */
export const MOST_GIVEAWAYS = 100
/** As long as a field of the form may be. */
export const MOST_CHARACTERS = 50_000
/** For all fields together. Long reports of ordinary words need about a tenth. */
export const MOST_STEPS = 400_000

export interface Search<Field extends string> {
  /** by field, in the order in which they came, then by place; never overlapping */
  readonly giveaways: readonly Giveaway<Field>[]
  /** whether the search was ended before the texts were: there may be more */
  readonly more: boolean
  readonly steps: number
}

export function search<Field extends string>(
  texts: Readonly<Partial<Record<Field, string | undefined>>>,
  lexicon: Lexicon,
): Search<Field> {
  const budget = new Budget(MOST_STEPS)
  const giveaways: Giveaway<Field>[] = []
  let isCut = false
  for (const field of Object.keys(texts) as Field[]) {
    const text = texts[field] ?? ''
    if (text.length > MOST_CHARACTERS) isCut = true
    const folded = fold(text.slice(0, MOST_CHARACTERS))
    for (const found of settle([...findAll(folded, lexicon, budget)])) {
      const { start, end } = unfold(folded, trimmed(folded, found))
      giveaways.push({ field, kind: found.kind, start, end, text: text.slice(start, end) })
    }
  }
  return {
    giveaways: giveaways.slice(0, MOST_GIVEAWAYS),
    more: isCut || budget.isSpent || giveaways.length > MOST_GIVEAWAYS,
    steps: budget.steps,
  }
}

function* findAll(folded: Folded, lexicon: Lexicon, budget: Budget): Generator<Found> {
  const words = wordsOf(folded)
  yield* findEmails(folded, budget)
  yield* findSpelledEmails(words, lexicon, budget)
  yield* findIbans(folded, budget)
  yield* findBsns(folded, words, lexicon, budget)
  yield* findPlates(folded, words, lexicon, budget)
  yield* findPhones(folded, words, lexicon, budget)
  yield* findSpelledPhones(words, lexicon, budget)
  yield* findPhrases(words, lexicon, budget)
}

/** Two findings never share words: the surer kind keeps them, the other keeps what lies before, if that still says it. */
function settle(all: readonly Found[]): Found[] {
  const rank = ({ kind }: Found) => GIVEAWAY_KINDS.indexOf(kind)
  const taken: Found[] = []
  for (const found of [...all].sort(
    (one, other) =>
      rank(one) - rank(other) || one.start - other.start || other.end - one.end || other.core - one.core,
  )) {
    const own = shorten(found, taken)
    if (own) insert(taken, own)
  }
  return taken
}

function shorten(found: Found, taken: readonly Found[]): Found | null {
  const index = firstEndingAfter(taken, found.start)
  const next = taken[index]
  if (!next || next.start >= found.end) return found
  if (next.start <= found.start || next.start < found.core) return null
  return { ...found, end: next.start }
}

function insert(taken: Found[], found: Found): void {
  taken.splice(firstEndingAfter(taken, found.start), 0, found)
}

/** A finding that was cut short ends with the last of its words. */
function trimmed({ plain }: Folded, { start, end }: Found): Range {
  const last = /[\s,;:.(-]*$/.exec(plain.slice(Math.max(start, end - 8), end))?.[0].length ?? 0
  return { start, end: Math.max(start + 1, end - last) }
}

/** `taken` is in order and without overlaps. */
function firstEndingAfter(taken: readonly Found[], place: number): number {
  let low = 0
  let high = taken.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((taken[middle]?.end ?? 0) <= place) low = middle + 1
    else high = middle
  }
  return low
}
