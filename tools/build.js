// Builds dist/: the server, the tests and the benchmarks with tsc, the browser code with esbuild.
// With --if-stale nothing happens when dist/ is newer than every source, so `npm start` costs no build twice.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist', '.built')
const SOURCES = [
  'server',
  'test',
  'bench',
  'views/browser',
  'views/assets',
  'views/triage',
  'locales',
  'tsconfig.json',
  'package-lock.json',
]

function newestSource(path) {
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestSource(join(path, name))))
}

/** Whether dist/ is missing or older than a source file. Sources that were left out of an image count as old. */
export function isStale() {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  return SOURCES.map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .some((path) => newestSource(path) > built)
}

function typescript(project) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const run = spawnSync(process.execPath, [compiler, '-p', join(root, project)], { stdio: 'inherit' })
  if (run.status !== 0) throw new Error(`the TypeScript compiler refused ${project}`)
}

/** A test whose source is gone must not go on running. */
function forgetRemoved() {
  const compiled = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
  for (const path of compiled.filter((name) => /^(server|test|bench)\b.*\.js(\.map)?$/.test(name))) {
    const source = join(root, path.replace(/\.js(\.map)?$/, '.ts'))
    if (!existsSync(source)) rmSync(join(root, 'dist', path))
  }
}

/** Each list goes from the most to the least common; what comes later says little. */
const MOST_WORDS = 40_000
/** Nearly the same words as those of films and series, which are in another list. */
const LEFT_OUT = ['wikipedia-en']

/** Words, names, passwords and keyboards, for judging words of somebody's own choice in the browser. */
async function commonWords() {
  const common = await import('@zxcvbn-ts/language-common')
  const english = await import('@zxcvbn-ts/language-en')
  const dutch = await import('@zxcvbn-ts/language-nl-be')
  const lists = Object.entries({
    ...common.dictionary,
    ...english.dictionary,
    ...Object.fromEntries(Object.entries(dutch.dictionary).map(([name, list]) => [`${name}-nl`, list])),
  }).filter(([name]) => !LEFT_OUT.includes(name))
  const dictionary = Object.fromEntries(lists.map(([name, list]) => [name, list.slice(0, MOST_WORDS)]))
  return JSON.stringify({ dictionary, graphs: common.adjacencyGraphs })
}

/** Builds everything. Throws when the compiler finds a fault; dist/ then counts as stale. */
export async function build() {
  const { build: bundle } = await import('esbuild')
  rmSync(stamp, { force: true })
  typescript('tsconfig.json')
  forgetRemoved()
  typescript('views/browser/tsconfig.json')
  await bundle({
    absWorkingDir: root,
    entryPoints: ['desk', 'headers-worker', 'viewer', 'quick-exit', 'cover'].map(
      (name) => `views/browser/${name}.ts`,
    ),
    outdir: 'dist/views/browser',
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'warning',
  })
  writeFileSync(join(root, 'dist/views/browser/common-words.json'), await commonWords())
  await bundle({
    absWorkingDir: root,
    entryPoints: ['public', 'information', 'tools', 'near', 'leaflet', 'cover', 'desk', 'viewer'].map(
      (name) => `views/assets/${name}.css`,
    ),
    outdir: 'dist/views/assets',
    bundle: true,
    minify: true,
    target: ['es2022'],
    logLevel: 'warning',
  })
  // Texts are looked at here and not at every start, which would take longer with every page and language.
  const { findContentProblems } = await import('../dist/server/intake/information/check-content.js')
  const problems = findContentProblems()
  if (problems.length > 0) throw new Error(`the texts are not whole:\n${problems.join('\n')}`)
  // What others compare with: docs/desk-code.md.
  const { builtCode } = await import('../dist/server/triage/expected-answers.js')
  writeFileSync(join(root, 'dist', 'bundle-hashes.txt'), builtCode().list)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--if-stale') || isStale()) await build()
}
