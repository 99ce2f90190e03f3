import t from 'tap'
import { startApps } from '../support/apps.js'
import { faultsOfPage } from '../support/calm-page.js'

const { intake } = await startApps(t)

t.test('a link that somebody else added a query to opens the page', async (t) => {
  for (const path of [
    '/en/',
    '/en/help',
    '/en/signs/1',
    '/en/report',
    '/en/report/danger',
    '/en/report/all',
  ]) {
    const answer = await intake.inject(`${path}?fbclid=abc&utm_source=x`)
    // The one page is not kept for Back: decision 20.
    t.equal(answer.statusCode, path.endsWith('/all') ? 203 : 200, path)
    t.same(faultsOfPage(answer, 'en'), [], path)
  }
})

t.test('an address with an escaped letter, or with the name of the site in it, opens the page', async (t) => {
  const plain = await intake.inject('/en/help')
  t.equal((await intake.inject('/en/%68elp')).body, plain.body)
  t.equal((await intake.inject('http://reports.example/en/help')).body, plain.body)
})

t.test(
  'a page is sent from memory, the same for everybody, and its length stands in the headers',
  async (t) => {
    for (const encoding of ['br', 'gzip', 'identity']) {
      const ask = (cookie: string) =>
        intake.inject({ url: '/nl/signs', headers: { 'accept-encoding': encoding, cookie } })
      const [one, two] = await Promise.all([ask('a=1'), ask('s=whatever')])
      t.ok(one.rawPayload.equals(two.rawPayload), encoding)
      t.equal(Number(one.headers['content-length']), one.rawPayload.length)
      t.notOk(one.headers['set-cookie'])
    }
  },
)

t.test('HEAD gives the headers of the page and no page', async (t) => {
  const head = await intake.inject({ method: 'HEAD', url: '/nl/help' })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  t.equal(head.headers['content-length'], (await intake.inject('/nl/help')).headers['content-length'])
})
