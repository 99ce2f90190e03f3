import t from 'tap'
import { nearbyByProvince } from '../../server/help/nearby.js'
import { loadShipped } from '../../server/help/shipped.js'
import { loadTexts } from '../../server/i18n/index.js'
import { loadRegions } from '../../server/regions/index.js'

const { municipalities } = loadRegions()
const { coordinators } = loadShipped(loadTexts())
const TODAY = new Date('2026-11-23T12:00:00Z')
/** An old number of the list, and the one of which a recent source speaks. */
const OLD = { id: 'hvo-querido', phone: '020-6263800' }
const RECENT = '088-2220500'
const provinces = (rows = coordinators) => nearbyByProvince(rows, municipalities, 'nl', TODAY)

t.test('every municipality stands under its province', async (t) => {
  t.equal(provinces().length, 12)
  t.same(
    provinces()
      .flatMap((one) => one.municipalities)
      .sort(),
    municipalities.map(({ name }) => name).sort(),
  )
  const known = provinces().flatMap(({ rows }) => rows.map(({ id }) => id))
  t.same([...new Set(known)].sort(), coordinators.map(({ id }) => id).sort(), 'each stands somewhere')
})

t.test(
  'a number of the old list is not shown, its organisation is; a verified or recent one is',
  async (t) => {
    const rows = provinces().flatMap((one) => one.rows)
    t.ok(rows.some(({ name }) => name === 'HVO-Querido'))
    t.same([...new Set(rows.flatMap(({ phone }) => phone ?? []))], [RECENT])
    const verified = coordinators.map((row) =>
      row.id === OLD.id ? { ...row, verified_on: '2026-11-23' } : row,
    )
    const phones = provinces(verified).flatMap((one) => one.rows.flatMap(({ phone }) => phone ?? []))
    t.same(new Set(phones), new Set([OLD.phone, RECENT]))
  },
)

t.test('who is a coordinator no more, or not yet, is not named', async (t) => {
  const ended = coordinators.map((row) => ({ ...row, valid_to: '2026-11-22' }))
  t.same(
    provinces(ended).flatMap(({ rows }) => rows),
    [],
  )
})
