// One Baken per data folder. The lock is a file that appears whole (link, never overwritten) and names its owner.
// A dead owner's lock is replaced only under a guard named after that lock's own token, looked at again under the
// guard: the step from one token to the next happens once, however many processes try at the same moment.
import { createHash, randomBytes } from 'node:crypto'
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DataFolderProblem, errorCode, explainingWrites } from '../data-folder.js'
import { isRunning, type ProcessStart, processStart } from './processes.js'

const LOCK_NAME = 'baken.lock'
const PATIENCE_MS = 5_000

export interface LockRecord {
  readonly pid: number
  readonly started: ProcessStart
  readonly token: string
  /** the database server and its socket's folder, so that a later start can clean up after a killed owner */
  readonly postmaster: number | null
  readonly socketFolder: string | null
}

export interface FolderLock {
  /** what a dead owner wrote, when there was one */
  readonly left: LockRecord | undefined
  /** adds what is known by now */
  note(facts: Partial<Pick<LockRecord, 'postmaster' | 'socketFolder'>>): Promise<void>
  /** gives the folder free; harmless when it is ours no longer */
  release(): Promise<void>
}

type Claim = { kind: 'taken'; left: LockRecord | undefined } | { kind: 'held'; by: LockRecord }

/** Takes the folder for this process. Throws DataFolderProblem `in-use` while a live process holds it. */
export async function takeLock(folder: string): Promise<FolderLock> {
  const path = join(folder, LOCK_NAME)
  let mine: LockRecord = {
    pid: process.pid,
    started: processStart(process.pid) ?? null,
    token: newToken(),
    postmaster: null,
    socketFolder: null,
  }
  const claim = await explainingWrites(folder, () => claimFile(path, mine))
  if (claim.kind === 'held') {
    throw new DataFolderProblem(
      'in-use',
      `The data folder ${folder} is in use by a running Baken, process ${claim.by.pid} (lock file ${path}).`,
    )
  }
  await sweep(path)
  return {
    left: claim.left,
    async note(facts) {
      mine = { ...mine, ...facts }
      await replaceFile(path, mine)
    },
    async release() {
      if ((await readLock(path))?.token === mine.token) await rm(path, { force: true })
    },
  }
}

async function claimFile(path: string, mine: LockRecord): Promise<Claim> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    if (await createFile(path, mine)) return { kind: 'taken', left: undefined }
    const holder = await readLock(path)
    if (holder !== undefined) {
      if (isRunning(holder.pid, holder.started)) return { kind: 'held', by: holder }
      if (await takeOver(path, holder, mine)) return { kind: 'taken', left: holder }
      // Another process is taking over at this moment: look again, it will be the live holder.
      if (Date.now() > deadline) return { kind: 'held', by: holder }
      await wait(10)
    }
  }
}

async function takeOver(path: string, dead: LockRecord, mine: LockRecord): Promise<boolean> {
  const guard = `${path}.${dead.token}`
  const claim = await claimFile(guard, { ...mine, token: newToken() })
  if (claim.kind === 'held') return false
  try {
    if ((await readLock(path))?.token !== dead.token) return false
    // Until it is removed, the dead owner's socket folder stays known, whatever happens to us.
    await replaceFile(path, { ...mine, socketFolder: dead.socketFolder })
    return true
  } catch (error) {
    // A winner swept our draft away.
    if (errorCode(error) === 'ENOENT') return false
    throw error
  } finally {
    await rm(guard, { force: true })
  }
}

/** Puts the file there whole, or answers false when there is one already. */
async function createFile(path: string, record: LockRecord): Promise<boolean> {
  const draft = await writeDraft(path, record)
  try {
    await link(draft, path)
    return true
  } catch (error) {
    // ENOENT: the winner swept our draft away.
    if (['EEXIST', 'ENOENT'].includes(errorCode(error))) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function replaceFile(path: string, record: LockRecord): Promise<void> {
  await rename(await writeDraft(path, record), path)
}

async function writeDraft(path: string, record: LockRecord): Promise<string> {
  const draft = `${path}.new-${newToken()}`
  await writeFile(draft, `${JSON.stringify(record)}\n`, { flag: 'wx', mode: 0o600 })
  return draft
}

/** Undefined when there is no lock. A torn file (power cut) counts as a dead owner's. */
async function readLock(path: string): Promise<LockRecord | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
  const torn = { pid: 0, started: null, token: hash(text), postmaster: null, socketFolder: null }
  try {
    const value: unknown = JSON.parse(text)
    return isLockRecord(value) ? value : torn
  } catch {
    return torn
  }
}

function isLockRecord(value: unknown): value is LockRecord {
  if (typeof value !== 'object' || value === null) return false
  const { pid, started, token, postmaster, socketFolder } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(pid) &&
    (started === null || typeof started === 'string') &&
    typeof token === 'string' &&
    /^[0-9a-f]{16}$/.test(token) &&
    (postmaster === null || Number.isSafeInteger(postmaster)) &&
    (socketFolder === null || typeof socketFolder === 'string')
  )
}

/** Drafts and guards of processes that died half-way. A live one that loses its file here looks again and sees us. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path)
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${LOCK_NAME}.`)) await rm(join(folder, name), { force: true })
  }
}

function newToken(): string {
  return randomBytes(8).toString('hex')
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
