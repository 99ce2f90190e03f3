// How words are made alike before they are compared: without accents and capitals, and without the endings of a language.

/** A word as it stands in a text, and where. */
export interface Word {
  readonly text: string
  readonly start: number
}

/** Longer ones are cut: nobody types them, and comparing them costs. */
const LONGEST_WORD = 40
const MARKS = /\p{M}+/gu
const WORDS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/** The words of a text, in their order. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORDS)].map((match) => ({ text: match[0], start: match.index }))
}

/** Without accents and capitals, at most 40 letters. Case is folded twice: some capitals become two marks. */
export function fold(word: string): string {
  return word.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(MARKS, '').slice(0, LONGEST_WORD)
}

/** Takes a folded word to what its forms have in common. */
export type Stem = (folded: string) => string

const STEMS: Readonly<Record<string, Stem>> = { nl: stemDutch, en: stemEnglish }

/** The endings of a language; a language that is not known keeps its words as they are. */
export function stemOf(language: string): Stem {
  return STEMS[language] ?? ((word) => word)
}

/** Plurals, forms of verbs and what sounds alike: signalen and signaal, dwingt and dwingen, sex and seks become one. */
function stemDutch(word: string): string {
  if (word.length < 4) return word
  let stem = word.replace(/heden$/, 'heid')
  if (stem.length > 4) stem = stem.replace(/(?<=[^aeiou])e?s$|e?n$|e$/, '')
  if (stem.length > 4) stem = stem.replace(/(?<=[bdgklmpr])t$/, '')
  return stem
    .replace(/x/g, 'ks')
    .replace(/ei/g, 'ij')
    .replace(/ou/g, 'au')
    .replace(/([a-z])\1/g, '$1')
    .replace(/z$/, 's')
    .replace(/v$/, 'f')
}

/** Plurals, forms of verbs and both spellings: threats and threatening, labour and labor become one. */
function stemEnglish(word: string): string {
  if (word.length < 4) return word
  let stem = word.replace(/ies$/, 'y').replace(/(?<=[^su])s$/, '')
  if (stem.length > 5) stem = stem.replace(/ing$/, '')
  if (stem.length > 4) stem = stem.replace(/ed$/, '')
  if (stem.length > 4) stem = stem.replace(/e$/, '')
  return stem
    .replace(/our/g, 'or')
    .replace(/z/g, 's')
    .replace(/([a-z])\1/g, '$1')
    .replace(/y$/, 'i')
}
