// Plain SQL files, forward only, one transaction each. A released file never changes: its checksum is kept.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { inTransaction, type Pool } from './connect.js'

const FOLDER = new URL('../../../migrations/', import.meta.url)
const LOCK = 'baken migrate'

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(fileURLToPath(FOLDER))).filter((name) => /^\d{4}-.+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, FOLDER), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

const LEDGER = `
create table if not exists migration (
  name text primary key,
  checksum text not null
);
comment on column migration.name is 'public: file name of a migration';
comment on column migration.checksum is 'public: SHA-256 of the file';`

/**
 * Brings the database up to date as its owner and returns the names of the migrations that ran now. Several
 * processes may call it at once. Throws when a migration that ran before was edited or is missing.
 */
export async function migrate(owner: Pool): Promise<string[]> {
  const migrations = await readMigrations()
  const ran: string[] = []
  const client = await owner.connect()
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [LOCK])
    await client.query(LEDGER)
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from migration',
    )
    const done = new Map(rows.map(({ name, checksum }) => [name, checksum]))
    for (const [name, checksum] of done) {
      const file = migrations.find((migration) => migration.name === name)
      if (!file) throw new Error(`the database is newer than this version: it has migration ${name}`)
      if (file.checksum !== checksum) throw new Error(`migration ${name} was changed after it ran`)
    }
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      await inTransaction(owner, async (transaction) => {
        await transaction.query(migration.sql)
        await transaction.query('insert into migration values ($1, $2)', [migration.name, migration.checksum])
      })
      ran.push(migration.name)
    }
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [LOCK]).catch(() => undefined)
    client.release()
  }
  return ran
}

/** Whether every migration of this version ran. */
export async function isMigrated(pool: Pool): Promise<boolean> {
  const migrations = await readMigrations()
  const { rows } = await pool.query<{ present: boolean }>(
    `select to_regclass('migration') is not null as present`,
  )
  if (!rows[0]?.present) return false
  const done = await pool.query<{ name: string }>('select name from migration')
  return migrations.every(({ name }) => done.rows.some((row) => row.name === name))
}
