// Which process is which. A number alone says little: it is used again after a reboot and, in containers, at every
// start. So a process is known by its number, the boot and the moment it began, where the system tells them.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

/** What tells a process from a later one with the same number; null where the system does not say. */
export type ProcessStart = string | null

/** When a process began; undefined when it is gone. A zombie is gone: it holds nothing any more. */
export function processStart(pid: number): ProcessStart | undefined {
  // Zero and negative numbers would mean whole groups of processes.
  if (pid <= 0 || !takesSignals(pid)) return undefined
  const text = readText(`/proc/${pid}/stat`)
  if (text === undefined) return null
  // The second field is the program's name in brackets and may hold anything; what follows is fields 3 and on.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${fields[19] ?? ''}`
}

/** Whether the process seen earlier still runs. Where the system tells no start, the number decides. */
export function isRunning(pid: number, start: ProcessStart): boolean {
  const now = processStart(pid)
  if (now === undefined) return false
  return start === null || now === null || now === start
}

/** Whether a process is the PostgreSQL server of this folder; `unknown` where we may not look. */
export async function isServerOf(pid: number, folder: string): Promise<'yes' | 'no' | 'unknown'> {
  if (process.platform === 'linux') return isServerByProc(pid, folder)
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])
    return stdout.includes('postgres') && stdout.includes(folder) ? 'yes' : 'no'
  } catch {
    return 'unknown'
  }
}

async function isServerByProc(pid: number, folder: string): Promise<'yes' | 'no' | 'unknown'> {
  try {
    // The program's file may be gone after an upgrade; its name stays.
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() !== 'postgres') return 'no'
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
    if (command.includes(folder)) return 'yes'
  } catch {
    return 'unknown'
  }
  try {
    // The server works inside its data folder, by whatever path it was called.
    const [works, ours] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(folder)])
    return works.dev === ours.dev && works.ino === ours.ino ? 'yes' : 'no'
  } catch {
    // Looking into another user's process needs a right that root lacks in many containers.
    return 'unknown'
  }
}

/** Whether the system knows the number; that of a zombie counts here. */
export function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
