// Where the cluster lies: in the data folder, or, when root started Baken where the server's user cannot go (a home of
// mode 0700), under the system's state directory with a pointer file left in the data folder.
import { createHash, randomBytes } from 'node:crypto'
import { chmod, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  DataFolderProblem,
  errorCode,
  exists,
  explainingWrites,
  makePrivateFolder,
  writeDurably,
} from '../data-folder.js'
import { letThrough, makeFolderFor, type ServerUser } from './server-user.js'

const POINTER_NAME = 'postgres-folder.txt'
export const CLUSTER_NAME = 'postgres'
export const SYSTEM_STATE_FOLDER = process.platform === 'darwin' ? '/var/db/baken' : '/var/lib/baken'

/**
 * The cluster of an earlier start, if there is one. Throws DataFolderProblem `database-missing` when the pointer file
 * names a place without one: an empty database must not silently stand in for a lost one.
 */
export async function findCluster(dataFolder: string): Promise<string | undefined> {
  const pointer = join(dataFolder, POINTER_NAME)
  if (!(await exists(pointer))) {
    const own = join(dataFolder, CLUSTER_NAME)
    return (await isCluster(own)) ? own : undefined
  }
  const named = (await readFile(pointer, 'utf8')).trim()
  if (await isCluster(named)) return named
  throw new DataFolderProblem(
    'database-missing',
    `The database should lie in ${named}, but is not there: bring it back, or remove ${pointer} to begin with an empty one.`,
  )
}

/** Whether PostgreSQL finished making a cluster there. Ours are renamed into place, so they are whole or absent. */
export async function isCluster(folder: string): Promise<boolean> {
  return (await exists(folder, 'PG_VERSION')) && (await exists(folder, 'global', 'pg_control'))
}

/**
 * The folder in which a new cluster can lie, tried out as the server's user.
 * Throws DataFolderProblem `cannot-reach` when that user can work in none.
 */
export async function choosePlace(
  dataFolder: string,
  stateFolder: string,
  user: ServerUser | undefined,
): Promise<string> {
  if (user === undefined || (await isUsable(dataFolder, user))) return dataFolder
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)
  const elsewhere = join(stateFolder, hash)
  await openStateFolder(stateFolder)
  await makePrivateFolder(elsewhere)
  if (await isUsable(elsewhere, user)) return elsewhere
  throw new DataFolderProblem(
    'cannot-reach',
    `The user "${user.name}", who runs the database for root, can work neither in ${dataFolder} nor in ${elsewhere}.`,
  )
}

async function isUsable(place: string, user: ServerUser): Promise<boolean> {
  await letThrough(user, place)
  const trial = join(place, `${CLUSTER_NAME}.new-${randomBytes(6).toString('hex')}`)
  if (!(await makeFolderFor(user, trial))) return false
  await rmdir(trial)
  return true
}

/** Makes the state folder passable for all, listable too. Refuses one in which others could have planted something. */
export async function openStateFolder(stateFolder: string): Promise<void> {
  await explainingWrites(stateFolder, () => makePrivateFolder(stateFolder))
  const { uid, mode } = await stat(stateFolder)
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new DataFolderProblem(
      'cannot-reach',
      `The folder ${stateFolder} must belong to root and be writable for root alone.`,
    )
  }
  await chmod(stateFolder, 0o755)
}

/** Remembers a cluster outside the data folder, and says in one sentence that it is there. */
export async function pointTo(
  cluster: string,
  dataFolder: string,
  user: ServerUser | undefined,
): Promise<string[]> {
  if (dirname(cluster) === dataFolder) return []
  const pointer = join(dataFolder, POINTER_NAME)
  if (!(await exists(pointer))) await writeDurably(pointer, `${cluster}\n`)
  const reason =
    user === undefined
      ? `as ${pointer} says`
      : `because the user "${user.name}", who runs it for root, cannot reach ${dataFolder}`
  return [`The database lies in ${cluster}, ${reason}.`]
}

/**
 * Frees the place for a new cluster. What lies there (an interrupted start of another making, the database of a data
 * folder that was removed) is renamed, never deleted; the answer is the sentence that says so.
 */
export async function setAside(cluster: string): Promise<string[]> {
  try {
    await rmdir(cluster)
    return []
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error))) throw error
  }
  const aside = `${cluster}.left-${randomBytes(6).toString('hex')}`
  await rename(cluster, aside)
  return [`What lay in ${cluster} could not be used; it was renamed to ${aside} and a new database was made.`]
}

/** Removes a folder of ours and what is in it; a link there is not followed. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
