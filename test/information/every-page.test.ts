// What holds for every page that is the same for everybody, in every language.
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { keptPage, readKeptColumns } from '../../server/intake/information/kept-page.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { listColumns } from '../../server/storage/owner.js'
import { freshDatabase } from '../support/database.js'
import { invalidHtml } from '../support/valid-html.js'

const MOST_BYTES = 14_336
/** No page is a heading and a link: so many words at least, by kind. */
const LEAST_WORDS: Readonly<Record<string, number>> = {
  guide: 150,
  library: 200,
  reference: 150,
  table: 200,
  tool: 150,
  training: 200,
  other: 60,
}
/** What must not stand in somebody's history, in an address or in a title. */
const TELLING =
  /handel|traffick|prostitu|uitbuit|exploit|politie|police|slachtoffer|victim|dader|offender|seks|sex|misdaad|crime|abuse|misbruik/i

const site = loadSite({
  siteName: 'Baken',
  defaultLanguage: 'nl',
  demonstration: false,
  origin: 'https://baken.example',
})
const pages = [...publicPages(site)].map(([path, render]) => ({ path, html: render() }))

function mainOf(html: string): string {
  return /<main id="main">([\s\S]*)<\/main>/.exec(html)?.[1] ?? ''
}

function words(html: string): number {
  return html.replace(/<[^>]+>/g, ' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}

function kindOf(path: string): string {
  const name = site.pageNames.find((one) => path.endsWith(`/${one}`))
  return name ? site.pageOf('nl', name).kind : 'other'
}

t.test('is valid, light, neutral in address and title, and no heading with a link', async (t) => {
  t.ok(pages.length > 100, `${pages.length} pages`)
  for (const { path, html } of pages) {
    t.same(await invalidHtml(html), [], `${path} is valid`)
    t.ok(
      gzipSync(html).length <= MOST_BYTES - 1_000,
      `${path}: ${gzipSync(html).length} bytes without headers`,
    )
    t.equal(html.match(/<h1/g)?.length, 1, `${path} has one heading of the first level`)
    const title = /<title>([^<]*)/.exec(html)?.[1] ?? ''
    t.notMatch(title, TELLING, path)
    t.notMatch(path, TELLING)
    const kind = kindOf(path)
    t.ok(
      words(mainOf(html)) >= (LEAST_WORDS[kind] ?? 0),
      `${path} (${kind}) has ${words(mainOf(html))} words`,
    )
    t.notMatch(html.replace(/<[^>]*>/g, ''), /prostitu/i, `${path} does not call anybody that`)
    t.notMatch(
      mainOf(html),
      /\[\[|\{\{|undefined|NaN|\bnull\b/,
      `${path} shows no mark that stands for nothing`,
    )
  }
})

t.test('is there in every language, says where it is and where it is in the others', async (t) => {
  const paths = pages.map(({ path }) => path.slice(3))
  for (const { path, html } of pages) {
    const rest = path.slice(3)
    t.equal(paths.filter((one) => one === rest).length, site.languages.length, rest)
    // A leaflet says what its page says: only that one is told to search engines.
    for (const { code } of /content="noindex"/.test(html) ? [] : site.languages) {
      t.match(html, `hreflang="${code}" href="https://baken.example/${code}${rest}"`, `${path}: ${code}`)
    }
    if (rest !== '/') t.match(html, /<nav class="trail"[^>]*>\s*<ol[^>]*>\s*<li><a href="\/(nl|en)\/">/, path)
  }
})

t.test('asks for nothing else: no picture, style, script or font from anywhere', async (t) => {
  for (const { path, html } of pages) {
    t.notMatch(
      html,
      /<(img|iframe|object|embed|video|audio)\b|<link(?! rel="(icon|alternate)")|<script src|url\(/,
      path,
    )
  }
})

t.test(
  'a fact has its source: each number in a text leads to one, each source says when it was looked at',
  async (t) => {
    let numbers = 0
    for (const { path, html } of pages) {
      for (const [, id] of html.matchAll(/<sup><a href="#(source-[\w-]+)"/g)) {
        numbers++
        t.match(html, `<li id="${id}">`, `${path}: ${id}`)
      }
      for (const [, row = ''] of html.matchAll(/<li id="source-[\w-]+">([\s\S]*?)<\/li>/g)) {
        t.match(row, /nagekeken|verified|checked/i, path)
      }
    }
    t.ok(numbers > 400, `${numbers} numbers`)
  },
)

t.test('every sign is there by its id, with at least two things that it may also be', async (t) => {
  // The lists of the field: sexual, labour, domestic, criminal, begging, organs, and what came later.
  const counts = { s: 19, l: 13, v: 6, c: 8, b: 4, o: 5 }
  const ids = Object.entries(counts).flatMap(([letter, most]) =>
    Array.from({ length: most }, (_, i) => `${letter}${i + 1}`),
  )
  for (const { code } of site.languages) {
    const html = publicPages(site).get(`/${code}/signs/all`)?.() ?? ''
    for (const id of new Set([...ids, ...site.signs(code).map((sign) => sign.id)])) {
      const row = new RegExp(`<li id="sign-${id}"[\\s\\S]*?<ul>([\\s\\S]*?)</ul>`).exec(html)?.[1] ?? ''
      t.ok((row.match(/<li>/g)?.length ?? 0) >= 2, `${code}: ${id}`)
    }
    const all = site.signs(code)
    for (const [i, form] of site.forms(code).entries()) {
      const page = publicPages(site).get(`/${code}/signs/${i + 1}`)?.() ?? ''
      for (const sign of all.filter(({ forms }) => forms.includes(form.code))) {
        t.ok(page.includes(escapeText(sign.text)), `${code}: ${sign.id} stands on the page of ${form.code}`)
      }
    }
  }
})

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

t.test('what we keep: the page shows every column that the database has', async (t) => {
  // When this differs: node dist/test/support/write-inventory.js
  const { owner } = await freshDatabase(t)
  const inDatabase = (await listColumns(owner)).map(
    ({ table, column, description }) => `${table}.${column}: ${description}`,
  )
  const onPage = readKeptColumns().map(
    ({ table, column, description }) => `${table}.${column}: ${description}`,
  )
  t.same(onPage.sort(), inDatabase.sort())
  for (const { code } of site.languages) {
    const html = keptPage(site, code)
    for (const { column } of readKeptColumns()) t.ok(html.includes(`<b>${column}</b>`), `${code}: ${column}`)
  }
})
