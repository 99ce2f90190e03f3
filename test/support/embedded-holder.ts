// Starts hold-embedded.js in a process of its own, as another user or in another view of the system when asked.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EmbeddedDatabase, EmbeddedOptions } from '../../server/storage/embedded/index.js'

const SCRIPT = fileURLToPath(new URL('./hold-embedded.js', import.meta.url))
const NOBODY = 65534

export type Started = { kind: 'started' } & Pick<EmbeddedDatabase, 'owner' | 'folder' | 'notices'>
export type Refused = { kind: 'refused'; code: string; message: string }

export interface Holder {
  readonly process: ChildProcess
  /** the first line: how the start went */
  readonly result: Promise<Started | Refused>
  nextLine(): Promise<{ kind: string }>
  /** ends its standard input and waits until it is gone */
  end(): Promise<void>
  kill(): Promise<void>
}

export interface HolderOptions {
  readonly embedded?: EmbeddedOptions
  /** run as an unprivileged user; without effect unless we are root */
  readonly unprivileged?: boolean
  /** a shell line before it, such as a mount in a mount namespace of its own */
  readonly prepare?: string
  readonly ending?: 'stop' | 'exit'
  readonly environment?: Readonly<Record<string, string>>
}

export const isRoot = process.getuid?.() === 0

export function holdEmbedded(dataDir: string, options: HolderOptions = {}): Holder {
  const args = [SCRIPT, dataDir, JSON.stringify(options.embedded ?? {}), options.ending ?? 'stop']
  const [program, ...rest] =
    options.prepare === undefined
      ? [process.execPath, ...args]
      : ['unshare', '-m', 'sh', '-c', `${options.prepare}; exec "$@"`, 'sh', process.execPath, ...args]
  const child = spawn(program, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own, as a shell gives each command: an interrupt from the terminal goes to the group.
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...options.environment },
    ...(options.unprivileged === true && isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  const gone = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the holder ended without a word')
    return JSON.parse(value)
  }
  const result = nextLine()
  // A test that kills it early does not ask for the result.
  result.catch(() => undefined)
  return {
    process: child,
    result,
    nextLine,
    async end() {
      child.stdin.end()
      await gone
    },
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The number of the server process that works in a cluster. */
export function postmasterOf(cluster: string): number {
  return Number.parseInt(readFileSync(`${cluster}/postmaster.pid`, 'utf8'), 10)
}

/** Numbers of a process's children. */
export function childrenOf(parent: number): number[] {
  return listProcesses().filter((pid) => fieldsOf(pid)[1] === String(parent))
}

/** Whether a process runs; a zombie does not. */
export function runs(pid: number): boolean {
  return !['', 'Z', 'X'].includes(fieldsOf(pid)[0] ?? '')
}

export function listProcesses(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

/** State, parent and what follows in /proc/<pid>/stat. */
function fieldsOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
