// A PostgreSQL server of Baken's own, in DATA_DIR, for the demonstration and small single-host use: the same server,
// roles and flushes as in production. Reached only through a private Unix socket, with a random password.
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DataFolderProblem, explainingWrites, openDataFolder } from '../data-folder.js'
import { type Binaries, findNativeFolder, prepareBinaries } from './binaries.js'
import { ClosingSteps } from './closing-steps.js'
import {
  checkCluster,
  createCluster,
  createPassword,
  OWNER_ROLE,
  passwordLost,
  readPassword,
  sweepDrafts,
} from './cluster.js'
import { keepRunning } from './keep-running.js'
import { stopLeftover } from './leftover.js'
import { takeLock } from './lock.js'
import {
  CLUSTER_NAME,
  choosePlace,
  findCluster,
  isCluster,
  pointTo,
  removeFolder,
  SYSTEM_STATE_FOLDER,
  setAside,
} from './place.js'
import { type Listening, type Postmaster, startPostmaster } from './postmaster.js'
import { type OwnerConnection, waitUntilReady } from './ready.js'
import { chooseServerUser, type ServerUser } from './server-user.js'
import { chooseListening, makeSocketFolder, removeLeftSocket } from './socket.js'

export { DataFolderProblem } from '../data-folder.js'

const DATABASE = 'baken'
const LEFT_CHILDREN_MS = 10_000
const LOOK_AGAIN_MS = 200

export interface EmbeddedDatabase {
  /** connection for the owner, superuser of this private cluster; usable as pg config */
  readonly owner: OwnerConnection
  /** where the cluster really lies; differs from DATA_DIR when the server's user cannot reach that */
  readonly folder: string
  /** sentences for the console, such as why another folder is used */
  readonly notices: readonly string[]
  /** Fast shutdown, then gives the folder free. Calling it again waits for the same end. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  /** the `native` folder of another copy of the platform's package */
  readonly binaries?: string
  /** in place of /var/lib/baken */
  readonly stateFolder?: string
  /** hears, in sentences for the console, that the server ended by itself and what became of it */
  readonly tell?: (sentence: string) => void
}

/**
 * Starts the database of a data folder, making it at first, and recovering it after a crash of Baken or the machine.
 * Throws DataFolderProblem: `in-use` by a live Baken, `other-version` of PostgreSQL, `cannot-write`, `cannot-reach`,
 * `database-missing`, `password-lost`, `no-binaries`, `no-user`, `does-not-start`.
 */
export async function startEmbedded(
  dataDir: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedDatabase> {
  const dataFolder = await openDataFolder(dataDir)
  const closing = new ClosingSteps()
  try {
    return await explainingWrites(dataFolder, () => open(dataFolder, options, closing))
  } catch (error) {
    await closing.run().catch(() => undefined)
    throw error
  }
}

/** Whether an earlier start left a database in this data folder. Throws DataFolderProblem `database-missing`. */
export async function holdsDatabase(dataDir: string): Promise<boolean> {
  return (await findCluster(resolve(dataDir))) !== undefined
}

async function open(
  dataFolder: string,
  options: EmbeddedOptions,
  closing: ClosingSteps,
): Promise<EmbeddedDatabase> {
  const lock = await takeLock(dataFolder)
  closing.add(() => lock.release())
  const setting = await settle(dataFolder, options)
  const { cluster, binaries, user } = setting
  if (dirname(cluster) !== dataFolder) {
    // Two copies of one data folder may point to the same cluster elsewhere.
    const second = await takeLock(dirname(cluster))
    closing.add(() => second.release())
  }
  await stopLeftover(cluster, binaries.pgCtl)
  await removeLeftSocket(lock.left?.socketFolder)

  const socketFolder = await makeSocketFolder(user, (folder) => lock.note({ socketFolder: folder }))
  closing.add(() => removeFolder(socketFolder))
  const { password, notices } = await openOrMake(dataFolder, setting, socketFolder)
  await sweepDrafts(cluster)

  const listening = await chooseListening(socketFolder)
  const owner: OwnerConnection = {
    host: listening.socketFolder ?? '127.0.0.1',
    port: listening.port,
    user: OWNER_ROLE,
    password,
    database: DATABASE,
  }
  const start = async (): Promise<Postmaster> => {
    const launched = await launch(setting, listening, owner, (postmaster) => lock.note({ postmaster }))
    if (launched === 'wrong-password') throw passwordLost(cluster, dataFolder)
    return launched
  }
  const kept = keepRunning(await start(), start, options.tell ?? (() => undefined))
  closing.add(() => kept.stop())
  return { owner, folder: cluster, notices, stop: () => closing.run() }
}

interface Setting {
  readonly cluster: string
  /** whether an earlier start left the cluster there */
  readonly known: boolean
  readonly user: ServerUser | undefined
  readonly binaries: Binaries
}

/** Decides who runs which programs on which folder. */
async function settle(dataFolder: string, options: EmbeddedOptions): Promise<Setting> {
  const stateFolder = options.stateFolder ?? SYSTEM_STATE_FOLDER
  const known = await findCluster(dataFolder)
  const user = await chooseServerUser(known)
  const copies = user === undefined ? join(dataFolder, 'postgres-binaries') : stateFolder
  const binaries = await prepareBinaries(options.binaries ?? findNativeFolder(), user, copies)
  const cluster = known ?? join(await choosePlace(dataFolder, stateFolder, user), CLUSTER_NAME)
  return { cluster, known: known !== undefined, user, binaries }
}

/** The cluster and its password, made when there is none yet. */
async function openOrMake(
  dataFolder: string,
  { cluster, known, user, binaries }: Setting,
  secrets: string,
): Promise<{ password: string; notices: readonly string[] }> {
  const kept = await readPassword(dataFolder)
  if (known && kept === undefined) throw passwordLost(cluster, dataFolder)
  if (kept !== undefined && (await isCluster(cluster))) {
    await checkCluster(cluster, binaries, user)
    return { password: kept, notices: [...binaries.notices, ...(await pointTo(cluster, dataFolder, user))] }
  }
  const aside = await setAside(cluster)
  const password = kept ?? (await createPassword(dataFolder))
  await createCluster(cluster, password, { binaries, user, secrets })
  return { password, notices: [...binaries.notices, ...aside, ...(await pointTo(cluster, dataFolder, user))] }
}

/** Starts the server and waits until it answers. Throws DataFolderProblem `does-not-start` with its last words. */
async function launch(
  { cluster, user, binaries }: Setting,
  listening: Listening,
  owner: OwnerConnection,
  tell: (pid: number) => Promise<void>,
): Promise<Postmaster | 'wrong-password'> {
  const deadline = Date.now() + LEFT_CHILDREN_MS
  for (;;) {
    const postmaster = startPostmaster(cluster, { binaries, user, listening })
    try {
      await tell(postmaster.pid)
      const outcome = await waitUntilReady(owner, postmaster)
      if (outcome.kind === 'ready') {
        postmaster.forgetWords()
        return postmaster
      }
      await postmaster.stop()
      if (outcome.kind === 'wrong-password') return outcome.kind
      // Children of a killed server hold its memory until they notice its end.
      if (!outcome.words.includes('shared memory block') || Date.now() > deadline) {
        throw new DataFolderProblem(
          'does-not-start',
          `PostgreSQL did not start in ${cluster}: ${outcome.words}.`,
        )
      }
    } catch (error) {
      await postmaster.stop()
      throw error
    }
    await wait(LOOK_AGAIN_MS)
  }
}
