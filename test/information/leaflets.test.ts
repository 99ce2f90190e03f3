// Leaflets: on paper as they should be, with a code that a telephone reads and that holds an address alone.
import { gzipSync } from 'node:zlib'
import jsqr from 'jsqr'
import sharp from 'sharp'
import t from 'tap'
import { leafletPages } from '../../server/intake/information/leaflet-pages.js'
import { pagePath } from '../../server/intake/information/sections.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { launchBrowser, listen, visit } from '../support/browser.js'
import { faultsOfPage } from '../support/calm-page.js'

const ORIGIN = 'https://baken.example'
const MOST_BYTES = 14_336
/** Sides of the sheets in points, as PDF counts. */
const SHEETS = { '': [595, 842], '/a5': [420, 595] } as const
/** Leaflets of so few words must fit on one sheet, both sides. */
const SHORT_WORDS = 450
const decode = (jsqr as unknown as { default: typeof import('jsqr').default }).default

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false, origin: ORIGIN })
const leaflets = [...leafletPages(site)].filter(([path]) => /\/leaflet\/./.test(path))
const html = new Map(leaflets.map(([path, render]) => [path, render()]))
const { intake } = await startApps(t, { origin: ORIGIN })
const address = await listen(intake)
const browser = await launchBrowser(t)

/** What a telephone reads from the code of a page. */
async function readCode(page: string): Promise<string | undefined> {
  const svg = /<svg class="qr"[\s\S]*?<\/svg>/.exec(page)?.[0] ?? ''
  const { data, info } = await sharp(
    Buffer.from(svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')),
  )
    .resize(300, 300)
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return decode(new Uint8ClampedArray(data), info.width, info.height)?.data
}

t.test(
  'every page for people has a leaflet, in each language and size, and every code leads to its page',
  async (t) => {
    const pages = publicPages(site)
    t.ok(leaflets.length >= 100, `${leaflets.length} leaflets`)
    const wrong: string[] = []
    for (const [path, page] of html) {
      const [, language, , name = ''] = path.split('/')
      const code = await readCode(page)
      if (code !== `${ORIGIN}/${language}${pagePath(name, site.formPages)}`) wrong.push(`${path} has ${code}`)
      if (!pages.has(code?.slice(ORIGIN.length) ?? '')) wrong.push(`${path} leads nowhere`)
      if (!page.includes(`<strong>${code?.slice('https://'.length)}</strong>`))
        wrong.push(`${path} does not say ${code}`)
      if (gzipSync(page).length > MOST_BYTES) wrong.push(`${path} weighs ${gzipSync(page).length}`)
    }
    t.same(wrong, [])
  },
)

t.test(
  'a leaflet is called by its calm name, is not for search engines, and warns who may be found with it',
  async (t) => {
    for (const { code } of site.languages) {
      const page = site.pages(code).find(({ name }) => name === 'form-intimacy')
      const answer = await intake.inject(`/${code}/leaflet/form-intimacy/a5`)
      t.same(faultsOfPage(answer, code), [])
      t.match(answer.body, `<h1>${page?.browserTitle}</h1>`)
      t.match(answer.body, '<meta name="robots" content="noindex">')
      t.match(answer.body, `<p class="note">${site.translate(code)('leaflet.found')}</p>`)
      t.match(answer.body, `<a href="/${code}/leaflet/form-intimacy">`, 'the other size')
      t.notOk(answer.headers['set-cookie'])
      t.match((await intake.inject(`/${code}/leaflet`)).body, `href="/${code}/leaflet/form-intimacy"`)
    }
  },
)

t.test(
  'nothing is folded on paper, and no link of a leaflet leads to a place that is not on it',
  async (t) => {
    for (const [path, page] of html) {
      t.notMatch(page, '<details>', path)
      for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) t.match(page, `id="${id}"`, path)
    }
  },
)

t.test('without an address of its own a site prints no code', async (t) => {
  const alone = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
  const page = leafletPages(alone).get('/nl/leaflet/form-work')?.() ?? ''
  t.match(page, '<article class="leaflet a4">')
  t.notMatch(page, 'class="qr"')
})

t.test('printed, a leaflet has the size that was chosen, and a short one fits on one sheet', async (t) => {
  const { page } = await visit(browser, address, { colorScheme: 'dark' })
  for (const name of ['form-work', 'form-intimacy', 'view-clients', 'card-neighbour', 'ways', 'stay'])
    for (const [size, sides] of Object.entries(SHEETS)) {
      const path = `/nl/leaflet/${name}${size}`
      await page.setContent(html.get(path) ?? '')
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
      const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) =>
        [width, height].map((side) => Math.round(Number(side))),
      )
      t.ok(sheets.length > 0, path)
      for (const sheet of sheets) t.same(sheet, sides, path)
      const words = (await page.innerText('article')).split(/\s+/).length
      if (words <= SHORT_WORDS) t.ok(sheets.length <= 2, `${path}: ${words} words on ${sheets.length} sides`)
      t.ok(sheets.length <= 4, `${path}: ${sheets.length} sides`)
    }
})

t.test('what stands around a leaflet stays on the screen', async (t) => {
  const { page } = await visit(browser, address)
  await page.setContent(html.get('/nl/leaflet/form-work') ?? '')
  t.same(await findings(page), [])
  t.notOk(await page.evaluate(OVERFLOWS))
  await page.emulateMedia({ media: 'print' })
  for (const around of ['header', 'footer', '.bar', '.screen', '.trail'])
    t.notOk(await page.locator(around).first().isVisible(), around)
  t.ok(await page.locator('.qr').isVisible())
})
