// `npm run bench`: what Baken costs, as ratios to a floor measured in the same run. `-- --json` prints one JSON
// document; `-- --write` puts the table into docs/benchmarks.md.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { connect } from '../server/storage/connect.js'
import { startEmbedded } from '../server/storage/embedded/index.js'
import { renewLoginRoles } from '../server/storage/login-roles.js'
import { migrate } from '../server/storage/migrate.js'
import { createTestDesk } from '../test/support/desk.js'
import { freePort } from '../test/support/free-port.js'
import { toUrl, withRole } from '../test/support/url.js'
import { deskBrowser, deskBrowserTable } from './desk-browser.js'
import { fileCosts, filesTable } from './files.js'
import { floods } from './flood.js'
import { informationCosts, informationTable } from './information.js'
import { largeFiles, largeFilesTable } from './large-files.js'
import { load, type Outcome, percentile } from './load.js'
import { queueCosts, queueTable } from './queue.js'
import { searchCosts, searchTable } from './search.js'

const PAGE = '/nl/signs/1'
const PAGE_CLIENTS = 16
const PAGE_SECONDS = 1.5
const PAGE_ROUNDS = 7
const REPORT_CLIENTS = [1, 16, 64]
const REPORT_SECONDS = 6
const WORDS = 'A white van stops at the barn every night. Two people are never seen outside. '.repeat(12)
/** Somebody who reads pages while others report; without a pause this alone would keep a core busy. */
const READER_PAUSE_MS = 10
const CLOCK_TICKS = 100

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

function fetchPage(port: number, path: string): Promise<{ status: number; raw: string[]; body: Buffer }> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path, headers: { 'accept-encoding': 'br' } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, raw: response.rawHeaders, body: Buffer.concat(parts) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

