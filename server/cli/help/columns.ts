// The columns of a file for `baken import-help`, and how a cell becomes a value. docs/operating.md lists them.
import type { Texts } from '../../i18n/index.js'
import type { Regions } from '../../regions/index.js'

export type Kind = 'entry' | 'coordinator'
/** A row on its way to its schema. */
export type Raw = Record<string, unknown> & { id: string }

const MANY = '|'
const TEXTS = {
  entry: ['name', 'when', 'whom', 'anonymity', 'hours', 'good_to_know'],
  coordinator: ['area', 'whom'],
} as const

/** What a cell holds cannot be a value of its column; the message tells what can. */
export class CellProblem extends Error {}

type Put = (row: Raw, cell: string, regions: Regions) => void

const set =
  (name: string, read: (cell: string) => unknown): Put =>
  (row, cell) => {
    row[name] = read(cell)
  }
const orNull = (cell: string): string | null => (cell === '' ? null : cell)
const list = (cell: string): string[] =>
  cell
    .split(MANY)
    .map((one) => one.trim())
    .filter((one) => one !== '')

function yesOrNo(cell: string): boolean {
  if (/^(yes|ja)$/i.test(cell)) return true
  if (/^(no|nee)$/i.test(cell)) return false
  throw new CellProblem('use yes or no')
}

function part(name: string, key: string, read: (cell: string) => unknown): Put {
  return (row, cell) => {
    const whole = { shown: '', tel: '', publish: true, ...(row[name] as object | null) }
    row[name] = { ...whole, [key]: read(cell) }
  }
}

/** A number as it is read; how it is dialled follows from it, unless a column after it says so. */
const number =
  (name: string): Put =>
  (row, cell) => {
    const publish = (row[name] as { publish?: boolean } | null)?.publish ?? true
    row[name] = cell === '' ? null : { shown: cell, tel: dialled(cell), publish }
  }

function ifThere(name: string, put: Put): Put {
  return (row, cell, regions) => {
    if (cell === '') return
    if (row[name] === null) throw new CellProblem(`there is no ${name}`)
    put(row, cell, regions)
  }
}

const putAreaLevel: Put = (row, cell) => {
  const { names } = row.area as { names?: unknown }
  row.area = cell === 'national' || cell === '' ? { level: 'national' } : { level: cell, names: names ?? [] }
}

const putAreaNames: Put = (row, cell, regions) => {
  const { level } = row.area as { level: string }
  if (level === 'national') {
    if (cell !== '') throw new CellProblem('the whole country has no names')
    return
  }
  const names = list(cell)
  row.area = { level, names: level === 'municipality' ? names.map((name) => codeOf(name, regions)) : names }
}

function codeOf(name: string, regions: Regions): string {
  if (/^GM\d{4}$/.test(name)) return name
  const found = regions.find(name)
  if (found.kind === 'found') return found.municipality.code
  throw new CellProblem(
    found.kind === 'several' ? `${name} is more than one municipality` : `no municipality ${name}`,
  )
}

const HOURS =
  /^(?:(daily)|weekly ((?:mon|tue|wed|thu|fri|sat|sun)(?:,(?:mon|tue|wed|thu|fri|sat|sun))*)) (\d\d:\d\d)-(\d\d:\d\d)$/

/** `unknown`, `always`, `evening_night`, `daily 08:00-24:00`, `weekly mon,tue 09:00-17:00`; a ? behind it: not certain. */
function readHours(cell: string): unknown {
  if (cell === '' || cell === 'unknown') return { kind: 'unknown' }
  const certain = !cell.endsWith('?')
  const told = certain ? cell : cell.slice(0, -1).trim()
  if (told === 'always' || told === 'evening_night') return { kind: told, certain }
  const [, daily, days, from, to] = HOURS.exec(told) ?? []
  if (from === undefined)
    throw new CellProblem(
      'use unknown, always, evening_night, daily 08:00-24:00 or weekly mon,tue 09:00-17:00',
    )
  return daily
    ? { kind: 'daily', from, to, certain }
    : { kind: 'weekly', days: days?.split(','), from, to, certain }
}

const FACTS: Readonly<Record<string, Put>> = {
  area_level: putAreaLevel,
  area_names: putAreaNames,
  phone: number('phone'),
  phone_tel: ifThere(
    'phone',
    part('phone', 'tel', (cell) => cell),
  ),
  phone_publish: ifThere('phone', part('phone', 'publish', yesOrNo)),
  website: set('website', orNull),
  confidence: set('confidence', (cell) => cell),
  sources: set('sources', list),
  verified_on: set('verified_on', orNull),
  publish: set('publish', yesOrNo),
  retired: set('retired', (cell) => cell !== '' && yesOrNo(cell)),
}

