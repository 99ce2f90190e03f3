import type { Queryable } from '../connect.js'

/** A desk whose key reports can be sealed to. */
export interface LiveDesk {
  readonly id: string
  readonly recipients: readonly [desk: string, recovery: string]
}

/** What the whole database takes on its disk, drafts included. */
export async function databaseBytes(pool: Queryable): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')
  return Number(rows[0]?.bytes ?? 0)
}

/** The desk that takes reports now, or null: then the form is closed. */
export async function findLiveDesk(pool: Queryable): Promise<LiveDesk | null> {
  const { rows } = await pool.query<{ id: string; recipient: string; recovery_recipient: string }>(
    'select id, recipient, recovery_recipient from desk where recipient is not null and not closed',
  )
  const desk = rows[0]
  return desk ? { id: desk.id, recipients: [desk.recipient, desk.recovery_recipient] } : null
}