async function untilPage(port: number, since: number): Promise<number> {
  for (;;) {
    const answer = await fetchPage(port, '/nl/').catch(() => null)
    if (answer?.status === 200) return performance.now() - since
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Processor seconds a process used so far, its threads included. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

async function stopChild(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

function getRequest(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\n\r\n`)
}

function reportRequest(): Buffer {
  const token = randomBytes(24).toString('base64url')
  const body = new URLSearchParams({ token, signs: 'l1', words: WORDS }).toString()
  return Buffer.from(
    `POST /nl/report/all HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}

async function pages(intakePort: number, intakePid: number) {
  const { raw, body } = await fetchPage(intakePort, PAGE)
  const headers = raw.filter(
    (_, i) => !['date', 'connection', 'keep-alive'].includes((raw[i - (i % 2)] ?? '').toLowerCase()),
  )
  const bare = fork(here('./bare.js'))
  const port = await new Promise<number>((resolve) => {
    bare.once('message', (message: { port: number }) => resolve(message.port))
    bare.send({ headers, body: body.toString('base64') })
  })
  const measure = async (of: number, pid: number) => {
    const before = await cpuSeconds(pid)
    const outcome = await load(of, {
      clients: PAGE_CLIENTS,
      seconds: PAGE_SECONDS,
      request: () => getRequest(PAGE),
      expect: 'HTTP/1.1 200',
    })
    return { ...outcome, cpu: (await cpuSeconds(pid)) - before }
  }
  // In turn and in short rounds, the middle one counting: what else the machine does at a moment falls on both. The
  // first round only warms.
  const rounds = []
  for (let round = 0; round <= PAGE_ROUNDS; round++) {
    const floor = await measure(port, bare.pid ?? 0)
    const baken = await measure(intakePort, intakePid)
    if (round > 0) rounds.push({ floor, baken, ratio: perSecond(baken) / perSecond(floor) })
  }
  await stopChild(bare)
  const middle = (values: number[]): number => percentile(values, 0.5)
  return {
    perSecond: middle(rounds.map(({ baken }) => perSecond(baken))),
    barePerSecond: middle(rounds.map(({ floor }) => perSecond(floor))),
    ratio: middle(rounds.map(({ ratio }) => ratio)),
    cpuMicroseconds: middle(rounds.map(({ baken }) => cpuMicroseconds(baken))),
    bareCpuMicroseconds: middle(rounds.map(({ floor }) => cpuMicroseconds(floor))),
    bytes: body.length,
  }
}

function perSecond({ done, seconds }: Outcome): number {
  return done / seconds
}

function cpuMicroseconds({ cpu, done }: Outcome & { cpu: number }): number {
  return (cpu / done) * 1e6
}

async function floor(task: object): Promise<{ done: number; seconds: number; cpuSeconds: number }> {
  const child = fork(here('./floor.js'))
  const result = await new Promise<{ done: number; seconds: number; cpuSeconds: number }>((resolve) => {
    child.once('message', (message: { done: number; seconds: number; cpuSeconds: number }) =>
      resolve(message),
    )
    child.send(task)
  })
  await stopChild(child)
  return result
}

async function reports(
  port: number,
  pid: number,
  { url, desk }: { url: string; desk: { id: string; recipients: string[] } },
) {
  const rows = []
  await load(port, { clients: 4, seconds: 3, request: reportRequest, expect: 'HTTP/1.1 303' })
  for (const clients of REPORT_CLIENTS) {
    const least = await floor({ url, desk, clients, seconds: REPORT_SECONDS, words: WORDS })
    const before = await cpuSeconds(pid)
    const [sent, seen] = await Promise.all([
      load(port, { clients, seconds: REPORT_SECONDS, request: reportRequest, expect: 'HTTP/1.1 303' }),
      load(port, {
        clients: 1,
        seconds: REPORT_SECONDS,
        request: () => getRequest(PAGE),
        expect: 'HTTP/1.1 200',
        pauseMs: READER_PAUSE_MS,
      }),
    ])
    const cpu = (await cpuSeconds(pid)) - before
    rows.push({
      clients,
      perSecond: sent.done / sent.seconds,
      floorPerSecond: least.done / least.seconds,
      timesTheFloor: least.done / least.seconds / (sent.done / sent.seconds),
      cpuMilliseconds: (cpu / sent.done) * 1000,
      floorCpuMilliseconds: (least.cpuSeconds / least.done) * 1000,
      p99Milliseconds: percentile(sent.times, 0.99),
      pageP99Milliseconds: percentile(seen.times, 0.99),
      errors: sent.failed + seen.failed,
    })
  }
  return rows
}

async function starts() {
  const dataDir = await mkdtemp(join(tmpdir(), 'baken-bench-start-'))
  const times: number[] = []
  for (let round = 0; round < 2; round++) {
    const [port, partnerPort] = [await freePort(), await freePort()]
    const since = performance.now()
    const child = spawn(process.execPath, [here('../server/main.js')], {
      env: {
        PATH: process.env.PATH,
        DATA_DIR: dataDir,
        PORT: String(port),
        PARTNER_PORT: String(partnerPort),
      },
      stdio: 'ignore',
    })
    times.push(await untilPage(port, since))
    await stopChild(child)
  }
  await rm(dataDir, { recursive: true, force: true })
  return { firstMilliseconds: times[0] ?? 0, againMilliseconds: times[1] ?? 0 }
}

async function run() {
  const dataDir = await mkdtemp(join(tmpdir(), 'baken-bench-'))
  const embedded = await startEmbedded(dataDir)
  const ownerUrl = toUrl(embedded.owner)
  const owner = connect({ target: ownerUrl, connections: 2 })
  await migrate(owner)
  const roles = await renewLoginRoles(owner)
  const desk = await createTestDesk(owner)
  const url = withRole(ownerUrl, roles.intake)
  const port = await freePort()
  const since = performance.now()
  const intake = spawn(process.execPath, [here('../server/intake/main.js')], {
    env: { PATH: process.env.PATH, DATABASE_URL: url, DATA_DIR: join(dataDir, 'intake'), PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const pid = intake.pid ?? 0
  await untilPage(port, since)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const idleMegabytes = await residentMegabytes(pid)
  const page = await pages(port, pid)
  const report = await reports(port, pid, {
    url,
    desk: { id: desk.id, recipients: [desk.keys.recipient, desk.keys.recoveryRecipient] },
  })
  const busyMegabytes = await residentMegabytes(pid)
  const flood = await floods(port, WORDS, () => residentMegabytes(pid))
  await stopChild(intake)
  await owner.end()
  await embedded.stop()
  await rm(dataDir, { recursive: true, force: true })
  return {
    node: process.version,
    cores: cpus().length,
    page,
    report,
    idleMegabytes,
    busyMegabytes,
    flood,
    largeFiles: await largeFiles(),
    start: await starts(),
    files: await fileCosts(),
    information: await informationCosts(),
    search: await searchCosts(),
    queue: await queueCosts(),
    deskBrowser: await deskBrowser(),
  }
}

function table(result: Awaited<ReturnType<typeof run>>): string {
  const { page, report, flood, start, files } = result
  const n = (value: number, digits = 0): string => value.toFixed(digits)
  return `# Benchmarks

Made by \`npm run bench -- --write\`. Read the ratios: floor and product ran in the same run, on the same machine
(${result.cores} cores, Node ${result.node}), with the clients on it too. Seconds on another machine will differ.

## A public page from memory
Against \`node:http\` alone, sending the same ${page.bytes} bytes and headers, ${PAGE_CLIENTS} clients.

| | Baken | bare node:http | ratio |
|---|---|---|---|
| requests a second | ${n(page.perSecond)} | ${n(page.barePerSecond)} | ${n(page.ratio, 2)} (goal: at least 0.9) |
| processor time a request, µs | ${n(page.cpuMicroseconds, 1)} | ${n(page.bareCpuMicroseconds, 1)} | ${n(page.cpuMicroseconds / page.bareCpuMicroseconds, 2)} |

## A text report, acknowledged durably
The floor seals the same parts to the same two keys and inserts the same rows, with nothing around. The last column
but one is how long a page takes meanwhile.

| clients | reports a second | floor | times the floor (goal: at most 1.5) | processor ms a report | floor | p99 ms | page p99 ms (goal: under 50) | errors |
|---|---|---|---|---|---|---|---|---|
${report
  .map(
    (row) =>
      `| ${row.clients} | ${n(row.perSecond, 1)} | ${n(row.floorPerSecond, 1)} | ${n(row.timesTheFloor, 2)} | ${n(row.cpuMilliseconds, 1)} | ${n(row.floorCpuMilliseconds, 1)} | ${n(row.p99Milliseconds)} | ${n(row.pageP99Milliseconds, 1)} | ${row.errors} |`,
  )
  .join('\n')}

## A flood
Four people report once a second, each from an address of their own, while two hundred reports a second come from one
address; both on the two cores that also run the clients. A report of somebody else should take less than 2.5 s.

| way | calm p50 ms | p99 | in the flood p50 | p99 | longest | times calm (p50) | failed | of the flood received | refused | still waiting | memory MB |
|---|---|---|---|---|---|---|---|---|---|---|---|
${flood
  .map(
    ({ way, calm, flooded, ...row }) =>
      `| ${way} | ${n(calm.p50)} | ${n(calm.p99)} | ${n(flooded.p50)} | ${n(flooded.p99)} | ${n(flooded.max)} | ${n(flooded.p50 / calm.p50, 1)} | ${calm.failed + flooded.failed} | ${row.floodReceived} | ${row.floodRefused} | ${row.floodAsked - row.floodReceived - row.floodRefused} | ${n(row.megabytes)} |`,
  )
  .join('\n')}

${largeFilesTable(result.largeFiles)}
${filesTable(files)}
${informationTable(result.information)}
${searchTable(result.search)}
${queueTable(result.queue)}
${deskBrowserTable(result.deskBrowser)}
## Memory and start
Resident memory of the public process: ${n(result.idleMegabytes)} MB idle, ${n(result.busyMegabytes)} MB after the load above.
From start to the first page, both apps with the embedded PostgreSQL: ${n(start.firstMilliseconds)} ms the first time (the database is made), ${n(start.againMilliseconds)} ms after that.
`
}

const result = await run()
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`)
else process.stdout.write(table(result))
if (process.argv.includes('--write')) await writeFile(here('../../docs/benchmarks.md'), table(result))
process.exit(0)
