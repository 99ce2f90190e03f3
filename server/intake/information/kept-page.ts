// What is kept, for everybody to read: the same list as `baken inventory`. The public side does not ask the database for
// it; a test compares locales/inventory.json with the database that the migrations make.
import { z } from 'zod'
import { readData } from '../../i18n/index.js'
import { CLASSES, OTHER_PLACES } from '../../inventory-words.js'
import { LOG_FIELDS } from '../../log.js'
import type { Site } from '../site.js'

/** table, column, what it is */
const inventorySchema = z.record(z.string(), z.record(z.string(), z.string()))
const textsSchema = z.strictObject({
  title: z.string(),
  browser_title: z.string(),
  intro: z.array(z.string()),
  technical: z.string(),
  log: z.string(),
  places: z.string(),
  tables: z.record(z.string(), z.string()),
  table_title: z.string(),
  classes: z.record(z.string(), z.string()),
  log_text: z.string(),
  place_texts: z.record(z.string(), z.string()),
})

export interface KeptColumn {
  readonly table: string
  readonly column: string
  readonly description: string
}

/** Every column of the database, with its class and what it is: `class: description`. */
export function readKeptColumns(): KeptColumn[] {
  return Object.entries(readData('inventory.json', inventorySchema)).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, description]) => ({ table, column, description })),
  )
}

/** The page. Throws when a table, a class or a place has no words in this language. */
export function keptPage(site: Site, code: string): string {
  const texts = site.readTexts(code, 'kept.json', textsSchema)
  const columns = readKeptColumns()
  const tables = [...new Set(columns.map(({ table }) => table))].sort().map((table) => ({
    table,
    text: wordsFor(texts.tables, table),
    columns: columns.filter((one) => one.table === table).map(splitClass),
  }))
  const data = {
    texts,
    tables,
    classes: CLASSES.map(({ name }) => ({ name, text: wordsFor(texts.classes, name) })),
    fields: Object.entries(LOG_FIELDS).map(([column, description]) => splitClass({ column, description })),
    places: OTHER_PLACES.map(({ id }) => wordsFor(texts.place_texts, id)),
  }
  return site.page(code, 'information/kept', data, {
    title: texts.browser_title,
    path: '/kept',
    indexable: true,
    trail: [{ href: '/privacy', title: site.pageOf(code, 'privacy').browserTitle }],
  })
}

function splitClass({ column, description }: { column: string; description: string }) {
  const colon = description.indexOf(': ')
  return { column, dataClass: description.slice(0, colon), what: description.slice(colon + 2) }
}

function wordsFor(words: Readonly<Record<string, string>>, name: string): string {
  const text = words[name]
  if (!text) throw new Error(`kept.json has no words for ${name}`)
  return text
}
