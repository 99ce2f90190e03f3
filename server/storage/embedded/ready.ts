// Waits until the server answers, and makes sure that the database exists.
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { DataFolderProblem, errorCode } from '../data-folder.js'
import type { Postmaster } from './postmaster.js'

export interface OwnerConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

// Crash recovery on a slow disk takes its time; the write-ahead log is kept small enough for this.
const READY_MS = 120_000
const LOOK_AGAIN_MS = 15
const STARTING_UP = '57P03'
const NO_SUCH_DATABASE = '3D000'
const WRONG_PASSWORD = '28P01'

/** How a start went on: ready, refused the password, or the server ended (with its last words). */
export type Outcome = { kind: 'ready' } | { kind: 'wrong-password' } | { kind: 'ended'; words: string }

/** Resolves when the database answers the owner, or cannot. Throws DataFolderProblem when it takes too long. */
export async function waitUntilReady(owner: OwnerConnection, postmaster: Postmaster): Promise<Outcome> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    const words = postmaster.ended()
    if (words !== undefined) return { kind: 'ended', words }
    switch (await tryConnection(owner)) {
      case 'connected':
        return { kind: 'ready' }
      case WRONG_PASSWORD:
        return { kind: 'wrong-password' }
      case NO_SUCH_DATABASE:
        await createDatabase(owner)
        break
      default:
        await wait(LOOK_AGAIN_MS)
    }
  }
  throw new DataFolderProblem(
    'does-not-start',
    `PostgreSQL did not become ready within ${READY_MS / 1000} seconds.`,
  )
}

/** Connects once; otherwise answers why not, by PostgreSQL's code or the system's. */
async function tryConnection(owner: OwnerConnection): Promise<string> {
  try {
    await withClient(owner, (client) => client.query('select 1'))
    return 'connected'
  } catch (error) {
    const refused = error instanceof pg.DatabaseError
    if (refused && ![STARTING_UP, NO_SUCH_DATABASE, WRONG_PASSWORD].includes(error.code ?? '')) throw error
    // Anything else is a server that does not listen yet, or has just ended.
    return errorCode(error)
  }
}

async function createDatabase(owner: OwnerConnection): Promise<void> {
  await withClient({ ...owner, database: 'postgres' }, (client) =>
    client.query(`create database ${owner.database}`),
  )
}

async function withClient(
  owner: OwnerConnection,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ ...owner, ssl: false, connectionTimeoutMillis: 10_000 })
  // A server that stops in the middle is told by the rejected promises.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
