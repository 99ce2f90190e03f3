// Which database a command works on: the one of DATABASE_URL, or else that of the demonstration in DATA_DIR.
import { z } from 'zod'
import { readSettings, sharedSettings } from '../settings.js'
import { type ConnectOptions, connect, type Pool } from '../storage/connect.js'
import { DataFolderProblem } from '../storage/data-folder.js'
import { holdsDatabase, startEmbedded } from '../storage/embedded/index.js'
import { type Arguments, CommandProblem } from './command.js'

const addressSchema = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
    'must be an address postgres://...',
  )
  .optional()

/** The option of every command that works on a database, and its line in the help. */
export const DATABASE_OPTION = { 'database-url-file': 'text' } as const
export const DATABASE_HELP = `
  --database-url-file FILE   read the owner's address (postgres://...) from FILE; otherwise DATABASE_URL
                             or the file that DATABASE_URL_FILE names
Without an address it works on the demonstration in DATA_DIR (./data), while npm start is not running.`

/** A running demonstration has the database to itself. */
export class DatabaseInUse extends CommandProblem {}

export interface OpenedDatabase {
  readonly owner: Pool
  /** the owner's address; null for the demonstration's own server */
  readonly address: string | null
}

/** Runs `work` on the database as its owner, and leaves nothing running. Throws when there is no database. */
export async function withDatabase<T>(
  args: Arguments,
  work: (database: OpenedDatabase) => Promise<T>,
): Promise<T> {
  const address = readAddress(args)
  if (address !== null) return withPool(address, (owner) => work({ owner, address }))
  const dataDir = readSettings({ DATA_DIR: sharedSettings.DATA_DIR }, process.env).DATA_DIR
  if (!(await holdsDatabase(dataDir))) {
    throw new CommandProblem(`DATABASE_URL is not set, and there is no demonstration in ${dataDir}`)
  }
  // Ending through exit() lets the server be stopped too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const embedded = await startEmbedded(dataDir).catch((error: unknown) => {
    throw error instanceof DataFolderProblem && error.code === 'in-use' ? inUse(dataDir) : error
  })
  try {
    return await withPool(embedded.owner, (owner) => work({ owner, address: null }))
  } finally {
    await embedded.stop()
  }
}

function inUse(dataDir: string): DatabaseInUse {
  return new DatabaseInUse(
    `the running npm start holds the database in ${dataDir}: stop it first, or set DATABASE_URL for another one`,
  )
}

async function withPool<T>(target: ConnectOptions['target'], work: (owner: Pool) => Promise<T>): Promise<T> {
  const owner = connect({ target, connections: 3 })
  try {
    return await work(owner)
  } finally {
    await owner.end()
  }
}

function readAddress(args: Arguments): string | null {
  const file = args.optional('database-url-file')
  const environment = file === undefined ? process.env : { DATABASE_URL_FILE: file }
  const address = readSettings({ DATABASE_URL: addressSchema }, environment).DATABASE_URL
  return address ?? null
}
