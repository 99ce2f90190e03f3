// `node dist/bench/search.js`: what search costs, as ratios to the least it could: reading the pages once for the index,
// looking through their plain text for a question.
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createSiteSearch } from '../server/intake/information/search-pages.js'
import { publicPages } from '../server/intake/page-routes.js'
import { loadSite } from '../server/intake/site.js'
import { readPage } from '../server/search/index.js'
import { SEARCHES } from '../test/support/searches.js'

const LANGUAGE = 'nl'
const ROUNDS = 7
/** What people type who want to hold the machine up. */
const WORST = [
  'uitbuiting '.repeat(18),
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnop '.repeat(5),
  'ee aa oo '.repeat(22),
]

/** Milliseconds; `floor` is what reading or looking through the pages takes by itself. */
export interface SearchCosts {
  readonly pages: number
  readonly build: number
  readonly buildFloor: number
  readonly query: number
  readonly queryFloor: number
  readonly worstQuery: number
}

/** Measures with the pages of the site, in Dutch. */
export async function searchCosts(): Promise<SearchCosts> {
  const site = loadSite({ siteName: 'Baken', defaultLanguage: LANGUAGE, demonstration: false })
  const pages = publicPages(site)
  const own = [...pages].filter(([path]) => path.startsWith(`/${LANGUAGE}/`) && !path.includes('/leaflet'))
  const buildFloor = await median(async () => own.map(([, render]) => readPage(render())))
  const build = await median(async () => createSiteSearch(site, () => pages).find(LANGUAGE, ''))
  const search = createSiteSearch(site, () => pages)
  const texts = own.map(([, render]) => readPage(render()).blocks.join(' ').toLowerCase())
  const queries = (SEARCHES[LANGUAGE] ?? []).map(([query]) => query)
  const each = async (work: (query: string) => unknown): Promise<number> =>
    (await median(async () => {
      for (const query of queries) await work(query)
    })) / queries.length
  const query = await each((words) => search.find(LANGUAGE, words))
  const queryFloor = await each((words) =>
    texts.filter((text) => words.split(' ').every((word) => text.includes(word))),
  )
  const worst: number[] = []
  for (const words of WORST) worst.push(await median(async () => search.find(LANGUAGE, words)))
  return { pages: own.length, build, buildFloor, query, queryFloor, worstQuery: Math.max(...worst) }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
}

/** For docs/benchmarks.md. */
export function searchTable({
  pages,
  build,
  buildFloor,
  query,
  queryFloor,
  worstQuery,
}: SearchCosts): string {
  const n = (value: number, digits = 1): string => value.toFixed(digits)
  return `## Search
The index of a language (${pages} pages) is made at the first question, in pieces that let others through. The floor of
the index reads the same pages once; that of a question looks through their text for the words as they are typed.

| | ms | floor ms | times the floor |
|---|---|---|---|
| index | ${n(build)} | ${n(buildFloor)} | ${n(build / buildFloor)} |
| a question | ${n(query, 2)} | ${n(queryFloor, 2)} | ${n(query / queryFloor)} |
| the worst question known | ${n(worstQuery, 2)} | ${n(queryFloor, 2)} | ${n(worstQuery / queryFloor)} |
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(searchTable(await searchCosts()))
