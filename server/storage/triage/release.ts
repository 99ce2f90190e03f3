import type { Pool, Queryable } from '../connect.js'
import { queryAtLength } from './at-length.js'

/**
 * Moves what arrived to the desk, shuffled: urgent reports always, everything when `wholeBatch`. It all moves in one statement,
 * so that takes as long as its files are large: with the limit of other statements a batch with many videos would
 * fail at every try, and everybody's report with it.
 */
export async function releaseArrivals(pool: Pool, wholeBatch: boolean): Promise<void> {
  await queryAtLength(pool, { text: 'select release_arrivals($1)', values: [wholeBatch] })
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
