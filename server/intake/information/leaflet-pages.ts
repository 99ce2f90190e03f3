// Leaflets: a page of the site as it comes on paper, with a code that leads back to it. The code holds the address of
// the page and nothing else: who uses it is not followed.
import { correction, generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import type { Page } from '../../pages/index.js'
import type { Site } from '../site.js'
import { GROUPS, groupOf, type PageFront } from './audience.js'

const SIZES = ['a4', 'a5'] as const
const LEAFLET_AUDIENCES = ['citizen', 'client', 'affected', 'sex_worker', 'professional']
const LEAFLET_KINDS = ['library', 'guide']
/** The empty edge that readers of codes need, in modules. */
const QUIET_ZONE = 4

/** Whether a page is for people who may want it on paper. */
export function hasLeaflet({ audience = [], kind }: PageFront): boolean {
  return audience.some((one) => LEAFLET_AUDIENCES.includes(one)) || LEAFLET_KINDS.includes(kind ?? '')
}

/** The list of leaflets, and each leaflet in both sizes, by address. */
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
    for (const page of site.pages(code).filter(hasLeaflet))
      for (const size of SIZES) {
        const path = pathOf(page.name, size)
        pages.set(`/${code}${path}`, () =>
          site.page(code, 'information/leaflet', dataOf(site, code, page, size), {
            title: t('leaflet.browserTitle'),
            path,
            trail: [{ href: '/leaflet', title: t('leaflets.browserTitle') }],
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
  const all = site
    .pages(language)
    .filter(hasLeaflet)
    .map(({ name, title }) => ({
      href: pathOf(name, 'a4'),
      title,
      group: groupOf(site, language, `/${name}`),
    }))
  return GROUPS.map((group) => ({ group, leaflets: all.filter((one) => one.group === group) })).filter(
    ({ leaflets }) => leaflets.length > 0,
  )
}

function dataOf(site: Site, language: string, page: Page, size: (typeof SIZES)[number]) {
  const { origin } = site.settings
  // Without an address of our own a code would lead nowhere.
  const address = origin ? `${origin}/${language}/${page.name}` : null
  return {
    size,
    sizes: SIZES.map((one) => ({ size: one, href: pathOf(page.name, one) })),
    heading: page.browserTitle,
    name: page.name,
    html: onPaper(page.html),
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
