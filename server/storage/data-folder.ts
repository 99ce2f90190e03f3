// The folder that DATA_DIR names: made with mode 0700, known by its real path, written so that a power cut leaves
// either the old file or the new one. What cannot work here ends in one sentence that an operator understands.
import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { OperatorProblem } from '../operator-problem.js'

export type DataFolderProblemCode =
  | 'in-use'
  | 'other-version'
  | 'cannot-write'
  | 'cannot-reach'
  | 'database-missing'
  | 'password-lost'
  | 'no-binaries'
  | 'no-user'
  | 'does-not-start'

/** The data folder cannot serve. `message` is one English sentence for the console. */
export class DataFolderProblem extends OperatorProblem {
  readonly code: DataFolderProblemCode

  constructor(code: DataFolderProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DataFolderProblem'
    this.code = code
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'part of the path is not a folder',
  EEXIST: 'it is not a folder',
  ENAMETOOLONG: 'the path is too long',
  ENOENT: 'no folder can be made there',
}

/**
 * Makes the folder that DATA_DIR names when it is missing (mode 0700) and gives its real path.
 * Throws DataFolderProblem `cannot-write` when files cannot be made in it.
 */
export async function openDataFolder(path: string): Promise<string> {
  const asked = resolve(path)
  return explainingWrites(`${asked} (DATA_DIR)`, async () => {
    await makeParents(asked)
    await makePrivateFolder(asked)
    const real = await realpath(asked)
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK)
    return real
  })
}

/** Node's own recursive mkdir answers "not found" on a read-only file system; this one gives the true reason. */
async function makeParents(path: string): Promise<void> {
  const parent = dirname(path)
  if (parent === path || (await exists(parent))) return
  await makeParents(parent)
  await mkdir(parent)
}

/** Makes a folder with mode 0700; one that exists already stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error
  }
}

/** Runs `work`, turning the system's refusal to write into DataFolderProblem `cannot-write`. */
export async function explainingWrites<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = REASONS[errorCode(error)]
    if (reason === undefined) throw error
    throw new DataFolderProblem('cannot-write', `Baken cannot write in the folder ${folder}: ${reason}.`, {
      cause: error,
    })
  }
}

/** Replaces a file in one step with mode 0600; once it resolves, the text survives a power cut. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.new-${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes renames inside a folder survive a power cut. Windows offers no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Whether something lies there. Anything but "not found" is thrown. */
export async function exists(...parts: string[]): Promise<boolean> {
  try {
    await stat(join(...parts))
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** The system's code of an error (`ENOENT`), or an empty text. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
