// What an operator changed in the help directory, read by both sides and written by the desk and by `baken
// import-help`. Dates cross as text: as moments they would move by a day with the time zone.
import type { HelpChange, HelpChanges } from '../help/directory.js'
import type { Area, Coordinator, HelpEntry } from '../help/entry.js'
import type { Queryable } from './connect.js'

export interface StoredHelp extends HelpChange {
  readonly revision: number
}

export interface StoredDirectory extends HelpChanges {
  readonly entries: readonly StoredHelp[]
  readonly coordinators: readonly StoredHelp[]
}

/** A number that goes up with every change. */
export async function helpVersion(pool: Queryable): Promise<number> {
  const { rows } = await pool.query<{ version: number }>('select version from help_version')
  return rows[0]?.version ?? 0
}

interface AreaRow {
  readonly coordinator: string
  readonly level: Area['level']
  readonly name: string
}

/** Everything that was changed or added. The version is read first: what changes meanwhile is read again. */
export async function readHelp(pool: Queryable): Promise<StoredDirectory> {
  const version = await helpVersion(pool)
  const entries = await pool.query<StoredHelp>(
    'select id, entry as row, retired, revision from help_entry order by id',
  )
  const coordinators = await pool.query<Record<string, unknown> & Omit<StoredHelp, 'row'>>(
    `select id, role, name, age_group, phone, website, valid_from::text, valid_to::text, confidence, sources,
       verified_on::text, publish, texts, retired, revision
     from help_coordinator order by id`,
  )
  const areas = await pool.query<AreaRow>(
    'select coordinator, level, name from help_coordinator_area where not former order by coordinator, name',
  )
  return {
    version,
    entries: entries.rows,
    coordinators: coordinators.rows.map(({ retired, revision, ...row }) => ({
      id: row.id,
      row: { ...row, area: areaOf(areas.rows.filter(({ coordinator }) => coordinator === row.id)) },
      retired,
      revision,
    })),
  }
}

function areaOf(rows: readonly AreaRow[]): unknown {
  const level = rows[0]?.level
  return level === 'national' ? { level } : { level, names: rows.map(({ name }) => name) }
}

export interface HelpToStore<R> {
  readonly row: R
  readonly retired: boolean
  /** the revision that the writer saw; 0 for a row that is not stored yet */
  readonly seen: number
}

/** Stores an entry; false when it was changed since `seen`. Count the version up in the same transaction. */
export async function storeEntry(
  client: Queryable,
  { row, retired, seen }: HelpToStore<HelpEntry>,
): Promise<boolean> {
  const values = [row.id, JSON.stringify(row), retired]
  const { rowCount } =
    seen === 0
      ? await client.query(
          'insert into help_entry (id, entry, retired) values ($1, $2, $3) on conflict (id) do nothing',
          values,
        )
      : await client.query(
          `update help_entry set entry = $2, retired = $3, revision = revision + 1
           where id = $1 and revision = $4`,
          [...values, seen],
        )
  return rowCount === 1
}

/** The same for a coordinator, with its regions. */
export async function storeCoordinator(
  client: Queryable,
  { row, retired, seen }: HelpToStore<Coordinator>,
): Promise<boolean> {
  const values = [
    row.id,
    row.role,
    row.name,
    row.age_group,
    row.phone && JSON.stringify(row.phone),
    row.website,
    row.valid_from,
    row.valid_to,
    row.confidence,
    row.sources,
    row.verified_on,
    row.publish,
    JSON.stringify(row.texts),
    retired,
  ]
  const { rowCount } =
    seen === 0
      ? await client.query(
          `insert into help_coordinator (id, role, name, age_group, phone, website, valid_from, valid_to, confidence,
             sources, verified_on, publish, texts, retired)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do nothing`,
          values,
        )
      : await client.query(
          `update help_coordinator set role = $2, name = $3, age_group = $4, phone = $5, website = $6,
             valid_from = $7, valid_to = $8, confidence = $9, sources = $10, verified_on = $11, publish = $12,
             texts = $13, retired = $14, revision = revision + 1
           where id = $1 and revision = $15`,
          [...values, seen],
        )
  if (rowCount !== 1) return false
  const names = row.area.level === 'national' ? [''] : row.area.names
  await client.query('update help_coordinator_area set former = true where coordinator = $1', [row.id])
  await client.query(
    `insert into help_coordinator_area (coordinator, level, name)
     select $1, $2, unnest($3::text[]) on conflict (coordinator, level, name) do update set former = false`,
    [row.id, row.area.level, names],
  )
  return true
}

/** Tells the public side that there is something new to read. */
export async function countHelpUp(client: Queryable): Promise<void> {
  await client.query('update help_version set version = version + 1')
}
