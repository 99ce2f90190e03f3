// Words explained, each under its own `#id`, so that any page can lead to one.
import { z } from 'zod'
import type { Site } from '../site.js'
import { trailTo } from './library-pages.js'
import { createReferences } from './references.js'
import {
  type Faults,
  ids,
  type KnownIds,
  keep,
  once,
  own,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

const termSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  /** the word in Dutch, as services and letters use it */
  nl: said,
  en: said,
  /** what programs call it */
  code: z.string().nullable(),
  law_pending: z.boolean(),
  sources: ids,
  reviewed: z.boolean(),
  verified_on: verifiedOn,
})
const textSchema = z.record(z.string(), z.strictObject({ term: said, explanation: said }))

export function readTerms(read: Read) {
  return read('glossary.json', z.array(termSchema))
}

export const readTermTexts = (read: Read, language: string) => read(`${language}/glossary.json`, textSchema)

/** The page with all words, in the order of the language's alphabet. */
export function termsPage(site: Site, read: Read): (language: string) => string {
  const terms = once(() => readTerms(read))
  const texts = keep((language) => readTermTexts(read, language))
  return (language) => {
    const t = site.translate(language)
    const order = new Intl.Collator(language)
    const references = createReferences(site.source)
    const shown = terms()
      .map((term) => ({ ...term, ...own(texts(language), term.id) }))
      .sort((a, b) => order.compare(a.term, b.term))
      // Letters and forms of services are in Dutch: who reads another language needs that word too.
      .map((term) => ({
        ...term,
        dutch: term.nl.toLowerCase() === term.term.toLowerCase() ? null : term.nl,
        refs: references.mark(term.sources),
      }))
    return site.page(
      language,
      'information/terms',
      {
        terms: shown,
        letters: [
          ...new Map(
            shown.map(({ id, term }) => [term.charAt(0).toLocaleUpperCase(language), id] as const).reverse(),
          ),
        ].reverse(),
        isReviewed: shown.every(({ reviewed }) => reviewed),
        sources: references.list(),
      },
      {
        title: t('terms.browserTitle'),
        path: '/terms',
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, '/terms'),
      },
    )
  }
}

export function checkTerms(faults: Faults, read: Read, known: KnownIds): void {
  const terms = faults.attempt('glossary.json', () => readTerms(read)) ?? []
  for (const { id, sources } of terms) unknownIds(faults, `glossary.json: ${id}`, known.sources, sources)
  for (const language of known.languages) {
    const where = `${language}/glossary.json`
    const texts = faults.attempt(where, () => readTermTexts(read, language))
    if (texts)
      faults.sameKeys(
        where,
        Object.keys(texts),
        terms.map(({ id }) => id),
      )
  }
}
