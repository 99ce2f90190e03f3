// `node dist/bench/information.js`, and part of `npm run bench`: whether the start grows with pages and languages, and what a page costs the first
// time and from memory. Each start is a process of its own; the large site has the same pages many times over.
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { publicPages } from '../server/intake/page-routes.js'
import { loadSite } from '../server/intake/site.js'
import { prebuildPages } from '../server/web/prebuilt-pages.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LANGUAGES = 24
const PAGES_TIMES = 5
const STARTS = 9
const SETTINGS = {
  siteName: 'Baken',
  defaultLanguage: 'nl',
  demonstration: false,
  origin: 'https://baken.example',
}

/** What a start does before it listens, and how many pages it then knows. */
const START = `const began = performance.now()
const [site, routes] = await Promise.all([import(process.argv[1]), import(process.argv[2])])
const imported = performance.now()
const pages = routes.publicPages(site.loadSite(${JSON.stringify(SETTINGS)}))
console.log(JSON.stringify({ import: imported - began, load: performance.now() - imported, pages: pages.size }))`

interface Start {
  readonly import: number
  readonly load: number
  readonly pages: number
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function start(root: string): Start {
  const module = (name: string) => pathToFileURL(join(root, 'dist/server/intake', name)).href
  const args = ['--input-type=module', '-e', START, module('site.js'), module('page-routes.js')]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Start
}

async function enlarge(folder: string): Promise<void> {
  await cp(join(ROOT, 'locales'), join(folder, 'locales'), { recursive: true })
  await cp(join(ROOT, 'dist/server'), join(folder, 'dist/server'), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  for (const name of ['node_modules', 'views', 'dist/views'])
    await symlink(join(ROOT, name), join(folder, name))
  const pages = join(folder, 'locales/nl/pages')
  for (const name of await readdir(pages)) {
    const text = await readFile(join(pages, name), 'utf8')
    for (let i = 1; i < PAGES_TIMES; i++) await writeFile(join(pages, name.replace('.md', `-${i}.md`)), text)
  }
  const list = join(folder, 'locales/languages.json')
  const languages = JSON.parse(await readFile(list, 'utf8')) as { code: string }[]
  for (let i = languages.length; i < LANGUAGES; i++) {
    const code = `q${String.fromCharCode(97 + i)}`
    languages.push({ ...(languages[0] as object), code })
    await cp(join(folder, 'locales/nl'), join(folder, 'locales', code), { recursive: true })
  }
  await writeFile(list, JSON.stringify(languages))
}

/** Milliseconds, medians; `large` is the same site with many more pages and languages. */
export interface InformationCosts {
  readonly own: { readonly pages: number; readonly start: number }
  readonly large: { readonly pages: number; readonly start: number }
  readonly first: number
  readonly slowestFirst: number
  readonly later: number
}

/** Measures starts in processes of their own, then every page through HTTP, twice. */
export async function informationCosts(): Promise<InformationCosts> {
  return { ...(await starts()), ...(await requests()) }
}

async function starts(): Promise<Pick<InformationCosts, 'own' | 'large'>> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-many-'))
  try {
    await enlarge(folder)
    const own: Start[] = []
    const large: Start[] = []
    for (let i = 0; i < STARTS; i++) {
      own.push(start(ROOT))
      large.push(start(folder))
    }
    const sum = (runs: Start[]) => ({
      pages: runs[0]?.pages ?? 0,
      start: median(runs.map((run) => run.import + run.load)),
    })
    return { own: sum(own), large: sum(large) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function requests(): Promise<Pick<InformationCosts, 'first' | 'slowestFirst' | 'later'>> {
  const list = publicPages(loadSite(SETTINGS))
  const pages = prebuildPages(list, {})
  const server = createServer((request, response) => pages.send(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const ask = async (path: string): Promise<number> => {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'accept-encoding': 'br' } })
    await answer.arrayBuffer()
    return performance.now() - began
  }
  // The first question of all opens the connection and warms the compiler up.
  const [warm = '', ...others] = list.keys()
  await ask(warm)
  const first: number[] = []
  const later: number[] = []
  for (const path of others) first.push(await ask(path))
  for (const path of others) later.push(await ask(path))
  server.close()
  return { first: median(first), slowestFirst: Math.max(...first), later: median(later) }
}

/** For docs/benchmarks.md. */
export function informationTable({ own, large, first, slowestFirst, later }: InformationCosts): string {
  return `## Pages that inform
Reading what a start needs, with the code: ${own.start.toFixed(0)} ms for ${own.pages} pages, ${large.start.toFixed(0)} ms for ${large.pages} pages in
${LANGUAGES} languages: ${(large.start / own.start).toFixed(2)} times (goal: 1.0). The first request of a page: half within ${first.toFixed(1)} ms, the slowest
${slowestFirst.toFixed(1)} ms (goal: 50 ms); from memory half within ${later.toFixed(2)} ms, ${(first / later).toFixed(0)} times as fast.
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(informationTable(await informationCosts()))
  process.exit(0)
}
