// How public pages look: one layout, texts of the language in the path, the catalogue of signs and places.
import { z } from 'zod'
import { createDirectory, type HelpRow, helpRows, type LiveDirectory } from '../help/directory.js'
import { type Language, loadTexts, readData, type Texts, type Translate } from '../i18n/index.js'
import { loadPages, type Page } from '../pages/index.js'
import { type FindSource, loadSources } from '../pages/sources.js'
import { loadRegions } from '../regions/index.js'
import {
  type DetailGroup,
  type DetailTexts,
  detailGroupSchema,
  detailTextsSchema,
  requireTexts,
} from '../report/details.js'
import { type Route, routeSchema } from '../report/routing.js'
import { type Form, formSchema, type Sign, signSchema, type Vantage } from '../report/signs.js'
import { requireLanguage } from '../settings.js'
import { createRender, readAsset } from '../web/views.js'
import { type Drawings, loadDrawings } from './drawings.js'
import { type Entry, entriesSchema } from './entries.js'
import { loadSignLibrary, type SignLibrary } from './information/content.js'
import type { Catalogue } from './parse-report.js'

const formTextSchema = z.record(
  z.string(),
  z.strictObject({
    title: z.string(),
    neutral_title: z.string(),
    short: z.string(),
  }),
)
type FormText = z.infer<typeof formTextSchema>[string]

export interface SiteSettings {
  readonly siteName: string
  readonly defaultLanguage: string
  readonly demonstration: boolean
  /** where the site is inside the Tor network, `http://….onion` */
  readonly onionAddress?: string | null
  /** where people reach the site, `https://…`, for the addresses that only work whole */
  readonly origin?: string
  /** the day on which facts are old or new; the machine's own where it is left out */
  readonly clock?: () => Date
}

/** What is inlined in a page. */
export interface PageAssets {
  readonly style: string
  readonly script?: string
}

/** One step of the way from the home page: an address without the language, and what that page is called. */
export interface Crumb {
  readonly href: string
  readonly title: string
}

export interface PageOptions {
  /** calm title for the browser's tab and history */
  readonly title: string
  /** address without the language, so that the language switch stays on the page */
  readonly path: string
  readonly indexable?: boolean
  /** beside those of every page */
  readonly own?: PageAssets
  /** the pages above this one, below the home page; the layout shows them for pages of the information point */
  readonly trail?: readonly Crumb[]
}

export interface Site extends PageAssets {
  readonly script: string
  readonly settings: SiteSettings
  readonly languages: readonly Language[]
  readonly catalogue: Catalogue
  /** of the page where parts of a picture are covered, alone */
  readonly cover: PageAssets
  /** of the pages of the information point */
  readonly information: PageAssets
  /** of those that are tools */
  readonly tools: PageAssets
  /** of the page of a municipality, with its filters */
  readonly near: PageAssets
  /** of those that are made for paper */
  readonly leaflet: PageAssets
  forms(language: string): readonly (Form & FormText & { number: number })[]
  /** the person affected reads of herself, everybody else of "the person"; the desk reads the same sign */
  signs(language: string, vantage?: Vantage | null): readonly (Sign & { text: string })[]
  /** what this kind of reporter reads */
  entry(language: string, vantage: Vantage | null): Entry
  readonly routes: readonly Route[]
  details(language: string): DetailTexts
  readonly drawings: Drawings
  /** where people can turn; its rows may be replaced while the site runs */
  readonly directory: LiveDirectory
  /** the published entries, ready for templates */
  help(language: string): readonly HelpRow[]
  /** every page of text; `pageNames` says which there are without reading any */
  pages(language: string): readonly Page[]
  readonly pageNames: readonly string[]
  /** throws when there is no page of this name */
  pageOf(language: string, name: string): Page
  readonly library: SignLibrary
  /** names of the pages about each form of exploitation, in the order of their numbers */
  readonly formPages: readonly string[]
  /** throws on an unknown id */
  readonly source: FindSource
  translate(language: string): Translate
  /** a file of a language, read each time: for pages that are made once and kept */
  readonly readTexts: Texts['read']
  /** the language a path begins with, or the default one */
  languageOf(path: string): string
  /** a whole page */
  page(language: string, template: string, data: object, options: PageOptions): string
}

/**
 * The site as pages are made from it. What is the same in every language is read at once, the texts of a language when
 * somebody asks for them: `checkContent` has looked at all of them before the server was built.
 */
