// `node dist/bench/information.js`: whether the start grows with pages and languages, and what a page costs the first
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

async function starts(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-many-'))
  try {
    await enlarge(folder)
    const own: Start[] = []
    const large: Start[] = []
    for (let i = 0; i < STARTS; i++) {
      own.push(start(ROOT))
      large.push(start(folder))
    }
    const [few, many] = [own, large].map((runs) => median(runs.map(({ load }) => load))) as [number, number]
    const whole = (runs: Start[]) => median(runs.map((run) => run.import + run.load))
    console.log(`pages known at the start: ${own[0]?.pages} and ${large[0]?.pages}`)
    console.log(`reading the site: ${few.toFixed(1)} ms and ${many.toFixed(1)} ms`)
    console.log(
      `with the code: ${whole(own).toFixed(0)} ms and ${whole(large).toFixed(0)} ms, ${(whole(large) / whole(own)).toFixed(2)} times`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function requests(): Promise<void> {
  const list = publicPages(loadSite(SETTINGS))
  const pages = prebuildPages(list, {})
  const server = createServer((request, response) => pages.send(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  const ask = async (path: string): Promise<number> => {
    const began = performance.now()
    await (
      await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'accept-encoding': 'br' } })
    ).arrayBuffer()
    return performance.now() - began
  }
  await ask('/nl/').catch(() => 0)
  const first: number[] = []
  const later: number[] = []
  for (const path of list.keys()) first.push(await ask(path))
  for (const path of list.keys()) later.push(await ask(path))
  server.close()
  const worst = Math.max(...first.slice(1))
  console.log(
    `first request of a page: half under ${median(first).toFixed(1)} ms, the slowest ${worst.toFixed(1)} ms`,
  )
  console.log(
    `from memory: half under ${median(later).toFixed(2)} ms, ${(median(first) / median(later)).toFixed(0)} times as fast`,
  )
}

await starts()
await requests()
process.exit(0)
