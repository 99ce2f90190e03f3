// Dutch writes compounds as one word. Without a dictionary: a part is what stands as a word on the pages themselves.
import type { Stem } from './words.js'

const SHORTEST_COMPOUND = 8
const SHORTEST_PART = 4
/** A part beside a rest that nobody knows must be longer, or chance would find one in every word. */
const SHORTEST_LONE_PART = 5
const DEEPEST = 2

export interface Compounds {
  /** the stems of the parts of a folded word; none when it is no compound */
  partsOf(word: string): readonly string[]
}

/** `known` are the folded words of all pages, `links` the letters that may stand between two parts. */
export function createCompounds(known: ReadonlySet<string>, links: readonly string[], stem: Stem): Compounds {
  const stems = new Set([...known].filter((word) => word.length >= SHORTEST_PART).map(stem))
  const isKnown = (word: string): boolean => word.length >= SHORTEST_PART && stems.has(stem(word))
  const isFirst = (word: string): boolean =>
    isKnown(word) || links.some((link) => word.endsWith(link) && isKnown(word.slice(0, -link.length)))
  const bare = (word: string): string => {
    const link = isKnown(word) ? undefined : links.find((one) => word.endsWith(one))
    return link ? word.slice(0, -link.length) : word
  }

  /** Where both sides are known, as near to the middle as can be; otherwise the longest side that is. */
  const split = (word: string): string[] => {
    let whole: { parts: string[]; shortest: number } | null = null
    let lone = ''
    for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at++) {
      const [first, last] = [word.slice(0, at), word.slice(at)]
      const [knowsFirst, knowsLast] = [isFirst(first), isKnown(last)]
      const shortest = Math.min(at, word.length - at)
      if (knowsFirst && knowsLast && shortest > (whole?.shortest ?? 0))
        whole = { parts: [bare(first), last], shortest }
      if (knowsFirst && at > Math.max(lone.length, SHORTEST_LONE_PART)) lone = bare(first)
      if (knowsLast && last.length >= Math.max(lone.length, SHORTEST_LONE_PART)) lone = last
    }
    return whole?.parts ?? (lone ? [lone] : [])
  }

  const partsOf = (word: string, depth: number): string[] => {
    if (links.length === 0 || word.length < SHORTEST_COMPOUND || depth === 0) return []
    return split(word).flatMap((part) => [stem(part), ...partsOf(part, depth - 1)])
  }
  return { partsOf: (word) => [...new Set(partsOf(word, DEEPEST))].filter((part) => part !== stem(word)) }
}
