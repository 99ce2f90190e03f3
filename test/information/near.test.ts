// Help near somebody, through the front door: every municipality under every name, the form, and what it says of what
// nobody knows.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { isIn } from '../../server/help/areas.js'
import { holdsAddress, STALE_AFTER_DAYS } from '../../server/help/entry.js'
import type { findHelpProblems } from '../../server/intake/information/check-help.js'
import { placeAddresses, placePages } from '../../server/intake/information/place-pages.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { alteredTexts } from '../support/altered-texts.js'
import { startApps } from '../support/apps.js'
import { faultsOfErrors, faultsOfPage } from '../support/calm-page.js'

const DAY_MS = 86_400_000
const MOST_BYTES = 14_336
const COMENSHA = 'tel:+31334481186'
let today = new Date('2026-11-23T12:00:00Z')
const { intake, log } = await startApps(t, { clock: () => today })
const siteOn = (day: string) =>
  loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false, clock: () => new Date(day) })
const site = siteOn('2026-11-23T12:00:00Z')
const { regions } = site.catalogue
const CODES = site.languages.map(({ code }) => code)
const get = (url: string) => intake.inject({ url })
const ask = (place: string, language = 'nl') =>
  intake.inject({
    method: 'POST',
    url: `/${language}/help/nearby`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ place }).toString(),
  })
const pageOf = (path: string, from = site): string =>
  (publicPages(from).get(path) ?? placePages(from).get(path))?.() ?? ''
const aliases = Object.values(
  JSON.parse(
    readFileSync(new URL('../../../locales/regions/aliases.json', import.meta.url), 'utf8'),
  ) as Record<string, Record<string, string[]>>,
).flatMap((names) => Object.entries(names))

t.test(
  'each of the 342 municipalities has a page in every language, with its unit and who helps',
  async (t) => {
    for (const code of CODES) {
      const tell = site.translate(code)
      for (const place of regions.municipalities) {
        const path = `/${code}/help/${place.slug}`
        const answer = await get(path)
        // A place is no word of a machine, though Ammerzoden holds one.
        const body = answer.body.replace(/<p>[^<]*<\/p>\n<p class="hint">[^<]*<\/p><\/details>/, '')
        const faults = faultsOfPage({ ...answer, body }, code)
        if (answer.statusCode !== 200) faults.push(String(answer.statusCode))
        if (!answer.body.includes(`>${place.policeUnit}</a>`)) faults.push('does not name the unit')
        if (!answer.body.includes(COMENSHA)) faults.push('does not lead to CoMensha')
        const own = site.directory.coordinators().filter(({ area }) => isIn(place, area))
        for (const { name } of own)
          if (!answer.body.includes(`<h4>${name}</h4>`)) faults.push(`hides ${name}`)
        if (own.length === 0 && !answer.body.includes(tell('near.careUnknown')))
          faults.push('hides not knowing')
        if (!answer.body.includes(tell('near.chainUnknown'))) faults.push('hides that no director is known')
        if (faults.length > 0) t.fail(`${path}: ${faults.join(', ')}`)
      }
    }
    t.equal(placeAddresses(site).length, 342)
  },
)

t.test(
  'every other name, as an address and in the form, leads to the page of its municipality',
  async (t) => {
    for (const [alias, codes] of aliases) {
      const answer = await ask(alias)
      const location = String(answer.headers.location)
      const slugs = codes.map((code) => regions.byCode(code)?.slug)
      const meant = codes.length === 1 && slugs.some((slug) => location === `/nl/help/${slug}`)
      const listed = (html: string) => slugs.every((slug) => html.includes(`/help/${slug}"`))
      if (answer.statusCode !== 303) t.fail(alias)
      else if (!meant && !listed((await get(location)).body)) t.fail(`${alias} leads to ${location}`)
    }
    for (const [typed, slug] of Object.entries({
      'den-bosch': 's-hertogenbosch',
      'the-hague': 'den-haag',
      "'s-Hertogenbosch": 's-hertogenbosch',
      Utrecht: 'utrecht',
      Ljouwert: 'leeuwarden',
    })) {
      const answer = await get(`/en/help/${encodeURIComponent(typed)}`)
      t.equal(answer.statusCode, 303, typed)
      t.equal(answer.headers.location, `/en/help/${slug}`)
    }
  },
)

