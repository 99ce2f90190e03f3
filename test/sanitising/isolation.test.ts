import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createSanitiser, describeIsolation, type SanitisingLimits } from '../../server/sanitising/index.js'
import { dirtyPhoto, hungryPng, slowPdf } from '../support/dirty-files.js'
import { firstWorkerOf, isGone, workersOf } from './workers.js'

const MEBIBYTE = 1024 * 1024
const WORKER = new URL('../../server/sanitising/worker.js', import.meta.url)
const tookTooLong = { kind: 'refused', reason: 'took-too-long' }
const onLinux = process.platform === 'linux' ? {} : { skip: 'needs /proc' }

t.test('a file that never ends is killed at the time limit', async (t) => {
  const sanitiser = createSanitiser({ timeoutMs: 900 })
  const start = performance.now()
  t.same(await sanitiser.sanitise(slowPdf()), tookTooLong)
  t.ok(performance.now() - start < 4000)
  t.same(workersOf(process.pid), [])
})

t.test('a file that eats processor time is killed by the kernel', onLinux, async (t) => {
  const { prlimit } = await describeIsolation()
  if (!prlimit) return t.pass('no prlimit here')
  const server = startServer('console.log(JSON.stringify(await sanitiser.sanitise(slowPdf())))', '/', {
    cpuSeconds: 1,
  })
  t.same(JSON.parse(await text(server.stdout)), tookTooLong)
})

t.test('a picture that eats memory is killed', onLinux, async (t) => {
  const bomb = hungryPng(16_000, 7_000)
  t.ok(bomb.length < MEBIBYTE)
  const sanitiser = createSanitiser({ maxMemoryBytes: 110 * MEBIBYTE })
  t.same(await sanitiser.sanitise(bomb), { kind: 'refused', reason: 'too-many-pixels' })
  t.match(await sanitiser.sanitise(await dirtyPhoto()), { kind: 'stripped' })
})

t.test('a worker that crashes is a refusal, and the next file is taken', onLinux, async (t) => {
  const sanitiser = createSanitiser()
  const outcome = sanitiser.sanitise(slowPdf())
  process.kill(await firstWorkerOf(process.pid), 'SIGSEGV')
  t.same(await outcome, { kind: 'refused', reason: 'damaged' })
  t.match(await sanitiser.sanitise(await dirtyPhoto()), { kind: 'stripped' })
})

t.test('a worker is shut in', onLinux, async (t) => {
  const { prlimit, network, setpriv, user } = await describeIsolation()
  t.comment(`prlimit ${prlimit}, network ${network}, setpriv ${setpriv}, user ${user}`)
  const server = startServer('await sanitiser.sanitise(slowPdf())', '/', { cpuSeconds: 25 })
  const of = `/proc/${await firstWorkerOf(server.pid ?? -1)}`
  const limits = readFileSync(`${of}/limits`, 'utf8')
  const status = readFileSync(`${of}/status`, 'utf8')

  t.equal(
    readFileSync(`${of}/environ`, 'latin1'),
    'PATH=/usr/local/bin:/usr/bin:/bin\0',
    'no environment but a path',
  )
  t.equal(readlinkSync(`${of}/cwd`), '/')
  t.same(openFiles(of), [], 'no file is open for writing')
  if (prlimit) {
    t.match(limits, /Max file size +0 +0 /)
    t.match(limits, /Max core file size +0 +0 /)
    t.match(limits, /Max cpu time +25 +26 /)
  }
  if (network === 'cut') t.not(readlinkSync(`${of}/ns/net`), readlinkSync('/proc/self/ns/net'))
  if (setpriv) t.match(status, /NoNewPrivs:\t1/)
  if (user === 'own') t.match(status, /Uid:\t65533\t65533\t65533\t65533/)
  server.kill('SIGKILL')
})

t.test('closing stops the file under way and takes no further one', onLinux, async (t) => {
  const sanitiser = createSanitiser()
  const outcome = sanitiser.sanitise(slowPdf())
  await firstWorkerOf(process.pid)
  await sanitiser.close()
  t.same(workersOf(process.pid), [])
  t.same(await outcome, tookTooLong)
  t.same(await sanitiser.sanitise(await dirtyPhoto()), tookTooLong)
})

t.test('no file appears in the temporary or the current folder', onLinux, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sanitising-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const server = startServer('for (const file of files) await sanitiser.sanitise(file)', folder)
  const seen = new Set<string>()
  while (server.exitCode === null && server.signalCode === null) {
    for (const pid of workersOf(server.pid ?? -1))
      for (const path of openFiles(`/proc/${pid}`)) seen.add(path)
    for (const name of readdirSync(folder)) seen.add(name)
    await sleep(3)
  }
  t.equal(server.exitCode, 0)
  t.same([...seen], [])
})

t.test('a worker ends with the server that started it', onLinux, async (t) => {
  const server = startServer('await sanitiser.sanitise(slowPdf())', '/')
  const worker = await firstWorkerOf(server.pid ?? -1)
  server.kill('SIGKILL')
  t.ok(await isGone(worker, 2000))
})

t.test('a worker ends by itself when nobody speaks to it any more', async (t) => {
  const worker = spawn(process.execPath, [WORKER.pathname], { stdio: ['pipe', 'ignore', 'ignore'] })
  worker.stdin.end('{"kind":"jpeg","length":10}\nhalf')
  const code = await new Promise((resolve) => worker.on('exit', resolve))
  t.equal(code, 1)
})

t.test('no more files are worked on at once than allowed; the others wait', onLinux, async (t) => {
  const sanitiser = createSanitiser({ concurrency: 1 })
  const photo = await dirtyPhoto()
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, workersOf(process.pid).length)
  }, 5)
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => sanitiser.sanitise(photo)))
  clearInterval(look)
  t.same(
    outcomes.map(({ kind }) => kind),
    Array(4).fill('stripped'),
  )
  t.equal(most, 1)
})

/** Paths that a process holds open for writing, pipes and devices left out. */
function openFiles(process: string): string[] {
  try {
    return readdirSync(`${process}/fd`)
      .filter((fd) => /^flags:\s+\d*[12]$/m.test(readFileSync(`${process}/fdinfo/${fd}`, 'utf8')))
      .map((fd) => readlinkSync(`${process}/fd/${fd}`))
      .filter((path) => path.startsWith('/') && !path.startsWith('/dev/'))
  } catch {
    // Gone in the meantime.
    return []
  }
}

/**
 * A server of its own that sanitises, with `folder` as its temporary and current folder. Started through `env -i`,
 * because a test runner puts its own settings into every process that a test starts, and theirs in turn.
 */
function startServer(act: string, folder: string, limits: Partial<SanitisingLimits> = {}) {
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const program = `
    const { createSanitiser } = await import(${from('../../server/sanitising/index.js')})
    const { dirtyPhoto, dirtyPng, dirtyWebp, dirtyPdf, slowPdf } = await import(${from('../support/dirty-files.js')})
    const files = [await dirtyPhoto(), await dirtyPng(), await dirtyWebp(), await dirtyPdf()]
    const sanitiser = createSanitiser(${JSON.stringify(limits)})
    ${act}`
  const environment = ['-i', `TMPDIR=${folder}`, 'PATH=/usr/bin:/bin']
  return spawn('env', [...environment, process.execPath, '--input-type=module', '-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
