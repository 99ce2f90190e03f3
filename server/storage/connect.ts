// Opens the pools. Every session forces synchronous commit: what was acknowledged must be on disk, whatever the
// server's or the role's own settings say.
import pg from 'pg'
import { OperatorProblem } from '../operator-problem.js'

export type Pool = pg.Pool
/** A pool or one connection of it, inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>

const SESSION_OPTIONS = [
  '-c synchronous_commit=on -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000',
  // A machine that vanished without a word lets its sessions, and the locks they hold, go within a minute.
  '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3',
].join(' ')
const CONNECT_WITHIN_MS = 10_000
const ROLLBACK = { text: 'rollback', query_timeout: 2_000 }
/** How long the apps wait for a server that is silent: a little more than it may take for a statement. */
export const SILENCE_MS = 35_000

export interface ConnectOptions {
  /** postgres:// address, or the parts of one */
  readonly target: string | { host: string; port: number; user: string; password: string; database: string }
  readonly connections?: number
  /** gives up a query when the server says nothing for so long; without it, only the server's own limits hold */
  readonly silenceMs?: number
}

/** A pool whose sessions commit synchronously. Connects on first use. */
export function connect({ target, connections = 10, silenceMs }: ConnectOptions): Pool {
  const where = typeof target === 'string' ? { connectionString: target } : target
  const pool = new pg.Pool({
    ...where,
    max: connections,
    options: SESSION_OPTIONS,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(silenceMs && { query_timeout: silenceMs }),
  })
  // A lost connection is replaced, and the queries it was used for fail. Without listeners Node would end the process
  // at the loss itself, of a connection at rest (the pool tells it) as of one in use (only the connection does).
  const toldByTheQueries = (): void => undefined
  pool.on('error', toldByTheQueries)
  pool.on('connect', (client) => client.on('error', toldByTheQueries))
  return pool
}

/** The server cannot keep what Baken promises. `message` is one sentence for the operator. */
export class ServerProblem extends OperatorProblem {}

/** Settings of the server under which "committed" means "on disk". Throws ServerProblem when they are off. */
export async function refuseUnsafeServer(pool: Queryable): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes')`,
  )
  const off = rows.filter(({ setting }) => setting !== 'on').map(({ name }) => name)
  if (off.length > 0) {
    throw new ServerProblem(
      `the PostgreSQL server runs with ${off.join(' and ')} off: acknowledged reports could be lost`,
    )
  }
}

/** Runs `work` in one transaction; it is committed and flushed when the promise resolves. */
export async function inTransaction<T>(pool: Pool, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that cannot even roll back is given up, and the server rolls back by itself.
    await client.query(ROLLBACK).catch((lost: Error) => {
      broken = lost
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** PostgreSQL's code for "a row with this key exists already", whichever key or the named one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return false
  return constraint === undefined || error.constraint === constraint
}

type Bound<M> = {
  [K in keyof M]: M[K] extends (pool: infer P, ...rest: infer A) => infer R
    ? Pool extends P
      ? (...rest: A) => R
      : never
    : never
}

/** The functions of a module with the pool already given: what a role may ask, as one plain object. */
export function bindAll<M extends Record<string, (pool: Pool, ...rest: never[]) => unknown>>(
  pool: Pool,
  functions: M,
): Bound<M> {
  const bound = Object.entries(functions).map(([name, run]) => [
    name,
    (...rest: never[]) => run(pool, ...rest),
  ])
  return Object.fromEntries(bound) as Bound<M>
}
