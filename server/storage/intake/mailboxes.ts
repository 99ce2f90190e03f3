import type { HalfDay } from '../../report/half-day.js'
import { inTransaction, type Pool, type Queryable } from '../connect.js'
import { takeSubmissionKey } from './submission-key.js'

export interface WaitingQuestion {
  readonly id: string
  readonly sealed: Uint8Array
}

export interface FoundMailbox {
  readonly id: string
  /** the desk asks nothing more */
  readonly closed: boolean
  /** the reporter asked the desk not to use what was told */
  readonly withdrawn: boolean
  /** the reporter ended it: for the holder of the code there is nothing here any more */
  readonly ended: boolean
  readonly questions: readonly WaitingQuestion[]
}

interface Row {
  mailbox: string
  closed: boolean
  withdrawn: boolean
  ended: boolean
  question: string | null
  sealed: Uint8Array | null
}

/** The mailbox of a code, by its memory-hard hash, with the unanswered questions; null when there is none. */
export async function findMailbox(pool: Queryable, lookup: Uint8Array): Promise<FoundMailbox | null> {
  const { rows } = await pool.query<Row>('select * from open_mailbox($1)', [lookup])
  const first = rows[0]
  if (!first) return null
  const questions = rows.flatMap(({ question, sealed }) =>
    question && sealed ? [{ id: question, sealed }] : [],
  )
  // Always in one order, so that a page shown again shows the same question.
  questions.sort((a, b) => (a.id < b.id ? -1 : 1))
  const { mailbox: id, closed, withdrawn, ended } = first
  return { id, closed, withdrawn, ended, questions }
}

/** Puts a sealed answer in the queue, once; resolves when it is committed and flushed. */
export async function storeAnswer(
  pool: Pool,
  answer: { id: string; question: string; sealed: Uint8Array; halfDay: HalfDay },
  submissionKey: Uint8Array,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await takeSubmissionKey(client, submissionKey, answer.halfDay))) return
    await client.query('insert into arrival_answer values ($1, $2, $3, $4)', [
      answer.id,
      answer.question,
      answer.sealed,
      answer.halfDay,
    ])
  })
}
