// Leaflets: a page of the site as it comes on paper, with a code that leads back to it. The code holds the address of
// the page and nothing else: who uses it is not followed.
import { correction, generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import type { Site } from '../site.js'
import { GROUPS, groupOf } from './audience.js'
import { isOfSelf, marksOf } from './content.js'
import { pagePath } from './sections.js'

const SIZES = ['a4', 'a5'] as const
/** The empty edge that readers of codes need, in modules. */
const QUIET_ZONE = 4

/** The list of leaflets, and every page of text in both sizes, by address. A page is read when it is asked for. */
export function leafletPages(site: Site): Map<string, () => string> {
  const pages = new Map<string, () => string>()
  for (const { code } of site.languages) {
    const t = site.translate(code)
    pages.set(`/${code}/leaflet`, () =>
      site.page(
        code,
        'information/leaflets',
        { groups: groupsOf(site, code) },
        { title: t('leaflets.browserTitle'), path: '/leaflet', trail: [] },
      ),
    )
    for (const name of site.pageNames)
      for (const size of SIZES) {
        const path = pathOf(name, size)
        pages.set(`/${code}${path}`, () =>
          site.page(code, 'information/leaflet', dataOf(site, code, name, size), {
            title: t('leaflet.browserTitle'),
            path,
            trail: [{ href: '/leaflet', title: t('leaflets.browserTitle') }],
            own: site.leaflet,
          }),
        )
      }
  }
  return pages
}

function pathOf(name: string, size: (typeof SIZES)[number]): string {
  return size === 'a4' ? `/leaflet/${name}` : `/leaflet/${name}/${size}`
}

function groupsOf(site: Site, language: string) {
  const all = site.pages(language).map(({ name, title }) => ({
    href: pathOf(name, 'a4'),
    title,
    group: groupOf(site, language, pagePath(name, site.formPages)),
  }))
  return GROUPS.map((group) => ({ group, leaflets: all.filter((one) => one.group === group) })).filter(
    ({ leaflets }) => leaflets.length > 0,
  )
}

function dataOf(site: Site, language: string, name: string, size: (typeof SIZES)[number]) {
  const page = site.pageOf(language, name)
  const path = `/${language}${pagePath(name, site.formPages)}`
  const { origin } = site.settings
  // Without an address of our own a code would lead nowhere.
  const address = origin ? origin + path : null
  return {
    size,
    sizes: SIZES.map((one) => ({ size: one, href: pathOf(name, one) })),
    heading: page.browserTitle,
    back: path,
    kind: page.kind,
    html: onPaper(page.render(marksOf(site, language, isOfSelf(page))).html),
    verified: page.verified,
    reviewed: page.reviewed,
    address,
    readable: address?.replace(/^https?:\/\//, ''),
    code: address && codeOf(address),
  }
}

/** A QR code as an SVG path, and the square it lies in. */
function codeOf(address: string): { path: string; box: string } {
  const code = generate(address, { minCorrectionLevel: correction.M })
  const edge = code.size + 2 * QUIET_ZONE
  return { path: toSvgPath(code), box: `-${QUIET_ZONE} -${QUIET_ZONE} ${edge} ${edge}` }
}

/** Folded parts are open, since paper cannot be; notes that lead to the list of sources stay on the page itself. */
function onPaper(html: string): string {
  return html
    .replaceAll('<details>', '<details open>')
    .replace(/<sup\b[^>]*>[\s\S]*?<\/sup>/g, '')
    .replace(/<a\b[^>]*href="#([^"]*)"[^>]*>([\s\S]*?)<\/a>/g, (link: string, id: string, text: string) =>
      html.includes(`id="${id}"`) ? link : text,
    )
}