t.test('a name of several places is asked; one that is also a municipality tells of the other', async (t) => {
  const bergen = await ask('BERGEN')
  t.equal(bergen.headers.location, '/nl/help/bergen')
  const list = await get('/nl/help/bergen')
  t.same(faultsOfPage(list, 'nl'), [])
  for (const slug of ['bergen-nh', 'bergen-l']) t.match(list.body, `/nl/help/${slug}"`)
  const heusden = await get('/nl/help/heusden')
  t.match(heusden.body, site.translate('nl')('near.namesakes'))
  t.match(heusden.body, '/nl/help/asten"')
})

t.test('a mistyped place comes back with what it may have been; nothing of it is kept', async (t) => {
  const typed = 'Utrehct <b>canary-5151'
  for (const code of CODES) {
    const answer = await ask(typed, code)
    t.equal(answer.statusCode, 422)
    t.same([...faultsOfPage(answer, code), ...faultsOfErrors(answer.body)], [])
    t.match(answer.body, 'value="Utrehct &lt;b&gt;canary-5151"')
    t.notOk(answer.headers['set-cookie'])
    t.equal(answer.headers['cache-control'], 'no-store')
  }
  t.match((await ask('Utrehct')).body, /<a href="\/nl\/help\/utrecht">Utrecht<\/a>/)
  t.match((await ask('Zuidoost, Amsterdam')).body, '/nl/help/amsterdam"')
  t.match((await ask('Ljouwrt')).body, 'Ljouwert, in de gemeente Leeuwarden')
  t.equal((await ask('')).statusCode, 422)
  t.match((await ask('  ')).body, site.translate('nl')('near.empty'))
  t.notMatch((await get('/nl/help/nearby')).body, 'canary')
  t.notMatch(log.join('\n'), 'canary')
})

t.test('an address that is no place is the calm page, whatever it is', async (t) => {
  const long = 'a'.repeat(99)
  for (const place of ['atlantis', '__proto__', 'constructor', '%00', '%F0%9F%99%82', '-', '..%2f..', long]) {
    const answer = await get(`/nl/help/${place}`)
    t.equal(answer.statusCode, 404, place)
    t.same(faultsOfPage(answer, 'nl'), [], place)
  }
  for (const [typed, body] of [
    ['text/plain', 'place=utrecht'],
    ['application/json', '{"place":"utrecht"}'],
  ] as const) {
    const headers = { 'content-type': typed }
    const answer = await intake.inject({ method: 'POST', url: '/nl/help/nearby', headers, payload: body })
    t.ok(answer.statusCode >= 400 && answer.statusCode < 500, typed)
    t.same(faultsOfPage(answer, 'nl'), [])
  }
})

t.test(
  'before and after the day of a merger the pages say so, also those that were made before',
  async (t) => {
    t.teardown(() => {
      today = new Date('2026-11-23T12:00:00Z')
    })
    const tell = site.translate('nl')
    const names = { name: 'Wijdemeren', into: 'Hilversum', date: '2027-01-01' }
    today = new Date('2026-12-31T22:59:59Z')
    for (const slug of ['wijdemeren', 'hilversum']) {
      const { body } = await get(`/nl/help/${slug}`)
      t.match(body, tell('near.change.intended.coming', names), slug)
      t.match(body, `${tell('near.change.intended.coming', names)} ${tell('fact.notVerified')}`)
    }
    t.match((await get('/nl/help/p/noord-holland')).body, '/nl/help/wijdemeren"')
    today = new Date('2026-12-31T23:00:00Z')
    const old = await get('/nl/help/wijdemeren')
    t.equal(old.statusCode, 303)
    t.equal(old.headers.location, '/nl/help/hilversum')
    t.equal((await ask('Loosdrecht')).headers.location, '/nl/help/hilversum')
    const { body } = await get('/nl/help/hilversum')
    t.match(body, tell('near.change.intended.past', names))
    t.match(body, 'Kortenhoef', 'its places go along')
    t.notMatch((await get('/nl/help/p/noord-holland')).body, '/nl/help/wijdemeren"')
  },
)

