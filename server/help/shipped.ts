// The entries and coordinators that come with a release: locales/help-directory.json and help-coordinators.json, their
// sentences in locales/<language>/help.json and help-coordinators.json.
import { z } from 'zod'
import { readData, type Texts } from '../i18n/index.js'
import { loadSources } from '../pages/sources.js'
import { listAreaNames, unknownAreas } from './areas.js'
import {
  type Coordinator,
  coordinatorFactsSchema,
  coordinatorSchema,
  coordinatorTextSchema,
  type HelpEntry,
  helpEntrySchema,
  helpFactsSchema,
  helpTextSchema,
} from './entry.js'

export interface Shipped {
  readonly entries: readonly HelpEntry[]
  readonly coordinators: readonly Coordinator[]
}

/** Reads everything that is shipped. Throws when a row is malformed or a published one has no text in a language. */
export function loadShipped(texts: Texts): Shipped {
  return {
    entries: readRows(texts, 'help-directory.json', helpFactsSchema, 'help.json', helpTextSchema).map((row) =>
      helpEntrySchema.parse(row),
    ),
    coordinators: readRows(
      texts,
      'help-coordinators.json',
      coordinatorFactsSchema,
      'help-coordinators.json',
      coordinatorTextSchema,
    ).map((row) => coordinatorSchema.parse(row)),
  }
}

/** Throws one list of everything that is wrong in the shipped directory, in all languages. */
export function checkHelp(texts: Texts): void {
  const { entries, coordinators } = loadShipped(texts)
  const findSource = loadSources()
  const areas = listAreaNames()
  const problems: string[] = []
  for (const [file, rows] of [
    ['help-directory.json', entries],
    ['help-coordinators.json', coordinators],
  ] as const) {
    for (const [i, { id, area, sources }] of rows.entries()) {
      if (rows.findIndex((one) => one.id === id) < i) problems.push(`${file}: ${id} stands twice`)
      for (const name of unknownAreas(area, areas)) problems.push(`${file}: ${id}: no region ${name}`)
      for (const source of sources.filter((source) => !exists(() => findSource(source))))
        problems.push(`${file}: ${id}: no source ${source}`)
    }
  }
  for (const { code } of texts.languages) {
    const spare = (file: string, rows: readonly { id: string }[]): void => {
      const own = Object.keys(texts.read(code, file, z.record(z.string(), z.unknown())))
      for (const id of own.filter((id) => !rows.some((row) => row.id === id)))
        problems.push(`${code}/${file}: ${id} is no row of the directory`)
    }
    spare('help.json', entries)
    spare('help-coordinators.json', coordinators)
  }
  if (problems.length > 0) throw new Error(`the help directory is wrong:\n${problems.join('\n')}`)
}

type Row = { readonly id: string; readonly publish: boolean }

function readRows<F extends Row, T>(
  texts: Texts,
  factsFile: string,
  facts: z.ZodType<F>,
  textFile: string,
  text: z.ZodType<T>,
): (F & { texts: Record<string, T> })[] {
  const rows = readData(factsFile, z.array(facts))
  const told = texts.languages.map(
    ({ code }) => [code, texts.read(code, textFile, z.record(z.string(), text))] as const,
  )
  const missing = told.flatMap(([code, own]) =>
    rows
      .filter(({ id, publish }) => publish && own[id] === undefined)
      .map(({ id }) => `${code}/${textFile}: no text for ${id}`),
  )
  if (missing.length > 0) throw new Error(`the help directory is wrong:\n${missing.join('\n')}`)
  return rows.map((row) => ({
    ...row,
    texts: Object.fromEntries(
      told.flatMap(([code, own]) => {
        const sentences = own[row.id]
        return sentences === undefined ? [] : [[code, sentences]]
      }),
    ),
  }))
}

/** Whether a source exists; a list of sources that cannot be read is another failure. */
function exists(find: () => unknown): boolean {
  try {
    find()
    return true
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no source ')) return false
    throw error
  }
}
