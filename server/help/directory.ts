// Where people can turn: what is shipped, under what this operator changed or added. Without a database, or while it
// is away, the shipped numbers and the last that were read are shown: nobody who looks for help meets an empty page.
import type { Texts } from '../i18n/index.js'
import {
  type Coordinator,
  coordinatorSchema,
  EMERGENCY,
  type HelpDirectory,
  type HelpEntry,
  type HelpText,
  helpEntrySchema,
  shownPhone,
  type ToldEntry,
} from './entry.js'
import { loadShipped, type Shipped } from './shipped.js'

/** What an operator changed, as it is stored: a row with the id of a shipped one stands in its place. */
export interface HelpChange {
  readonly id: string
  /** the whole entry or coordinator; not trusted to be one, it may have been written by another release */
  readonly row: unknown
  /** taken out of the directory, also when it is shipped */
  readonly retired: boolean
}

export interface HelpChanges {
  readonly version: number
  readonly entries: readonly HelpChange[]
  readonly coordinators: readonly HelpChange[]
}

/** The directory of a running process: its rows can be replaced, and who keeps pages made of them is told. */
export interface LiveDirectory extends HelpDirectory {
  /** Takes what was stored over what is shipped, then tells the listeners. */
  replace(changes: HelpChanges): void
  /** Calls `listener` after every change, and when a day begins: a number then may have become stale. */
  onChange(listener: () => void): void
  /** Tells the listeners that what is shown may differ now. */
  touch(): void
  /** the day by which facts are old or new */
  today(): Date
  /** a shipped entry, also one that is retired or not published; null when no such entry is shipped */
  shipped(language: string, id: string): ToldEntry | null
}

/** Makes the directory; what is shipped is read when the first row is asked for. */
export function createDirectory(texts: Texts, clock: () => Date = () => new Date()): LiveDirectory {
  const listeners: (() => void)[] = []
  let changes: HelpChanges = { version: 0, entries: [], coordinators: [] }
  let shipped: Shipped | null = null
  let merged: Shipped | null = null
  let told = new Map<string, readonly ToldEntry[]>()

  const rows = (): Shipped => {
    shipped ??= loadShipped(texts)
    merged ??= mergeHelp(shipped, changes)
    return merged
  }
  const touch = (): void => {
    for (const listener of listeners) listener()
  }

  return {
    get version() {
      return changes.version
    },
    entries(language) {
      const known = told.get(language)
      if (known) return known
      if (!texts.language(language)) throw new Error(`unknown language ${language}`)
      const made = rows()
        .entries.filter(({ publish }) => publish)
        .map((entry) => tell(entry, language))
      told.set(language, made)
      return made
    },
    coordinators: () => rows().coordinators.filter(({ publish }) => publish),
    replace(fresh) {
      changes = fresh
      merged = null
      told = new Map()
      touch()
    },
    onChange: (listener) => void listeners.push(listener),
    touch,
    today: clock,
    shipped(language, id) {
      shipped ??= loadShipped(texts)
      const entry = shipped.entries.find((one) => one.id === id)
      return entry ? tell(entry, language) : null
    },
  }
}

/** Shipped rows in their order with the changed ones in place, then those that were added, by id. */
export function mergeHelp(shipped: Shipped, changes: HelpChanges): Shipped {
  return {
    entries: merge(shipped.entries, changes.entries, readEntry),
    coordinators: merge(shipped.coordinators, changes.coordinators, readCoordinator),
  }
}

type Identified = { readonly id: string; readonly texts: Readonly<Record<string, unknown>> }

function merge<R extends Identified>(
  shipped: readonly R[],
  changes: readonly HelpChange[],
  read: (stored: unknown) => R | null,
): R[] {
  const changed = new Map(changes.map((change) => [change.id, change]))
  const readAs = (id: string, stored: unknown): R | null => {
    const own = read(stored)
    return own?.id === id ? own : null
  }
  const inPlace = shipped.flatMap((row) => {
    const change = changed.get(row.id)
    if (!change) return [row]
    if (change.retired && row.id !== EMERGENCY.id) return []
    // A row that this release cannot read is as if it was never changed: the shipped one is better than none.
    const own = readAs(row.id, change.row)
    return [own ? { ...own, texts: { ...row.texts, ...own.texts } } : row]
  })
  const added = changes
    .filter(({ id, retired }) => !retired && !shipped.some((row) => row.id === id))
    .flatMap(({ id, row }) => readAs(id, row) ?? [])
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return [...inPlace, ...added]
}

const readEntry = (stored: unknown): HelpEntry | null => helpEntrySchema.safeParse(stored).data ?? null
const readCoordinator = (stored: unknown): Coordinator | null =>
  coordinatorSchema.safeParse(stored).data ?? null

/** The sentences in the language, or in the first one that an operator wrote them in. */
function tell({ texts, ...entry }: HelpEntry, language: string): ToldEntry {
  const toldIn = texts[language] ? language : (Object.keys(texts)[0] ?? language)
  return { ...entry, text: texts[toldIn] ?? NO_TEXT, told_in: toldIn }
}

const NO_TEXT: HelpText = { name: '', when: '', whom: '', anonymity: '', hours: '', good_to_know: '' }

/** An entry as templates show it: the number as it is read and as it is dialled, or null when it is not shown. */
export interface HelpRow
  extends Omit<ToldEntry, keyof HelpText | 'phone' | 'phone_abroad' | 'text'>,
    HelpText {
  readonly phone: string | null
  readonly tel: string | null
  readonly phone_abroad: { readonly display: string; readonly tel: string } | null
  /** the website's name */
  readonly site: string | null
}

/** The published entries of a language, for the pages of the report and of failures. */
export function helpRows(directory: HelpDirectory, language: string): HelpRow[] {
  return directory.entries(language).map(toRow)
}

/**
 * The row that a text of ours names. What an operator took out of the directory is still named there, without a number
 * or a site: the sentence around it goes on making sense. Throws on an id that never was in the directory.
 */
export function namedHelp(directory: LiveDirectory, language: string, id: string): HelpRow {
  const entry = directory.entries(language).find((one) => one.id === id)
  if (entry) return toRow(entry)
  const shipped = directory.shipped(language, id)
  if (!shipped) throw new Error(`${id} is not in the help directory`)
  return toRow({ ...shipped, phone: null, phone_abroad: null, website: null, email: null })
}

function toRow(entry: ToldEntry): HelpRow {
  const phone = shownPhone(entry)
  const abroad = shownPhone({ ...entry, phone: entry.phone_abroad })
  return {
    ...entry,
    ...entry.text,
    phone: phone?.shown ?? null,
    tel: phone?.tel ?? null,
    phone_abroad: phone && abroad && { display: abroad.shown, tel: abroad.tel },
    site: entry.website && new URL(entry.website).host.replace(/^www\./, ''),
  }
}
