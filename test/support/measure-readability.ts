// `npm run readability`: how easy every public page reads, and the share of pages for reporters that are plain.
import { pagePath } from '../../server/intake/information/sections.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite, type Site } from '../../server/intake/site.js'
import { readPage } from '../../server/search/index.js'
import { measureText, type Readability } from './readability.js'

export const PLAIN = 60
/** Whoever may report, or need help. */
const REPORTERS = ['citizen', 'client', 'affected', 'sex_worker']
/** Below these lie pages for whoever's work it is. */
const FOR_WORK = /^\/(professionals|basic-level|training|regions|laws|figures|navigator)(\/|$)/
/** They say the same once more, or nothing. */
const NO_TEXT = /^\/(leaflet|search|pages|kept)(\/|$)/
/** Too short to be measured. */
const LEAST_WORDS = 40

export interface MeasuredPage extends Readability {
  readonly path: string
  readonly language: string
  readonly forReporters: boolean
}

/** Every public page with enough text, the hardest first. */
export function measurePages(site: Site): MeasuredPage[] {
  const pages = [...publicPages(site)].flatMap(([address, render]) => {
    const language = address.split('/')[1] ?? ''
    const path = address.slice(language.length + 1)
    if (NO_TEXT.test(path)) return []
    // Sentences alone: headings, names and cells of a word or two would make every page look easy.
    const sentences = readPage(render()).blocks.filter((block) => /[.!?:…](\W|\d|\[\[.*?\]\])*$/.test(block))
    const measured = measureText(sentences, language)
    return [{ path, language, forReporters: isForReporters(site, language, path), ...measured }]
  })
  return pages.filter(({ words }) => words >= LEAST_WORDS).sort((a, b) => a.score - b.score)
}

function isForReporters(site: Site, language: string, path: string): boolean {
  const name = site.pageNames.find((one) => pagePath(one, site.formPages) === path)
  if (!name) return !FOR_WORK.test(path)
  return site.pageOf(language, name).audience.some((one) => REPORTERS.includes(one))
}

/** The share of pages at or above 60. */
export function plainShare(pages: readonly MeasuredPage[]): number {
  return pages.length === 0 ? 1 : pages.filter(({ score }) => score >= PLAIN).length / pages.length
}

function table(site: Site): string {
  const pages = measurePages(site)
  const part = (language: string, forReporters: boolean): string => {
    const own = pages.filter((page) => page.language === language && page.forReporters === forReporters)
    const who = forReporters ? 'for reporters' : 'for professionals'
    const lines = own.map(
      ({ score, path, words, sentences }) =>
        `${score.toFixed(1).padStart(6)}  ${String(words).padStart(5)} words  ${(words / sentences).toFixed(1).padStart(5)} a sentence  ${path}`,
    )
    const share = `${(plainShare(own) * 100).toFixed(1)} % of ${own.length} pages at ${PLAIN} or above`
    return `${language}, ${who}: ${share}\n${lines.join('\n')}\n`
  }
  return site.languages.flatMap(({ code }) => [part(code, true), part(code, false)]).join('\n')
}

if (process.argv[1]?.endsWith('measure-readability.js'))
  process.stdout.write(table(loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })))