/** The columns of each kind of row, in the order in which their cells are read. */
const COLUMNS: Readonly<Record<Kind, Readonly<Record<string, Put>>>> = {
  entry: {
    ...FACTS,
    phone_abroad: number('phone_abroad'),
    phone_abroad_tel: ifThere(
      'phone_abroad',
      part('phone_abroad', 'tel', (cell) => cell),
    ),
    email: set('email', orNull),
    chat: set('chat', (cell) => cell !== '' && yesOrNo(cell)),
    free: set('free', (cell) => (cell === '' ? null : yesOrNo(cell))),
    kinds: set('kinds', list),
    forms: set('forms', list),
    groups: set('groups', list),
    audiences: set('audiences', list),
    languages: set('languages', list),
    anonymity: set('anonymity', (cell) => cell || 'unknown'),
    hours: set('hours', readHours),
  },
  coordinator: {
    ...FACTS,
    role: set('role', (cell) => cell),
    name: set('name', orNull),
    age_group: set('age_group', orNull),
    valid_from: set('valid_from', orNull),
    valid_to: set('valid_to', orNull),
  },
}

export interface Column {
  readonly name: string
  readonly put: Put
}

/** What a row is before its cells are read, when there is none of its id yet. */
export function emptyRow(kind: Kind, id: string): Raw {
  const shared = {
    id,
    area: { level: 'national' },
    phone: null,
    website: null,
    confidence: 'B',
    sources: [],
    verified_on: null,
    publish: true,
    texts: {},
  }
  if (kind === 'coordinator')
    return { ...shared, role: '', name: null, age_group: null, valid_from: null, valid_to: null }
  return {
    ...shared,
    phone_abroad: null,
    email: null,
    chat: false,
    free: null,
    kinds: [],
    forms: [],
    groups: [],
    audiences: [],
    languages: [],
    anonymity: 'unknown',
    hours: { kind: 'unknown' },
  }
}

/** The names of all columns that a file may have, in the languages of the site. */
export function columnNames(languages: Texts['languages']): string[] {
  const told = languages.flatMap(({ code }) =>
    [...TEXTS.entry, ...TEXTS.coordinator].map((text) => `${text}_${code}`),
  )
  return [
    ...new Set(['type', 'id', ...Object.keys(COLUMNS.entry), ...Object.keys(COLUMNS.coordinator), ...told]),
  ]
}

/** The columns of a row of this kind, in the order in which their cells are to be read. */
export function columnsOf(kind: Kind, languages: Texts['languages']): Column[] {
  const facts = Object.entries(COLUMNS[kind]).map(([name, put]) => ({ name, put }))
  const told = languages.flatMap(({ code }) =>
    TEXTS[kind].map((text) => ({ name: `${text}_${code}`, put: putText(kind, code, text) })),
  )
  return [...facts, ...told]
}

function putText(kind: Kind, language: string, text: string): Put {
  return (row, cell) => {
    const texts = row.texts as Record<string, Record<string, string>>
    const empty = Object.fromEntries(TEXTS[kind].map((name) => [name, '']))
    const own = { ...empty, ...texts[language], [text]: cell }
    const { [language]: _, ...others } = texts
    // A language without a word is a language in which there is no text.
    row.texts = Object.values(own).some((sentence) => sentence !== '')
      ? { ...texts, [language]: own }
      : others
  }
}

/** The column in which a part of a row stands, such as `phone_tel` or `name_nl`. */
export function columnAt(path: readonly PropertyKey[]): string {
  const [first = '', second = '', third] = path.map(String)
  if (first === 'texts') return third === undefined ? `name_${second || 'nl'}` : `${third}_${second}`
  if (first === 'area') return second === 'level' ? 'area_level' : 'area_names'
  if (first === 'phone' || first === 'phone_abroad')
    return second === 'tel' || second === 'publish' ? `${first}_${second}` : first
  return first
}

/** How a number that is read in the Netherlands is dialled. */
function dialled(shown: string): string {
  const digits = shown.replace('(0)', '').replace(/[^\d+]/g, '')
  if (/^0[1-9]\d{8}$/.test(digits) && !/^0(800|900|906|909)/.test(digits)) return `+31${digits.slice(1)}`
  return digits.replace(/^00/, '+')
}
