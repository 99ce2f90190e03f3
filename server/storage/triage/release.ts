import { inTransaction, type Pool, type Queryable } from '../connect.js'

/** Much longer than gigabytes take; what is not done by then would otherwise hold up every later batch. */
const RELEASE_MS = 30 * 60_000

/**
 * Moves what arrived to the desk, shuffled: urgent reports always, everything when `wholeBatch`. It all moves in one statement,
 * so that takes as long as its files are large: with the limit of other statements a batch with many videos would
 * fail at every try, and everybody's report with it.
 */
export async function releaseArrivals(pool: Pool, wholeBatch: boolean): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query(`set local statement_timeout = ${RELEASE_MS}`)
    await client.query(inTime({ text: 'select release_arrivals($1)', values: [wholeBatch] }))
  })
}

/** The client gives up no sooner than the server. The types of pg do not know that a query may say so itself. */
function inTime<Query extends object>(query: Query): Query & { query_timeout: number } {
  return { ...query, query_timeout: RELEASE_MS }
}

/** Ages drafts; once in ten minutes it does something, however many processes ask. */
export async function sweep(pool: Queryable): Promise<void> {
  await pool.query('select sweep()')
}

/** Whether a desk with a key takes reports. */
export async function hasLiveDesk(pool: Queryable): Promise<boolean> {
  const { rowCount } = await pool.query('select from desk where recipient is not null and not closed')
  return rowCount === 1
}
