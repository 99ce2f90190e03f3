import t from 'tap'
import { createFullness } from '../../server/intake/fullness.js'
import { startApps } from '../support/apps.js'

const MEGABYTE = 1024 * 1024
const quiet = { folder: null, minFreeBytes: 0, maxDatabaseBytes: null, databaseBytes: async () => 0 }

t.test('the disk under the database is full below its watermark', async (t) => {
  t.equal(await createFullness({ ...quiet, folder: '/tmp', minFreeBytes: 1 })(), false)
  t.equal(await createFullness({ ...quiet, folder: '/tmp', minFreeBytes: 2 ** 60 })(), true)
})

t.test('the public role may ask how large the database is, and no more than that', async (t) => {
  const { intakeStorage } = await startApps(t)
  const bytes = await intakeStorage.databaseBytes()
  t.ok(bytes > MEGABYTE)
  const with1 = { ...quiet, databaseBytes: intakeStorage.databaseBytes }
  t.equal(await createFullness({ ...with1, maxDatabaseBytes: bytes - 1 })(), true)
  t.equal(await createFullness({ ...with1, maxDatabaseBytes: bytes + 100 * MEGABYTE })(), false)
})

t.test('what cannot be read is not called full', async (t) => {
  const broken = createFullness({
    folder: '/nowhere/at/all',
    minFreeBytes: 2 ** 60,
    maxDatabaseBytes: 1,
    databaseBytes: () => Promise.reject(new Error('no database')),
  })
  t.equal(await broken(), false)
})
