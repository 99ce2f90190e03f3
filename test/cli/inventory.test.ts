import t from 'tap'
import { LOG_FIELDS } from '../../server/log.js'
import { baken, bakenJson } from '../support/cli.js'
import { freshDatabase } from '../support/database.js'

interface Item {
  readonly where: string
  readonly dataClass: string | null
  readonly what: string
}

interface Inventory {
  readonly columns: Item[]
  readonly logFields: Item[]
  readonly otherPlaces: { where: string; what: string }[]
  readonly unclassified: string[]
}

t.test('every column and every field of the log has a class', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  const { code, json, stderr } = await bakenJson(['inventory'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 0, stderr)
  const { columns, logFields, unclassified } = json as Inventory
  t.same(unclassified, [])
  const { rows } = await owner.query<{ column: string }>(
    `select table_name || '.' || column_name as column from information_schema.columns
     where table_schema = 'public' order by 1`,
  )
  t.same(columns.map(({ where }) => where).sort(), rows.map(({ column }) => column).sort())
  t.same(
    logFields.map(({ where }) => where),
    Object.keys(LOG_FIELDS).map((field) => `log: ${field}`),
  )
  const classOf = (where: string) => columns.find((column) => column.where === where)?.dataClass
  t.equal(classOf('report_part.sealed'), 'sealed')
  t.equal(classOf('mailbox.lookup'), 'code')
  t.equal(classOf('report.half_day'), 'coarse')
  t.equal(classOf('audit.member'), 'partner')
})

t.test('an unclassified column is told and stops, wherever it lies', async (t) => {
  const { ownerUrl, owner } = await freshDatabase(t)
  await owner.query(`alter table report add column forgotten text;
    comment on column member.name is 'secret: no class of ours';
    create schema elsewhere; create table elsewhere.copy (id integer);
    create materialized view half_days as select half_day from report`)
  const { code, json, stderr } = await bakenJson(['inventory'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 1)
  t.same((json as Inventory).unclassified.sort(), [
    'elsewhere.copy.id',
    'half_days.half_day',
    'member.name',
    'report.forgotten',
  ])
  t.match(stderr, 'report.forgotten has no data class.')
  const { stdout } = await baken(['inventory'], { env: { DATABASE_URL: ownerUrl } })
  t.match(stdout, /WITHOUT A CLASS \(4 places\)\n/)
})

t.test('for people it is grouped by class, and names the places that no column shows', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const { code, stdout } = await baken(['inventory'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 0)
  t.same(stdout.match(/^[A-Z ]+(?= \(|$)/gm), [
    'SEALED',
    'HASHES AND KEYS',
    'COARSE FACTS',
    'PUBLIC OR TECHNICAL',
    'THE DESK AND ITS WORK',
    'OTHER PLACES',
  ])
  t.match(stdout, /^ {2}report\.police_unit +regional police unit, or national$/m)
  for (const place of [
    'Write-ahead log',
    'reverse proxy',
    'Backups',
    'Pepper file',
    'demonstration-desk.txt',
    'Memory',
  ])
    t.match(stdout, place)
})

t.test('--markdown is the page for operators', async (t) => {
  const { ownerUrl } = await freshDatabase(t)
  const { code, stdout } = await baken(['inventory', '--markdown'], { env: { DATABASE_URL: ownerUrl } })
  t.equal(code, 0)
  t.match(stdout, /^# What we could hand over\n/)
  t.match(stdout, '| `report_part.sealed` | padded age file for the desk |')
  t.match(stdout, '- **Write-ahead log of PostgreSQL**: ')
  const rows = stdout.split('\n').filter((line) => line.startsWith('| `'))
  t.ok(
    rows.every((row) => row.split(/(?<!\\)\|/).length === 4),
    'every row has two cells',
  )
})
