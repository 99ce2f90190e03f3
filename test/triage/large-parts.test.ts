// Sealed files of many megabytes go to the desk's browser row by row, and hold up nobody.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import t from 'tap'
import { createLog } from '../../server/log.js'
import { openTriageStorage } from '../../server/storage/triage/index.js'
import { createTriageApp } from '../../server/triage/app.js'
import { startApps } from '../support/apps.js'
import { until } from '../support/baken-process.js'
import { listen } from '../support/browser.js'
import { signIn } from '../support/desk-client.js'
import { sendReport } from '../support/send-report.js'

const ROWS = 40
const ROW_BYTES = 1024 * 1024
const { database, intake, release } = await startApps(t)
/** With one connection: whoever kept it would hold up everybody. */
const storage = openTriageStorage({ target: database.triageUrl, connections: 1 })
const reading = { rows: 0, isEnded: false }
const triage = await createTriageApp({
  storage: { ...storage, readPart: (...given) => watched(storage.readPart(...given)) },
  log: createLog({ withTime: true, write: () => undefined }),
  settings: { siteName: 'Baken', defaultLanguage: 'nl', demonstration: false },
  secure: false,
})
t.teardown(async () => {
  await triage.close()
  await storage.close()
})
const origin = await listen(triage)
const sam = await signIn(triage, 'sam')
await sendReport(intake)
await release()
const report = (await sam.claimNext()) ?? ''
const file = randomUUID()
await database.owner.query(
  `insert into report_part select $1, n, $2, 'file', decode(repeat(lpad(to_hex(n), 2, '0'), $3), 'hex')
   from generate_series(0, $4 - 1) n`,
  [file, report, ROW_BYTES, ROWS],
)

async function* watched(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  Object.assign(reading, { rows: 0, isEnded: false })
  try {
    for await (const row of rows) {
      reading.rows++
      yield row
    }
  } finally {
    reading.isEnded = true
  }
}

async function ask(): Promise<IncomingMessage> {
  const asked = get(`${origin}/reports/${report}/parts/${file}`, {
    headers: { cookie: sam.cookie, 'x-baken-proof': sam.proof },
  })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

t.test('it comes whole and in order, with its length, and a browser would never show it', async (t) => {
  const answer = await ask()
  let at = 0
  let isInOrder = true
  for await (const piece of answer as AsyncIterable<Buffer>) {
    const [first, last] = [piece[0], piece.at(-1)]
    isInOrder &&= first === Math.floor(at / ROW_BYTES)
    at += piece.length
    isInOrder &&= last === Math.floor((at - 1) / ROW_BYTES)
  }
  t.equal(at, ROWS * ROW_BYTES)
  t.ok(isInOrder)
  t.match(answer.headers, {
    'content-length': `${at}`,
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': /default-src 'none'.*frame-ancestors 'none'.*sandbox/,
  })
})

t.test('a slow line holds no connection, and whoever hangs up ends the reading', async (t) => {
  const answer = await ask()
  await once(answer, 'readable')
  answer.read(1)
  const others = await Promise.all([1, 2, 3].map(() => sam.get('/inbox')))
  t.same(
    others.map(({ statusCode }) => statusCode),
    [200, 200, 200],
  )
  t.notOk(reading.isEnded)
  answer.destroy()
  await until('the reading ends', () => reading.isEnded)
  t.ok(reading.rows < ROWS, `${reading.rows} of ${ROWS} rows were read`)
  t.equal((await sam.get('/inbox')).statusCode, 200)
})

t.test('a row that is missing breaks the answer off: it never passes for a whole file', async (t) => {
  await database.owner.query('delete from report_part where id = $1 and chunk = $2', [file, ROWS / 2])
  const answer = await ask()
  answer.resume()
  await t.rejects(once(answer, 'end'), { code: 'ECONNRESET' })
  t.ok(reading.isEnded)
})
