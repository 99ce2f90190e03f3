// `node dist/test/support/write-inventory.js` writes locales/inventory.json anew after a migration changed a column.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { listColumns } from '../../server/storage/owner.js'
import { freshDatabase } from './database.js'

const FILE = fileURLToPath(new URL('../../../locales/inventory.json', import.meta.url))

t.setTimeout(0)
const teardowns: (() => unknown)[] = []
try {
  const { owner } = await freshDatabase({ teardown: (handler) => teardowns.unshift(handler) })
  const tables: Record<string, Record<string, string | null>> = {}
  for (const { table, column, description } of await listColumns(owner)) {
    tables[table] = { ...tables[table], [column]: description }
  }
  writeFileSync(FILE, `${JSON.stringify(tables, null, 2)}\n`)
} finally {
  for (const teardown of teardowns) await teardown()
  t.end()
}
