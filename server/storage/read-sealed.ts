// The sealed parts of one report, read as owner of the database, so that the holder of a key is never locked out by
// the lack of a partner app. What comes back is ciphertext.
import type { PartKind } from '../report/envelope.js'
import type { Queryable } from './connect.js'

export interface StoredPart {
  readonly kind: PartKind
  /** the report, mailbox or question it should belong to */
  readonly of: string
  readonly sealed: Uint8Array
}

interface Row {
  readonly id: string
  readonly kind: PartKind
  readonly of: string
  readonly sealed: Uint8Array
}

/** Sections, files and assessment of a report, released or not; empty when there is no such report. */
export async function readSealedReport(owner: Queryable, report: string): Promise<StoredPart[]> {
  const { rows } = await owner.query<Row>(
    `select id, kind, report as of, sealed from (
       select id, chunk, report, kind, sealed from report_part
       union all select id, chunk, report, kind, sealed from arrival_part
     ) part where report = $1
     order by array_position(array['header', 'situation', 'place', 'victims', 'offenders', 'source'], kind), id, chunk`,
    [report],
  )
  const assessed = await owner.query<Row>(
    `select report as id, 'assessment' as kind, report as of, sealed from assessment where report = $1`,
    [report],
  )
  return joinChunks([...rows, ...assessed.rows])
}

/** Questions and answers of a reporter's mailbox, each question followed by its answers, then what was added. */
export async function readSealedMessages(owner: Queryable, mailbox: string): Promise<StoredPart[]> {
  const { rows } = await owner.query<Row>(
    `select q.id, 'question' as kind, q.mailbox as of, q.sealed, q.id as question, 0 as place from question q
     where q.mailbox = $1
     union all
     select a.id, 'answer', a.question, a.sealed, a.question, 1 from (
       select id, question, sealed from answer union all select id, question, sealed from arrival_answer
     ) a join question q on q.id = a.question where q.mailbox = $1
     order by question, place, id`,
    [mailbox],
  )
  const added = await owner.query<Row>(
    `select id, kind, mailbox as of, sealed from (
       select id, chunk, mailbox, kind, sealed from addition
       union all select id, chunk, mailbox, kind, sealed from arrival_addition
     ) a where mailbox = $1 order by kind, id, chunk`,
    [mailbox],
  )
  return joinChunks([...rows, ...added.rows])
}

/** The sealed lists of earlier keys of the desk that a report was sealed to. */
export async function readEarlierKeys(owner: Queryable, report: string): Promise<Uint8Array[]> {
  const { rows } = await owner.query<{ earlier: Uint8Array }>(
    `select k.earlier from desk_key k where k.earlier is not null and k.desk in (
       select desk from report where id = $1 union all select desk from arrival where id = $1)`,
    [report],
  )
  return rows.map(({ earlier }) => earlier)
}

function joinChunks(rows: readonly Row[]): StoredPart[] {
  const chunks = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.kind} ${row.id}`
    chunks.set(key, [...(chunks.get(key) ?? []), row])
  }
  return [...chunks.values()].flatMap((own) => {
    const first = own[0]
    return first
      ? [{ kind: first.kind, of: first.of, sealed: Buffer.concat(own.map((row) => row.sealed)) }]
      : []
  })
}