t.test('every number is softened until somebody looked, and again after half a year', async (t) => {
  const soft = `(${site.translate('nl')('near.soft')})`
  const rows = site.directory.entries('nl').filter(({ phone }) => phone?.publish)
  t.ok(rows.length > 8)
  const at = (day: string, verified_on: string) => {
    const from = siteOn(day)
    const looked = site.directory
      .entries('nl')
      .map((entry) => ({ ...entry, verified_on: entry.id === 'mma' ? verified_on : null }))
    const directory = { ...from.directory, version: 1, entries: () => looked }
    return pageOf('/nl/help', { ...from, directory })
  }
  const rowOf = (html: string, id: string) =>
    new RegExp(`<li [^>]*id="help-${id}"[\\s\\S]*?</li>`).exec(html)?.[0] ?? ''
  const verified = '2026-11-01'
  const last = new Date(Date.parse(verified) + STALE_AFTER_DAYS * DAY_MS)
  for (const { id } of rows) {
    const row = rowOf(at('2026-11-23', verified), id)
    t.match(row, 'href="tel:', id)
    t.equal(row.includes(soft), id !== 'mma' && id !== 'emergency', id)
  }
  t.match(rowOf(at('2026-11-23', verified), 'mma'), verified)
  t.notMatch(rowOf(at(last.toISOString(), verified), 'mma'), soft, 'on the last day')
  t.match(rowOf(at(new Date(last.getTime() + DAY_MS).toISOString(), verified), 'mma'), soft, 'a day later')
})

