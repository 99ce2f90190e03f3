// Search: finds what people mean, keeps nothing of what they type, and stays calm whatever they type.
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { groupOf } from '../../server/intake/information/audience.js'
import { placesToFind } from '../../server/intake/information/place-pages.js'
import { createSiteSearch } from '../../server/intake/information/search-pages.js'
import { findWrongSearchWords, readSearchWords } from '../../server/intake/information/search-words.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { createCompounds } from '../../server/search/compounds.js'
import { createSearch, readPage, type SearchLanguage } from '../../server/search/index.js'
import { fold, stemOf } from '../../server/search/words.js'
import { alteredTexts } from '../support/altered-texts.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { launchBrowser, listen, NARROW, visit } from '../support/browser.js'
import { faultsOfPage } from '../support/calm-page.js'
import { SEARCHES } from '../support/searches.js'
import { invalidHtml } from '../support/valid-html.js'

const MOST_BYTES = 14_336
const LEAST_RECALL = 0.97
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
// With the pages of all places, which must not come before what people look for.
const search = createSiteSearch(site, () => publicPages(site), { places: () => placesToFind(site) })
const { intake, log } = await startApps(t)

async function ask(language: string, q: string) {
  return intake.inject({
    method: 'POST',
    url: `/${language}/search`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ q }).toString(),
  })
}

/** Where the results of a page lead, from the first to the last. */
function linksIn(html: string): string[] {
  return [...html.matchAll(/<li><a href="(\/[^"]+)">(?:(?!<\/li>)[\s\S])*?<p>/g)].map(([, href = '']) => href)
}

t.test(
  'the form asks by POST and says what is kept; an address with words in it shows the form',
  async (t) => {
    for (const { code } of site.languages) {
      const plain = await intake.inject(`/${code}/search`)
      t.same(faultsOfPage(plain, code), [])
      t.match(plain.body, `<form method="post" action="/${code}/search"`)
      t.same(await invalidHtml(plain.body), [])
      const asked = await intake.inject(`/${code}/search?q=loverboy`)
      t.equal(asked.body, plain.body, 'words in an address are not looked at')
      t.notMatch(plain.body, /<meta name="robots"/)
    }
  },
)

t.test('an answer is a calm page of its own that nobody keeps', async (t) => {
  const answer = await ask('nl', 'loverboi')
  t.equal(answer.statusCode, 200)
  t.same(faultsOfPage(answer, 'nl'), [])
  t.notOk(answer.headers['set-cookie'])
  t.notOk(answer.headers.location)
  t.match(answer.body, '<meta name="robots" content="noindex">')
  t.notMatch(answer.body.split('</title>')[0] ?? '', /loverbo/i, 'the title stays neutral')
  t.match(answer.body, 'value="loverboi"', 'the words wait in the form')
  t.ok(linksIn(answer.body).length > 2)
  t.match(answer.body, /<mark>/)
  t.same(await invalidHtml(answer.body), [])
  t.notMatch(log.join('\n'), /loverbo|search/i)
})

t.test(
  'in a browser words are typed and found, on pages without a fault, and stand in no address',
  async (t) => {
    const origin = await listen(intake)
    const browser = await launchBrowser(t)
    const { page, context, elsewhere, complaints } = await visit(browser, origin, { viewport: NARROW })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const look = async (state: string): Promise<void> => {
      t.same(await findings(page), [], `${state}: axe`)
      t.notOk(await page.evaluate(OVERFLOWS), `${state}: as wide as the window`)
    }
    await page.goto(`${origin}/nl/search`)
    await look('the form')
    await page.locator('input[name=q]').fill('uitbuitingshulp')
    await page.keyboard.press('Enter')
    await page.locator('mark').first().waitFor()
    await look('results')
    await page.locator('input[name=q]').fill('gbrntal')
    await page.getByRole('button', { name: 'Zoek' }).first().click()
    const near = page.locator('fieldset button').first()
    await near.waitFor()
    await look('nothing found')
    const word = await near.innerText()
    await near.click()
    await page.locator('mark').first().waitFor()
    t.equal(
      await page.locator('input[name=q]').inputValue(),
      word,
      'a word that comes near is one press away',
    )
    await look('a word that came near')
    t.same([...new Set(asked)], [`${origin}/nl/search`])
    const plain = await visit(browser, origin, { javaScriptEnabled: false })
    await plain.page.goto(`${origin}/en/search`)
    await plain.page.locator('input[name=q]').fill('pimp')
    await plain.page.keyboard.press('Enter')
    await plain.page.locator('mark').first().waitFor()
    t.same(elsewhere, [])
    t.same(complaints, [], 'nothing is refused by the content policy')
    t.same(await context.cookies(), [])
  },
)

