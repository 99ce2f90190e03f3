// What somebody who mistyped a name may have meant. Typed text is compared and forgotten.
import { distance, fold } from './names.js'

/** A name that can be offered, and what it stands for. */
export interface Named<T> {
  readonly folded: string
  readonly name: string
  readonly of: T
  /** the official name rather than another one */
  readonly isOwn: boolean
}

export interface Near<T> {
  readonly name: string
  readonly of: T
}

/** Nobody types a longer name; what is longer is not compared. */
const LONGEST = 80
const MOST_OFFERED = 6
/** Shorter parts of a sentence are words like "de" more often than places like Ee. */
const SHORTEST_PART = 3
const LONGEST_PART_WORDS = 5
/** How many letters may be wrong, by the length of what was typed. */
const wrongLetters = (length: number): number => (length < 4 ? 0 : length < 6 ? 1 : 2)

/**
 * The places that `typed` is near to, best first: whose name stands in it as words, that begin with it, or of which
 * up to two letters differ. Each place once.
 */
export function nearest<T>(typed: string, names: readonly Named<T>[]): readonly Near<T>[] {
  const short = typed.slice(0, LONGEST)
  const asked = fold(short)
  if (asked.length < SHORTEST_PART) return []
  const parts = partsOf(short)
  const most = wrongLetters(asked.length)
  const scored = names.flatMap((named) => {
    const score = scoreOf(named.folded)
    return score === null ? [] : [{ named, score: score + (named.isOwn ? 0 : 0.5) }]
  })
  scored.sort((a, b) => a.score - b.score || a.named.name.localeCompare(b.named.name, 'nl'))
  const offered = new Map<T, Near<T>>()
  for (const { named } of scored) {
    if (offered.size === MOST_OFFERED) break
    if (!offered.has(named.of)) offered.set(named.of, { name: named.name, of: named.of })
  }
  return [...offered.values()]

  function scoreOf(folded: string): number | null {
    if (parts.has(folded)) return 0
    const wrong = distance(asked, folded, most)
    if (wrong <= most) return wrong
    return folded.startsWith(asked) ? 3 : null
  }
}

/** Every run of words in what was typed, folded: "Zuidoost, Amsterdam" holds "Amsterdam". */
function partsOf(typed: string): ReadonlySet<string> {
  const words = typed.split(/[\s,;/]+/).filter(Boolean)
  const parts = new Set<string>()
  for (let from = 0; from < words.length; from++) {
    for (let length = 1; length <= LONGEST_PART_WORDS; length++) {
      const part = fold(words.slice(from, from + length).join(''))
      if (part.length >= SHORTEST_PART) parts.add(part)
    }
  }
  return parts
}
