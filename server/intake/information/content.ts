// What the marks in the pages of text stand for, in one language, and the words that go with every sign.

import { z } from 'zod'
import { namedHelp } from '../../help/directory.js'
import { readData, type Texts } from '../../i18n/index.js'
import type { Page } from '../../pages/index.js'
import type { Marks, SignWords, Term } from '../../pages/markdown.js'
import type { Site } from '../site.js'

const signSchema = z.strictObject({
  id: z.string(),
  /** how many other explanations every language gives */
  may_also_mean: z.number().int().min(2),
  sources: z.array(z.string()).min(1),
})
const signWordsSchema = z.record(
  z.string(),
  z.strictObject({ also: z.array(z.string().min(1)).min(2), do: z.string().min(1) }),
)
const termWordsSchema = z.record(
  z.string(),
  z.looseObject({ term: z.string().min(1), explanation: z.string().min(1) }),
)

export interface SignLibrary {
  readonly sources: Readonly<Record<string, readonly string[]>>
  words(language: string): Readonly<Record<string, { readonly also: readonly string[]; readonly do: string }>>
  terms(language: string): Readonly<Record<string, { readonly term: string; readonly explanation: string }>>
}

/** The other explanations of signs and the words of the glossary. Nothing is read before it is asked for. */
export function loadSignLibrary(texts: Texts): SignLibrary {
  const words = new Map<string, z.infer<typeof signWordsSchema>>()
  const terms = new Map<string, z.infer<typeof termWordsSchema>>()
  let sources: Record<string, string[]> | null = null
  return {
    get sources() {
      sources ??= Object.fromEntries(
        readData('sign-library.json', z.array(signSchema)).map((row) => [row.id, row.sources]),
      )
      return sources
    },
    words: (language) =>
      remember(words, language, () => texts.read(language, 'sign-library.json', signWordsSchema)),
    terms: (language) =>
      remember(terms, language, () => texts.read(language, 'glossary.json', termWordsSchema)),
  }
}

/** Whether a page is for the person herself alone, and its signs speak to her. */
export function isOfSelf({ audience }: Pick<Page, 'audience'>): boolean {
  return audience.length === 1 && audience[0] === 'affected'
}

/** The marks of a page in a language. `ofSelf`: the reader is the person herself, and reads of "you". */
export function marksOf(site: Site, language: string, ofSelf: boolean): Marks {
  const t = site.translate(language)
  return {
    source: site.source,
    sign: (id) => signWords(site, language, id, ofSelf),
    term: (id) => findTerm(site, language, id),
    help: (id) => namedHelp(site.directory, language, id),
    words: { source: t('page.source'), also: t('sign.also'), now: t('sign.now') },
  }
}

/** A sign with what else it may be and what to do. Throws on an unknown id. */
export function signWords(site: Site, language: string, id: string, ofSelf: boolean): SignWords {
  const sign = site.signs(language, ofSelf ? 'affected' : null).find((one) => one.id === id)
  const words = site.library.words(language)[id]
  if (!sign || !words) throw new Error(`no sign ${id}`)
  return { text: sign.text, also: words.also, now: words.do }
}

function findTerm(site: Site, language: string, id: string): Term {
  const term = site.library.terms(language)[id]
  if (!term) throw new Error(`no term ${id}`)
  return { id, term: term.term, explanation: term.explanation }
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
