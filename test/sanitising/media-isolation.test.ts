// The processes that read a stranger's sound and video: shut in like the others, stopped in time, gone afterwards.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createSanitiser, describeIsolation } from '../../server/sanitising/index.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { makeFilm } from '../support/films.js'

const FROZEN = ['-vf', 'tpad=stop_mode=clone:stop_duration=120', '-c:v', 'libx264', '-preset', 'ultrafast']
/** Two minutes of a standing picture: quickly made, slow to make anew. */
const long = await makeFilm({
  ending: 'mp4',
  words: FROZEN,
  seconds: 1,
  withSound: false,
  width: 480,
  height: 720,
})
const tookTooLong = { kind: 'refused', reason: 'took-too-long' }

t.test('each process is shut in, and holds only files without a name', async (t) => {
  process.env.DATABASE_URL = 'postgres://secret'
  t.teardown(() => delete process.env.DATABASE_URL)
  const { prlimit, network, setpriv, user } = await describeIsolation()
  const sanitiser = createSanitiser()
  const outcome = sanitiser.sanitise(long)
  const both = await programs(2)
  for (const pid of both) {
    const of = `/proc/${pid}`
    // The runner adds settings of its own to whatever a test starts; what the server knows must not be among them.
    const environment = readFileSync(`${of}/environ`, 'latin1')
    t.match(environment, 'PATH=/usr/local/bin:/usr/bin:/bin\0')
    t.notMatch(environment, 'DATABASE_URL')
    t.equal(readlinkSync(`${of}/cwd`), '/')
    const files = filesOf(pid)
    t.ok(files.length > 0)
    t.same(
      files.filter((path) => !/^\/dev\/shm\/#\d+ \(deleted\)$/.test(path)),
      [],
    )
    const limits = readFileSync(`${of}/limits`, 'utf8')
    if (prlimit) t.match(limits, /Max core file size +0 +0 /)
    if (prlimit) t.match(limits, /Max cpu time +240 +241 /)
    if (prlimit) t.match(limits, /Max file size +(0|67108864) /)
    if (network === 'cut') t.not(readlinkSync(`${of}/ns/net`), readlinkSync('/proc/self/ns/net'))
    const status = readFileSync(`${of}/status`, 'utf8')
    if (setpriv) t.match(status, /NoNewPrivs:\t1/)
    if (user === 'own') t.match(status, /Uid:\t65533\t65533\t65533\t65533/)
  }
  await sanitiser.close()
  t.same(await outcome, tookTooLong, 'closing stops it')
  t.same(running(), [])
})

t.test('the process that makes the new file is never given the original', async (t) => {
  const sanitiser = createSanitiser()
  const outcome = sanitiser.sanitise(long)
  const both = await programs(2)
  const writer = both.find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('yuv4mpegpipe\0-i\0pipe:0'),
  )
  t.ok(writer)
  t.notOk(existsSync(`/proc/${writer}/fd/3`) && readlinkSync(`/proc/${writer}/fd/3`).startsWith('/dev/shm'))
  await sanitiser.close()
  await outcome
})

t.test('a film that takes too long is stopped in time, and photographs are taken meanwhile', async (t) => {
  const sanitiser = createSanitiser({ mediaTimeoutMs: 2500, concurrency: 1 })
  const start = performance.now()
  const slow = sanitiser.sanitise(long)
  t.match(await sanitiser.sanitise(await dirtyPhoto()), { kind: 'stripped' })
  t.ok(running().length > 0 || performance.now() - start > 2500, 'the film is still being made')
  t.same(await slow, tookTooLong)
  t.ok(performance.now() - start < 9_000)
  t.same(running(), [])
  await sanitiser.close()
})

t.test('a program that crashes is a refusal, and the next file is taken', async (t) => {
  const sanitiser = createSanitiser()
  const outcome = sanitiser.sanitise(long)
  for (const pid of await programs(2)) process.kill(pid, 'SIGSEGV')
  t.match(await outcome, { kind: 'refused', reason: /damaged|took-too-long/ })
  t.match(await sanitiser.sanitise(await dirtyPhoto()), { kind: 'stripped' })
  await sanitiser.close()
})

t.test('where ffmpeg is missing, sound and video are refused kindly and photographs are taken', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'baken-no-ffmpeg-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const program = `
    const { createSanitiser, describeMedia } = await import(${from('../../server/sanitising/index.js')})
    const { dirtyPhoto } = await import(${from('../support/dirty-files.js')})
    const sanitiser = createSanitiser()
    const film = Buffer.from('\\0\\0\\0\\x18ftypisom\\0\\0\\0\\0isommp42', 'latin1')
    const outcomes = [await sanitiser.sanitise(film), await sanitiser.sanitise(await dirtyPhoto())]
    await sanitiser.close()
    console.log(JSON.stringify([(await describeMedia()).programs, outcomes[0].reason, outcomes[1].kind]))`
  // A mount namespace of its own, in which both programs are empty files.
  const hide = 'for p in ffmpeg ffprobe; do mount --bind /dev/null "$(command -v $p)"; done; exec "$@"'
  const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm']
  const words = [...unshare, 'sh', '-c', hide, 'sh', process.execPath, '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync('unshare', words, {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  t.equal(stdout.trim(), '[false,"closed-kind","stripped"]', stderr)
})

function running(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('ffmpeg\0')
      } catch {
        return false
      }
    })
}

/** Waits until so many work at once, past the loading of their libraries. */
async function programs(count: number): Promise<number[]> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = running()
    const isReady = found.every((pid) => filesOf(pid).every((path) => !path.includes('.so')))
    if (found.length >= count && isReady && found.every((pid) => filesOf(pid).length > 0)) return found
    await sleep(10)
  }
  throw new Error('no ffmpeg came')
}

/** The regular files that a process holds open. */
function filesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`)
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
      } catch {
        return []
      }
    })
    .filter((path) => path.startsWith('/') && !path.startsWith('/dev/null'))
}
