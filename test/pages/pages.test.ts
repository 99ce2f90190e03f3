import { rm } from 'node:fs/promises'
import t from 'tap'
import type { findContentProblems } from '../../server/intake/information/check-content.js'
import { marksOf } from '../../server/intake/information/content.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import type { loadPages } from '../../server/pages/index.js'
import { type AlteredTexts, alteredTexts } from '../support/altered-texts.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })

async function pagesOf(altered: AlteredTexts) {
  return (await altered.load<{ loadPages: typeof loadPages }>('pages/index.js')).loadPages('nl')
}

async function problemsOf(altered: AlteredTexts): Promise<string[]> {
  type Module = { findContentProblems: typeof findContentProblems }
  const { findContentProblems: find } = await altered.load<Module>('intake/information/check-content.js')
  return find()
}

async function aboutPage(altered: AlteredTexts): Promise<string> {
  return (await pagesOf(altered)).page('nl', 'about').render(marksOf(site, 'nl', false)).html
}

t.test('a page stays in its language, but for the switch of languages', async (t) => {
  for (const { code } of site.languages) {
    for (const page of site.pages(code)) {
      const { html } = page.render(marksOf(site, code, false))
      for (const [, language] of html.matchAll(/href="\/(\w+)\//g)) t.equal(language, code, page.name)
    }
  }
})

t.test('text that looks like markup or like a script stays text', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change(
    'nl/pages/about.md',
    (text) => `${text}\n<script>alert(1)</script>\n\n[go](javascript:alert(1)) <img src=x onerror=y>\n`,
  )
  const html = await aboutPage(altered)
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
    const html = await aboutPage(altered)
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
    site
      .pageOf(language, 'safety')
      .render(marksOf(site, language, false))
      .html.match(/<details>[\s\S]*?<\/details>/g) ?? []
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

t.test(
  'a mark in a text stands for data: a source with its number, a sign, a word, a number to call',
  async (t) => {
    const altered = await alteredTexts(t)
    await altered.change('nl/pages/about.md', (text) =>
      text.replace(
        /\n---\n[\s\S]*$/,
        '\n---\nA [[politie]]. B [[fairwork]] C [[politie]]\n\n- {{sign:l4}}\n\n{{term:dwang}} {{help:comensha}}\n',
      ),
    )
    const page = (await pagesOf(altered)).page('nl', 'about').render(marksOf(site, 'nl', false))
    const numbers = [...page.html.matchAll(/href="#source-([\w-]+)"[^>]*>(\d)</g)].map(
      ([, id, n]) => `${id} ${n}`,
    )
    t.same(numbers, ['politie 1', 'fairwork 2', 'politie 1'])
    t.same(
      page.sources.map(({ id }) => id),
      ['politie', 'fairwork'],
    )
    t.match(page.html, `<details><summary>${site.signs('nl').find(({ id }) => id === 'l4')?.text}</summary>`)
    t.match(page.html, '<a class="term" href="#term-dwang">')
    t.same(
      page.terms.map(({ id }) => id),
      ['dwang'],
    )
    t.match(page.html, /CoMensha <a class="tel" href="tel:\+31334481186">/)
  },
)

t.test('the person herself reads of "you", everybody else of "the person"', async (t) => {
  const pages = publicPages(site)
  const own = site.signs('nl', 'affected').find(({ id }) => id === 'l4')?.text ?? '?'
  const others = site.signs('nl').find(({ id }) => id === 'l4')?.text ?? '?'
  t.ok(pages.get('/nl/view-self')?.().includes(own))
  t.notOk(pages.get('/nl/view-self')?.().includes(others))
  t.ok(pages.get('/nl/signs/2')?.().includes(others))
})

t.test('what is wrong with a text stops the build and is named', async (t) => {
  const wrong: [name: string, file: string, edit: (text: string) => string, says: RegExp][] = [
    [
      'no date',
      'nl/pages/about.md',
      (s) => s.replace(/^verified_on:.*\n/m, ''),
      /about\.md[\s\S]*verified_on/,
    ],
    [
      'a wrong date',
      'nl/pages/about.md',
      (s) => s.replace(/^verified_on:.*$/m, 'verified_on: soon'),
      /verified_on/,
    ],
    ['no title', 'nl/pages/about.md', (s) => s.replace(/^title:.*$/m, 'title: ""'), /title/],
    ['no front matter', 'nl/pages/about.md', (s) => s.replace(/^---\n[\s\S]*?\n---\n/, ''), /front matter/],
    ['an unknown line', 'nl/pages/about.md', (s) => s.replace('---\n', '---\ncolour: red\n'), /colour/],
    [
      'an unknown audience',
      'nl/pages/about.md',
      (s) => s.replace(/^audience:.*$/m, 'audience: all'),
      /audience/,
    ],
    ['an unknown source', 'nl/pages/about.md', (s) => `${s}\nA [[nobody]]\n`, /no source nobody/],
    ['an unknown sign', 'nl/pages/about.md', (s) => `${s}\n- {{sign:z9}}\n`, /no sign z9/],
    ['an unknown word', 'nl/pages/about.md', (s) => `${s}\n{{term:zz}}\n`, /no term zz/],
    [
      'an unknown number',
      'nl/pages/about.md',
      (s) => `${s}\n{{help:zz}}\n`,
      /zz is not in the help directory/,
    ],
    ['a dead link', 'nl/pages/about.md', (s) => `${s}\n[a](/nl/nowhere)\n`, /nothing at \/nl\/nowhere/],
    [
      'a dead relation',
      'nl/pages/about.md',
      (s) => s.replace(/^related:.*$/m, 'related: nowhere'),
      /no page nowhere/,
    ],
    [
      'no section',
      'sections.json',
      (s) => s.replace('"about", ', '').replace('"about",', ''),
      /about must stand/,
    ],
    [
      'a number of help without its source',
      'help-directory.json',
      (s) => s.replace('"wegwijzer-melden"', '"unheard-of"'),
      /nla: no source unheard-of/,
    ],
    [
      'a text left out',
      'en/messages.json',
      (s) => s.replace(/\n.*"layout.skip".*/, ''),
      /en\/messages.json: layout.skip/,
    ],
    [
      'a text left out',
      'en/messages-information.json',
      (s) => s.replace(/\n.*"section.turn".*/, ''),
      /section.turn/,
    ],
  ]
  for (const [name, file, edit, says] of wrong) {
    const altered = await alteredTexts(t)
    await altered.change(file, edit)
    t.match((await problemsOf(altered)).join('\n'), says, name)
  }
  const lacking = await alteredTexts(t)
  await rm(lacking.path('en/pages/safety.md'))
  t.same(await problemsOf(lacking), ['missing: en/pages/safety.md'])
  t.same(await problemsOf(await alteredTexts(t)), [], 'and nothing when all is whole')
})
