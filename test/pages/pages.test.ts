import { rm } from 'node:fs/promises'
import t from 'tap'
import type { loadTexts } from '../../server/i18n/index.js'
import { publicPages, reportEntryPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import type { loadPages } from '../../server/pages/index.js'
import { type AlteredTexts, alteredTexts } from '../support/altered-texts.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
/** Pages that need a desk or a cookie, or are no pages. */
const ELSEWHERE = /^\/(exit|(nl|en)\/(return|report\/all))$/

async function pagesOf(altered: AlteredTexts) {
  const texts = await altered.load<{ loadTexts: typeof loadTexts }>('i18n/index.js')
  const pages = await altered.load<{ loadPages: typeof loadPages }>('pages/index.js')
  return pages.loadPages(texts.loadTexts())
}

t.test('every link of every public page leads to a page of ours', async (t) => {
  const pages = new Map([...publicPages(site), ...reportEntryPages(site, () => '')])
  let links = 0
  for (const [path, render] of pages) {
    const html = render()
    for (const [, href = ''] of html.matchAll(/href="(\/[^"#?]*)/g)) {
      links++
      t.ok(pages.has(href) || ELSEWHERE.test(href), `${path} leads to ${href}`)
    }
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    for (const [, id = ''] of html.matchAll(/href="#([^"]+)"/g)) t.ok(ids.has(id), `${path} leads to #${id}`)
  }
  t.ok(links > 200, `${links} links`)
})

t.test('a page stays in its language, but for the switch of languages', async (t) => {
  for (const { code } of site.languages) {
    for (const page of site.pages(code)) {
      for (const [, language] of page.html.matchAll(/href="\/(\w+)\//g)) t.equal(language, code, page.name)
    }
  }
})

t.test('text that looks like markup or like a script stays text', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change(
    'nl/pages/about.md',
    (text) => `${text}\n<script>alert(1)</script>\n\n[go](javascript:alert(1)) <img src=x onerror=y>\n`,
  )
  const html = (await pagesOf(altered))('nl').find(({ name }) => name === 'about')?.html ?? ''
  t.match(html, '&lt;script&gt;')
  t.notMatch(html, /<script|<img|href="javascript/)
})

t.test(
  'a heading of the third level folds what stands under it, up to the next heading or the end',
  async (t) => {
    const altered = await alteredTexts(t)
    await altered.change('nl/pages/about.md', (text) =>
      text.replace(
        /\n---\n[\s\S]*$/,
        '\n---\n### One\n\n- a\n\n### Two\n\nb\n\n## Three\n\nc\n\n### Four\n\nd\n',
      ),
    )
    const html = (await pagesOf(altered))('nl').find(({ name }) => name === 'about')?.html ?? ''
    t.equal(
      html.replaceAll('\n', ''),
      '<details><summary>One</summary><ul><li>a</li></ul></details>' +
        '<details><summary>Two</summary><p>b</p></details>' +
        '<h2>Three</h2><p>c</p><details><summary>Four</summary><p>d</p></details>',
    )
  },
)

t.test('on traces each family of browsers has its own part, the same in every language', async (t) => {
  const partsOf = (language: string) =>
    (site.pages(language).find(({ name }) => name === 'safety')?.html ?? '').match(
      /<details>[\s\S]*?<\/details>/g,
    ) ?? []
  const families = [
    ...['Chrome', 'Chrome', 'Chrome', 'Safari', 'Safari', 'Firefox', 'Edge', 'Samsung Internet'],
    'Tor Browser',
    'app',
  ]
  for (const { code } of site.languages) {
    const parts = partsOf(code)
    t.equal(parts.length, partsOf('nl').length, code)
    t.same(
      parts.map((part) => part.match(/<li>/g)?.length ?? 0),
      partsOf('nl').map((part) => part.match(/<li>/g)?.length ?? 0),
      `${code} gives as many hints`,
    )
    for (const [i, family] of families.entries()) t.match(parts[i], new RegExp(`<summary>.*${family}`))
  }
  for (const part of partsOf('en').slice(0, 8)) {
    t.match(part, /<strong>Private window/)
    t.match(part, /<strong>Delete only this site/)
  }
})

t.test('a page that one language lacks stops the start and is named', async (t) => {
  const altered = await alteredTexts(t)
  await rm(altered.path('en/pages/safety.md'))
  await t.rejects(pagesOf(altered), { message: 'pages are missing in en: safety' })
})

t.test('a page without its date, its title or its front matter stops the start', async (t) => {
  for (const edit of [
    (text: string) => text.replace(/^verified_on:.*\n/m, ''),
    (text: string) => text.replace(/^verified_on:.*$/m, 'verified_on: yesterday'),
    (text: string) => text.replace(/^title:.*$/m, 'title: ""'),
    (text: string) => text.replace(/^---\n[\s\S]*?\n---\n/, ''),
  ]) {
    const altered = await alteredTexts(t)
    await altered.change('nl/pages/about.md', edit)
    await t.rejects(pagesOf(altered))
  }
})

t.test('a language without pages has none, and no page is invented for it', async (t) => {
  t.same((await pagesOf(await alteredTexts(t)))('fr'), [])
})
