// A file for `baken import-help` becomes rows, or one list of everything that is wrong with it.
import { CsvError, type InfoRecord, parse as parseCsv } from 'csv-parse/sync'
import { z } from 'zod'
import { type AreaNames, unknownAreas } from '../../help/areas.js'
import {
  type Area,
  type Coordinator,
  coordinatorSchema,
  EMERGENCY,
  type HelpEntry,
  helpEntrySchema,
} from '../../help/entry.js'
import type { Texts } from '../../i18n/index.js'
import type { Regions } from '../../regions/index.js'
import { CellProblem, columnAt, columnNames, columnsOf, emptyRow, type Kind, type Raw } from './columns.js'

/** More than one page's worth of organisations for each municipality. */
export const LARGEST_FILE_BYTES = 5 * 1024 * 1024

/**
 * What makes a value empty. A cell with nothing in it keeps what stands: a column that somebody forgot to fill must not
 * take numbers off the site.
 */
const EMPTY = '-'

export interface FileProblem {
  /** `line 3` or `entries[2]`; null for the whole file */
  readonly where: string | null
  readonly column: string | null
  readonly message: string
}

export interface ReadRow<R> {
  readonly row: R
  readonly retired: boolean
}

export interface ReadFile {
  readonly entries: readonly ReadRow<HelpEntry>[]
  readonly coordinators: readonly ReadRow<Coordinator>[]
  readonly problems: readonly FileProblem[]
}

export interface Surroundings {
  readonly languages: Texts['languages']
  readonly regions: Regions
  readonly areas: AreaNames
  /** the row that stands now under an id, with `retired`: columns that a file leaves out keep its values */
  current(kind: Kind, id: string): Raw | null
}

const NOTHING = { entries: [], coordinators: [] }

/** Reads a file as CSV (`;` or `,`) or, when it begins with `{`, as JSON. UTF-8, with or without a byte order mark. */
export function readHelpFile(bytes: Uint8Array, surroundings: Surroundings): ReadFile {
  const whole = (message: string): ReadFile => ({
    ...NOTHING,
    problems: [{ where: null, column: null, message }],
  })
  if (bytes.length > LARGEST_FILE_BYTES) return whole('the file is larger than 5 MiB')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return whole('the file is not UTF-8: save it as “CSV UTF-8”')
  }
  if (text.includes('\0')) return whole('the file is not a text')
  return text.trimStart().startsWith('{') ? readJson(text, surroundings) : readCsv(text, surroundings)
}

interface Found {
  readonly where: string
  readonly kind: Kind
  readonly raw: Raw
  readonly retired: boolean
  readonly columnOf: (path: readonly PropertyKey[]) => string
}

const jsonSchema = z.strictObject({
  entries: z.array(z.looseObject({ id: z.string(), retired: z.boolean().optional() })).optional(),
  coordinators: z.array(z.looseObject({ id: z.string(), retired: z.boolean().optional() })).optional(),
})

function readJson(text: string, surroundings: Surroundings): ReadFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ...NOTHING, problems: [{ where: null, column: null, message: 'the file is not JSON' }] }
  }
  const parsed = jsonSchema.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      where: pathOf(path),
      column: null,
      message,
    }))
    return { ...NOTHING, problems }
  }
  const found = (['entry', 'coordinator'] as const).flatMap((kind) => {
    const list = kind === 'entry' ? 'entries' : 'coordinators'
    return (parsed.data[list] ?? []).map(
      ({ retired = false, ...raw }, i): Found => ({
        where: `${list}[${i}]`,
        kind,
        raw,
        retired,
        columnOf: pathOf,
      }),
    )
  })
  return check(found, [], surroundings)
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

