// What is measured of the texts: how easy they read, how old their facts are, and where they lead.
import t from 'tap'
import { listFacts, oldFacts } from '../../server/cli/facts.js'
import { loadSite } from '../../server/intake/site.js'
import { bakenJson } from '../support/cli.js'
import { measurePages, PLAIN, plainShare } from '../support/measure-readability.js'
import { countSyllables, measureText } from '../support/readability.js'
import { SYLLABLES } from '../support/syllable-words.js'

const LEAST_PLAIN = 0.9
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const pages = measurePages(site)

for (const { code } of site.languages) {
  t.test(`nine of ten pages for reporters are plain: ${code}`, async (t) => {
    const own = pages.filter(({ language, forReporters }) => language === code && forReporters)
    const share = plainShare(own)
    t.ok(own.length > 30, `${own.length} pages`)
    t.comment(`${code}: ${(share * 100).toFixed(1)} % of ${own.length} pages at ${PLAIN} or above`)
    const hard = own
      .filter(({ score }) => score < PLAIN)
      .map(({ path, score }) => `${path} ${score.toFixed(0)}`)
    t.ok(share >= LEAST_PLAIN, hard.join(', '))
    const help = own.filter(({ path }) => /^\/(help|ways|statement|stay|safety)$/.test(path))
    t.ok(help.length >= 5)
    for (const { path, score } of help)
      t.ok(score >= 70, `${path}, of the way to help, has ${score.toFixed(0)}`)
  })

  t.test(`syllables are counted as people do: ${code}`, async (t) => {
    const words = Object.entries(SYLLABLES[code] ?? {})
    t.ok(words.length >= 40)
    t.same(
      words.filter(([word, number]) => countSyllables(word, code) !== number).map(([word]) => word),
      [],
    )
  })
}

t.test('the scores follow their formulas, and tell an easy text from a hard one', async (t) => {
  const dutch = measureText(['De man slaapt. Zij werkt in een huis.'], 'nl')
  t.same([dutch.words, dutch.sentences], [8, 2])
  t.equal(dutch.score.toFixed(2), (206.84 - 77 * (8 / 8) - 0.93 * 4).toFixed(2))
  const english = measureText(['The man sleeps.', 'She works in a house.'], 'en')
  t.same([english.words, english.sentences], [8, 2])
  t.equal(english.score.toFixed(3), (206.835 - 84.6 - 1.015 * 4).toFixed(3))
  const hard =
    'Overeenkomstig de desbetreffende bepalingen aangaande gegevensverwerking dient toestemming voorafgaandelijk gedocumenteerd te worden'
  t.ok(measureText([hard], 'nl').score < 30)
  t.same(measureText(['112', '[[source-id]] www.example.nl/a'], 'nl'), { score: 100, words: 0, sentences: 0 })
})

t.test('baken facts counts every fact by place, and names what is old', async (t) => {
  const facts = listFacts()
  t.ok(facts.some(({ file, name }) => file === 'sources.json' && name.length > 2))
  t.ok(facts.some(({ file, name }) => file === 'nl/pages/ways.md' && name === 'ways'))
  t.equal(facts.filter(({ name }) => name === '').length, 0, 'each has a name')
  const made = (verified: string | null) => ({ file: 'a.json', name: 'a', verified })
  t.same(oldFacts([made('2026-05-26'), made('2026-05-28'), made(null)], new Date('2026-11-23')), [
    made('2026-05-26'),
  ])
  const { code, json } = await bakenJson(['facts'])
  t.equal(code, 0)
  const { groups } = json as { groups: { place: string; facts: number }[] }
  t.equal(
    groups.reduce((sum, one) => sum + one.facts, 0),
    facts.length,
  )
  t.ok(groups.some(({ place }) => place === 'nl/pages/'))
})

t.test('npm run links lists where pages and sources lead, with every place that does', async (t) => {
  const { outsideLinks } = (await import(new URL('../../../tools/check-links.js', import.meta.url).href)) as {
    outsideLinks(pages: Map<string, () => string>, sources: object): Map<string, Set<string>>
  }
  const sources = {
    a: { url: 'https://a.example/' },
    b: { url: null },
    c: { url: 'https://b.example/?x=1&y=2' },
  }
  const page = '<a rel="noreferrer" href="https://b.example/?x=1&amp;y=2">B</a> <a href="/nl/help">help</a>'
  const links = outsideLinks(new Map([['/nl/', () => page]]), sources)
  t.same(
    [...links].map(([url, places]) => [url, [...places]]),
    [
      ['https://a.example/', ['source a']],
      ['https://b.example/?x=1&y=2', ['/nl/', 'source c']],
    ],
  )
})