t.test('pages for who does this for work stand under their own heading, after the best three', async (t) => {
  const { body } = await ask('nl', 'gemeente')
  const links = linksIn(body)
  const professional = body.split('<h2>Voor professionals en gemeenten</h2>')[1] ?? ''
  const after = linksIn(professional)
  t.ok(after.length > 0)
  for (const href of after) t.equal(groupOf(site, 'nl', href.slice(3)), 'professional', href)
  t.equal(new Set(links).size, links.length, 'no page stands there twice')
  t.equal(groupOf(site, 'nl', '/clients'), 'client')
  t.equal(groupOf(site, 'nl', '/anything-else'), 'everyone')
})

t.test('markup that somebody types stays text', async (t) => {
  const { body } = await ask('en', '"><script>alert(1)</script><mark>signs')
  t.match(body, 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;mark&gt;signs"')
  t.notMatch(body, '<script>alert')
})

t.test('nothing typed, or nothing found, leads on', async (t) => {
  const empty = await ask('nl', ' \u0000 ')
  t.match(empty.body, 'U typte nog niets')
  const none = await ask('nl', 'qqxxjjzzkk')
  const near = await ask('nl', 'gbrntal')
  t.match(near.body, /<button class="quiet" name="q" value="gebarentaal">/)
  for (const { body } of [none, near]) t.match(body, 'Niets gevonden')
  for (const { body } of [empty, none, near]) {
    for (const href of ['/nl/help', '/nl/signs', '/nl/report']) t.match(body, `<li><a href="${href}">`)
    t.same(await invalidHtml(body), [])
  }
  const without = await intake.inject({ method: 'POST', url: '/en/search' })
  t.equal(without.statusCode, 200, 'a form without a field')
})

t.test(
  'a word that we do not use leads to what we call it, and stays the word of who typed it',
  async (t) => {
    for (const [language, word] of [
      ['nl', 'prostituee'],
      ['nl', 'hoer'],
      ['en', 'prostitute'],
    ] as const) {
      const { body } = await ask(language, word)
      t.ok(
        linksIn(body)
          .slice(0, 3)
          .some((href) => /clients|colleagues|signs/.test(href)),
        word,
      )
      t.notMatch(body.replace(/<input[^>]*>/g, ''), new RegExp(word, 'i'), word)
    }
  },
)

for (const { code } of site.languages) {
  t.test(`people find their page among the first three: ${code}`, async (t) => {
    const table = SEARCHES[code] ?? []
    t.ok(table.length >= (code === 'nl' ? 60 : 40), `${table.length} searches`)
    const missed: string[] = []
    for (const [query, ...expected] of table) {
      const { results } = await search.find(code, query)
      const first = results.slice(0, 3).map(({ path }) => path)
      if (!first.some((path) => expected.includes(path))) missed.push(`${query}: ${first.join(' ')}`)
    }
    const recall = 1 - missed.length / table.length
    t.comment(
      `${code}: ${table.length - missed.length} of ${table.length} found, ${(recall * 100).toFixed(1)} %`,
    )
    t.ok(recall >= LEAST_RECALL, missed.join('\n'))
  })
}

t.test('an answer fits in the first round trip, however much was found', async (t) => {
  for (const query of [
    'mensenhandel',
    'melden politie hulp werk geld',
    'a'.repeat(150),
    'gemeente school zorg',
  ]) {
    const { body } = await ask('nl', query)
    const bytes = gzipSync(body).length
    t.ok(bytes <= MOST_BYTES, `${query.slice(0, 20)}: ${bytes} bytes`)
  }
})

t.test('long and odd words are answered as calmly as any', async (t) => {
  const odd = [
    'uitbuiting '.repeat(1_900),
    'x'.repeat(20_000),
    '\u0000\u0007\u001b[31m\u202e hulp',
    '🆘🆘🆘 👩‍👩‍👧',
    'الاتجار بالبشر',
    'ｈｅｌｐ',
    '\ud800 hulp \udfff',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody types
    '%s%n ${x} {{y}} __proto__ constructor toString',
    "'; drop table report; --",
    'ﷺ'.repeat(300),
  ]
  for (const query of odd) {
    const answer = await ask('nl', query)
    t.equal(answer.statusCode, 200)
    t.match(answer.body, '<main id="main">')
    t.notMatch(answer.body, /(?![\n\t])\p{Cc}|\u202e/u)
    const shown = /name="q" value="([^"]*)"/.exec(answer.body)?.[1] ?? ''
    t.ok(shown.length <= 1_200, 'at most 200 characters come back')
  }
  t.match((await ask('nl', odd[0] ?? '')).body, 'Wij keken alleen naar de eerste woorden')
  t.match((await ask('nl', 'ｈｕｌｐ')).body, /<mark>/, 'wide letters are letters')
})

