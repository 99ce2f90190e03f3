import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { type Refusal, refuse } from './frame.js'
import { type Command, WORKER_ENVIRONMENT } from './isolation.js'

/** How a process ended: by itself, or by what the system or we did to it. */
export type Ended = { readonly kind: 'ended'; readonly code: number } | Refusal

/** A process under way. */
export type Run = {
  readonly child: ChildProcess
  /** Comes only after the process has ended; never rejects. */
  readonly ended: Promise<Ended>
  /** Kills it; what it ended with is then `why`, unless it had ended already. */
  stop(why?: Refusal): void
}

export type RunLimits = { readonly timeoutMs: number; readonly maxMemoryBytes: number }

const WATCH_EVERY_MS = 50
/** How long the output of a process that has ended may stay open (something it started may hold it). */
const CLOSE_WITHIN_MS = 500

/**
 * Starts a process for one file and watches its time and memory. Whatever happens to it becomes a refusal: too slow
 * or out of processor time `took-too-long`, too much memory `too-many-pixels`, a crash `damaged`.
 */
export function startProcess(command: Command, stdio: StdioOptions, limits: RunLimits): Run {
  const ownGroup = process.platform !== 'win32'
  const child = spawn(command.file, command.args, {
    cwd: '/',
    env: WORKER_ENVIRONMENT,
    stdio,
    detached: ownGroup,
    windowsHide: true,
  })
  let stopped: Refusal | undefined

  const stop = (why = refuse('took-too-long')) => {
    stopped ??= why
    killAll(child, ownGroup)
  }
  const tooLate = setTimeout(stop, limits.timeoutMs, refuse('took-too-long'))
  const watch = setInterval(async () => {
    if ((await residentBytes(child)) > limits.maxMemoryBytes) stop(refuse('too-many-pixels'))
  }, WATCH_EVERY_MS)

  const ended = new Promise<Ended>((resolve) => {
    const finish = (outcome: Ended) => {
      clearTimeout(tooLate)
      clearInterval(watch)
      resolve(stopped ?? outcome)
    }
    // The process could not be started, which is no fault of the file: trying again may help.
    child.on('error', () => finish(refuse('took-too-long')))
    child.on('exit', () => {
      killAll(child, ownGroup)
      setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, CLOSE_WITHIN_MS).unref()
    })
    child.on('close', (code, signal) => finish(code === null ? endedBy(signal) : { kind: 'ended', code }))
  })
  return { child, ended, stop }
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
