// `npm start` as a newcomer types it: it works, or it ends with one clear sentence, code 1 and nothing left behind.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { type Baken, ROOT, until } from '../support/baken-process.js'
import { copyCheckout, endInOrder, isClear } from '../support/checkout.js'
import { crawl, readDeskFile, readInbox } from '../support/demonstration.js'
import { freePort } from '../support/free-port.js'
import { post } from '../support/submissions.js'

t.setTimeout(200_000)

/** One checkout of an ordinary user for all tests of this file, with the data of its first start. */
const checkout = copyCheckout(t, { unprivileged: true })
const { data } = checkout
let running: Baken & { site: string; desk: string }
let reports: string[] = []

const NODE_24 = join(ROOT, 'tools', 'node24', 'node_modules', 'node', 'bin')

t.before(async () => {
  running = await checkout.started()
})

t.test(
  'the console tells both addresses, how to sign in, that it is a demonstration, how to end',
  async (t) => {
    await until('all is told', () => running.output().includes('Ctrl+C'))
    t.match(running.output(), `sign in to the partner app: names and passphrase stand in ${data}`)
    t.match(running.output(), 'This is a demonstration: do not report anything real.')
    t.match(running.output(), /^Ctrl\+C ends it\.$/m)
    t.notMatch(running.output(), /warn|error/i)
    for (const address of [running.site, running.desk]) {
      t.match(address, /^http:\/\/127\.0\.0\.1:\d+$/)
      t.equal((await fetch(`${address}/`)).status, 200, address)
    }
  },
)

for (const [language, banner] of [
  ['nl', 'Dit is een demonstratie. Meld hier niets echts'],
  ['en', 'This is a demonstration. Do not report anything real here'],
] as const) {
  t.test(`every page says that it is a demonstration: ${language}`, async (t) => {
    const publicPages = await crawl(running.site, `/${language}/`)
    const partnerPages = await crawl(running.desk, `/${language}/`)
    t.ok(publicPages.size > 20, `${publicPages.size} public pages`)
    t.ok(partnerPages.size > 0)
    for (const [path, { status, text }] of [...publicPages, ...partnerPages]) {
      t.ok([200, 203, 422].includes(status), `${path} ${status}`)
      t.match(text, `<p class="demo">${banner}`, path)
    }
  })
}

t.test('the file with the passphrase is for its owner alone, and opens the desk', async (t) => {
  const file = join(data, 'demonstration-desk.txt')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.same(await readInbox(running.desk, readDeskFile(file)), [])
  t.equal(await sendReport(), '/en/report/all/received')
  await until('the desk sees it', async () => {
    reports = await readInbox(running.desk, readDeskFile(file))
    return reports.length === 1
  })
})

/** Gives where the answer leads. */
async function sendReport(): Promise<string | null> {
  const page = await (await fetch(`${running.site}/en/report/all`)).text()
  const token = /name="token" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const sent = await post(running.site, '/en/report/all', { words: 'A first report', token })
  return sent.headers.get('location')
}

t.test('a second one on the same data is refused, and the first goes on', async (t) => {
  isClear(t, await checkout.refused(), `The data folder ${data} is in use by a running Baken, process `)
  t.equal((await fetch(`${running.site}/readyz`)).status, 200)
})

t.test('SIGTERM ends it in order, with code 0', async (t) => {
  t.equal(await endInOrder(running, data), 0)
  t.same(checkout.leftovers(), [])
})

for (const [signal, whole] of [
  ['SIGINT', true],
  ['SIGTERM', false],
] as const) {
  t.test(`${signal} to ${whole ? 'all, as Ctrl+C gives it,' : 'npm alone'} leaves nothing`, async (t) => {
    const baken = await checkout.started()
    process.kill(whole ? -baken.pid : baken.pid, signal)
    await baken.ended
    await until('nothing is left', () => checkout.leftovers().length === 0, 20_000)
    t.notMatch(baken.output(), /does not start|app\.failed/)
  })
}

for (const [setting, name] of [
  ['PORT', 'public'],
  ['PARTNER_PORT', 'partner'],
] as const) {
  t.test(`the ${name} port is taken: the sentence names port and setting, nothing is left`, async (t) => {
    const taken = await freePort()
    const other = createServer().listen(taken, '127.0.0.1')
    t.teardown(() => other.close())
    isClear(
      t,
      await checkout.refused({ settings: { [setting]: String(taken) } }),
      `port ${taken} on 127.0.0.1 is taken: set ${setting} to another one`,
    )
    t.same(checkout.leftovers(), [])
  })
}

t.test('both apps on one port: the same', async (t) => {
  const port = String(await freePort())
  isClear(
    t,
    await checkout.refused({ settings: { PORT: port, PARTNER_PORT: port } }),
    `port ${port} on 127.0.0.1 is taken: set PARTNER_PORT`,
  )
  t.same(checkout.leftovers(), [])
})

t.test('a second time, after all that: the same passphrase, the earlier report, no new file', async (t) => {
  const before = readdirSync(data).sort()
  const passphrase = readDeskFile(join(data, 'demonstration-desk.txt'))
  running = await checkout.started()
  t.same(await readInbox(running.desk, passphrase), reports)
  t.equal(reports.length, 1)
  t.equal(await endInOrder(running, data), 0)
  t.same(readdirSync(data).sort(), before)
  t.same(checkout.leftovers(), [])
})

t.test('Node 24: the same data, and every first page', async (t) => {
  running = await checkout.started({ settings: { PATH: `${NODE_24}:${process.env.PATH}` } })
  const { pid } = JSON.parse(readFileSync(join(data, 'baken.lock'), 'utf8')) as { pid: number }
  t.match(readFileSync(`/proc/${pid}/maps`, 'utf8'), join('node24', 'node_modules'), 'it is that Node')
  for (const address of [`${running.site}/nl/`, `${running.site}/en/`, `${running.desk}/nl/`])
    t.equal((await fetch(address)).status, 200, address)
  t.same(await readInbox(running.desk, readDeskFile(join(data, 'demonstration-desk.txt'))), reports)
  t.equal(await endInOrder(running, data), 0)
  t.same(checkout.leftovers(), [])
})

t.test('two in the same instant: one works, the other says who has the folder', async (t) => {
  for (let round = 0; round < 6; round++) {
    // New folders and the one that was used before, in turn.
    const DATA_DIR = round % 2 === 0 ? join(checkout.folder, `race-${round}`) : data
    const pair = [0, 1].map(() => checkout.npmStart({ settings: { DATA_DIR } }))
    const outcomes = await Promise.allSettled(pair.map(({ addresses }) => addresses))
    const winners = pair.filter((_, i) => outcomes[i]?.status === 'fulfilled')
    const [loser] = pair.filter((_, i) => outcomes[i]?.status === 'rejected')
    t.equal(winners.length, 1, `round ${round}`)
    t.equal((await loser?.ended)?.code, 1)
    t.match(
      loser?.output(),
      /\nBaken does not start: The data folder [^\n]+ is in use by a running Baken, [^\n]+\.\n$/,
    )
    if (winners[0]) t.equal(await endInOrder(winners[0], DATA_DIR), 0)
    t.same(checkout.leftovers(DATA_DIR), [])
  }
})
