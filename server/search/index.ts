// Finds pages by words, in memory and without a trace: forgiving about misspellings, endings and Dutch compounds.
import { setImmediate } from 'node:timers/promises'
import MiniSearch, { type Query, type SearchResult } from 'minisearch'
import SearchableMap from 'minisearch/SearchableMap'
import { type Compounds, createCompounds } from './compounds.js'
import { excerptOf, type Piece, piecesOf } from './excerpt.js'
import { fold, type Stem, stemOf, wordsOf } from './words.js'

export type { Piece } from './excerpt.js'
export { type PageText, readPage } from './read-page.js'

export interface SearchDocument {
  /** the address of the page: what a result leads to */
  readonly path: string
  readonly title: string
  readonly headings: readonly string[]
  /** the text, paragraph by paragraph */
  readonly blocks: readonly string[]
  /** further words under which people look for this page; never shown */
  readonly keywords?: readonly string[]
  /** found by its keywords alone: one of many pages whose titles and texts are alike */
  readonly byKeywords?: boolean
}

/** What a search knows of a language, beside its pages. */
export interface SearchLanguage {
  /** as in the path; decides how endings are taken off */
  readonly code: string
  /** words that say nothing; left out unless a query has no others */
  readonly stop: readonly string[]
  /** letters that may stand between two parts of a compound; none where compounds are written apart */
  readonly links: readonly string[]
  /** what people type, one or two words, and the words of our pages that it stands for */
  readonly understood: Readonly<Record<string, readonly string[]>>
}

export interface Result {
  readonly path: string
  readonly title: readonly Piece[]
  readonly excerpt: readonly Piece[]
}

export interface Found {
  /** best first; at most 16 */
  readonly results: readonly Result[]
  /** when nothing was found: words of our pages that look like those that were typed */
  readonly near: readonly string[]
  /** whether words of the query were left unread, because there are too many */
  readonly shortened: boolean
}

export interface Search {
  /** Never throws, whatever `query` is; its first 200 characters and 12 words are read. */
  find(query: string): Found
}

const LONGEST_QUERY = 200
const MOST_WORDS = 12
const MOST_RESULTS = 16
const MOST_NEAR = 5
/** What fits so much worse than the best is left out. */
const LEAST_OF_BEST = 0.05
const DOCUMENTS_AT_ONCE = 8
/** `parts` holds the parts of the compounds of the other fields: a word of its own tells more than half of a word. */
const FIELDS = ['title', 'keywords', 'headings', 'text', 'parts']
const BOOST = { title: 4, keywords: 5, headings: 2, parts: 0.7 }
/** How much a match counts beside that of the word itself. */
const WEIGHT = { understood: 0.7, part: 0.6, partOfKnown: 0.2, prefix: 0.3, fuzzy: 0.5 }

/** Builds the index, document by document; it lets others at the processor meanwhile. */
export async function createSearch(
  given: Iterable<SearchDocument>,
  language: SearchLanguage,
): Promise<Search> {
  const documents: SearchDocument[] = []
  for (const document of given) {
    documents.push(document)
    if (documents.length % DOCUMENTS_AT_ONCE === 0) await setImmediate()
  }
  const stem = stemOf(language.code)
  const vocabulary = countWords(documents)
  const compounds = createCompounds(new Set(vocabulary.keys()), language.links, stem)
  const terms = createTerms(stem, compounds)
  const index = new MiniSearch({
    idField: 'id',
    fields: FIELDS,
    tokenize: (text) => wordsOf(text).map(({ text: word }) => fold(word)),
    processTerm: (word, field) => (field === 'parts' ? terms(word).slice(1) : [stem(word)]),
    searchOptions: { tokenize: (term) => [term], processTerm: (term) => term, boost: BOOST },
  })
  // The words of the pages as they stand there, so that showing why a page was found works out none of them again.
  const seen = new Map<string, readonly string[]>()
  const termsOfWord = (word: string): readonly string[] => {
    const ready = seen.get(word) ?? terms(fold(word))
    seen.set(word, ready)
    return ready
  }
  const keyed = new Set<string>()
  for (const [id, document] of documents.entries()) {
    const keywords = (document.keywords ?? []).join(' ')
    for (const { text } of wordsOf(keywords)) keyed.add(stem(fold(text)))
    index.add({ id, keywords, ...(document.byKeywords ? {} : fieldsOf(document)) })
    if (id % DOCUMENTS_AT_ONCE === 0) await setImmediate()
  }
  const known = knownStems(vocabulary, stem)
  const understood = readUnderstood(language, stem)
  const stop = new Set(language.stop.map(fold))

  const wordsToFind = (query: string): { words: string[]; shortened: boolean } => {
    const all = wordsOf(query.slice(0, LONGEST_QUERY)).map(({ text }) => fold(text))
    const telling = all.filter((word) => word !== '' && !stop.has(word))
    const words = [...new Set(telling.length > 0 ? telling : all)]
    return {
      words: words.slice(0, MOST_WORDS),
      shortened: words.length > MOST_WORDS || query.trim().length > LONGEST_QUERY,
    }
  }
  // Words that belong together may be written apart: "lover boy", "sex werk".
  const pairsOf = (words: readonly string[]): string[] =>
    words.slice(1).flatMap((word, i) => [`${words[i]} ${word}`, `${words[i]}${word}`])

  const queryFor = (word: string): Query => {
    const own = stem(word)
    const isKnown = known.has(own) || keyed.has(own)
    const ours = understood.get(word)
    const distance = isKnown || ours.isExact ? 0 : mostErrors(own)
    const queries: Query[] = [
      {
        queries: [own],
        fuzzy: distance === 0 ? false : distance,
        prefix: own.length > 3,
        weights: { fuzzy: WEIGHT.fuzzy, prefix: WEIGHT.prefix },
      },
      ...ours.stems.map((term): Query => ({ queries: [term], boostTerm: () => WEIGHT.understood })),
    ]
    const weight = isKnown ? WEIGHT.partOfKnown : WEIGHT.part
    const parts = compounds.partsOf(word)
    queries.push(...parts.map((term): Query => ({ queries: [term], boostTerm: () => weight })))
    return { combineWith: 'OR', queries }
  }

  return {
    find(query) {
      const { words, shortened } = wordsToFind(query.toWellFormed())
      const pairs = pairsOf(words).filter((pair) => known.has(stem(pair)) || understood.has(pair))
      const lists = [...words, ...pairs].map((word) => index.search(queryFor(word)))
      const isNamed = (id: number): boolean => documents[id]?.byKeywords === true
      const ranked = rank(lists, words.length, isNamed).slice(0, MOST_RESULTS)
      const results = ranked.flatMap(({ id, matched }) => {
        const document = documents[id]
        if (!document) return []
        const isFound = (word: string): boolean => termsOfWord(word).some((term) => matched.has(term))
        const { path, title, blocks } = document
        return [{ path, title: piecesOf(title, isFound), excerpt: excerptOf(blocks, isFound) }]
      })
      return { results, near: results.length > 0 ? [] : nearWords(words.map(stem), known), shortened }
    },
  }
}

