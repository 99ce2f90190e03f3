// Compiles the phrases of a language and matches them against words.
import type { Budget } from './budget.js'
import { foldWord } from './fold.js'
import type { Rules } from './rules.js'
import type { Word } from './words.js'

interface Words {
  readonly kind: 'words'
  readonly exact: ReadonlySet<string>
  readonly starts: readonly string[]
  readonly ends: readonly string[]
  readonly optional: boolean
}
interface Gap {
  readonly kind: 'gap'
  readonly most: number
  /** words that no gap reaches over */
  readonly barriers: ReadonlySet<string>
}
type Element = Words | Gap

export interface Phrase {
  readonly elements: readonly Element[]
  /** takes the rest of the clause along */
  readonly extends: boolean
  /** a colon must follow */
  readonly colon: boolean
}

/** Phrases by what their first word can be, so that most words of a text cost one look. */
export interface PhraseIndex<T> {
  readonly exact: ReadonlyMap<string, readonly (readonly [Phrase, T])[]>
  readonly stems: ReadonlyMap<string, readonly (readonly [Phrase, T])[]>
}

const STEM_KEY = 2
const NUMBER = [...'0123456789'].map((digit) => `${digit}*`)

export function compilePhrase(text: string, rules: Rules, barriers: ReadonlySet<string>): Phrase {
  const colon = text.endsWith(':')
  const parts = text.replace(/:$/, '').split(' ')
  const extended = parts.at(-1) === '…'
  if (extended) parts.pop()
  const elements = parts.map((part, index) => element(part, index === 0, rules, barriers))
  return { elements, extends: extended, colon }
}

function element(part: string, first: boolean, rules: Rules, barriers: ReadonlySet<string>): Element {
  const gap = /^\.\.(\d)$/.exec(part)
  if (gap) return { kind: 'gap', most: Number(gap[1]), barriers }
  const optional = part.endsWith('?')
  const bare = optional ? part.slice(0, -1) : part
  const all = bare.split('|').flatMap((one) => listed(one, rules))
  const joined = all.flatMap((one) => [one, ...(one.startsWith('*') ? [] : rules.joined.map((j) => j + one))])
  const starts = joined.filter((one) => one.endsWith('*')).map((one) => foldWord(one.slice(0, -1)))
  const ends = joined.filter((one) => one.startsWith('*')).map((one) => foldWord(one.slice(1)))
  if (first && (optional || starts.some((one) => one.length < STEM_KEY) || ends.length > 0))
    throw new Error(`a phrase begins with a word or a stem of two letters, not with ${part}`)
  const exact = new Set(joined.filter((one) => !one.includes('*')).map(foldWord))
  return { kind: 'words', exact, starts, ends, optional }
}

function listed(word: string, rules: Rules): readonly string[] {
  if (word === '#') return NUMBER
  const name = /^<(\w+)>$/.exec(word)?.[1]
  if (name === undefined) return [word]
  const list = rules.lists[name]
  if (!list) throw new Error(`no list ${name}`)
  return list
}

export function indexPhrases<T>(pairs: readonly (readonly [Phrase, T])[]): PhraseIndex<T> {
  const exact = new Map<string, (readonly [Phrase, T])[]>()
  const stems = new Map<string, (readonly [Phrase, T])[]>()
  const put = (map: typeof exact, key: string, pair: readonly [Phrase, T]) => {
    const own = map.get(key)
    if (!own) map.set(key, [pair])
    else if (!own.includes(pair)) own.push(pair)
  }
  for (const pair of pairs) {
    const [first] = pair[0].elements
    if (first?.kind !== 'words') throw new Error('a phrase begins with a word')
    for (const word of first.exact) put(exact, word, pair)
    for (const stem of first.starts) put(stems, stem.slice(0, STEM_KEY), pair)
  }
  return { exact, stems }
}

/** What may begin at this word. */
export function* candidates<T>(index: PhraseIndex<T>, word: string): Generator<readonly [Phrase, T]> {
  yield* index.exact.get(word) ?? []
  yield* index.stems.get(word.slice(0, STEM_KEY)) ?? []
}

/** The index after the last word of the phrase when it stands at this place within one clause, else -1. */
export function matchPhrase(phrase: Phrase, words: readonly Word[], at: number, budget: Budget): number {
  return matchFrom(phrase.elements, 0, words, at, at, budget)
}

function matchFrom(
  elements: readonly Element[],
  index: number,
  words: readonly Word[],
  at: number,
  first: number,
  budget: Budget,
): number {
  const element = elements[index]
  if (!element) return at
  if (!budget.spend(1)) return -1
  if (element.kind === 'gap') {
    for (let skipped = 0; skipped <= element.most; skipped++) {
      const end = matchFrom(elements, index + 1, words, at + skipped, first, budget)
      if (end >= 0) return end
      const next = words[at + skipped]
      if (!next || (next.opens && at + skipped > first) || element.barriers.has(next.text)) return -1
    }
    return -1
  }
  const word = words[at]
  if (word && !(word.opens && at > first) && isOneOf(element, word.text)) {
    const end = matchFrom(elements, index + 1, words, at + 1, first, budget)
    if (end >= 0) return end
  }
  return element.optional ? matchFrom(elements, index + 1, words, at, first, budget) : -1
}

function isOneOf({ exact, starts, ends }: Words, word: string): boolean {
  return (
    exact.has(word) ||
    starts.some((start) => word.startsWith(start)) ||
    ends.some((end) => word.endsWith(end))
  )
}
