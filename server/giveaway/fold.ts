// People write the same thing in many ways: with or without accents, with digits of their own script, with
// invisible characters from a copied advertisement. Searching happens in a folded text, which remembers where each
// of its characters came from.
import type { Range } from './kinds.js'

export interface Folded {
  readonly original: string
  /** without marks and invisible characters; digits, spaces, dashes and quotes are ASCII; capitals stay */
  readonly plain: string
  readonly lower: string
  /** where in the original each character of `plain` begins and ends */
  readonly from: Uint32Array
  readonly to: Uint32Array
}

/** A ligature such as U+FDFA would become eighteen letters. */
const LONGEST_FOLD = 4
const INVISIBLE = /[\p{M}\p{Cf}\p{Cs}\u0640]/u
const MARK = /^[\p{M}\u200d]/u
const ALIKE: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ى: 'ي',
  ة: 'ه',
  '‘': "'",
  '’': "'",
  ʼ: "'",
  '`': "'",
  '´': "'",
  '′': "'",
}

export function fold(original: string): Folded {
  const from: number[] = []
  const to: number[] = []
  const parts: string[] = []
  // Not kept for the next text: nothing of the words outlives the question.
  const known = new Map<string, string>()
  let at = 0
  for (const character of original) {
    const end = at + character.length
    const folded = foldCharacter(character, known)
    for (let i = 0; i < folded.length; i++) {
      from.push(at)
      to.push(end)
    }
    if (folded !== '') parts.push(folded)
    at = end
  }
  const plain = parts.join('')
  const lower = plain.toLowerCase()
  return {
    original,
    plain,
    lower: lower.length === plain.length ? lower : plain,
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
  }
}

/** The words of a rule, as they stand in a folded text. */
export const foldWord = (word: string): string => fold(word).lower

/** A range of the folded text as a range of the original: whole characters, with the marks that belong to them. */
export function unfold({ original, from, to }: Folded, { start, end }: Range): Range {
  const begin = from[start] ?? 0
  let stop = to[end - 1] ?? begin
  for (;;) {
    const next = original.codePointAt(stop)
    if (next === undefined) break
    const character = String.fromCodePoint(next)
    if (!MARK.test(character)) break
    stop += character.length
  }
  return { start: begin, end: stop }
}

function foldCharacter(character: string, known: Map<string, string>): string {
  if (character >= ' ' && character < '\u007f' && character !== '`') return character
  let folded = known.get(character)
  if (folded === undefined) {
    folded = work(character)
    known.set(character, folded)
  }
  return folded
}

function work(character: string): string {
  if (character === '\n') return character
  const alike = ALIKE[character]
  if (alike !== undefined) return alike
  if (/^\p{Nd}$/u.test(character)) return digit(character)
  if (/^[\s\p{Z}]$/u.test(character)) return ' '
  if (/^\p{Pd}$/u.test(character) || character === '−') return '-'
  const decomposed = character.normalize('NFKD')
  const kept = [...(decomposed.length > LONGEST_FOLD ? character : decomposed)].filter(
    (one) => !INVISIBLE.test(one),
  )
  return kept.map((one) => ALIKE[one] ?? one).join('')
}

/** Scripts have their ten digits in a row, and rows that touch each other begin anew after ten. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let first = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--
  return String((code - first) % 10)
}
