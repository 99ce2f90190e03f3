// Sealing open work anew to a new key. It happens in a browser of the desk; here lies what is left to do, and what comes
// back waits until it was read and opened again. Only put_resealed() changes a part.
import type { SealedPlace } from '../../report/new-key.js'
import type { Pool, Queryable } from '../connect.js'
import { queryAtLength } from './at-length.js'
import { readChunks } from './chunks.js'

export interface PartToReseal {
  readonly place: SealedPlace
  readonly id: string
  readonly kind: string
  readonly bytes: number
}

export interface ReportToReseal {
  readonly id: string
  /** sealed; it tells the mailbox, in which there may be work too */
  readonly header: Uint8Array
  /** what is not known to fit the live key */
  readonly parts: readonly PartToReseal[]
}

/** Whether a run goes on: begun in this session, for the key that is still live. */
export async function isResealing(
  pool: Queryable,
  { desk, session }: { readonly desk: string; readonly session: string },
  run: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from reseal_run r join desk_key k on k.id = r.desk_key
     where r.id = $1 and r.session = $2 and k.desk = $3 and k.live`,
    [run, session, desk],
  )
  return rowCount === 1
}

/** The next open reports behind an id, at most so many, in the order of their random ids. */
export async function listResealWork(
  pool: Queryable,
  desk: string,
  { after, most }: { readonly after: string | null; readonly most: number },
): Promise<ReportToReseal[]> {
  const { rows } = await pool.query<ReportToReseal>(
    `select r.id, h.sealed as header, coalesce(w.parts, '[]') as parts
     from (
       select r.id from report r join queue_item q on q.report = r.id
       where r.desk = $1 and q.state <> 'assessed' and ($2::uuid is null or r.id > $2) order by r.id limit $3
     ) r
     join report_part h on h.report = r.id and h.kind = 'header'
     left join lateral (
       select jsonb_agg(jsonb_build_object('place', 'report_part', 'id', p.id, 'kind', p.kind, 'bytes', p.bytes)
         order by p.kind, p.id) as parts
       from (
         select p.id, p.kind, sum(length(p.sealed)) as bytes from report_part p where p.report = r.id
           and p.desk_key is distinct from (select id from desk_key where desk = $1 and live)
         group by p.id, p.kind
       ) p
     ) w on true
     order by r.id`,
    [desk, after, most],
  )
  return rows
}

/** What lies in a mailbox and is not known to fit the live key; `of` is what its label says. */
export async function listMailboxWork(
  pool: Queryable,
  desk: string,
  mailbox: string,
): Promise<{ recipient: string; parts: PartToReseal[] } | null> {
  const found = await pool.query<{ recipient: string }>('select recipient from mailbox where id = $1', [
    mailbox,
  ])
  if (!found.rows[0]) return null
  const { rows } = await pool.query<PartToReseal>(
    `with live as (select id from desk_key where desk = $1 and live)
     select 'question' as place, q.id, 'question' as kind, length(q.sealed) as bytes
       from question q where q.mailbox = $2 and q.desk_key is distinct from (select id from live)
     union all
     select 'answer', a.id, 'answer', length(a.sealed) from answer a join question q on q.id = a.question
       where q.mailbox = $2 and a.desk_key is distinct from (select id from live)
     union all
     select 'addition', a.id, a.kind, sum(length(a.sealed))::integer from addition a
       where a.mailbox = $2 and a.desk_key is distinct from (select id from live) group by a.id, a.kind
     order by 1, 2`,
    [desk, mailbox],
  )
  return { ...found.rows[0], parts: rows }
}

/** How many sealed bytes a part has; null when it is not there, or not of this desk. */
export async function findSealedPart(
  pool: Queryable,
  desk: string,
  place: SealedPlace,
  part: string,
): Promise<number | null> {
  const { rows } = await pool.query<{ bytes: string }>('select bytes from sealed_part($1, $2, $3)', [
    desk,
    place,
    part,
  ])
  return rows[0] ? Number(rows[0].bytes) : null
}

const ROW_OF: Readonly<Record<SealedPlace, string>> = {
  report_part: 'select sealed from report_part where id = $1 and chunk = $2',
  addition: 'select sealed from addition where id = $1 and chunk = $2',
  question: 'select sealed from question where id = $1 and $2::integer = 0',
  answer: 'select sealed from answer where id = $1 and $2::integer = 0',
}

/** The sealed bytes of a part, row by row. */
export function readSealedPart(
  pool: Queryable,
  place: SealedPlace,
  { id, bytes }: { readonly id: string; readonly bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  return readChunks(bytes, (chunk) => pool.query<{ sealed: Uint8Array }>(ROW_OF[place], [id, chunk]))
}

/**
 * Keeps a piece of a part that was sealed anew; the first piece ends what this run tried with the part before. A repeat of
 * the same piece is harmless.
 */
export async function stagePiece(
  pool: Pool,
  { run, attempt, part }: { readonly run: string; readonly attempt: string; readonly part: string },
  chunk: number,
  sealed: Uint8Array,
): Promise<void> {
  if (chunk === 0) {
    await pool.query('delete from resealed_part where part = $1 and run = $2 and attempt <> $3', [
      part,
      run,
      attempt,
    ])
  }
  await pool.query(
    'insert into resealed_part (attempt, chunk, part, run, sealed) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [attempt, chunk, part, run, sealed],
  )
}

/** How many sealed bytes a try has; null when there is none. */
export async function findAttempt(pool: Queryable, part: string, attempt: string): Promise<number | null> {
  const { rows } = await pool.query<{ bytes: string | null }>(
    'select sum(length(sealed)) as bytes from resealed_part where part = $1 and attempt = $2',
    [part, attempt],
  )
  return rows[0]?.bytes ? Number(rows[0].bytes) : null
}

/** The sealed bytes of a try, row by row. */
export function readAttempt(
  pool: Queryable,
  { attempt, bytes }: { readonly attempt: string; readonly bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  return readChunks(bytes, (chunk) =>
    pool.query<{ sealed: Uint8Array }>('select sealed from resealed_part where attempt = $1 and chunk = $2', [
      attempt,
      chunk,
    ]),
  )
}

/**
 * Puts a try in the place of the part it was made of. False when its rows are not exactly those whose hashes were read
 * back, when it is not as long as the part, or not sealed to the key that is live now: then nothing changes.
 */
export async function putResealed(
  pool: Pool,
  desk: string,
  place: SealedPlace,
  {
    part,
    attempt,
    hashes,
  }: { readonly part: string; readonly attempt: string; readonly hashes: readonly Uint8Array[] },
): Promise<boolean> {
  const { rows } = await queryAtLength<{ put: boolean }>(pool, {
    text: 'select put_resealed($1, $2, $3, $4, $5) as put',
    values: [desk, place, part, attempt, hashes],
  })
  return rows[0]?.put === true
}

/** Notes that a part opens with the live key as it is; false when there is none. */
export async function notePartFits(
  pool: Queryable,
  desk: string,
  place: SealedPlace,
  part: string,
): Promise<boolean> {
  const { rows } = await pool.query<{ noted: boolean }>('select note_part_fits($1, $2, $3) as noted', [
    desk,
    place,
    part,
  ])
  return rows[0]?.noted === true
}
