import type { HalfDay } from '../../report/half-day.js'
import type { Queryable } from '../connect.js'

/**
 * Takes the key of a submission for this transaction; false when it was taken before. A second click waits here for
 * the first one. A repeat is no error for the database: most servers write errors down with their time.
 */
export async function takeSubmissionKey(
  client: Queryable,
  key: Uint8Array,
  halfDay: HalfDay,
): Promise<boolean> {
  const { rowCount } = await client.query('insert into submitted values ($1, $2) on conflict do nothing', [
    key,
    halfDay,
  ])
  return rowCount === 1
}
