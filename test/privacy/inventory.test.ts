// What could be handed over is known because everything that is kept has a class. A column or a field of the log
// without one stops the tests.
import { readFileSync } from 'node:fs'
import t from 'tap'
import ts from 'typescript'
import { createLog, LOG_FIELDS } from '../../server/log.js'
import { listColumns } from '../../server/storage/owner.js'
import { freshDatabase } from '../support/database.js'
import { nodesOf, parse } from '../support/imports.js'

const CLASSES = ['sealed', 'code', 'coarse', 'public', 'partner']
const DESCRIPTION = new RegExp(`^(${CLASSES.join('|')}): \\S`)
const LOG = parse('log.ts', readFileSync(new URL('../../../server/log.ts', import.meta.url), 'utf8'))

function unclassified(rows: Awaited<ReturnType<typeof listColumns>>): string[] {
  return rows
    .filter(({ description }) => !DESCRIPTION.test(description ?? ''))
    .map(({ table, column }) => `${table}.${column}`)
}

t.test('every column says its class and what it is', async (t) => {
  const { owner } = await freshDatabase(t)
  const rows = await listColumns(owner)
  t.ok(rows.length > 70)
  t.same(unclassified(rows), [])
})

t.test('the inventory leaves nothing out that can hold rows', async (t) => {
  const { owner } = await freshDatabase(t)
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^(pg_|information_schema$)' and c.relkind not in ('i', 'I', 'S', 'c') order by c.relname, a.attnum`,
  )
  const listed = (await listColumns(owner)).map(({ table, column }) => `${table}.${column}`)
  t.same(
    rows.map(({ name }) => name),
    listed,
  )
})

t.test('a column without a class, or with one that does not exist, is found', async (t) => {
  const { owner } = await freshDatabase(t)
  await owner.query(`
    alter table report add column planted text;
    create table planted (id uuid, note text, seen text);
    comment on column planted.note is 'secret: no such class';
    comment on column planted.seen is 'partner:'`)
  t.same(unclassified(await listColumns(owner)), [
    'planted.id',
    'planted.note',
    'planted.seen',
    'report.planted',
  ])
})

t.test('what is sealed or found only by a code holds bytes or a recipient, never a text', async (t) => {
  const { owner } = await freshDatabase(t)
  const { rows } = await owner.query<{ name: string; type: string }>(
    `select attrelid::regclass || '.' || attname as name, format_type(atttypid, null) as type
     from pg_attribute join pg_class c on c.oid = attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
       and col_description(c.oid, attnum) ~ '^(sealed|code):' order by 1`,
  )
  const texts = rows.filter(({ type }) => type !== 'bytea')
  t.same(texts, [
    { name: 'arrival_mailbox.recipient', type: 'text' },
    { name: 'mailbox.recipient', type: 'text' },
  ])
})

t.test(
  'every field of every event of the log is listed with its class, and all of them are public',
  async (t) => {
    const events = eventsOfLog()
    t.ok(events.size >= 7)
    for (const [event, fields] of events)
      for (const field of fields) t.ok(field in LOG_FIELDS, `${event}: ${field} is listed`)
    for (const [field, description] of Object.entries(LOG_FIELDS)) t.match(description, /^public: \S/, field)
    const used = new Set([...events.values()].flat())
    t.same(
      Object.keys(LOG_FIELDS).filter((field) => !used.has(field)),
      [],
      'and none is listed that no event carries',
    )
  },
)

t.test('a field that is not listed does not reach the log', async (t) => {
  const lines: string[] = []
  const log = createLog({ withTime: false, write: (line) => lines.push(line) })
  const fields = { app: 'intake', address: 'canary', url: '/canary', err: new Error('canary') } as const
  log.event('app.started', fields)
  t.same(
    lines.map((line) => JSON.parse(line)),
    [{ level: 30, event: 'app.started', app: 'intake' }],
  )
})

/** The names of events and their fields, read from the type that lists them. */
function eventsOfLog(): Map<string, string[]> {
  const listed = [...nodesOf(LOG)].find(
    (node): node is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(node) && node.name.text === 'LogEvents',
  )
  return new Map(
    listed?.members.filter(ts.isPropertySignature).map((event) => {
      const fields = event.type && ts.isTypeLiteralNode(event.type) ? event.type.members : []
      return [event.name.getText().replaceAll("'", ''), fields.map((field) => field.name?.getText() ?? '')]
    }),
  )
}
