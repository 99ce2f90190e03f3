// The end of a letter: "mvg, kim", and the lines under it.
import type { NameWords } from './lexicon.js'
import { LONGEST_PLAIN_NAME, nameEnd } from './read-names.js'
import type { Word } from './words.js'

const LONGEST_LINE = 4
const LONGEST_BLOCK = 12

/**
 * The index after a name that follows a closing line, when the text or the line ends with it. Where it stands in the
 * text, and a comma or a capital, say that it is one.
 */
export function signatureEnd(
  words: readonly Word[],
  at: number,
  from: number,
  names: NameWords,
  sure: boolean,
): number {
  const first = words[from]
  const left = words.length - from
  const ends = sure && left <= LONGEST_LINE
  if (!first || first.gap.length > 4 || !(words[at]?.opens || ends)) return from
  const alone = first.opens ? left <= LONGEST_PLAIN_NAME : left === 1 && names.hasCapitals
  const plain = ends || alone || first.gap.includes('\n')
  if (!plain && !names.hasCapitals) return from
  const end = nameEnd(words, from, names, !plain)
  const line = lineEnd(words, from)
  const whole = plain && (sure || !names.hasCapitals) && line - from <= LONGEST_LINE
  return end === line || whole ? end : from
}

function lineEnd(words: readonly Word[], from: number): number {
  let end = from + 1
  while (end < words.length && end - from < LONGEST_BLOCK && !words[end]?.gap.includes('\n')) end++
  return end
}

/** What little stands after a name and in the lines under it: an office, a town. */
export function blockEnd(words: readonly Word[], from: number): number {
  if (words.length - from > LONGEST_BLOCK) return from
  let line = from
  for (let at = from; at < words.length; at++) {
    if (words[at]?.gap.includes('\n')) line = at
    if (at - line >= LONGEST_LINE) return from
  }
  return words.length
}
