// Phrases of the first person: names, relations, places, acts, signatures.
import type { Budget } from './budget.js'
import type { Found, GiveawayKind } from './kinds.js'
import type { Lexicon, Meaning, Purpose } from './lexicon.js'
import { candidates, matchPhrase, type Phrase } from './phrases.js'
import { LONGEST_NAME, nameEnd, nameStart } from './read-names.js'
import { blockEnd, signatureEnd } from './read-signatures.js'
import type { Word } from './words.js'

/** How far a place or an act is followed when no comma comes. */
const LONGEST_CLAUSE = 10

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
  let first = at
  let last = end
  let core = end
  switch (purpose) {
    case 'name':
      if (next && (colon || !next.opens)) core = last = nameEnd(words, end, names, false)
      break
    case 'before':
      first = nameStart(words, at, names)
      break
    case 'capital':
      if (next && !next.opens) core = last = nameEnd(words, end, names, true)
      break
    case 'signature':
    case 'thanks':
      core = signatureEnd(words, at, end, names, purpose === 'signature')
      last = blockEnd(words, core)
      break
    default:
      if (!words[at]?.opens && others.has(words[at - 1]?.text ?? '')) return null
      if (phrase.extends) last = clauseEnd(words, end, stops)
      else if (purpose === 'relation') last = capitalsEnd(words, end)
  }
  const kind = kindOf(purpose)
  if ((kind === 'name' || kind === 'signature') && first === at && core === end) return null
  const to = (index: number) => words[index - 1]?.end ?? 0
  return { kind, start: words[first]?.start ?? 0, end: to(last), core: to(core) }
}

function kindOf(purpose: Purpose): GiveawayKind {
  switch (purpose) {
    case 'before':
    case 'capital':
      return 'name'
    case 'thanks':
      return 'signature'
    default:
      return purpose
  }
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
