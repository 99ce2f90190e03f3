// An orderly end: nothing that was acknowledged is lost, whoever got through is still answered, and nothing of Baken
// stays behind, whenever the signal comes.
import { readdirSync } from 'node:fs'
import { connect as connectTo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import {
  descendantsOf,
  killHard,
  spawnBaken,
  startBaken,
  until,
  workFolder,
} from '../support/baken-process.js'
import { databaseKind } from '../support/database.js'
import { runs } from '../support/embedded-holder.js'
import { startSite } from '../support/sites.js'
import { get, makeSubmissions, post, prepare, send } from '../support/submissions.js'

const REPORTERS = 40
const ENDS_WITHIN_MS = 20_000
t.setTimeout(200_000)

t.test(
  'SIGTERM in the middle of many reports: whoever got through is answered, and all is stored',
  async (t) => {
    const site = await startSite(t)
    const reporters = makeSubmissions(REPORTERS, 'stop')
    await Promise.all(reporters.map((one) => prepare(site.url, one)))
    const pages = reporters.filter(({ road }) => road.startsWith('page'))
    const clicks = pages.map((one) => send(site.url, one))
    while (!pages.some(({ answer }) => answer === 'received')) await wait(1)
    const below = descendantsOf(site.baken().pid)
    const asked = Date.now()
    const ending = await site.baken().stop()
    await Promise.all(clicks)
    t.same(ending, { code: 0, signal: null })
    t.ok(Date.now() - asked < ENDS_WITHIN_MS, 'it does not take long')
    t.same(
      pages.filter(({ answer }) => answer !== 'received').map(({ answer }) => answer),
      [],
      'nobody under way was cut off',
    )
    t.same(below.filter(runs), [], 'no process stays')
    await site.start()
    const { rows } = await site.asOwner((owner) =>
      owner.query<{ n: number }>(
        'select (select count(*) from arrival)::integer + (select count(*) from report)::integer as n',
      ),
    )
    t.equal(rows[0]?.n, pages.length)
    const draft = reporters.find(({ road }) => road === 'draft')
    t.match(await get(site.url, '/en/report/words', draft?.cookie), draft?.text, 'drafts outlive it')
  },
)

t.test('connections that say nothing, or go on without end, do not hold up the end', async (t) => {
  const site = await startSite(t)
  const { hostname, port } = new URL(site.url)
  const open = async (words: string) => {
    const socket = connectTo(Number(port), hostname)
    socket.on('error', () => undefined)
    t.teardown(() => socket.destroy())
    await new Promise((resolve) => socket.write(words || ' ', resolve))
  }
  await open('')
  await open('GET /en/ HTTP/1.1\r\nHost: x\r\n\r\n')
  await open('POST /en/report/all HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nwords=')
  await get(site.url, '/en/')
  const asked = Date.now()
  t.same(await site.baken().stop(), { code: 0, signal: null })
  t.ok(Date.now() - asked < ENDS_WITHIN_MS)
})

t.test('a request on a kept connection during the end is answered with a page of ours', async (t) => {
  const site = await startSite(t)
  const { hostname, port } = new URL(site.url)
  const socket = connectTo(Number(port), hostname)
  t.teardown(() => socket.destroy())
  let answered = ''
  socket.setEncoding('latin1').on('data', (part: string) => {
    answered += part
  })
  // Under way while the signal comes, so that the connection is kept; then a second request on it.
  socket.write(
    'POST /en/report/words HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n',
  )
  socket.write('Content-Length: 6\r\n\r\nwor')
  await wait(100)
  const ended = site.baken().stop()
  await wait(300)
  socket.write('ds=GET /en/report/words HTTP/1.1\r\nHost: x\r\n\r\n')
  await ended
  const statuses = [...answered.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)
  t.equal(statuses[0], '303')
  t.notMatch(answered, 'Service Unavailable')
})

for (const signal of ['SIGINT', 'SIGHUP'] as const) {
  t.test(`${signal}, twice, ends it in order as well`, async (t) => {
    const site = await startSite(t)
    const below = descendantsOf(site.baken().pid)
    site.baken().process.kill(signal)
    t.same(await site.baken().stop(signal), { code: 0, signal: null })
    t.same(below.filter(runs), [])
  })
}

if (databaseKind === 'embedded') {
  t.test('a signal in the middle of the start leaves neither process nor folder', async (t) => {
    for (const afterMs of [150, 600, 1_200]) {
      const { folder, tmp } = workFolder(t)
      const settings = { DATA_DIR: join(folder, 'data'), PORT: '0', PARTNER_PORT: '0', TMPDIR: tmp }
      const baken = spawnBaken(t, { settings })
      const below = new Set<number>()
      const looking = setInterval(() => {
        for (const pid of descendantsOf(baken.pid)) below.add(pid)
      }, 5)
      await wait(afterMs)
      await baken.stop()
      clearInterval(looking)
      await until('nothing runs', () => ![...below].some(runs), 5_000)
      t.same(readdirSync(tmp), [], `after ${afterMs} ms`)
      const again = await startBaken(t, { settings })
      t.equal((await fetch(`${again.site}/readyz`)).status, 200, 'and it starts again')
      await again.stop()
    }
  })

  t.test('a signal while the database server is gone, or is being started again', async (t) => {
    for (const afterMs of [0, 300]) {
      const site = await startSite(t)
      const below = new Set(descendantsOf(site.baken().pid))
      await site.killDatabase()
      await wait(afterMs)
      for (const pid of descendantsOf(site.baken().pid)) below.add(pid)
      t.same(await site.baken().stop(), { code: 0, signal: null })
      await until('nothing runs', () => ![...below].some(runs), 5_000)
    }
  })
}

t.test('a console that nobody reads any more does not end it', async (t) => {
  const site = await startSite(t)
  site.baken().process.stdout?.destroy()
  site.baken().process.stderr?.destroy()
  await site.killDatabase()
  // Each failure is told on the console that is gone.
  await post(site.url, '/en/report/words', { words: 'x' })
  await site.startDatabase()
  await until(
    'it is back',
    async () => (await post(site.url, '/en/report/words', { words: 'x' })).status === 303,
  )
  t.ok(runs(site.baken().pid))
  killHard(site.baken().pid)
})
