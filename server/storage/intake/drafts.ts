// Drafts lie encrypted in tables this role cannot read or list: it can only put, get and drop what it can name.
import type { Queryable } from '../connect.js'

export interface StoredDraft {
  readonly version: number
  readonly body: Uint8Array
}

/** The draft with this key, its life extended; null when there is none. */
export async function getDraft(pool: Queryable, key: Uint8Array): Promise<StoredDraft | null> {
  const { rows } = await pool.query<StoredDraft>('select version, body from draft_get($1)', [key])
  return rows[0] ?? null
}

/** Stores a draft over the version that was read (0 for a new one); false when somebody stored in between. */
export async function putDraft(
  pool: Queryable,
  key: Uint8Array,
  readVersion: number,
  body: Uint8Array,
): Promise<boolean> {
  const { rows } = await pool.query<{ stored: boolean }>('select draft_put($1, $2, $3) as stored', [
    key,
    readVersion,
    body,
  ])
  return rows[0]?.stored === true
}

export async function dropDraft(pool: Queryable, key: Uint8Array): Promise<void> {
  await pool.query('select draft_drop($1)', [key])
}

/** Stores one encrypted piece of a file; false when the draft went away meanwhile. */
export async function putDraftChunk(
  pool: Queryable,
  key: Uint8Array,
  file: string,
  chunk: number,
  body: Uint8Array,
): Promise<boolean> {
  const { rows } = await pool.query<{ stored: boolean }>('select draft_chunk_put($1, $2, $3, $4) as stored', [
    key,
    file,
    chunk,
    body,
  ])
  return rows[0]?.stored === true
}

/** One encrypted piece of a file, or null when the draft went away meanwhile. */
export async function getDraftChunk(
  pool: Queryable,
  key: Uint8Array,
  file: string,
  chunk: number,
): Promise<Uint8Array | null> {
  const { rows } = await pool.query<{ body: Uint8Array | null }>(
    'select draft_chunk_get($1, $2, $3) as body',
    [key, file, chunk],
  )
  return rows[0]?.body ?? null
}

export async function dropDraftFile(pool: Queryable, key: Uint8Array, file: string): Promise<void> {
  await pool.query('select draft_file_drop($1, $2)', [key, file])
}

/** Ages the drafts; does something once in ten minutes, however many processes ask. */
export async function sweep(pool: Queryable): Promise<void> {
  await pool.query('select sweep()')
}