function readCsv(text: string, surroundings: Surroundings): ReadFile {
  const problems: FileProblem[] = []
  let records: { info: InfoRecord; record: string[] }[]
  try {
    records = parseCsv(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      trim: true,
    }) as unknown as typeof records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error.lines === 'number' ? `line ${error.lines}` : null
    return {
      ...NOTHING,
      problems: [{ where: line, column: null, message: 'the quotes of a cell do not match' }],
    }
  }
  const [head, ...rows] = records
  const names = (head?.record ?? []).map((name) => name.trim().toLowerCase())
  const known = columnNames(surroundings.languages)
  const say = (column: string | null, message: string, where = 'line 1'): void =>
    void problems.push({ where, column, message })
  if (!names.includes('id')) say('id', 'this column is missing')
  for (const [i, name] of names.entries()) {
    if (!known.includes(name)) say(name, 'there is no such column')
    else if (names.indexOf(name) < i) say(name, 'this column stands twice')
  }
  if (problems.length > 0) return { ...NOTHING, problems }

  let lastLine = head?.info.lines ?? 1
  const found: Found[] = []
  for (const { info, record } of rows) {
    // A cell may go on over several lines; the row is told by its first.
    const where = `line ${lastLine + 1}`
    lastLine = info.lines
    if (record.every((cell) => cell === '')) continue
    if (record.length !== names.length) {
      say(null, `${record.length} cells for ${names.length} columns`, where)
      continue
    }
    const cells = new Map(names.map((name, i) => [name, record[i] ?? '']))
    const type = cells.get('type') || 'entry'
    if (type !== 'entry' && type !== 'coordinator') {
      say('type', 'use entry or coordinator', where)
      continue
    }
    const read = readRow(type, cells, surroundings, (column, message) => say(column, message, where))
    found.push({ where, kind: type, columnOf: columnAt, ...read })
  }
  return check(found, problems, surroundings)
}

function readRow(
  kind: Kind,
  cells: ReadonlyMap<string, string>,
  { languages, regions, current }: Surroundings,
  say: (column: string, message: string) => void,
): { raw: Raw; retired: boolean } {
  const id = cells.get('id') ?? ''
  const known = current(kind, id)
  const row: Raw = known ? structuredClone(known) : emptyRow(kind, id)
  const columns = columnsOf(kind, languages)
  for (const { name, put } of columns) {
    const cell = cells.get(name)
    if (cell === undefined || cell === '') continue
    try {
      put(row, cell === EMPTY ? '' : cell, regions)
    } catch (error) {
      if (!(error instanceof CellProblem)) throw error
      say(name, error.message)
    }
  }
  for (const [name, cell] of cells) {
    if (cell !== '' && name !== 'id' && name !== 'type' && !columns.some((column) => column.name === name))
      say(name, `${kind === 'entry' ? 'an entry' : 'a coordinator'} has no such column`)
  }
  const { retired = false, ...raw } = row
  return { raw, retired: retired === true }
}

/** The first line decides: a spreadsheet in Dutch writes semicolons. */
function delimiterOf(text: string): ';' | ',' {
  const [first = ''] = text.split('\n', 1)
  return first.split(';').length >= first.split(',').length ? ';' : ','
}

function check(found: readonly Found[], before: readonly FileProblem[], { areas }: Surroundings): ReadFile {
  const problems = [...before]
  const entries: ReadRow<HelpEntry>[] = []
  const coordinators: ReadRow<Coordinator>[] = []
  const seen = new Map<string, string>()
  for (const { where, kind, raw, retired, columnOf } of found) {
    const key = `${kind}/${raw.id}`
    const earlier = seen.get(key)
    if (earlier) problems.push({ where, column: 'id', message: `${raw.id} stands at ${earlier} too` })
    seen.set(key, earlier ?? where)
    const parsed = kind === 'entry' ? helpEntrySchema.safeParse(raw) : coordinatorSchema.safeParse(raw)
    if (!parsed.success) {
      for (const { path, message, code } of parsed.error.issues)
        problems.push({
          where,
          column: columnOf(path),
          message: code === 'too_small' ? 'fill this in' : message,
        })
      continue
    }
    if (kind === 'entry' && raw.id === EMERGENCY.id && retired)
      problems.push({ where, column: columnOf(['retired']), message: 'the emergency number stays' })
    const unknown = unknownAreas(parsed.data.area as Area, areas)
    const column = columnOf(['area', 'names'])
    for (const name of unknown) problems.push({ where, column, message: `there is no region ${name}` })
    if (kind === 'entry') entries.push({ row: parsed.data as HelpEntry, retired })
    else coordinators.push({ row: parsed.data as Coordinator, retired })
  }
  return { entries, coordinators, problems }
}
