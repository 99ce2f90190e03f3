// Makes a cluster and looks at one that exists. A new one is made beside its place and renamed once it is whole and
// flushed, so that an interrupted start leaves nothing that looks like a database.
import { randomBytes } from 'node:crypto'
import { chmod, chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DataFolderProblem, exists, syncFolder, writeDurably } from '../data-folder.js'
import type { Binaries } from './binaries.js'
import { removeFolder } from './place.js'
import { handOver, letThrough, makeFolderFor, mayAs, run, type ServerUser } from './server-user.js'

export const OWNER_ROLE = 'baken_owner'
const PASSWORD_NAME = 'postgres-owner-password'
const PASSWORD_BYTES = 32
const PASSWORD_PATTERN = /^[\w-]{43}$/

// The collation of PostgreSQL itself: the same order and case rules on every system, whatever its C library.
const INITDB_OPTIONS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth=scram-sha-256',
  '--no-instructions',
]

/** The owner's password, kept in the data folder with mode 0600; undefined when there is none yet. */
export async function readPassword(dataFolder: string): Promise<string | undefined> {
  const file = join(dataFolder, PASSWORD_NAME)
  if (!(await exists(file))) return undefined
  await chmod(file, 0o600)
  const text = (await readFile(file, 'utf8')).trim()
  return PASSWORD_PATTERN.test(text) ? text : undefined
}

/** Makes and keeps a new password. */
export async function createPassword(dataFolder: string): Promise<string> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  await writeDurably(join(dataFolder, PASSWORD_NAME), `${password}\n`)
  return password
}

/** Removes what interrupted starts left half-made. An initdb whose Baken was killed may still write: next time. */
export async function sweepDrafts(cluster: string): Promise<void> {
  const place = dirname(cluster)
  for (const name of await readdir(place)) {
    if (name.startsWith(`${basename(cluster)}.new-`))
      await removeFolder(join(place, name)).catch(() => undefined)
  }
}

/** The sentence for a password that is missing or belongs to another database. */
export function passwordLost(cluster: string, dataFolder: string): DataFolderProblem {
  const file = join(dataFolder, PASSWORD_NAME)
  return new DataFolderProblem(
    'password-lost',
    `${file} does not hold the password of the database in ${cluster}: put the right file back.`,
  )
}

/**
 * Makes the cluster as that user. `secrets` is a folder only that user and we can read.
 * Throws DataFolderProblem `does-not-start` with what initdb said last.
 */
export async function createCluster(
  cluster: string,
  password: string,
  { binaries, user, secrets }: { binaries: Binaries; user: ServerUser | undefined; secrets: string },
): Promise<void> {
  const place = dirname(cluster)
  const draft = `${cluster}.new-${randomBytes(6).toString('hex')}`
  const passwordFile = join(secrets, 'password')
  try {
    if (!(await makeFolderFor(user, draft))) throw unreachable(cluster, user)
    await writeFile(passwordFile, password, { flag: 'wx', mode: 0o600 })
    if (user !== undefined) await chown(passwordFile, user.uid, user.gid)
    const args = [...INITDB_OPTIONS, `--username=${OWNER_ROLE}`, `--pwfile=${passwordFile}`, '-D', draft]
    const { status, stderr } = await run(user, binaries.initdb, args)
    if (status !== 0) throw notMade(cluster, stderr)
    await rename(draft, cluster)
    await syncFolder(place)
  } finally {
    await rm(passwordFile, { force: true })
    await removeFolder(draft)
  }
}

/**
 * Makes sure that the server can work with the cluster that is there.
 * Throws DataFolderProblem `other-version` or `cannot-reach`.
 */
export async function checkCluster(
  cluster: string,
  binaries: Binaries,
  user: ServerUser | undefined,
): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  if (version !== binaries.major) {
    throw new DataFolderProblem(
      'other-version',
      `The database in ${cluster} was made by PostgreSQL ${version}, but this Baken brings PostgreSQL ${binaries.major}: start the earlier Baken once more to make a backup.`,
    )
  }
  await letThrough(user, dirname(cluster))
  await handOver(user, cluster)
  if (!(await mayAs(user, 'x', cluster)) || !(await mayAs(user, 'w', cluster)))
    throw unreachable(cluster, user)
}

function unreachable(cluster: string, user: ServerUser | undefined): DataFolderProblem {
  const who = user === undefined ? 'Baken' : `The user "${user.name}", who runs the database for root,`
  return new DataFolderProblem('cannot-reach', `${who} cannot work in the folder ${cluster}.`)
}

function notMade(cluster: string, stderr: string): DataFolderProblem {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const worst = lines.find((line) => /\b(PANIC|FATAL|error):/.test(line)) ?? lines[0] ?? 'no reason given'
  const said = worst.replace(/^initdb: |^.*\b(PANIC|FATAL|error):\s+/g, '')
  return new DataFolderProblem(
    'does-not-start',
    `PostgreSQL could not make a database in ${cluster}: ${said}.`,
  )
}
