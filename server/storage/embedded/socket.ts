// Where the server listens: a Unix socket in a short private folder, since a socket's path ends at 107 bytes and
// DATA_DIR may be longer; on Windows a free loopback port.
import { randomBytes } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { DataFolderProblem } from '../data-folder.js'
import { removeFolder } from './place.js'
import type { Listening } from './postmaster.js'
import { makeFolderFor, type ServerUser } from './server-user.js'

const PREFIX = 'baken-'
const PORT_ON_SOCKET = 5432
const MAX_PARENT_BYTES = 60

/**
 * Makes the private folder (mode 0700, of the server's user). `tell` hears its name before it exists, so that a
 * killed owner's folder is always known. Throws DataFolderProblem `cannot-write`.
 */
export async function makeSocketFolder(
  user: ServerUser | undefined,
  tell: (folder: string) => Promise<void>,
): Promise<string> {
  for (const parent of [tmpdir(), '/tmp', '/var/tmp']) {
    // PostgreSQL reads a list of folders here, in which commas and quotes mean something.
    if (!isAbsolute(parent) || Buffer.byteLength(parent) > MAX_PARENT_BYTES || /[",]/.test(parent)) continue
    const folder = join(parent, `${PREFIX}${randomBytes(6).toString('hex')}`)
    await tell(folder)
    const usable = await makeFolderFor(user, folder).catch(() => false)
    if (usable) return folder
  }
  throw new DataFolderProblem(
    'cannot-write',
    'Baken cannot make a temporary folder for the database in /tmp.',
  )
}

/** Removes the socket folder that a killed owner left; anything not made by us stays. */
export async function removeLeftSocket(folder: string | null | undefined): Promise<void> {
  if (typeof folder !== 'string' || !isAbsolute(folder)) return
  if (!new RegExp(`^${PREFIX}[0-9a-f]{12}$`).test(basename(folder))) return
  const found = await lstat(folder).catch(() => undefined)
  if (found?.isDirectory() === true && (found.mode & 0o077) === 0) await removeFolder(folder)
}

/** What the server listens on. */
export async function chooseListening(socketFolder: string): Promise<Listening> {
  if (process.platform !== 'win32') return { socketFolder, port: PORT_ON_SOCKET }
  return { socketFolder: undefined, port: await freePort() }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
