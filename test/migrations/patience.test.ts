import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { migrate } from '../../server/storage/migrate.js'
import { emptyDatabase } from '../support/database.js'

t.test('a migration waits for another process longer than a statement may take', async (t) => {
  const { ownerUrl, owner } = await emptyDatabase(t)
  const hasty = new pg.Pool({ connectionString: ownerUrl, options: '-c statement_timeout=200' })
  t.teardown(() => hasty.end())
  const other = await owner.connect()
  await other.query(`select pg_advisory_lock(hashtext('baken migrate'))`)
  const running = migrate(hasty)
  await wait(500)
  await other.query(`select pg_advisory_unlock(hashtext('baken migrate'))`)
  other.release()
  t.ok((await running).includes('0001-two-roles.sql'))
  const { rows } = await hasty.query<{ statement_timeout: string }>('show statement_timeout')
  t.equal(rows[0]?.statement_timeout, '200ms', 'afterwards statements are limited as before')
})
