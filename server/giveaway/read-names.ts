// Where a name begins and ends. What names there are is not known here: where they stand and how they are written
// says it, for names of every country alike.
import type { NameWords } from './lexicon.js'
import { isInitial, type Word } from './words.js'

export const LONGEST_NAME = 4
/** One that is written without capitals. */
export const LONGEST_PLAIN_NAME = 2

function isName(word: Word | undefined, { never }: NameWords): word is Word {
  return word !== undefined && !never.has(word.text) && !/^\d/.test(word.text)
}

/** The index after a name that begins here, or the same index when none does. */
export function nameEnd(words: readonly Word[], from: number, names: NameWords, capital: boolean): number {
  let end = from
  while (names.titles.has(words[end]?.text ?? '')) end++
  const begin = end
  while (names.within.has(words[end]?.text ?? '')) end++
  const first = words[end]
  if (!isName(first, names)) return from
  if (names.hasCapitals && (capital || end > begin) && !first.capital) return from
  end++
  if (!names.hasCapitals) return words[end]?.text.startsWith('ال') && !words[end]?.opens ? end + 1 : end
  if (!first.capital) {
    // Somebody who writes no capitals: two words count as a name only where nothing more of the clause follows.
    let next = end
    while (names.within.has(words[next]?.text ?? '') && !words[next]?.opens) next++
    const [second, third] = [words[next], words[next + 1]]
    const closes = !third || third.opens || names.never.has(third.text)
    return isName(second, names) && !second.opens && closes ? next + 1 : end
  }
  while (end - begin < LONGEST_NAME) {
    let next = end
    while (names.within.has(words[next]?.text ?? '') && !words[next]?.opens) next++
    const word = words[next]
    if (!word?.capital || (word.opens && !isInitial(words[next - 1] ?? word))) break
    end = next + 1
  }
  return end
}

/** The index of the first word of a name that ends before this one, or the same index when none does. */
export function nameStart(words: readonly Word[], to: number, names: NameWords): number {
  const capital = words[to - 1]?.capital === true
  let start = to
  while (to - start < LONGEST_NAME && !words[start]?.opens) {
    const word = words[start - 1]
    if (!isName(word, names) || (capital !== word.capital && !names.within.has(word.text))) break
    start--
  }
  const plain = words[start]?.opens === true && to - start <= LONGEST_PLAIN_NAME
  return capital || plain ? start : to
}
