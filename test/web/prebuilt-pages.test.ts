import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { type KeepOptions, prebuildPages } from '../../server/web/prebuilt-pages.js'
import { startApps } from '../support/apps.js'
import { faultsOfPage } from '../support/calm-page.js'
import type { Teardown } from '../support/database.js'

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

/** Pages that count how often each was made, on a real port. */
async function countingPages(t: Teardown, options: KeepOptions) {
  const made = new Map<string, number>()
  const pages = prebuildPages(
    {
      get: (path) => () => {
        made.set(path, (made.get(path) ?? 0) + 1)
        return `${path} ${String(options.edition?.())}`
      },
    },
    {},
    null,
    options,
  )
  const server = createServer((request, response) => void pages.send(request, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  return { made, pages, ask }
}

t.test('of many pages the ones that were asked for lately are kept, and no more than allowed', async (t) => {
  const { made, ask } = await countingPages(t, { most: 3 })
  for (const path of ['/a', '/b', '/c', '/a', '/d', '/a', '/c']) await ask(path)
  t.same(Object.fromEntries(made), { '/a': 1, '/b': 1, '/c': 1, '/d': 1 }, 'b made room')
  await ask('/b')
  t.equal(made.get('/b'), 2)
  await ask('/d')
  t.equal(made.get('/d'), 2, 'd was asked for longest ago when b came back')
  await ask('/c')
  t.equal(made.get('/c'), 1)
})

t.test('on another day, and when the data changed, every page is made again', async (t) => {
  let day = '2026-12-31'
  const { made, pages, ask } = await countingPages(t, { edition: () => day })
  t.equal(await ask('/a'), '/a 2026-12-31')
  t.equal(await ask('/a'), '/a 2026-12-31')
  t.equal(made.get('/a'), 1)
  day = '2027-01-01'
  t.equal(await ask('/a'), '/a 2027-01-01')
  pages.clear()
  await ask('/a')
  t.equal(made.get('/a'), 3)
})
