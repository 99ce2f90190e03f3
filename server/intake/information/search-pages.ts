// Search: asked by POST, answered at once and from memory. The words stand in no address, no log and no cookie.
import type { FastifyInstance } from 'fastify'
import {
  createSearch,
  type Found,
  readPage,
  type Search,
  type SearchDocument,
  type SearchLanguage,
} from '../../search/index.js'
import { cleanText } from '../clean-text.js'
import { readFields } from '../form-body.js'
import type { IntakeParts } from '../parts.js'
import type { Site } from '../site.js'
import { sendPage } from '../visit.js'
import { GROUPS, groupOf } from './audience.js'
import { readSearchWords, type SearchWords } from './search-words.js'

const PATH = '/search'
/** Among the results these stand first, whoever they are for. */
const BEST = 3
/** Shown beside the form, and when nothing is found: address and text key. */
const OFTEN = [
  { href: '/help', key: 'help.title' },
  { href: '/signs', key: 'home.signs' },
  { href: '/report', key: 'home.report' },
  { href: '/safety', key: 'layout.safety' },
]
/** Pages that say what others say, or nothing: the search itself, lists of pages, all signs once more. */
const NO_TEXT = /^\/(search|leaflet|pages|signs\/all)(\/|$)/

/** The page with the form, by address. */
export function searchPages(site: Site): Map<string, () => string> {
  return new Map(
    site.languages.map(({ code }) => [
      `/${code}${PATH}`,
      () => page(site, code, { typed: '', asked: false, found: null }, true),
    ]),
  )
}

export interface SiteSearch {
  /** Answers from memory; the first question in a language waits for its index. */
  find(language: string, query: string): Promise<Found>
  /** Forgets the indexes, because the data of pages changed. */
  clear(): void
}

/** A page about a place: found by the names of the place alone. */
export interface FoundPlace {
  /** the address without the language */
  readonly path: string
  readonly name: string
  readonly otherNames: readonly string[]
}

export interface SearchParts {
  readonly places?: () => readonly FoundPlace[]
  /** what the pages depend on besides their address, such as the day; when it is another one, indexes are made again */
  readonly edition?: () => unknown
}

/**
 * Searches the given pages (address to a function that renders it) and those of places; nothing is read before somebody
 * asks.
 */
export function createSiteSearch(
  site: Site,
  pages: () => ReadonlyMap<string, () => string>,
  { places = () => [], edition = () => null }: SearchParts = {},
): SiteSearch {
  let current: unknown
  const ready = new Map<string, Promise<Search>>()
  const build = (language: string): Promise<Search> => {
    const words = readSearchWords(language)
    const own: SearchLanguage = { code: language, ...words }
    const documents = documentsOf(site, language, pages(), words)
    return createSearch(allDocuments(documents, placeDocuments(site, language, places())), own)
  }
  return {
    async find(language, query) {
      const now = edition()
      if (now !== current) ready.clear()
      current = now
      const building = ready.get(language) ?? build(language)
      ready.set(language, building)
      // What failed once may be tried again.
      building.catch(() => ready.delete(language))
      return (await building).find(query)
    },
    clear: () => ready.clear(),
  }
}

/** Pages first, since they are rendered one by one while others are let through. */
function* allDocuments(documents: Iterable<SearchDocument>, more: readonly SearchDocument[]) {
  yield* documents
  yield* more
}

function placeDocuments(site: Site, language: string, places: readonly FoundPlace[]): SearchDocument[] {
  const t = site.translate(language)
  return places.map(({ path, name, otherNames }) => ({
    path,
    title: t('search.place', { name }),
    headings: [],
    blocks: [t('search.placeText', { name })],
    keywords: [name, ...otherNames],
    byKeywords: true,
  }))
}

function* documentsOf(
  site: Site,
  language: string,
  pages: ReadonlyMap<string, () => string>,
  words: SearchWords,
): Generator<SearchDocument> {
  const t = site.translate(language)
  const prefix = `/${language}`
  for (const [address, render] of pages) {
    const path = address.slice(prefix.length)
    if (!address.startsWith(`${prefix}/`) || path === '/' || NO_TEXT.test(path)) continue
    yield { path, ...readPage(render()), keywords: words.pages[path] ?? [] }
  }
  // Pages that begin something and have hardly any text of their own.
  const short = [
    { path: '/report', title: t('start.title'), text: t('start.who') },
    { path: '/return', title: t('return.title'), text: t('return.why') },
  ]
  for (const { path, title, text } of short)
    yield { path, title, headings: [], blocks: [text], keywords: words.pages[path] ?? [] }
}

/** Registers the answer to a search in every language. */
export function registerSearch(
  app: FastifyInstance,
  { site, informationPolicy }: Pick<IntakeParts, 'site' | 'informationPolicy'>,
  search: SiteSearch,
): void {
  for (const { code } of site.languages)
    app.post(`/${code}${PATH}`, async (request, reply) => {
      const typed = readFields(request).get('q')?.at(-1) ?? ''
      const found = await search.find(code, typed)
      reply.header('content-security-policy', informationPolicy)
      return sendPage(request, reply, page(site, code, { typed, asked: true, found }, false))
    })
}

interface Asked {
  readonly typed: string
  readonly asked: boolean
  readonly found: Found | null
}

const LONGEST_SHOWN = 200

function page(site: Site, language: string, { typed, asked, found }: Asked, indexable: boolean): string {
  const results = (found?.results ?? []).map((one) => ({ ...one, group: groupOf(site, language, one.path) }))
  const best = results.slice(0, BEST)
  const groups = GROUPS.map((group) => ({
    group,
    results: results.slice(BEST).filter((one) => one.group === group),
  })).filter((one) => one.results.length > 0)
  const shown = [...cleanText(typed).replace(/\s+/g, ' ').trim()].slice(0, LONGEST_SHOWN).join('')
  return site.page(
    language,
    'information/search',
    { typed: shown, asked, isEmpty: asked && shown === '', found, best, groups, often: OFTEN },
    {
      title: site.translate(language)('search.browserTitle'),
      path: PATH,
      indexable,
      trail: [],
      own: site.tools,
    },
  )
}
