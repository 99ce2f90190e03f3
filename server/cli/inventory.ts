import { CLASSES, type DataClass, OTHER_PLACES } from '../inventory-words.js'
import { LOG_FIELDS } from '../log.js'
import { listColumns } from '../storage/owner.js'
import type { Command } from './command.js'
import { DATABASE_HELP, DATABASE_OPTION, withDatabase } from './database.js'
import { count, visible } from './output.js'

interface Item {
  /** table and column, or the log's field */
  readonly where: string
  /** null: nobody said what it is */
  readonly dataClass: DataClass | null
  readonly what: string
}

/** `baken inventory`: what an order, a thief or a leak could get, and no more. */
export const inventory: Command = {
  usage: '[--markdown]',
  help: `Prints what could be handed over: every column of the database and every field of the log with its class, then
the other places where something lies. Exit code 1 when something has no class.

  --markdown   print it as a page for docs/inventory.md${DATABASE_HELP}`,
  options: { markdown: 'flag', ...DATABASE_OPTION },
  run: (args) =>
    withDatabase(args, async ({ owner }) => {
      const columns = (await listColumns(owner)).map(({ table, column, description }) =>
        classify(`${table}.${column}`, description),
      )
      const fields = Object.entries(LOG_FIELDS).map(([field, text]) => classify(`log: ${field}`, text))
      const items = [...columns, ...fields]
      const unclassified = items.filter(({ dataClass }) => dataClass === null).map(({ where }) => where)
      return {
        text: args.has('markdown') ? asMarkdown(items) : asText(items),
        json: { columns, logFields: fields, otherPlaces: OTHER_PLACES, unclassified },
        notices: unclassified.map((where) => `${where} has no data class.`),
        exitCode: unclassified.length > 0 ? 1 : 0,
      }
    }),
}

function classify(where: string, description: string | null): Item {
  const [, name = '', what = ''] = /^(\w+): (.+)$/s.exec(description ?? '') ?? []
  const dataClass = CLASSES.find((known) => known.name === name)?.name ?? null
  return { where: visible(where), dataClass, what: visible(dataClass ? what : (description ?? '')) }
}

function asText(items: readonly Item[]): string {
  const width = Math.max(...items.map(({ where }) => where.length))
  const classes = groups(items).map(({ title, meaning, own }) => {
    const lines = own.map(({ where, what }) => `  ${where.padEnd(width)}  ${what}`)
    return `${title.toUpperCase()} (${count(own.length, 'place')})\n${meaning}\n${lines.join('\n')}\n`
  })
  const others = OTHER_PLACES.map(({ where, what }) => `  ${where}: ${what}\n`)
  return `What we could hand over\n\n${classes.join('\n')}\nOTHER PLACES\n${others.join('')}`
}

function asMarkdown(items: readonly Item[]): string {
  const classes = groups(items).map(({ title, meaning, own }) => {
    const rows = own.map(({ where, what }) => `| \`${where}\` | ${what.replaceAll('|', '\\|')} |`)
    return `## ${title}\n\n${meaning}\n\n| Place | What it says |\n|---|---|\n${rows.join('\n')}\n`
  })
  const others = OTHER_PLACES.map(({ where, what }) => `- **${where}**: ${what}\n`)
  return `# What we could hand over

This page is printed by \`baken inventory --markdown\` from the database and the code themselves. Nothing else about
reports is kept: what stands on no line here cannot be demanded, stolen or lost.

${classes.join('\n')}
## Other places

${others.join('')}`
}

function groups(items: readonly Item[]) {
  const known = CLASSES.map(({ name, title, meaning }) => ({
    title,
    meaning,
    own: items.filter(({ dataClass }) => dataClass === name),
  }))
  const meaning = 'Nobody said what these are. This is a fault: find out before anything else.'
  const unknown = {
    title: 'Without a class',
    meaning,
    own: items.filter(({ dataClass }) => dataClass === null),
  }
  return [...known, unknown].filter(({ own }) => own.length > 0)
}
