// A folded text as words. Rules are matched word by word, never by expressions made of data: the time stays
// proportional to the text.
import type { Folded } from './fold.js'

export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** whether a comma, a full stop or the like stands before it */
  readonly opens: boolean
  readonly capital: boolean
  /** what stands between the word before and this one */
  readonly gap: string
}

const WORD = /[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu
const CLAUSE = /[;!?()[\]\n"„”“«»،؛؟।。]|[.,:](?:\s|$)|\s-+\s/u

export function wordsOf({ plain, lower }: Folded): Word[] {
  const words: Word[] = []
  for (const { 0: text, index } of plain.matchAll(WORD)) {
    const before = words.at(-1)
    const gap = plain.slice(before?.end ?? 0, index)
    words.push({
      text: lower.slice(index, index + text.length),
      start: index,
      end: index + text.length,
      opens: before === undefined || (CLAUSE.test(gap) && !(isInitial(before) && /^\. ?$/.test(gap))),
      capital: /^\p{Lu}(?:\p{Ll}|$|')/u.test(text),
      gap,
    })
  }
  return words
}

export const isInitial = ({ start, end, capital }: Word): boolean => capital && end - start === 1

/** The first word that begins at or after this place. */
export function wordAt(words: readonly Word[], place: number): number {
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((words[middle]?.start ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether one of these words stands among the few before a place. */
export function isNear(
  words: readonly Word[],
  place: number,
  near: (word: string) => boolean,
  reach = 4,
): boolean {
  const index = wordAt(words, place)
  return words.slice(Math.max(0, index - reach), index).some(({ text }) => near(text))
}
