import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { type AuditLine, addAuditLine } from './audit.js'

/** An act of a member and its line in the trail: both or neither. Where `act` gives false nothing was done: no line. */
export async function withAuditLine(
  pool: Pool,
  line: AuditLine,
  act: (client: Queryable) => Promise<boolean>,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const done = await act(client)
    if (done) await addAuditLine(client, line)
    return done
  })
}
