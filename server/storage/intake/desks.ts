import type { Queryable } from '../connect.js'

/** A desk whose key reports can be sealed to. */
export interface LiveDesk {
  readonly id: string
  readonly recipients: readonly [desk: string, recovery: string]
}

/** The desk that takes reports now, or null: then the form is closed. */
export async function findLiveDesk(pool: Queryable): Promise<LiveDesk | null> {
  const { rows } = await pool.query<{ id: string; recipient: string; recovery_recipient: string }>(
    'select id, recipient, recovery_recipient from desk where recipient is not null and not closed',
  )
  const desk = rows[0]
  return desk ? { id: desk.id, recipients: [desk.recipient, desk.recovery_recipient] } : null
}
