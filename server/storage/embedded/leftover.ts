// What a killed Baken leaves: a server that lives on. It is stopped before the next one starts; a process that is
// not the server of exactly this folder is never touched, even when an old file names its number.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DataFolderProblem } from '../data-folder.js'
import { isRunning, isServerOf, processStart, takesSignals } from './processes.js'
import { run } from './server-user.js'

const FAST_STOP_MS = 20_000
const IMMEDIATE_STOP_MS = 10_000
const LOOK_AGAIN_MS = 20

/** Stops the folder's server, if one runs. Throws DataFolderProblem `does-not-start` when it stays. */
export async function stopLeftover(cluster: string, pgCtl: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = Number.parseInt((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10)
  if (!(pid > 0)) return
  const started = processStart(pid)
  if (started === undefined) {
    // PostgreSQL itself clears up after a server that is gone, but takes one that nobody has reaped for running.
    if (takesSignals(pid)) await rm(pidFile, { force: true })
    return
  }
  if (process.platform === 'win32') {
    // Its signals go through a pipe that only a PostgreSQL server has.
    await run(undefined, pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w'])
    return
  }
  switch (await isServerOf(pid, cluster)) {
    case 'no':
      // The number went to somebody else; PostgreSQL would take that process for a running server.
      await rm(pidFile, { force: true })
      return
    case 'unknown':
      return
    case 'yes':
      signal(pid, 'SIGINT')
      if (await gone(pid, started, FAST_STOP_MS)) return
      signal(pid, 'SIGQUIT')
      if (await gone(pid, started, IMMEDIATE_STOP_MS)) return
      throw new DataFolderProblem(
        'does-not-start',
        `An earlier database server, process ${pid}, still works in ${cluster} and does not stop.`,
      )
  }
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself, or is not ours to end: whether it is gone is looked at next.
  }
}

async function gone(pid: number, started: string | null, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (isRunning(pid, started)) {
    if (Date.now() > deadline) return false
    await wait(LOOK_AGAIN_MS)
  }
  return true
}
