// Plain SQL files, forward only, one transaction each. A released file never changes: its checksum is kept.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { OperatorProblem } from '../operator-problem.js'
import { inTransaction, type Pool, type Queryable } from './connect.js'

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

/** The database and this version of Baken do not fit together. `message` is one sentence for the operator. */
export class MigrationProblem extends OperatorProblem {}

/**
 * Brings the database up to date as its owner and returns the names of the migrations that ran now. Several
 * processes may call it at once. Throws MigrationProblem when one that ran before was edited or is missing here.
 */
export async function migrate(owner: Pool): Promise<string[]> {
  const migrations = await readMigrations()
  const ran: string[] = []
  const client = await owner.connect()
  try {
    // Neither waiting for another process nor a change of a large table is a statement that hangs.
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock(hashtext($1))', [LOCK])
    await client.query(LEDGER)
    const done = await readLedger(client)
    const problem = findProblem(migrations, done)
    if (problem) throw new MigrationProblem(problem)
    for (const migration of migrations.filter(({ name }) => !done.has(name))) {
      await inTransaction(owner, async (transaction) => {
        await transaction.query('set local statement_timeout = 0')
        await transaction.query(migration.sql)
        await transaction.query('insert into migration values ($1, $2)', [migration.name, migration.checksum])
      })
      ran.push(migration.name)
    }
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [LOCK]).catch(() => undefined)
    await client.query('reset statement_timeout').catch(() => undefined)
    client.release()
  }
  return ran
}

export interface MigrationState {
  /** migrations of this version that did not run yet */
  readonly waiting: readonly string[]
  /** why this version cannot work with the database, in one sentence, or null */
  readonly problem: string | null
}

/** How the database stands to this version of Baken; changes nothing. */
export async function readMigrationState(pool: Queryable): Promise<MigrationState> {
  const migrations = await readMigrations()
  const { rows } = await pool.query<{ present: boolean }>(
    `select to_regclass('migration') is not null as present`,
  )
  const done = rows[0]?.present ? await readLedger(pool) : new Map<string, string>()
  const waiting = migrations.map(({ name }) => name).filter((name) => !done.has(name))
  return { waiting, problem: findProblem(migrations, done) }
}

async function readLedger(pool: Queryable): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

function findProblem(migrations: readonly Migration[], done: ReadonlyMap<string, string>): string | null {
  for (const [name, checksum] of done) {
    const file = migrations.find((migration) => migration.name === name)
    if (!file) return `the database is newer than this version: it has migration ${name}`
    if (file.checksum !== checksum) return `migration ${name} was changed after it ran`
  }
  return null
}
