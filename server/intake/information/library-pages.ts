// The pages of text, the library of signs, the home page and the list of everything.

import type { Page } from '../../pages/index.js'
import type { Source } from '../../pages/sources.js'
import { FORMS, signsOfForms, type Vantage } from '../../report/signs.js'
import type { Crumb, Site } from '../site.js'
import { isOfSelf, marksOf, signWords } from './content.js'
import { keptPage } from './kept-page.js'
import { navigatorPage } from './navigator.js'
import { pagePath, readSections, type Section } from './sections.js'

/** Who looks; the report knows them by the same names. */
const VIEWS: readonly Vantage[] = ['citizen', 'client', 'sex_worker', 'affected', 'professional']
/** What somebody who comes to the home page may be, with the page written for each. */
const HOME_WHO = [
  ['view.citizen', 'view-neighbours'],
  ['view.client', 'clients'],
  ['view.sex_worker', 'view-colleagues'],
  ['view.affected', 'view-self'],
  ['view.professional', 'professionals'],
] as const
const HOME_WANT = [
  { href: '/help', key: 'help' },
  { href: '/report', key: 'report' },
  { href: '/signs', key: 'signs' },
  { href: '/ways', key: 'ways' },
  { href: '/what-if', key: 'whatIf' },
  { href: '/return', key: 'return' },
]

/** The pages of this file by address. Titles and texts are read when a page is asked for. */
export function libraryPages(site: Site): Map<string, () => string> {
  const pages = new Map<string, () => string>()
  for (const { code } of site.languages) {
    pages.set(`/${code}/`, () => homePage(site, code))
    pages.set(`/${code}/signs`, () => signsPage(site, code))
    pages.set(`/${code}/signs/all`, () => allSignsPage(site, code))
    pages.set(`/${code}/kept`, () => keptPage(site, code))
    pages.set(`/${code}/navigator`, () => navigatorPage(site, code, (href) => titleOf(site, code, href)))
    pages.set(`/${code}/pages`, () => overviewPage(site, code))
    for (const name of site.pageNames) {
      pages.set(`/${code}${pagePath(name, site.formPages)}`, () => textPage(site, code, name))
    }
  }
  return pages
}

/** The way to a page of text: the page that opens its section, unless it is that page itself. */
export function trailTo(site: Site, language: string, path: string): Crumb[] {
  const holds = ({ pages, others }: Section) =>
    pages.some((name) => pagePath(name, site.formPages) === path) || others.some(({ href }) => href === path)
  const section = readSections().find(holds)
  if (!section || section.index === path) return []
  return [{ href: section.index, title: site.translate(language)(`section.${section.id}`) }]
}

function homePage(site: Site, code: string): string {
  const data = {
    want: HOME_WANT,
    who: HOME_WHO.map(([key, name]) => ({ key, href: pagePath(name, site.formPages) })),
    forms: site.forms(code),
  }
  const title = site.translate(code)('home.browserTitle')
  return site.page(code, 'home', data, { title, path: '/', indexable: true, own: site.information })
}

function textPage(site: Site, code: string, name: string): string {
  const page = site.pageOf(code, name)
  const { html, sources, terms } = page.render(marksOf(site, code, isOfSelf(page)))
  const path = pagePath(name, site.formPages)
  const form = FORMS[site.formPages.indexOf(name)]
  const data = {
    page,
    html,
    sources: withFrontMatter(site, page, sources),
    terms,
    related: page.related.map((other) => cardOf(site, code, other)),
    signs: form
      ? signsOfForms(site.signs(code), [form]).map(({ id }) => signWords(site, code, id, false))
      : [],
    onion: name === 'safety' ? site.settings.onionAddress : null,
  }
  return site.page(code, 'information/page', data, {
    title: page.browserTitle,
    path,
    indexable: true,
    trail: trailTo(site, code, path),
    // Slides and cards print in a way of their own.
    ...(/^(card|trainer)-/.test(name) && { own: site.tools }),
  })
}

/** Those with a number in the text first, then what the page as a whole rests on. */
function withFrontMatter(site: Site, page: Page, numbered: readonly Source[]): Source[] {
  const more = page.sources.filter((id) => !numbered.some((source) => source.id === id))
  return [...numbered, ...more.map(site.source)]
}

function cardOf(site: Site, code: string, name: string) {
  const { title, summary } = site.pageOf(code, name)
  return { href: pagePath(name, site.formPages), title, summary }
}

/** What a page of ours is called where it is listed, by its address without the language. */
function titleOf(site: Site, code: string, href: string): string {
  const name = site.pageNames.find((one) => pagePath(one, site.formPages) === href)
  if (name) return site.pageOf(code, name).title
  const listed = readSections()
    .flatMap(({ id, index, others }) => [...others, { href: index, key: `section.${id}` }])
    .find((one) => one.href === href)
  if (!listed) throw new Error(`nothing is called ${href}`)
  return site.translate(code)(listed.key)
}

function signsPage(site: Site, code: string): string {
  const t = site.translate(code)
  const views = site.pageNames.filter((name) => name.startsWith('view-'))
  const data = { forms: site.forms(code), views: views.map((name) => cardOf(site, code, name)) }
  return site.page(code, 'information/signs', data, {
    title: t('signsPage.browserTitle'),
    path: '/signs',
    indexable: true,
    trail: [],
  })
}

function allSignsPage(site: Site, code: string): string {
  const t = site.translate(code)
  const sources = new Map<string, Source>()
  const numberOf = (id: string): number => {
    sources.set(id, sources.get(id) ?? site.source(id))
    return [...sources.keys()].indexOf(id) + 1
  }
  const signs = site.signs(code).map(({ id, forms, vantages }) => ({
    id,
    ...signWords(site, code, id, false),
    forms: forms.map((form) => FORMS.indexOf(form) + 1),
    views: vantages.map((vantage) => VIEWS.indexOf(vantage) + 1),
    sources: (site.library.sources[id] ?? []).map(numberOf).map((number) => ({ id: number, number })),
  }))
  // Numbers as anchors: with the ids of the sources this page, the heaviest of all, would not fit.
  const listed = [...sources.values()].map((source, i) => ({ ...source, id: i + 1 }))
  const data = { signs, views: VIEWS, forms: site.forms(code), sources: listed }
  return site.page(code, 'information/all-signs', data, {
    title: t('library.allBrowser'),
    path: '/signs/all',
    indexable: true,
    trail: trailTo(site, code, '/signs/all'),
  })
}

function overviewPage(site: Site, code: string): string {
  const t = site.translate(code)
  const sections = readSections().map(({ id, pages, others }) => ({
    id,
    pages: [
      ...pages.map((name) => cardOf(site, code, name)),
      ...others.map(({ href, key }) => ({ href, title: t(key), summary: '' })),
    ],
  }))
  return site.page(
    code,
    'information/pages',
    { sections },
    { title: t('pages.title'), path: '/pages', indexable: true, trail: [] },
  )
}