t.test('any text gives a page', async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom('mensen', 'handel', 'e', '-', 'sex', 'uitbuiting', '<', '&', 'ß', 'İ', '\u0301'),
        { maxLength: 40 },
      )
      .map((all) => all.join('')),
  )
  let checked = 0
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom('nl', 'en'), async (query, language) => {
      const { statusCode, body } = await ask(language, query)
      const faults = [
        statusCode === 200 ? '' : `status ${statusCode}`,
        body.split('<h1').length === 2 ? '' : 'not one heading',
        body.split('<script').length === 2 ? '' : 'a script too many',
        body.endsWith('</html>\n') ? '' : 'not the whole page',
        // Slow, so for a few.
        ...(checked++ < 10 ? await invalidHtml(body) : []),
      ].filter((fault) => fault !== '')
      if (faults.length > 0) throw new Error(faults.join(', '))
    }),
    { numRuns: 100 },
  )
})

t.test('the index is made at the first question, once, and anew after the pages changed', async (t) => {
  let rendered = 0
  let text = 'appels'
  const pages = new Map([
    [
      '/nl/fruit',
      () => {
        rendered++
        return `<main id="main"><h1>Fruit</h1><p>${text} en peren</p></main>`
      },
    ],
  ])
  const own = createSiteSearch(site, () => pages)
  t.equal(rendered, 0)
  const [one, two] = await Promise.all([own.find('nl', 'appels'), own.find('nl', 'peren')])
  t.equal(rendered, 1)
  t.same([one.results[0]?.path, two.results[0]?.path], ['/fruit', '/fruit'])
  text = 'bananen'
  t.equal((await own.find('nl', 'bananen')).results.length, 0)
  own.clear()
  t.equal((await own.find('nl', 'bananen')).results[0]?.path, '/fruit')
})

t.test('a place is found by its names, also misspelt, and by nothing else', async (t) => {
  const place = { path: '/help/den-haag', name: 'Den Haag', otherNames: ["'s-Gravenhage", 'The Hague'] }
  const own = createSiteSearch(site, () => publicPages(site), { places: () => [place] })
  for (const query of ['den haag', "'s-gravenhage", 's gravenhaage', 'hulp in Den Haag'])
    t.ok(
      (await own.find('nl', query)).results.slice(0, 3).some(({ path }) => path === place.path),
      query,
    )
  const { results } = await own.find('nl', 'hulp bellen')
  t.notOk(
    results.some(({ path }) => path === place.path),
    'not by the words that all places have',
  )
})

t.test('another day is another index', async (t) => {
  let day = 'maandag'
  const pages = new Map([['/nl/x', () => `<main id="main"><h1>${day}</h1></main>`]])
  const own = createSiteSearch(site, () => pages, { edition: () => day })
  t.equal((await own.find('nl', 'maandag')).results.length, 1)
  day = 'vrijdag'
  t.equal((await own.find('nl', 'maandag')).results.length, 0)
  t.equal((await own.find('nl', 'vrijdag')).results.length, 1)
})

t.test('an index that could not be made is tried again', async (t) => {
  let fails = true
  const own = createSiteSearch(site, () => {
    if (fails) throw new Error('not yet')
    return publicPages(site)
  })
  await t.rejects(own.find('en', 'help'))
  fails = false
  t.ok((await own.find('en', 'help')).results.length > 0)
})

const DUTCH: SearchLanguage = {
  code: 'nl',
  stop: ['de'],
  links: ['s', 'en'],
  understood: { 'twee woorden': ['peer'] },
}

