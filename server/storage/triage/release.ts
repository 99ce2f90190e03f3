import type { Queryable } from '../connect.js'

/** Moves what arrived to the desk, shuffled: urgent reports always, everything when `wholeBatch`. */
export async function releaseArrivals(pool: Queryable, wholeBatch: boolean): Promise<void> {
  await pool.query('select release_arrivals($1)', [wholeBatch])
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
