import t from 'tap'
import type { loadNearby } from '../../server/help/nearby.js'
import type { loadTexts } from '../../server/i18n/index.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { loadRegions } from '../../server/regions/index.js'
import { type AlteredTexts, alteredTexts } from '../support/altered-texts.js'

const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const { municipalities } = loadRegions()
const CODES = site.languages.map(({ code }) => code)
const page = (language: string): string => publicPages(site).get(`/${language}/help/nearby`)?.() ?? ''
/** An old number of the list, and the one of which a recent source speaks. */
const OLD = { id: 'hvo-querido', phone: '020-6263800' }
const RECENT = '088-2220500'

async function nearbyOf(altered: AlteredTexts) {
  const texts = await altered.load<{ loadTexts: typeof loadTexts }>('i18n/index.js')
  const nearby = await altered.load<{ loadNearby: typeof loadNearby }>('help/nearby.js')
  return nearby.loadNearby(texts.loadTexts(), municipalities)
}

t.test('every municipality stands under its province, and every province leads on', async (t) => {
  for (const code of CODES) {
    const provinces = site.nearby(code)
    t.equal(provinces.length, 12)
    t.same(
      provinces.flatMap(({ municipalities }) => municipalities).sort(),
      municipalities.map(({ name }) => name).sort(),
    )
    const parts = page(code).match(/<details>[\s\S]*?<\/details>/g) ?? []
    t.equal(parts.length, 12)
    for (const part of parts) t.match(part, 'tel:+31334481186', 'CoMensha helps everywhere')
  }
  const someren = site.nearby('nl').find(({ municipalities }) => municipalities.includes('Someren'))
  t.equal(someren?.name, 'Noord-Brabant')
})

t.test('a number of the old list is not shown, its organisation is; a recent number is', async (t) => {
  for (const code of CODES) {
    t.notMatch(page(code), OLD.phone)
    t.match(page(code), 'HVO-Querido')
    t.match(page(code), RECENT)
    t.match(page(code), site.translate(code)('fact.notVerified'))
  }
})

t.test('somebody who verified a number makes it show', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('help-nearby.json', (json) =>
    JSON.stringify(
      (JSON.parse(json) as { id: string }[]).map((row) =>
        row.id === OLD.id ? { ...row, verified_on: '2026-11-23' } : row,
      ),
    ),
  )
  const rows = (await nearbyOf(altered))('nl').flatMap(({ rows }) => rows)
  t.equal(rows.find(({ id }) => id === OLD.id)?.phone, OLD.phone)
  t.same(
    new Set(rows.filter(({ phone }) => phone !== null).map(({ id }) => id)),
    new Set([OLD.id, 'vt-flevoland']),
  )
})

t.test('the choice of a region asks nothing: no form, no address of its own', async (t) => {
  for (const code of CODES) {
    t.notMatch(page(code), /<form|<select|<input/)
    t.notMatch(page(code), /href="[^"]*[?#](?!main)/)
  }
})

t.test('a number that is dialled is the number that is read', async (t) => {
  for (const { phone, tel, id } of site.nearby('nl').flatMap(({ rows }) => rows)) {
    if (phone) t.equal(tel, `+31${phone.replace('-', '').slice(1)}`, id)
    else t.equal(tel, null, id)
  }
})

t.test('a province that does not exist, or a row without a text, stops the start', async (t) => {
  for (const [edit, message] of [
    [(json: string) => json.replace('"Drenthe"', '"Atlantis"'), /unknown provinces: Atlantis/],
    [(json: string) => json.replace('"id": "fier"', '"id": "unheard-of"'), /no text .* unheard-of/],
  ] as const) {
    const altered = await alteredTexts(t)
    await altered.change('help-nearby.json', edit)
    await t.rejects(nearbyOf(altered), { message })
  }
})
