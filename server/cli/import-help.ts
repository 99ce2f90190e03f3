import { readFile, stat } from 'node:fs/promises'
import { listAreaNames } from '../help/areas.js'
import { mergeHelp } from '../help/directory.js'
import type { Coordinator, HelpEntry } from '../help/entry.js'
import { loadShipped, type Shipped } from '../help/shipped.js'
import { loadTexts } from '../i18n/index.js'
import { loadRegions } from '../regions/index.js'
import { readHelp, type StoredDirectory } from '../storage/help-rows.js'
import { importHelp } from '../storage/import-help.js'
import { type Command, CommandProblem, type Outcome } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import type { Kind, Raw } from './help/columns.js'
import { compareRows, type FieldChange } from './help/compare.js'
import { type FileProblem, LARGEST_FILE_BYTES, type ReadRow, readHelpFile } from './help/read-file.js'
import { count, visible } from './output.js'

/** `baken import-help` */
export const importHelpCommand: Command = {
  usage: 'FILE [--dry-run]',
  help: `Adds and changes rows of the help directory: organisations and coordinators that the public site shows.
FILE is CSV (semicolons or commas) or JSON, in UTF-8; docs/operating.md lists the columns. A column that
is left out keeps what stands. Rows that are not in FILE stay as they are.
When anything in FILE is wrong, everything wrong is listed and nothing is written.

  --dry-run   show what would change and write nothing${DATABASE_HELP}`,
  options: { 'dry-run': 'flag', ...DATABASE_OPTION },
  words: [1, 1],
  async run(args) {
    const [path = ''] = args.words
    const bytes = await readBytes(path)
    const texts = loadTexts()
    const shipped = loadShipped(texts)
    const regions = loadRegions()
    return withDatabase(args, async ({ owner }) => {
      const stored = await readHelp(owner)
      const now = standing(shipped, stored)
      const file = readHelpFile(bytes, {
        languages: texts.languages,
        regions,
        areas: listAreaNames(regions.municipalities),
        current: (kind, id) => now[kind].get(id) ?? null,
      })
      if (file.problems.length > 0) return refuse(file.problems)
      const entries = file.entries.map((one) => compare(one, now.entry, stored.entries))
      const coordinators = file.coordinators.map((one) => compare(one, now.coordinator, stored.coordinators))
      const isDry = args.has('dry-run')
      const toStore = { entries: entries.filter(isChanged), coordinators: coordinators.filter(isChanged) }
      const changes = toStore.entries.length + toStore.coordinators.length
      if (!isDry && changes > 0 && !(await importHelp(owner, toStore)))
        throw new CommandProblem(
          'somebody changed the directory meanwhile: nothing was written, run it again',
        )
      return report([...entries.map(of('entry')), ...coordinators.map(of('coordinator'))], isDry)
    })
  },
}

async function readBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size > LARGEST_FILE_BYTES) throw new CommandProblem('the file is larger than 5 MiB')
  return readFile(path)
}

/** What stands now under each id, what is retired too. */
function standing(shipped: Shipped, stored: StoredDirectory): Record<Kind, ReadonlyMap<string, Raw>> {
  const merged = mergeHelp(shipped, {
    version: stored.version,
    entries: stored.entries.map((one) => ({ ...one, retired: false })),
    coordinators: stored.coordinators.map((one) => ({ ...one, retired: false })),
  })
  const index = (rows: readonly (HelpEntry | Coordinator)[], changes: StoredDirectory['entries']) =>
    new Map(
      rows.map((row): [string, Raw] => {
        const retired = changes.find(({ id }) => id === row.id)?.retired ?? false
        return [row.id, { ...row, retired }]
      }),
    )
  return {
    entry: index(merged.entries, stored.entries),
    coordinator: index(merged.coordinators, stored.coordinators),
  }
}

interface Compared<R> extends ReadRow<R> {
  readonly seen: number
  readonly isNew: boolean
  readonly fields: readonly FieldChange[]
}

function compare<R extends { id: string }>(
  read: ReadRow<R>,
  now: ReadonlyMap<string, Raw>,
  stored: StoredDirectory['entries'],
): Compared<R> {
  const { id } = read.row
  const old = now.get(id)
  return {
    ...read,
    seen: stored.find((one) => one.id === id)?.revision ?? 0,
    isNew: old === undefined,
    fields: compareRows(old ?? {}, { ...read.row, retired: read.retired }),
  }
}

function isChanged({ fields }: { readonly fields: readonly unknown[] }): boolean {
  return fields.length > 0
}

interface Line {
  readonly kind: Kind
  readonly id: string
  readonly isNew: boolean
  readonly fields: readonly FieldChange[]
}

const of =
  (kind: Kind) =>
  ({ row, isNew, fields }: Compared<{ id: string }>): Line => ({ kind, id: row.id, isNew, fields })

function report(lines: readonly Line[], isDry: boolean): Outcome {
  const added = lines.filter(({ isNew }) => isNew)
  const changed = lines.filter((line) => !line.isNew && isChanged(line))
  const unchanged = lines.length - added.length - changed.length
  const told = [
    ...added.map(
      ({ kind, id, fields }) =>
        `+ ${kind} ${id}\n${fields
          .filter((one) => one.new !== '')
          .map(tellNew)
          .join('')}`,
    ),
    ...changed.map(({ kind, id, fields }) => `~ ${kind} ${id}\n${fields.map(tellChange).join('')}`),
  ]
  const sum = `${added.length} added, ${changed.length} changed, ${unchanged} unchanged.`
  const end = isDry ? 'Nothing was written (--dry-run).' : 'The public site shows it within a minute.'
  const withoutFlag = ({ isNew: _, ...line }: Line) => line
  return {
    text: `${told.join('')}${sum}${added.length + changed.length > 0 || isDry ? ` ${end}` : ''}\n`,
    json: { added: added.map(withoutFlag), changed: changed.map(withoutFlag), unchanged, written: !isDry },
  }
}

const tellNew = (one: FieldChange): string => `    ${visible(one.field)}: ${shown(one.new)}\n`
const tellChange = (one: FieldChange): string =>
  `    ${visible(one.field)}: ${shown(one.old)} -> ${shown(one.new)}\n`
const shown = (value: string): string => (value === '' ? '(empty)' : visible(value).replaceAll('\n', '\\n'))

function refuse(problems: readonly FileProblem[]): Outcome {
  const lines = problems.map(({ where, column, message }) =>
    visible([where, column, message].filter((one) => one !== null).join(': ')).replaceAll('\n', '\\n'),
  )
  return {
    text: `${lines.join('\n')}\n`,
    json: { problems },
    notices: [`Nothing was written: ${count(problems.length, 'problem')} in the file.`],
    exitCode: 3,
  }
}