export function loadSite(settings: SiteSettings): Site {
  const texts = loadTexts()
  requireLanguage(settings.defaultLanguage, texts.languages)
  const render = createRender()
  const style = readAsset('assets/public.css')
  const script = readAsset('browser/quick-exit.js')
  const cover = { style: readAsset('assets/cover.css'), script: readAsset('browser/cover.js') }
  const information = { style: readAsset('assets/information.css') }
  const leaflet = { style: information.style + readAsset('assets/leaflet.css') }
  const tools = { style: information.style + readAsset('assets/tools.css') }
  const near = { style: readAsset('assets/near.css') }
  const forms = readData('forms.json', z.array(formSchema))
  const signs = readData('signs.json', z.array(signSchema))
  const regions = loadRegions()
  const details = readData('details.json', z.array(detailGroupSchema))
  const drawings = loadDrawings(
    [...forms, ...signs, ...details.flatMap(optionsOf)].map(({ drawing }) => drawing),
  )
  const directory = createDirectory(texts, settings.clock)
  const pages = loadPages(settings.defaultLanguage)
  const formsOf = perLanguage(texts, 'forms.json', formTextSchema, (own) =>
    forms.map((form, i) => ({ ...form, ...present(own[form.code], form.code), number: i + 1 })),
  )
  const signsOf = perLanguage(texts, 'signs.json', z.record(z.string(), z.string()), (own) =>
    signs.map((sign) => ({ ...sign, text: present(own[sign.id], sign.id) })),
  )
  const ownSignsOf = perLanguage(texts, 'signs-self.json', z.record(z.string(), z.string()), (own) => {
    const affected = signs.filter(({ vantages }) => vantages.includes('affected'))
    return new Map(affected.map(({ id }) => [id, present(own[id], id)]))
  })
  const entriesOf = perLanguage(texts, 'entries.json', entriesSchema, (own) => own)
  const detailTexts = perLanguage(texts, 'details.json', detailTextsSchema, (own) => {
    requireTexts(details, own)
    return own
  })
  const routes = readData('routes.json', z.array(routeSchema))
  const languageOf = (path: string): string => {
    const code = path.replace(/^https?:\/\/[^/]*/i, '').split(/[/?]/)[1] ?? ''
    return texts.language(code) ? code : settings.defaultLanguage
  }

  return {
    settings,
    languages: texts.languages,
    catalogue: { signs, regions, details },
    details: detailTexts,
    drawings,
    style,
    script,
    cover,
    information,
    tools,
    near,
    leaflet,
    forms: formsOf,
    signs(language, vantage) {
      if (vantage !== 'affected') return signsOf(language)
      const own = ownSignsOf(language)
      return signsOf(language).map((sign) => ({ ...sign, text: own.get(sign.id) ?? sign.text }))
    },
    entry: (language, vantage) => present(entriesOf(language)[vantage ?? 'other'], 'entry'),
    routes,
    directory,
    help: (language) => helpRows(directory, language),
    pageNames: pages.names,
    pages: (language) => pages.names.map((name) => pages.page(language, name)),
    pageOf: pages.page,
    library: loadSignLibrary(texts),
    formPages: forms.map(({ page }) => page),
    source: loadSources(),
    translate: texts.translate,
    readTexts: texts.read,
    languageOf,
    page(code, template, data, { title, path, indexable = false, own, trail }) {
      const language = texts.language(code)
      const t = texts.translate(code)
      const shared = { lang: code, dir: language?.dir, t, draw: drawings.draw }
      const body = render(`intake/${template}`, { ...shared, ...data })
      const home = { href: '/', title: t('layout.home') }
      return render('layout/public', {
        ...shared,
        siteName: settings.siteName,
        demonstration: settings.demonstration,
        languages: texts.languages,
        css: style,
        script,
        own: own ?? (trail ? information : null),
        trail: trail ? [home, ...trail] : null,
        origin: settings.origin ?? '',
        title,
        path,
        indexable,
        body,
      })
    },
  }
}

function optionsOf({ questions }: DetailGroup): DetailGroup['questions'][number]['options'] {
  return questions.flatMap(({ options }) => options)
}

/** Reads a file of a language when it is asked for first: the start takes no longer with more languages. */
function perLanguage<T, R>(
  texts: Texts,
  file: string,
  schema: z.ZodType<T>,
  make: (own: T) => R,
): (code: string) => R {
  const made = new Map<string, R>()
  return (code) => {
    const own = made.get(code) ?? make(texts.read(code, file, schema))
    made.set(code, own)
    return own
  }
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`no text for ${name}`)
  return value
}
