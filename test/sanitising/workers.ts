import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Process ids of the sanitising workers that `parent` started and that still live. Needs /proc. */
export function workersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent && commandOf(pid).includes('sanitising/worker.js'))
}

/** Waits until `parent` has a worker that is past its wrappers and works on a file. */
export async function firstWorkerOf(parent: number): Promise<number> {
  for (let tries = 0; tries < 500; tries++) {
    const pid = workersOf(parent).find((candidate) => isRunning(commandOf(candidate)))
    if (pid !== undefined) return pid
    await sleep(10)
  }
  throw new Error('no worker came')
}

function isRunning(command: string): boolean {
  return command.split('\0')[0] === process.execPath && !command.includes('--probe')
}

/** Waits until a process is gone; false when it is still there after `withinMs`. */
export async function isGone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 20) {
    if (commandOf(pid) === '') return true
    await sleep(20)
  }
  return false
}

function commandOf(pid: number): string {
  return readOrEmpty(`/proc/${pid}/cmdline`)
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? -1)
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
