import type { Pool, Queryable } from '../connect.js'
import { withAuditLine } from './with-audit-line.js'

export interface Conversation {
  readonly id: string
  readonly recipient: string
  readonly closed: boolean
  readonly questions: readonly {
    id: string
    sealed: Uint8Array
    answers: readonly { id: string; sealed: Uint8Array; halfDay: string }[]
  }[]
}

/**
 * A reporter's mailbox with its sealed questions and answers; null when there is none. One that still waits for the
 * batch comes now: only who opened its report knows the id.
 */
export async function findConversation(pool: Queryable, mailbox: string): Promise<Conversation | null> {
  await pool.query('select bring_mailbox($1)', [mailbox])
  const { rows } = await pool.query<{ id: string; recipient: string; closed: boolean }>(
    'select id, recipient, closed from mailbox where id = $1',
    [mailbox],
  )
  if (!rows[0]) return null
  const questions = await pool.query<{ id: string; sealed: Uint8Array }>(
    'select id, sealed from question where mailbox = $1 order by id',
    [mailbox],
  )
  const answers = await pool.query<{ id: string; question: string; sealed: Uint8Array; halfDay: string }>(
    `select a.id, a.question, a.sealed, a.half_day as "halfDay" from answer a join question q on q.id = a.question
     where q.mailbox = $1 order by a.half_day, a.id`,
    [mailbox],
  )
  return {
    ...rows[0],
    questions: questions.rows.map((question) => ({
      ...question,
      answers: answers.rows
        .filter((answer) => answer.question === question.id)
        .map(({ id, sealed, halfDay }) => ({ id, sealed, halfDay })),
    })),
  }
}

/** Puts a sealed question in a mailbox; false when it is closed or not there. A repeat with the same id is harmless. */
export async function storeQuestion(
  pool: Pool,
  member: string,
  mailbox: string,
  id: string,
  sealed: Uint8Array,
): Promise<boolean> {
  const asked = await withAuditLine(pool, { act: 'mailbox.question-asked', member }, async (client) => {
    const { rowCount } = await client.query(
      `insert into question select $2::uuid, m.id, $3 from mailbox m where m.id = $1 and not m.closed
       on conflict (id) do nothing`,
      [mailbox, id, sealed],
    )
    return rowCount === 1
  })
  if (asked) return true
  const there = await pool.query('select from question where id = $1 and mailbox = $2', [id, mailbox])
  return there.rowCount === 1
}

export async function closeMailbox(pool: Pool, member: string, mailbox: string): Promise<boolean> {
  return withAuditLine(pool, { act: 'mailbox.closed', member }, async (client) => {
    const { rowCount } = await client.query('update mailbox set closed = true where id = $1', [mailbox])
    return rowCount === 1
  })
}
