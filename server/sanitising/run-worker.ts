import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import {
  frameReader,
  headerLine,
  type Made,
  parseAnswer,
  type Refusal,
  type Request,
  refuse,
} from './frame.js'
import { type Command, WORKER_ENVIRONMENT } from './isolation.js'

/** A worker under way. */
export type Run = {
  /** Its answer. Comes only after the process has ended; never rejects. */
  readonly answer: Promise<Made | Refusal>
  /** Kills it; the answer is then `took-too-long`, unless it was already there. */
  stop(): void
}

const WATCH_EVERY_MS = 50
/** A small picture goes along with the file. */
const MOST_PREVIEW_BYTES = 256 * 1024
/** How long the output of a process that has ended may stay open (something it started may hold it). */
const CLOSE_WITHIN_MS = 500

/**
 * Starts one process for one file, feeds it and watches its time and memory.
 * Whatever happens to the process becomes a refusal: too slow or out of processor time `took-too-long`, too much
 * memory `too-many-pixels`, a crash or an answer that makes no sense `damaged`.
 */
export function startWorker(command: Command, request: Request): Run {
  const { limits } = request
  const ownGroup = process.platform !== 'win32'
  const child = spawn(command.file, command.args, {
    cwd: '/',
    env: WORKER_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: ownGroup,
    windowsHide: true,
  })
  let answer: Made | Refusal | undefined

  const settle = (outcome: Made | Refusal) => {
    answer ??= outcome
    killAll(child, ownGroup)
  }
  const tooLate = setTimeout(() => settle(refuse('took-too-long')), limits.timeoutMs)
  const watch = setInterval(async () => {
    if ((await residentBytes(child)) > limits.maxMemoryBytes) settle(refuse('too-many-pixels'))
  }, WATCH_EVERY_MS)

  const read = frameReader(limits.maxOutputBytes + MOST_PREVIEW_BYTES)
  child.stdout.on('data', (chunk: Buffer) => {
    const frame = read(chunk)
    if (frame === 'more') return
    settle((frame === 'garbage' ? undefined : parseAnswer(frame)) ?? refuse('damaged'))
  })
  // A worker that dies early breaks the pipe; how it ended says more.
  child.stdin.on('error', () => {})
  child.stdin.write(headerLine({ kind: request.kind, limits }, request.bytes.length))
  // Not ended: an end tells the worker that the server is gone.
  child.stdin.write(request.bytes)

  const ended = new Promise<Made | Refusal>((resolve) => {
    const finish = (otherwise: Refusal) => {
      clearTimeout(tooLate)
      clearInterval(watch)
      resolve(answer ?? otherwise)
    }
    // The process could not be started, which is no fault of the file: trying again may help.
    child.on('error', () => finish(refuse('took-too-long')))
    child.on('exit', () => {
      killAll(child, ownGroup)
      setTimeout(() => child.stdout.destroy(), CLOSE_WITHIN_MS).unref()
    })
    child.on('close', (_code, signal) => finish(endedBy(signal)))
  })
  return { answer: ended, stop: () => settle(refuse('took-too-long')) }
}

function endedBy(signal: NodeJS.Signals | null): Refusal {
  if (signal === 'SIGXCPU') return refuse('took-too-long')
  // Not killed from here: the kernel does it when memory runs out.
  if (signal === 'SIGKILL') return refuse('too-many-pixels')
  return refuse('damaged')
}

function killAll(child: ChildProcess, ownGroup: boolean): void {
  if (child.pid === undefined) return
  try {
    process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/** Resident memory in bytes; 0 where the system does not show it in /proc, so that no limit is reached. */
async function residentBytes(child: ChildProcess): Promise<number> {
  try {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
