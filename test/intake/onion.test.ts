// The same site inside the Tor network: told where it helps, silent where it is not, and whole when one is there.
import t from 'tap'
import { publicPages, reportEntryPages } from '../../server/intake/page-routes.js'
import { loadSite } from '../../server/intake/site.js'
import { startApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { createReporter } from '../support/reporter.js'
import { createVisitor } from '../support/visitor.js'

const ONION = 'http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'
const MOST_BYTES = 14 * 1024
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const paths = [...publicPages(site).keys(), ...reportEntryPages(site, () => '').keys()]

t.test('the safety page shows the address as words to copy, never as a link', async (t) => {
  const { intake } = await startApps(t, { secure: true, onionAddress: ONION })
  for (const language of ['nl', 'en']) {
    const { body } = await intake.inject(`/${language}/safety`)
    t.match(body, `<bdi dir="ltr" class="whole">${ONION}</bdi>`)
    t.notMatch(body, /href="[^"]*onion/)
  }
  t.notMatch((await intake.inject('/en/help')).body, 'onion')
})

t.test('over https each page that is the same for everybody tells where it is there', async (t) => {
  const { intake } = await startApps(t, { secure: true, onionAddress: ONION })
  for (const encoding of ['br', 'gzip', 'identity']) {
    for (const url of paths) {
      const { headers, rawPayload } = await intake.inject({ url, headers: { 'accept-encoding': encoding } })
      t.equal(headers['onion-location'], ONION + url)
      const bytes = rawPayload.length + JSON.stringify(headers).length
      if (encoding !== 'identity') t.ok(bytes < MOST_BYTES, `${url}: ${bytes} bytes`)
    }
  }
  const tracked = await intake.inject('/en/help?fbclid=abc')
  t.equal(tracked.headers['onion-location'], `${ONION}/en/help`, 'without what somebody added to the address')
})

t.test('pages of a draft, answers and failures never tell it: the draft would not go along', async (t) => {
  const { intake } = await startApps(t, { secure: true, onionAddress: ONION })
  const noor = createReporter(intake)
  for (const answer of [
    await noor.postOnly('/en/report/danger', { danger: 'no' }),
    await noor.get('/en/report/danger'),
    await noor.get('/en/report/words'),
    await noor.get('/en/report/all'),
    await noor.get('/en/return'),
    await noor.get('/en/nowhere'),
    await noor.get('/exit'),
  ]) {
    t.equal(answer.headers['onion-location'], undefined)
  }
})

t.test('without the setting nothing is said of it, anywhere', async (t) => {
  const { intake } = await startApps(t, { secure: true })
  for (const url of paths) {
    const { headers, body } = await intake.inject(url)
    t.equal(headers['onion-location'], undefined, url)
    t.notMatch(body, /\bonion\b/i, url)
  }
})

t.test(
  'inside the Tor network the whole road works over http, and the name asked for is not kept',
  async (t) => {
    const apps = await startApps(t, { secure: false, onionAddress: ONION })
    const host = new URL(ONION).host
    const noor = createVisitor(await listen(apps.intake), { headers: { host } })
    await noor.get('/')
    t.equal((await noor.get('/nl/safety')).headers['onion-location'], undefined, 'she is there already')
    await noor.post('/nl/report/danger', { danger: 'no' })
    t.match(noor.cookie(), /^s=/, 'a cookie that also a browser without TLS gives back')
    await noor.post('/nl/report/words', { words: 'the white van behind the barn' })
    const received = await noor.post('/nl/report/send', {})
    t.match(received.body, '<h1>Ontvangen</h1>')
    for (const { headers, path } of noor.answers) {
      t.notOk(headers['strict-transport-security'], path)
      t.notMatch(
        String(headers.location ?? ''),
        /^https?:(?!\/\/weather)/,
        `${path} leads to a path, not to a name`,
      )
    }
    t.equal((await apps.database.owner.query('select from arrival')).rowCount, 1)
    t.notMatch(apps.log.join(), host)
  },
)
