// Everything that whoever takes the database gets: each value of each row, and the files of the server as they lie.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Queryable } from '../../server/storage/connect.js'
import { listFiles } from './watch-files.js'

export interface Place {
  readonly name: string
  readonly bytes: Buffer
}

/** Every table of every schema, those of the system too, and what the server tells about running statements. */
export async function everyRow(owner: Queryable): Promise<Place[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind in ('r', 'm', 'p')
     union all select 'pg_stat_activity' order by 1`,
  )
  const places: Place[] = []
  for (const { name } of tables) {
    const { rows } = await owner.query<Record<string, unknown>>(`select * from ${name}`)
    for (const value of rows.flatMap((row) => Object.values(row)).filter(Buffer.isBuffer))
      places.push({ name: `table ${name}`, bytes: value })
    const plain = JSON.stringify(rows, (_key, value) => (value?.type === 'Buffer' ? undefined : value))
    places.push({ name: `table ${name}`, bytes: Buffer.from(plain) })
  }
  return places
}

/**
 * Paths of the server's files that were written to since then, with its log and its write-ahead log; of this database
 * all. Null when they cannot be reached from here.
 */
export async function serverFiles(owner: Queryable, sinceMs: number): Promise<string[] | null> {
  // A plain checkpoint leaves unlogged tables in memory; copying a database file by file writes them all out.
  const copy = `baken_test_copy_${randomBytes(6).toString('hex')}`
  await owner.query(`create database ${copy} template template0 strategy file_copy`)
  await owner.query(`drop database ${copy}`)
  const { rows } = await owner.query<{ folder: string; own: string }>(
    `select current_setting('data_directory') as folder, 'base/' || oid as own
     from pg_database where datname = current_database()`,
  )
  const { folder = '', own = '' } = rows[0] ?? {}
  try {
    return listFiles(dirname(folder))
      .filter(({ bytes }) => bytes > 0)
      .filter(({ path, changedMs }) => changedMs >= sinceMs || path.startsWith(join(folder, own)))
      .map(({ path }) => path)
  } catch {
    return null
  }
}

/** Reads files one after another, as far as they are still there. */
export function* readFiles(paths: Iterable<string>): Generator<Place> {
  for (const path of paths) {
    try {
      yield { name: path, bytes: readFileSync(path) }
    } catch {
      // The server removes and renames files at any time.
    }
  }
}
