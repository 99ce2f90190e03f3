// Baken as people start it: a process of its own on free ports, which tests stop, kill alone, or kill together with
// everything it started. Works for root and for an ordinary user.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Teardown } from './database.js'
import { childrenOf, isRoot, runs } from './embedded-holder.js'

/** The folder with package.json that these tests were built in. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const NOBODY = 65534
const STARTED_WITHIN_MS = 90_000
const PLAIN = ['env', '-u', 'NODE_OPTIONS']

const PROGRAMS = {
  combined: 'dist/server/main.js',
  start: 'tools/start.js',
  intake: 'dist/server/intake/main.js',
  triage: 'dist/server/triage/main.js',
} as const

export interface BakenOptions {
  readonly program?: keyof typeof PROGRAMS
  /** instead of a program: a whole command line, such as npm start */
  readonly command?: readonly string[]
  /** another copy of the repository */
  readonly root?: string
  /** another Node */
  readonly node?: string
  /** the environment besides PATH and TMPDIR */
  readonly settings: Readonly<Record<string, string>>
  /** run as an unprivileged user; without effect unless we are root */
  readonly unprivileged?: boolean
  /** a shell line before it, run in a mount namespace of its own (root only) */
  readonly prepare?: string
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Addresses {
  /** without a slash at the end */
  readonly site: string
  readonly desk: string
}

export interface Baken {
  readonly pid: number
  readonly process: ChildProcess
  /** the addresses on the console; rejects with the output when it ended instead */
  readonly addresses: Promise<Addresses>
  readonly ended: Promise<Ending>
  /** what it wrote on both streams so far */
  output(): string
  /** sends a signal to Node alone and waits for its end */
  stop(signal?: NodeJS.Signals): Promise<Ending>
  /** kill -9 of Node and of every process that came from it, the database server and its children too */
  killEverything(): Promise<void>
}

/** Starts Baken and returns at once. Whatever still runs when the test ends is killed. */
export function spawnBaken(t: Teardown, options: BakenOptions): Baken {
  const [file = '', ...args] = commandOf(options)
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell gives each command.
    detached: true,
    cwd: options.root ?? ROOT,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...options.settings },
    ...(options.unprivileged === true && isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const addresses = readAddresses(() => text, ended)
  // A test that expects a refusal does not ask for the addresses.
  addresses.catch(() => undefined)
  const pid = child.pid ?? 0
  const killEverything = async (): Promise<void> => {
    const all = [pid, ...descendantsOf(pid)].filter(runs)
    for (const one of all) killHard(one)
    while (all.some(runs)) await wait(10)
  }
  t.teardown(killEverything)
  return {
    pid,
    process: child,
    addresses,
    ended,
    output: () => text,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
    killEverything,
  }
}

/** Starts both apps and waits for their addresses. */
export async function startBaken(t: Teardown, options: BakenOptions): Promise<Baken & Addresses> {
  const baken = spawnBaken(t, options)
  return { ...baken, ...(await baken.addresses) }
}

function commandOf({ command, program = 'combined', root, node, prepare, unprivileged }: BakenOptions) {
  const plain = command ?? [node ?? process.execPath, join(root ?? ROOT, PROGRAMS[program])]
  if (prepare !== undefined)
    return ['unshare', '-m', 'sh', '-c', `set -e; ${prepare}; exec "$@"`, 'sh', ...PLAIN, ...plain]
  // What the test runner hangs into each Node it sees, to measure coverage, belongs into this copy and this user only.
  const asItIs = root === undefined && node === undefined && command === undefined && unprivileged !== true
  return asItIs ? plain : [...PLAIN, ...plain]
}

async function readAddresses(output: () => string, ended: Promise<Ending>): Promise<Addresses> {
  const late = Date.now() + STARTED_WITHIN_MS
  let over = false
  void ended.then(
    () => {
      over = true
    },
    () => {
      over = true
    },
  )
  for (;;) {
    const site = /^Public site:\s+(\S+)\/$/m.exec(output())?.[1]
    const desk = /^Partner app:\s+(\S+)\/$/m.exec(output())?.[1]
    if (site !== undefined && desk !== undefined) return { site, desk }
    if (over || Date.now() > late) throw new Error(`Baken did not start:\n${output()}`)
    await wait(10)
  }
}

/** Numbers of all processes below one, the nearest first. */
export function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid)
  return [...children, ...children.flatMap(descendantsOf)]
}

export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

/**
 * A folder that every user may pass and only the given one may write in, removed at the end; with its own
 * temporary folder, so that nothing a killed process leaves lies elsewhere.
 */
export function workFolder(t: Teardown, { unprivileged = false } = {}): { folder: string; tmp: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bk-'))
  const tmp = join(folder, 't')
  mkdirSync(tmp)
  chmodSync(tmp, 0o1777)
  if (unprivileged && isRoot) chownSync(folder, NOBODY, NOBODY)
  chmodSync(folder, 0o755)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, tmp }
}

/** The owner's way into the embedded database of a running Baken; undefined while it has none. */
export function embeddedOwner(dataDir: string) {
  const lock = join(dataDir, 'baken.lock')
  if (!existsSync(lock)) return undefined
  const { socketFolder } = JSON.parse(readFileSync(lock, 'utf8')) as { socketFolder: string | null }
  if (socketFolder === null) return undefined
  return {
    host: socketFolder,
    port: 5432,
    user: 'baken_owner',
    password: readFileSync(join(dataDir, 'postgres-owner-password'), 'utf8').trim(),
    database: 'baken',
  }
}

/** Waits until something is true. */
export async function until(what: string, isTrue: () => Promise<boolean> | boolean, withinMs = 30_000) {
  const late = Date.now() + withinMs
  while (!(await isTrue())) {
    if (Date.now() > late) throw new Error(`waited too long until ${what}`)
    await wait(20)
  }
}
