// What appears on disk while something else is going on, however soon it is gone again.
import { existsSync, type FSWatcher, readdirSync, readFileSync, readlinkSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { Teardown } from './database.js'

const LOOK_EVERY_MS = 5
const LARGEST_READ_BYTES = 16 * 1024 * 1024
/** Opened for writing, or for both. */
const MAY_WRITE = 3

export interface FilesSeen {
  /** paths of everything that was made, changed or removed */
  readonly changed: ReadonlySet<string>
  /** what stood in it, as far as it could still be read */
  readonly contents: readonly Buffer[]
}

/** Notes whatever changes in the folders themselves, not in folders below them, until the test ends. */
export function watchFolders(t: Teardown, folders: readonly string[]): FilesSeen {
  const changed = new Set<string>()
  const contents: Buffer[] = []
  const watchers: FSWatcher[] = folders.filter(existsSync).map((folder) =>
    watch(folder, (_event, name) => {
      const path = join(folder, name ?? '')
      changed.add(path)
      const content = readSmallFile(path)
      if (content) contents.push(content)
    }),
  )
  t.teardown(() => {
    for (const watcher of watchers) watcher.close()
  })
  return { changed, contents }
}

/** Notes every file that a process or one of its children has open for writing, also one that was removed already. */
export function watchOpenFiles(t: Teardown, pid: number): FilesSeen {
  const changed = new Set<string>()
  const contents: Buffer[] = []
  const timer = setInterval(() => {
    for (const one of [pid, ...childrenNow(pid)]) {
      for (const { path, place } of writableFiles(one)) {
        changed.add(path)
        const content = readSmallFile(place)
        if (content) contents.push(content)
      }
    }
  }, LOOK_EVERY_MS)
  t.teardown(() => clearInterval(timer))
  return { changed, contents }
}

/** Every file below a folder with its size and time, and every folder. */
export function listFiles(folder: string): { path: string; bytes: number; changedMs: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name)
    const status = statSync(path, { throwIfNoEntry: false })
    if (!status) return []
    return [{ path, bytes: entry.isFile() ? status.size : 0, changedMs: status.mtimeMs }]
  })
}

function writableFiles(pid: number): { path: string; place: string }[] {
  const numbers = orElse([], () => readdirSync(`/proc/${pid}/fd`))
  return numbers.flatMap((number) =>
    // What was closed while we looked is no matter: the next look is soon.
    orElse([], () => {
      const place = `/proc/${pid}/fd/${number}`
      const path = readlinkSync(place)
      if (!path.startsWith('/') || path.startsWith('/dev/null')) return []
      const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/fdinfo/${number}`, 'utf8'))?.[1] ?? '0'
      return (Number.parseInt(flags, 8) & MAY_WRITE) === 0 ? [] : [{ path, place }]
    }),
  )
}

export function childrenNow(pid: number): number[] {
  const numbers = orElse('', () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
  return numbers.split(' ').filter(Boolean).map(Number)
}

function readSmallFile(path: string): Buffer | null {
  return orElse(null, () => {
    const status = statSync(path)
    return status.isFile() && status.size <= LARGEST_READ_BYTES ? readFileSync(path) : null
  })
}

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