t.test('words that come near are offered when nothing is found', async (t) => {
  const words = await createSearch(
    [{ path: '/a', title: 'Vrachtwagenchauffeur', headings: [], blocks: ['De peer valt.'] }],
    DUTCH,
  )
  const { results, near } = words.find('vrahtwagncheufeur')
  t.equal(results.length, 0)
  t.same(near, ['vrachtwagenchauffeur'])
  t.equal(words.find('twee woorden').results[0]?.path, '/a', 'two words that stand for one')
  t.same(words.find('peren').results[0]?.excerpt, [
    { text: 'De ', found: false },
    { text: 'peer', found: true },
    { text: ' valt.', found: false },
  ])
  t.same(words.find('de').results.length, 1, 'a word that says nothing counts when there is no other')
})

t.test('a compound is found by its parts, and finds pages with them', async (t) => {
  const known = new Set(['mensen', 'handel', 'arbeid', 'uitbuiting', 'hulp', 'inspectie'])
  const { partsOf } = createCompounds(known, ['s', 'en', 'e', 'n'], stemOf('nl'))
  const stems = (...words: string[]) => words.map(stemOf('nl'))
  t.same(partsOf('mensenhandel'), stems('mensen', 'handel'))
  t.same(partsOf('arbeidsuitbuiting'), stems('arbeid', 'uitbuiting'))
  t.same(partsOf('uitbuitingshulp'), stems('uitbuiting', 'hulp'))
  t.same(partsOf('zzzzinspectie'), stems('inspectie'))
  t.same(partsOf('hulp'), [])
  t.same(createCompounds(known, [], stemOf('en')).partsOf('mensenhandel'), [], 'not where words stand apart')
})

t.test('forms of one word are one word', async (t) => {
  const dutch = [
    ['signaal', 'signalen'],
    ['baas', 'bazen'],
    ['dwingt', 'dwingen'],
    ['aangifte', 'aangiften'],
    ['seksueel', 'sexueel'],
    ['melding', 'meldingen'],
    ['brief', 'brieven'],
    ['Coördinator', 'coordinator'],
  ]
  for (const [one = '', two = ''] of dutch) t.equal(stemOf('nl')(fold(one)), stemOf('nl')(fold(two)), one)
  const english = [
    ['threat', 'threats'],
    ['threatened', 'threatening'],
    ['labour', 'labor'],
    ['agency', 'agencies'],
    ['organise', 'organize'],
  ]
  for (const [one = '', two = ''] of english) t.equal(stemOf('en')(fold(one)), stemOf('en')(fold(two)), one)
  t.equal(stemOf('xx')('words'), 'words')
})

t.test('of a page the main part is read, without its sources and drawings', async (t) => {
  const page = readPage(
    '<header>no</header><main id="main"><h1>One &amp; two</h1><svg><title>no</title></svg><h2>Three</h2><p>Four<sup>9</sup> <b>fi</b>ve</p><ul><li>six</li><li>&#115;even</li></ul><details class="sources"><summary>no</summary></details><p class="hint">no</p></main><footer>no</footer>',
  )
  t.same(page, { title: 'One & two', headings: ['Three'], blocks: ['Four five', 'six', 'seven'] })
  t.same(readPage('no page'), { title: '', headings: [], blocks: [] })
})

t.test('the words of search are whole, and lead to pages and words that are there', async (t) => {
  const pages = publicPages(site)
  t.same(findWrongSearchWords(site, pages), [])
  for (const { code } of site.languages) {
    const ours = new Set(Object.values(readSearchWords(code).understood).flat())
    const unknown: string[] = []
    for (const word of ours) if ((await search.find(code, word)).results.length === 0) unknown.push(word)
    t.same(unknown, [], `${code}: every word that something stands for is on a page`)
  }
  const altered = await alteredTexts(t)
  await altered.change('nl/search-words.json', (text) => text.replace('"stop"', '"stopp"'))
  await altered.change('en/search-words.json', (text) => text.replace('"/help"', '"/nowhere"'))
  const changed = await altered.load<{ findWrongSearchWords: typeof findWrongSearchWords }>(
    'intake/information/search-words.js',
  )
  const wrong = changed.findWrongSearchWords(site, pages)
  t.match(
    wrong.find((one) => one.startsWith('nl/')),
    'stopp',
  )
  t.ok(wrong.includes('en/search-words.json: no page /nowhere'))
})
