// A photo over a very slow telephone, straight to Baken and through the example for nginx. In `npm run test:long` it
// takes all the time a file may take; otherwise some seconds.
import { type ClientRequest, request as plain } from 'node:http'
import { type RequestOptions, request as secured } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { LONGEST_FILE_MS } from '../../server/intake/form-body.js'
import { startApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { dirtyPhoto } from '../support/dirty-pictures.js'
import { startNginx } from '../support/nginx.js'
import { multipartBody } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

const SLOW_MS = process.env.BAKEN_TEST_LONG ? LONGEST_FILE_MS - 30_000 : 8_000
const PIECES = 400
const MEGABYTE = 1024 * 1024

t.setTimeout(SLOW_MS + 120_000)

type Start = (options: RequestOptions) => ClientRequest

/** Sends a body piece by piece over `SLOW_MS`; gives where the answer leads. */
async function sendSlowly(
  start: Start,
  port: number,
  body: Buffer,
  type: string,
): Promise<string | undefined> {
  const asked = start({
    host: '127.0.0.1',
    port,
    path: '/en/report/all',
    method: 'POST',
    servername: 'melden.example',
    rejectUnauthorized: false,
    agent: false,
    headers: { host: 'melden.example', 'content-type': type, 'content-length': body.length },
  })
  const answer = new Promise<string | undefined>((resolve, reject) => {
    asked.once('error', reject).once('response', (response) => {
      response.resume()
      resolve(response.headers.location)
    })
  })
  // An early refusal must not stay unheard while pieces are still sent.
  answer.catch(() => undefined)
  const size = Math.ceil(body.length / PIECES)
  for (let at = 0; at < body.length; at += size) {
    asked.write(body.subarray(at, at + size))
    await pause(SLOW_MS / PIECES)
  }
  asked.end()
  return answer
}

t.test('20,000 characters and a photo of 10 MB arrive over a slow line, both ways', async (t) => {
  const { intake, database } = await startApps(t)
  t.ok(intake.server.requestTimeout > LONGEST_FILE_MS, 'the form around the file has longer')
  const { port } = new URL(await listen(intake))
  const { httpsPort } = await startNginx(t, { publicPort: Number(port) })
  const photo = await dirtyPhoto()
  // Bytes after the end of the picture, as telephones put videos there: they are dropped with all the rest.
  const bytes = Buffer.concat([photo, Buffer.alloc(10 * MEGABYTE - photo.length, 'motion')])
  const words = (seed: string) => `${seed} `.padEnd(20_000, 'a van stops at the barn ')
  const send = (start: Start, to: number, seed: string) => {
    const { body, type } = multipartBody([{ type: 'image/jpeg', bytes }], {
      token: seed.padEnd(32, 'x'),
      words: words(seed),
    })
    return sendSlowly(start, to, body, type)
  }
  const ways = await Promise.all([send(plain, Number(port), 'plain'), send(secured, httpsPort, 'nginx')])
  // With a file left out it would answer directly, to say so.
  t.same(ways, Array(2).fill('/en/report/all/received'))
  t.equal(await countRows(database.owner, 'arrival'), 2)
})
