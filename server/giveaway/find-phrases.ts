// Phrases of the first person: names, relations, places, acts, signatures.
import type { Budget } from './budget.js'
import type { Found } from './kinds.js'
import type { Lexicon, Meaning, NameWords } from './lexicon.js'
import { candidates, matchPhrase, type Phrase } from './phrases.js'
import { isInitial, type Word } from './words.js'

/** How far a place or an act is followed when no comma comes. */
const LONGEST_CLAUSE = 10
const LONGEST_NAME = 4

export function* findPhrases(words: readonly Word[], lexicon: Lexicon, budget: Budget): Generator<Found> {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (!word || !budget.spend(1)) return
    for (const [phrase, meaning] of candidates(lexicon.phrases, word.text)) {
      const end = matchPhrase(phrase, words, at, budget)
      const found = end > at ? readOn(words, at, end, phrase, meaning) : null
      if (found) yield found
    }
  }
}

function readOn(
  words: readonly Word[],
  at: number,
  end: number,
  phrase: Phrase,
  { purpose, names, stops, others }: Meaning,
): Found | null {
  const next = words[end]
  const colon = /^\s*:/.test(next?.gap ?? '')
  if (phrase.colon && !colon) return null
  let last = end
  switch (purpose) {
    case 'name':
      if (next && !next.opens) last = nameEnd(words, end, names, false)
      else if (colon) last = nameEnd(words, end, names, false)
      break
    case 'capital':
      if (next && !next.opens) last = nameEnd(words, end, names, true)
      break
    case 'signature':
      if (words[at]?.opens) last = signatureEnd(words, end, names)
      break
    default:
      if (!words[at]?.opens && others.has(words[at - 1]?.text ?? '')) return null
      if (phrase.extends) last = clauseEnd(words, end, stops)
      else if (purpose === 'relation') last = capitalsEnd(words, end)
  }
  const needsName = purpose === 'name' || purpose === 'capital' || purpose === 'signature'
  if (needsName && last === end) return null
  const kind = purpose === 'capital' ? 'name' : purpose
  const to = (index: number) => words[index - 1]?.end ?? 0
  return { kind, start: words[at]?.start ?? 0, end: to(last), core: to(needsName ? last : end) }
}

function clauseEnd(words: readonly Word[], from: number, stops: ReadonlySet<string>): number {
  let end = from
  while (end < words.length && end - from < LONGEST_CLAUSE) {
    const word = words[end]
    if (!word || word.opens || stops.has(word.text)) break
    end++
  }
  return end
}

/** "My colleague Karin": the name says even more. */
function capitalsEnd(words: readonly Word[], from: number): number {
  let end = from
  while (words[end]?.capital && !words[end]?.opens && end - from < LONGEST_NAME) end++
  return end
}

/** The index after a name that begins here, or the same index when none does. */
function nameEnd(words: readonly Word[], from: number, names: NameWords, capital: boolean): number {
  let end = from
  while (names.titles.has(words[end]?.text ?? '')) end++
  const begin = end
  while (names.within.has(words[end]?.text ?? '')) end++
  const first = words[end]
  if (!first || names.never.has(first.text) || /^\d/.test(first.text)) return from
  if (names.hasCapitals && (capital || end > begin) && !first.capital) return from
  end++
  if (!names.hasCapitals) return words[end]?.text.startsWith('ال') && !words[end]?.opens ? end + 1 : end
  if (!first.capital) {
    // Somebody who writes no capitals: two words count as a name only where the clause ends after them.
    const second = words[end]
    const closes = words[end + 1]?.opens ?? true
    return second && !second.opens && closes && !names.never.has(second.text) ? end + 1 : end
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

/** A name after a closing line, when the text or the line ends with it. */
function signatureEnd(words: readonly Word[], from: number, names: NameWords): number {
  const first = words[from]
  if (!first || first.gap.length > 4) return from
  const end = nameEnd(words, from, names, !first.gap.includes('\n'))
  const after = words[end]
  return after === undefined || after.gap.includes('\n') ? end : from
}
