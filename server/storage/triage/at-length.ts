import type { QueryResult, QueryResultRow } from 'pg'
import { inTransaction, type Pool } from '../connect.js'

/** Much longer than gigabytes take. */
const LONGEST_MS = 30 * 60_000

/**
 * One statement that takes as long as the files are large that it moves. With the limit of other statements it would
 * fail at every try.
 */
export async function queryAtLength<Row extends QueryResultRow>(
  pool: Pool,
  query: { readonly text: string; readonly values: unknown[] },
): Promise<QueryResult<Row>> {
  return inTransaction(pool, async (client) => {
    await client.query(`set local statement_timeout = ${LONGEST_MS}`)
    return client.query<Row>(inTime(query))
  })
}

/** The client gives up no sooner than the server. The types of pg do not know that a query may say so itself. */
function inTime<Query extends object>(query: Query): Query & { query_timeout: number } {
  return { ...query, query_timeout: LONGEST_MS }
}
