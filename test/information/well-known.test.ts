// What machines ask of a site. RFC 9116 says what security.txt may be; sitemaps.org what a site map is.
import t from 'tap'
import { readIntakeConfig } from '../../server/intake/config.js'
import { placeAddresses } from '../../server/intake/information/place-pages.js'
import { publicPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { startApps } from '../support/apps.js'
import { faultsOfRefusal } from '../support/calm-page.js'

const ORIGIN = 'https://baken.example'
const NOW = new Date('2026-11-23T15:45:12Z')
const CONTACT = 'mailto:security@baken.example'
const DATABASE_URL = 'postgres://x@localhost/x'
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false, origin: ORIGIN })
const settings = { clock: () => NOW, securityContact: CONTACT }
const { intake } = await startApps(t, { ...settings, origin: ORIGIN, secure: true })
const alone = await startApps(t)

/** The fields of a file of RFC 9116; a line that is none fails. */
function fieldsOf(text: string): [name: string, value: string][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', value = ''] = /^([A-Z][A-Za-z-]*): (\S.*)$/.exec(line) ?? []
      if (name === '') throw new Error(`no field: ${line}`)
      return [name, value]
    })
}

t.test('security.txt says who reads about weaknesses, as RFC 9116 asks', async (t) => {
  const answer = await intake.inject('/.well-known/security.txt')
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
  const fields = fieldsOf(answer.body)
  const all = (name: string) => fields.filter(([one]) => one === name).map(([, value]) => value)
  t.same(all('Contact'), [CONTACT])
  t.equal(all('Expires').length, 1)
  t.equal(all('Expires')[0], '2027-11-23T00:00:00.000Z')
  t.ok(Date.parse(all('Expires')[0] ?? '') - NOW.getTime() < 366 * 86_400_000, 'no more than a year ahead')
  t.same(all('Preferred-Languages'), ['nl, en'])
  t.same(all('Canonical'), [`${ORIGIN}/.well-known/security.txt`])
  const [policy = ''] = all('Policy')
  t.equal((await intake.inject(policy.slice(ORIGIN.length))).statusCode, 200, 'the policy is a page')
  const known = ['Acknowledgments', 'Canonical', 'Contact', 'Encryption', 'Expires', 'Hiring', 'Policy']
  for (const [name, value] of fields) {
    t.ok([...known, 'Preferred-Languages'].includes(name), name)
    t.notMatch(value, /^http:/)
  }
  t.ok(answer.body.endsWith('\n'))
})

t.test('over http no address of the site stands in it; without a contact there is none at all', async (t) => {
  const onion = await startApps(t, { ...settings, origin: `http://${'a'.repeat(56)}.onion` })
  const { body } = await onion.intake.inject('/.well-known/security.txt')
  t.same(
    fieldsOf(body).map(([name]) => name),
    ['Contact', 'Expires', 'Preferred-Languages'],
  )
  const none = await alone.intake.inject('/.well-known/security.txt')
  t.equal(none.statusCode, 404)
  t.same(faultsOfRefusal(none, 'nl'), [])
})

t.test(
  'a contact is a mail address or a page over https, and nothing that would begin another line',
  async (t) => {
    const read = (SECURITY_CONTACT: string) =>
      readIntakeConfig({ DATABASE_URL, SECURITY_CONTACT }).SECURITY_CONTACT
    for (const right of [CONTACT, 'https://baken.example/nl/security']) t.equal(read(right), right)
    for (const wrong of [
      'security@baken.example',
      'http://baken.example',
      'mailto:me',
      'tel:112',
      'https://',
      `${CONTACT}\nExpires: never`,
      'https://baken.example/\nExpires: never',
    ])
      t.throws(() => read(wrong), { message: /SECURITY_CONTACT: must be/ }, wrong)
  },
)

t.test(
  'the site map holds every page that search engines may show, in every language, and no other',
  async (t) => {
    const answer = await intake.inject('/sitemap.xml')
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['content-type'], /^application\/xml/)
    t.ok(
      answer.body.startsWith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"',
      ),
    )
    const entries = [...answer.body.matchAll(/<url><loc>([^<]+)<\/loc>(.*?)<\/url>/g)]
    const places = entries.map(([, loc = '']) => loc)
    const indexable = [...publicPages(site)].filter(([, render]) => !/<meta name="robots"/.test(render()))
    const ofPlaces = ['/nl', '/en'].flatMap((language) => placeAddresses(site).map((path) => language + path))
    t.equal(ofPlaces.length, 2 * 342, 'every municipality too')
    t.same(
      [...places].sort(),
      [...indexable.map(([path]) => path), ...ofPlaces].map((path) => ORIGIN + path).sort(),
    )
    t.ok(places.length > 100 && places.length < 50_000)
    t.ok(Buffer.byteLength(answer.body) < 50 * 1024 * 1024)
    for (const [, loc = '', links = ''] of entries) {
      const others = [
        ...links.matchAll(/<xhtml:link rel="alternate" hreflang="([a-z-]+)" href="([^"]+)"\/>/g),
      ]
      t.same(
        others.map(([, language]) => language),
        ['nl', 'en'],
        loc,
      )
      for (const [, language, href = ''] of others) {
        t.ok(href.startsWith(`${ORIGIN}/${language}/`))
        t.ok(places.includes(href), `${href} is in the map`)
      }
      t.ok(
        others.some(([, , href]) => href === loc),
        'a page names itself',
      )
    }
  },
)

t.test('robots.txt names the map, and without an address of the site there is neither', async (t) => {
  const robots = await intake.inject('/robots.txt')
  t.match(robots.body, `Sitemap: ${ORIGIN}/sitemap.xml\n`)
  t.match(robots.body, /^User-agent: \*\n/)
  t.match(robots.body, 'Disallow: /en/report')
  t.notMatch((await alone.intake.inject('/robots.txt')).body, 'Sitemap')
  t.equal((await alone.intake.inject('/sitemap.xml')).statusCode, 404)
})

t.test('a map comes small to who takes it so', async (t) => {
  const answer = await intake.inject({ url: '/sitemap.xml', headers: { 'accept-encoding': 'gzip' } })
  t.equal(answer.headers['content-encoding'], 'gzip')
  t.ok(answer.rawPayload.length < (await intake.inject('/sitemap.xml')).rawPayload.length / 4)
})
