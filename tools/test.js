// `npm test`: installs what the tests need, builds, and runs them on the embedded PostgreSQL and on the system's.
// Every test that touches a database runs on both; the rest once. Ends with one line: "N passed, N failed".
// Names of test files (below dist/test) may be given to run those alone.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.js'
import { ensureTestSystem } from './test-system.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tests = join(root, 'dist', 'test')
const long = process.argv.includes('--long')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

/** Of all lines that tests load; what only killed children and browsers run counts as not reached. */
const LEAST_COVERED_LINES = 85
/**
 * These look at pages, at how requests come in, or at files before they are stored: which database lies below cannot
 * change what they see.
 */
const PAGES_ALONE = new RegExp(
  [
    String.raw`journeys\/(accessibility|alike|behind-back|cover|drawings|exit|idle|keyboard|large-file|print-code)\.`,
    String.raw`journeys\/(help-directory|information|join|key|near|passkey|people|queue|reading|reflow|road|slow-line|text-browser|trees)\.`,
    String.raw`information\/|privacy\/headers\.`,
    String.raw`intake\/(arriving-files|bad-bodies|bad-files|bad-requests|cover|entries|look|one-page-details|onion|received|weight)\.`,
    String.raw`docs\/(nginx-runs|slow-line)\.|test\/container-start\.`,
  ].join('|'),
)
/**
 * Two files run side by side, but for these: they kill processes, fill disks, measure what others are doing, or wait for
 * a browser that must not be slowed down.
 */
const ALONE = [
  ...['faults', 'privacy', 'storage', 'queue', 'docs', 'migrations'],
  ...['container-start', 'container', 'documents', 'log', 'cli/doctor', 'cli/database'],
  ...['behind-back', 'exit', 'idle', 'large-file', 'profile', 'slow-line'].map((name) => `journeys/${name}`),
  ...['', '-database', '-elsewhere', '-settings'].map((name) => `journeys/start${name}`),
  ...['bombs', 'damaged', 'isolation', 'media-isolation', 'run-worker'].map((name) => `sanitising/${name}`),
  ...['abuse', 'arriving-files', 'fullness', 'large-files', 'turns'].map((name) => `intake/${name}`),
]
const NODE_24_TOO = /journeys\/report\.test\.js$|sanitising\/strip\.test\.js$/

function findTests(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return findTests(path)
      return entry.name.endsWith('.test.js') ? [path] : []
    })
    .sort()
}

/** A test touches a database when it, or any support file it takes, asks for one. */
function touchesDatabase(path, seen = new Set()) {
  if (seen.has(path)) return false
  seen.add(path)
  const support = readFileSync(path, 'utf8').matchAll(/from '(\.[^']*\.js)'/g)
  return [...support]
    .map(([, target]) => resolve(dirname(path), target))
    .filter((target) => dirname(target) === join(tests, 'support'))
    .some((target) => target.endsWith(`${sep}database.js`) || touchesDatabase(target, seen))
}

/** Which lines are reached is asked once: the other runs go over the same ones, and looking costs minutes. */
function tap(kind, url, files, { node = process.execPath, looksAtLines = false } = {}) {
  const total = { pass: 0, fail: 0, lines: 100 }
  const run = spawn(
    node,
    [
      join(root, 'node_modules', 'tap', 'dist', 'esm', 'run.mjs'),
      '--jobs=2',
      ...(looksAtLines ? [] : ['--disable-coverage']),
      ...ALONE.flatMap((name) => [`--serial=dist/test/${name}`, `--serial=dist/test/${name}.test.js`]),
      ...files.map((file) => relative(root, file)),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        BAKEN_TEST_DATABASE: kind,
        BAKEN_TEST_DATABASE_URL: url,
        BAKEN_TEST_LONG: long ? 'yes' : '',
        NODE_OPTIONS: '',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return new Promise((resolve) => {
    let line = ''
    run.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (line + text).split('\n')
      line = lines.pop()
      for (const whole of lines) show(whole, total)
    })
    run.on('close', (code) => resolve({ ...total, code }))
  })
}

// Each file's own lines are for reading a failure; when a file passes, its name and time are enough.
const block = []
function show(line, total) {
  const counts = /^# \{ total: \d+(?:, pass: (\d+))?(?:, fail: (\d+))?/.exec(line)
  if (counts) {
    total.pass += Number(counts[1] ?? 0)
    total.fail += Number(counts[2] ?? 0)
  }
  const lines = /^Lines\s*:\s*([\d.]+)%/.exec(line)
  if (lines) total.lines = Number(lines[1])
  const file = /^(not )?ok \d+ - (.*)$/.exec(line)
  if (file) {
    if (file[1]) process.stdout.write(`${block.join('\n')}\n`)
    process.stdout.write(`${line.replace(/ \{$/, '')}\n`)
    block.length = 0
  } else if (lines || /^# \{ total/.test(line)) {
    process.stdout.write(`${line}\n`)
  } else {
    block.push(line)
  }
}

const system = await ensureTestSystem({ root })
await build()
const { startEmbedded } = await import('../dist/server/storage/embedded/index.js')
const { toUrl } = await import('../dist/test/support/url.js')

const all = named.length > 0 ? named.map((name) => join(root, name)) : findTests(tests)
const data = mkdtempSync(join(tmpdir(), 'baken-tests-'))
const embedded = await startEmbedded(data)
const outcomes = []
process.stdout.write(`\n== on the embedded PostgreSQL: ${all.length} test files\n`)
outcomes.push(await tap('embedded', toUrl(embedded.owner), all, { looksAtLines: true }))
await embedded.stop()
rmSync(data, { recursive: true, force: true })

const again = all.filter((path) => touchesDatabase(path) && !PAGES_ALONE.test(path))
if (again.length > 0) {
  const cluster = await system.startPostgres()
  process.stdout.write(`\n== on the system's PostgreSQL ${cluster.version}: ${again.length} test files\n`)
  outcomes.push(await tap('system', cluster.url, again))
  await cluster.stop()
}

// The image runs on the current long-term Node: the journey goes there too.
const journeys = all.filter((file) => NODE_24_TOO.test(file))
if (journeys.length > 0) {
  process.stdout.write(`\n== on Node 24: ${journeys.length} test files\n`)
  outcomes.push(
    await tap('embedded', '', journeys, {
      node: join(root, 'tools', 'node24', 'node_modules', 'node', 'bin', 'node'),
    }),
  )
}

const passed = outcomes.reduce((sum, { pass }) => sum + pass, 0)
const failed = outcomes.reduce((sum, { fail }) => sum + fail, 0)
const uncovered = named.length === 0 && outcomes[0].lines < LEAST_COVERED_LINES
if (uncovered)
  process.stdout.write(
    `\nonly ${outcomes[0].lines} % of lines are reached by tests: ${LEAST_COVERED_LINES} % are asked\n`,
  )
// A run that ended badly without a failing test (coverage, a crash) must not look green.
const broken = (failed === 0 && outcomes.some(({ code }) => code !== 0)) || uncovered ? 1 : 0
process.stdout.write(`\n${passed} passed, ${failed + broken} failed\n`)
process.exit(failed + broken === 0 ? 0 : 1)
