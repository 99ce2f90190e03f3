/**
 * What a worker is shut into: no network, no file larger than zero bytes, no core dump, a ceiling on processor
 * time, no new privileges, and under root another user. Each wrapper is tried before it is relied on, because a
 * container or a hardened kernel may refuse any of them. Each replaces itself by the next (exec), so the process
 * that is watched and killed is the worker itself.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SanitisingLimits } from './limits.js'

export type Isolation = {
  /** Whether processor time, files and core dumps are limited by the kernel. */
  readonly prlimit: boolean
  readonly network: 'cut' | 'not-cut'
  /** Whether the worker dies with the server at once and cannot gain privileges. */
  readonly setpriv: boolean
  /** `own` when the server runs as root and the worker does not. */
  readonly user: 'own' | 'same-as-server'
}

export type Command = { readonly file: string; readonly args: readonly string[] }

type Wrappers = Isolation & { readonly before: readonly string[]; readonly after: readonly string[] }

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url))
/** All that a worker gets of the environment: where the wrappers find each other. */
export const WORKER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' }
/** A number without a name or files of its own: `nobody` may own the database's files. */
const OWN_USER = '65533'
const NODE_HEAP_MEBIBYTES = 256
/** Room above the watched limit before allocation itself fails: stops a burst between two looks of the watchdog. */
const BURST_BYTES = 1024 * 1024 * 1024
const PROBE_TIMEOUT_MS = 10_000

const CUT_NETWORK = [
  ['unshare', '-n'],
  ['unshare', '-Urn'],
]
const NO_GAIN = ['setpriv', '--pdeathsig', 'KILL', '--no-new-privs']
const AS_OWN_USER = [...NO_GAIN, '--reuid', OWN_USER, '--regid', OWN_USER, '--clear-groups']

let found: Promise<Wrappers> | undefined

/**
 * How workers are shut in on this machine, for `baken doctor`. Found out once for each process.
 * Rejects when no process can be started at this moment; the next call tries anew.
 */
export async function describeIsolation(): Promise<Isolation> {
  const { prlimit, network, setpriv, user } = await findWrappers()
  return { prlimit, network, setpriv, user }
}

/** The command that starts one worker under these limits. What does not work here is left out. Rejects as above. */
export async function workerCommand(limits: SanitisingLimits): Promise<Command> {
  return shutIn([process.execPath, `--max-old-space-size=${NODE_HEAP_MEBIBYTES}`, WORKER], limits, 0)
}

/**
 * The command that starts another program under the same limits; it may write `fileBytes` to a file that it is given.
 * Rejects as above.
 */
export async function shutIn(
  words: readonly string[],
  limits: Pick<SanitisingLimits, 'cpuSeconds' | 'maxMemoryBytes'>,
  fileBytes: number,
): Promise<Command> {
  const { before, prlimit, after } = await findWrappers()
  return toCommand([...before, ...(prlimit ? prlimitArguments(limits, fileBytes) : []), ...after, ...words])
}

function prlimitArguments(
  { cpuSeconds, maxMemoryBytes }: Pick<SanitisingLimits, 'cpuSeconds' | 'maxMemoryBytes'>,
  fileBytes = 0,
) {
  // The soft limit sends SIGXCPU, which tells processor time from other ends; the hard one follows if it is caught.
  const cpu = `--cpu=${cpuSeconds}:${cpuSeconds + 1}`
  const size = `--fsize=${fileBytes}:${fileBytes}`
  return ['prlimit', cpu, '--core=0:0', size, `--data=${maxMemoryBytes + BURST_BYTES}`]
}

function findWrappers(): Promise<Wrappers> {
  found ??= tryWrappers().catch((error: unknown) => {
    found = undefined
    throw error
  })
  return found
}

async function tryWrappers(): Promise<Wrappers> {
  const node = [process.execPath, '--version']
  // A worker that loads all it needs: another user may be unable to read the program, a limit may be too tight.
  const worker = [process.execPath, WORKER, '--probe']
  const onLinux = process.platform === 'linux'
  const before = onLinux ? await firstThatWorks(CUT_NETWORK, (step) => [...step, ...node]) : []
  const limiting = prlimitArguments({ cpuSeconds: 10, maxMemoryBytes: BURST_BYTES })
  const prlimit = onLinux && (await works([...before, ...limiting, ...worker]))
  const inside = [...before, ...(prlimit ? limiting : [])]
  const users = process.getuid?.() === 0 ? [AS_OWN_USER, NO_GAIN] : [NO_GAIN]
  const after = onLinux ? await firstThatWorks(users, (step) => [...inside, ...step, ...worker]) : []
  return {
    before,
    after,
    prlimit,
    network: before.length > 0 ? 'cut' : 'not-cut',
    setpriv: after.length > 0,
    user: after.includes(OWN_USER) ? 'own' : 'same-as-server',
  }
}

async function firstThatWorks(
  steps: readonly (readonly string[])[],
  whole: (step: readonly string[]) => readonly string[],
): Promise<readonly string[]> {
  for (const step of steps) if (await works(whole(step))) return step
  return []
}

/**
 * Rejects when the trial says nothing about the wrapper: no process could be started, or it was killed for time or
 * memory. A moment of need must not weaken the isolation for as long as the server lives.
 */
function works(words: readonly string[]): Promise<boolean> {
  const { file, args } = toCommand(words)
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: '/',
      env: WORKER_ENVIRONMENT,
      stdio: 'ignore',
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') reject(new Error('the trial of a wrapper was killed'))
      else resolve(code === 0)
    })
  })
}

function toCommand([file = '', ...args]: readonly string[]): Command {
  return { file, args }
}