t.test(
  'each national route says when, for whom, how anonymous, its hours, how sure, and from where',
  async (t) => {
    for (const code of CODES) {
      const html = pageOf(`/${code}/help`)
      for (const entry of site.directory.entries(code)) {
        const row = new RegExp(`<li [^>]*id="help-${entry.id}"[\\s\\S]*?</li>`).exec(html)?.[0] ?? ''
        const { text } = entry
        const shown = row.replaceAll('&#39;', "'").replaceAll('&amp;', '&')
        for (const said of [text.name, text.when, text.whom, text.anonymity, text.hours])
          t.ok(shown.includes(said), `${code} ${entry.id}: ${said}`)
        t.match(row, site.translate(code)(`near.confidence.${entry.confidence}`))
        t.match(row, site.translate(code)('fact.notVerified'))
        for (const [, source] of row.matchAll(/href="#(source-[^"]+)"/g)) t.match(html, `id="${source}"`)
        t.equal(row.match(/href="#source-/g)?.length, new Set(entry.sources).size, entry.id)
      }
    }
  },
)

t.test('a number of the old list is not shown, its organisation is; a recent one is', async (t) => {
  for (const code of CODES) {
    const amsterdam = pageOf(`/${code}/help/amsterdam`)
    t.match(amsterdam, 'HVO-Querido')
    t.notMatch(amsterdam, '020-6263800')
    t.match(pageOf(`/${code}/help/almere`), '088-2220500')
    t.match(pageOf(`/${code}/help/middelburg-z`), site.translate(code)('near.careUnknown'))
  }
})

t.test(
  'who helps in one municipality stands on its page and on that of its region, also after a merger',
  async (t) => {
    const [model] = site.directory.entries('en')
    if (!model) return t.fail('there is no entry')
    const own = {
      ...model,
      id: 'own',
      kinds: ['talk' as const],
      area: { level: 'municipality' as const, names: ['GM1696'] },
      text: { ...model.text, name: 'Huis van de Buurt' },
      told_in: 'nl',
      phone: { shown: '035-1234567', tel: '+31351234567', publish: true },
      website: null,
      confidence: 'B' as const,
      sources: ['the town hall told us'],
    }
    const on = (path: string, day = '2026-11-23'): string => {
      const from = siteOn(day)
      const entries = () => [...site.directory.entries('en'), own]
      return pageOf(path, { ...from, directory: { ...from.directory, version: 1, entries } })
    }
    for (const path of ['/help/wijdemeren', '/help/regions/midden-nederland']) {
      const row = /<li class="offer[^>]*><h3 lang="nl"[\s\S]*?<\/li>/.exec(on(`/en${path}`))?.[0] ?? ''
      t.match(row, 'Huis van de Buurt', `${path}, in the language it was written in`)
      t.notMatch(row, '1234567', 'an old number of one place waits until somebody looked')
      t.match(row, site.translate('en')('near.noNumber'))
      t.match(on(`/en${path}`), 'the town hall told us')
    }
    for (const path of ['/help/hilversum', '/help', '/help/regions/limburg'])
      t.notMatch(on(`/en${path}`), 'Huis van de Buurt', path)
    t.match(on('/en/help'), site.translate('en')('near.regional'))
    t.match(on('/en/help/hilversum', '2027-01-01'), 'Huis van de Buurt')
  },
)

t.test('a coordinator is shown from the first day until the last', async (t) => {
  const [one] = site.directory.coordinators().filter(({ id }) => id === 'hvo-querido')
  const on = (day: string): string => {
    const from = siteOn(day)
    const coordinators = () => (one ? [{ ...one, valid_from: '2027-02-01', valid_to: '2027-03-31' }] : [])
    return pageOf('/nl/help/amsterdam', {
      ...from,
      directory: { ...from.directory, version: 1, coordinators },
    })
  }
  for (const [day, isThere] of [
    ['2027-01-31', false],
    ['2027-02-01', true],
    ['2027-03-31', true],
    ['2027-04-01', false],
  ] as const)
    t.equal(on(day).includes('HVO-Querido'), isThere, day)
})

t.test(
  'every unit of the police has a page with all of its municipalities, every province too',
  async (t) => {
    for (const code of CODES) {
      for (const [path, key, number] of [
        [`/${code}/help/regions/`, 'policeUnit', 10],
        [`/${code}/help/p/`, 'province', 12],
      ] as const) {
        const pages = [...publicPages(site)].filter(([address]) => address.startsWith(path))
        t.equal(pages.length, number)
        for (const [address, render] of pages) {
          const html = render()
          const own = regions.municipalities.filter((one) => html.includes(`/${code}/help/${one.slug}"`))
          const [first] = own
          t.same(
            own,
            regions.municipalities.filter((one) => one[key] === first?.[key]),
            address,
          )
          t.match(html, COMENSHA)
        }
      }
    }
  },
)

t.test(
  'no page of help asks for anything in an address, and no word of the subject stands in one',
  async (t) => {
    const pages = [...publicPages(site)].filter(([path]) => /^\/\w+\/help/.test(path))
    for (const [path, render] of [
      ...pages,
      ['/nl/help/utrecht', () => pageOf('/nl/help/utrecht')] as const,
    ]) {
      const html = render()
      t.notMatch(html, /href="[^"#]*\?/, path)
      const told = html.replace(/^[\s\S]*<main/, '').replace(/<[^>]*>/g, ' ')
      t.notOk(holdsAddress(told), `${path} tells no house`)
      t.notMatch(html, /<form(?![^>]*method="post")/, path)
      t.notMatch(path, /politie|police|traffick|mensenhandel|prostitut/)
      t.notMatch(/<title>[^<]*/.exec(html)?.[0], /politie|police|traffick|handel|uitbuit|prostitut/i, path)
    }
  },
)

t.test('the heaviest pages come in one piece of 14 KB', async (t) => {
  const sizes = await Promise.all(
    placeAddresses(site).map(async (path) => {
      const answer = await intake.inject({ url: `/nl${path}`, headers: { 'accept-encoding': 'gzip' } })
      const head = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`)
      return { path, bytes: answer.rawPayload.length + Buffer.byteLength(head.join('')) }
    }),
  )
  const heaviest = sizes.reduce((a, b) => (a.bytes > b.bytes ? a : b))
  t.ok(heaviest.bytes <= MOST_BYTES, `${heaviest.path}: ${heaviest.bytes}`)
  t.comment(`heaviest: ${heaviest.path}, ${heaviest.bytes} bytes`)
})

t.test('the style of a page with filters is whole: nothing more is asked for', async (t) => {
  t.notMatch(site.near.style, /@import|url\(/)
  t.match(site.near.style, '.trail')
  t.match(site.near.style, ':has(#k1:checked)')
})

t.test('an operator who takes CoMensha out of the directory breaks no page', async (t) => {
  const none = { ...site.directory, version: 1, entries: () => [], coordinators: () => [] }
  for (const path of ['/help', '/help/nearby', '/help/utrecht', '/help/p/utrecht', '/help/regions/limburg'])
    t.match(pageOf(`/nl${path}`, { ...site, directory: none }), '<h1>', path)
})

t.test('what is missing behind these pages stops the build and is named', async (t) => {
  const altered = await alteredTexts(t)
  const change = (name: string, from: string, to: string) =>
    altered.change(name, (text) => text.replace(from, to))
  await change('regions/changes.json', 'wijdemeren-2025', 'heard-of')
  for (const code of CODES) await change(`${code}/messages-help.json`, '"near.kind.legal"', '"near.kind.law"')
  const check = await altered.load<{ findHelpProblems: typeof findHelpProblems }>(
    'intake/information/check-help.js',
  )
  const own = await altered.load<{ loadSite: typeof loadSite }>('intake/site.js')
  const problems = check.findHelpProblems(
    own.loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false }),
  )
  t.ok(problems.includes('regions: no source heard-of'))
  for (const code of CODES) t.ok(problems.includes(`${code}: no text for near.kind.legal`))
})
