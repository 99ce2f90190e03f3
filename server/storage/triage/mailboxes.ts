import type { AdditionKind } from '../../report/envelope.js'
import type { Pool, Queryable } from '../connect.js'
import { readChunks } from './chunks.js'
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
  /** what came without a question; files are read one by one */
  readonly additions: readonly Addition[]
}

export interface Addition {
  readonly id: string
  readonly kind: AdditionKind
  readonly halfDay: string
  readonly bytes: number
  /** null for a file */
  readonly sealed: Uint8Array | null
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
  const additions = await pool.query<Addition>(
    `select id, kind, half_day as "halfDay", sum(length(sealed))::integer as bytes,
       case when kind <> 'added_file' then string_agg(sealed, '' order by chunk) end as sealed
     from addition where mailbox = $1 group by id, kind, half_day order by half_day, id`,
    [mailbox],
  )
  return {
    ...rows[0],
    additions: additions.rows,
    questions: questions.rows.map((question) => ({
      ...question,
      answers: answers.rows
        .filter((answer) => answer.question === question.id)
        .map(({ id, sealed, halfDay }) => ({ id, sealed, halfDay })),
    })),
  }
}

/** How long a file is that was added, sealed; null when it is not there. Leaves a line in the trail when it is. */
export async function openAddedFile(
  pool: Pool,
  member: string,
  mailbox: string,
  id: string,
): Promise<number | null> {
  let bytes: number | null = null
  await withAuditLine(pool, { act: 'mailbox.file-opened', member }, async (client) => {
    const { rows } = await client.query<{ bytes: number | null }>(
      `select sum(length(sealed))::integer as bytes from addition
       where mailbox = $1 and id = $2 and kind = 'added_file'`,
      [mailbox, id],
    )
    bytes = rows[0]?.bytes ?? null
    return bytes !== null
  })
  return bytes
}

/** Its sealed bytes, row by row, like those of a part of a report. */
export function readAddedFile(
  pool: Queryable,
  mailbox: string,
  { id, bytes }: { id: string; bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  return readChunks(bytes, (chunk) =>
    pool.query<{ sealed: Uint8Array }>(
      `select sealed from addition where mailbox = $1 and id = $2 and kind = 'added_file' and chunk = $3`,
      [mailbox, id, chunk],
    ),
  )
}

/** The mailboxes whose reporters asked the desk not to use what they told. */
export async function listWithdrawn(pool: Queryable): Promise<string[]> {
  const { rows } = await pool.query<{ mailbox: string }>(
    `select distinct mailbox from addition where kind = 'withdrawal' order by mailbox`,
  )
  return rows.map(({ mailbox }) => mailbox)
}

/** Puts a sealed question in a mailbox; false when it is closed, withdrawn or not there. A repeat with the same id is harmless. */
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
         and not exists (select from addition a where a.mailbox = m.id and a.kind = 'withdrawal')
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
