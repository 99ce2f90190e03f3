// The rules of all languages, compiled once at the start.
import type { CountryCode } from 'libphonenumber-js/min'
import { foldWord } from './fold.js'
import type { GiveawayKind } from './kinds.js'
import { compilePhrase, indexPhrases, type PhraseIndex } from './phrases.js'
import { HOME, type Rules } from './rules.js'

export type Purpose = 'name' | 'before' | 'capital' | 'signature' | 'thanks' | GiveawayKind

/** What a phrase says, and how the words after it are read. */
export interface Meaning {
  readonly purpose: Purpose
  readonly names: NameWords
  readonly stops: ReadonlySet<string>
  readonly others: ReadonlySet<string>
}

export interface NameWords {
  readonly titles: ReadonlySet<string>
  readonly within: ReadonlySet<string>
  readonly never: ReadonlySet<string>
  readonly hasCapitals: boolean
}

export interface Lexicon {
  readonly phrases: PhraseIndex<Meaning>
  readonly countries: readonly CountryCode[]
  readonly nearPhone: Near
  readonly spelledNought: Near
  readonly spelledDigit: Near
  readonly nearPlate: Near
  readonly nearBsn: Near
  readonly otherNumber: Near
  readonly emailSign: Near
  readonly emailAt: Near
  readonly emailDot: Near
}
type Near = (word: string) => boolean

export function makeLexicon(languages: readonly Rules[]): Lexicon {
  const all = (pick: (rules: Rules) => readonly string[]): Near => {
    const words = languages.flatMap((rules) => pick(rules).flatMap((word) => withJoined(word, rules)))
    const exact = new Set(words.filter((word) => !word.endsWith('*')).map(foldWord))
    const stems = words.filter((word) => word.endsWith('*')).map((word) => foldWord(word.slice(0, -1)))
    return (word) => exact.has(word) || stems.some((stem) => word.startsWith(stem))
  }
  return {
    phrases: indexPhrases(languages.flatMap(phrasesOf)),
    countries: [...new Set<CountryCode>([HOME, ...languages.flatMap(({ phone }) => phone.countries)])],
    nearPhone: all(({ phone }) => phone.near),
    spelledNought: all(({ phone }) => phone.spelled.nought),
    spelledDigit: all(({ phone }) => [...phone.spelled.nought, ...phone.spelled.digits]),
    nearPlate: all(({ plate }) => plate.near),
    nearBsn: all(({ bsn }) => bsn.near),
    otherNumber: all(({ otherNumbers }) => otherNumbers),
    emailSign: all(({ email }) => email.sign),
    emailAt: all(({ email }) => email.at),
    emailDot: all(({ email }) => email.dot),
  }
}

function phrasesOf(rules: Rules) {
  const set = (words: readonly string[]) =>
    new Set(words.flatMap((word) => withJoined(word, rules)).map(foldWord))
  const names: NameWords = {
    titles: set(rules.name.titles),
    within: set(rules.name.within),
    never: set([...rules.name.never, ...rules.stops]),
    hasCapitals: rules.hasCapitals,
  }
  const stops = set(rules.stops)
  const others = set(rules.others)
  const barriers = set(rules.barriers)
  const compile = (purpose: Purpose, phrases: readonly string[]) =>
    phrases.map((text) => [compilePhrase(text, rules, barriers), { purpose, names, stops, others }] as const)
  return [
    ...compile('name', rules.name.phrases),
    ...compile('before', rules.name.before),
    ...compile('capital', rules.name.capital),
    ...compile('signature', rules.signature.sure),
    ...compile('thanks', rules.signature.thanks),
    ...compile('act', rules.act),
    ...compile('relation', rules.relation),
    ...compile('place', rules.place),
  ]
}

function withJoined(word: string, { joined }: Rules): string[] {
  return [word, ...joined.map((letters) => letters + word)]
}
