// Looks at every text, page and link before the server is built, so that no reader meets what is missing.
import { checkHelp } from '../../help/shipped.js'
import { findMissingMessages, loadTexts } from '../../i18n/index.js'
import { pageNames } from '../../pages/index.js'
import { publicPages } from '../page-routes.js'
import { loadSite, type Site } from '../site.js'
import { findHelpProblems } from './check-help.js'
import { placePages } from './place-pages.js'
import { findWrongSearchWords } from './search-words.js'
import { readSections } from './sections.js'
import { checkTools } from './tool-pages.js'

/** Addresses of ours that are no page of this list: they need a cookie, a desk or typed words. */
const ELSEWHERE = /^\/(exit|[a-z-]+\/(return|search|report(\/all|\/danger)?))$/

/** Everything wrong with texts, pages and the links between them; empty when all is well. */
export function findContentProblems(): string[] {
  const texts = loadTexts()
  const missing = [
    ...findMissingMessages(texts),
    ...findMissingPages(texts.languages.map(({ code }) => code)),
  ]
  if (missing.length > 0) return missing.map((one) => `missing: ${one}`)
  try {
    checkHelp(texts)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  const [first] = texts.languages
  const site = loadSite({ siteName: 'Baken', defaultLanguage: first?.code ?? '', demonstration: false })
  return [
    ...problemsOf(() => checkTools(texts)),
    ...findHelpProblems(site),
    ...findMisplaced(site),
    ...findBrokenPages(site),
    ...findWrongSearchWords(site, publicPages(site)),
  ]
}

/** What a check throws as a list, as a list. */
function problemsOf(check: () => void): string[] {
  try {
    check()
    return []
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')
  }
}

function findMissingPages(languages: readonly string[]): string[] {
  const all = new Set(languages.flatMap(pageNames))
  return languages.flatMap((code) => {
    const own = pageNames(code)
    return [...all].filter((name) => !own.includes(name)).map((name) => `${code}/pages/${name}.md`)
  })
}

/** Each page of text stands in one section, and each section and related page names only what exists. */
function findMisplaced(site: Site): string[] {
  const placed = readSections().flatMap(({ pages }) => pages)
  const related = site.languages.flatMap(({ code }) =>
    site.pageNames.flatMap((name) =>
      tryPage(site, code, name)
        .related.filter((other) => !site.pageNames.includes(other))
        .map((other) => `${code}/pages/${name}.md: no page ${other}`),
    ),
  )
  const others = readSections().flatMap(({ index, others }) => [index, ...others.map(({ href }) => href)])
  const pages = publicPages(site)
  return [
    ...site.pageNames
      .filter((name) => placed.filter((one) => one === name).length !== 1)
      .map((name) => `sections.json: ${name} must stand there once`),
    ...placed
      .filter((name) => !site.pageNames.includes(name))
      .map((name) => `sections.json: no page ${name}`),
    ...others
      .filter(
        (href) => !pages.has(`/${site.settings.defaultLanguage}${href}`) && !ELSEWHERE.test(`/nl${href}`),
      )
      .map((href) => `sections.json: nothing at ${href}`),
    ...related,
  ]
}

function tryPage(site: Site, code: string, name: string): { related: readonly string[] } {
  try {
    return site.pageOf(code, name)
  } catch {
    // Rendering tells what is wrong with it.
    return { related: [] }
  }
}

/** Renders every page: that reads all front matter, data, marks and sources. Then follows every link. */
function findBrokenPages(site: Site): string[] {
  const pages = publicPages(site)
  const places = placePages(site)
  const isThere = (address: string): boolean =>
    pages.has(address) || ELSEWHERE.test(address) || places.get(address) !== undefined
  const problems: string[] = []
  for (const [path, render] of pages) {
    try {
      problems.push(...deadLinks(path, render(), isThere))
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return problems
}

function deadLinks(path: string, html: string, isThere: (address: string) => boolean): string[] {
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const links = new Set([...html.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href))
  return [...links].flatMap((href) => {
    if (href.startsWith('#')) return ids.has(href.slice(1)) ? [] : [`${path}: no ${href}`]
    const [address = ''] = href.split('#')
    const isDead = href.startsWith('/') && !isThere(address)
    return isDead ? [`${path}: nothing at ${href}`] : []
  })
}