function fieldsOf({ title, headings, blocks }: SearchDocument) {
  const text = blocks.join(' ')
  return { title, headings: headings.join(' '), text, parts: [title, ...headings, text].join(' ') }
}

/** How often each folded word stands on the pages; pages that are alike count for none. */
function countWords(documents: readonly SearchDocument[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { title, headings, blocks } of documents.filter(({ byKeywords }) => !byKeywords))
    for (const text of [title, ...headings, ...blocks])
      for (const { text: word } of wordsOf(text)) {
        const folded = fold(word)
        counts.set(folded, (counts.get(folded) ?? 0) + 1)
      }
  return counts
}

/** What a word of a page is found under: its stem and those of its parts. Each word is worked out once. */
function createTerms(stem: Stem, compounds: Compounds): (folded: string) => readonly string[] {
  const made = new Map<string, readonly string[]>()
  return (folded) => {
    const ready = made.get(folded)
    if (ready) return ready
    const terms = [stem(folded), ...compounds.partsOf(folded)]
    made.set(folded, terms)
    return terms
  }
}

/** Every stem of the pages, with its commonest form. */
function knownStems(vocabulary: ReadonlyMap<string, number>, stem: Stem): SearchableMap<string> {
  const known = new SearchableMap<string>()
  for (const [word, count] of vocabulary) {
    const own = stem(word)
    const before = known.get(own)
    if (before === undefined || (vocabulary.get(before) ?? 0) < count) known.set(own, word)
  }
  return known
}

interface Understood {
  has(typed: string): boolean
  /** the stems that a typed word stands for; also for a misspelt one */
  get(typed: string): { stems: readonly string[]; isExact: boolean }
}

function readUnderstood({ understood }: SearchLanguage, stem: Stem): Understood {
  const stemAll = (text: string): string =>
    wordsOf(text)
      .map(({ text: word }) => stem(fold(word)))
      .join(' ')
  const map = new SearchableMap<readonly string[]>()
  for (const [typed, ours] of Object.entries(understood)) {
    const key = stemAll(typed)
    map.set(key, [...(map.get(key) ?? []), ...ours.map((word) => stem(fold(word)))])
  }
  return {
    has: (typed) => map.has(stemAll(typed)),
    get(typed) {
      const key = stemAll(typed)
      const exact = map.get(key)
      if (exact) return { stems: exact, isExact: true }
      const near = [...map.fuzzyGet(key, mostErrors(key)).entries()].sort(([, [, a]], [, [, b]]) => a - b)
      return { stems: near[0]?.[1][0] ?? [], isExact: false }
    },
  }
}

/** Wrong, missing or swapped letters that are overlooked; in short words every letter counts. */
function mostErrors({ length }: { length: number }): number {
  if (length < 4) return 0
  return length < 7 ? 1 : 2
}

/**
 * Adds up what each word gives a page; a page with all words comes before one with a single word often. Of a page that
 * is found by its name alone (`isNamed`) nobody expects the other words.
 */
function rank(
  lists: readonly SearchResult[][],
  words: number,
  isNamed: (id: number) => boolean,
): { id: number; matched: Set<string> }[] {
  const pages = new Map<number, { score: number; lists: number; matched: Set<string> }>()
  for (const list of lists)
    for (const { id, score, terms } of list) {
      const page = pages.get(id as number) ?? { score: 0, lists: 0, matched: new Set<string>() }
      page.score += score
      page.lists += 1
      for (const term of terms) page.matched.add(term)
      pages.set(id as number, page)
    }
  const ranked = [...pages]
    .map(([id, page]) => {
      const share = isNamed(id) ? 1 : page.lists / words
      return { id, matched: page.matched, score: page.score * share ** 2 }
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
  return ranked.filter(({ score }) => score >= LEAST_OF_BEST * (ranked[0]?.score ?? 0))
}

/** Words of the pages that differ by a few letters, the nearest and commonest first. */
function nearWords(stems: readonly string[], known: SearchableMap<string>): string[] {
  const near = stems
    .filter((stem) => stem.length > 3)
    .flatMap((stem) => [...known.fuzzyGet(stem, stem.length > 6 ? 3 : 2).values()])
    .filter(([word]) => word.length > 3)
    .sort(([, a], [, b]) => a - b)
  return [...new Set(near.map(([word]) => word))].slice(0, MOST_NEAR)
}
