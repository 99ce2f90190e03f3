// The example for nginx, run: a report comes through it, floods wait in it, and nothing of a visitor stays in it.
import { readdirSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { dirtyPhoto } from '../support/dirty-pictures.js'
import { startNginx } from '../support/nginx.js'
import { encodeFields, multipartBody } from '../support/reporter.js'
import { countRows } from '../support/stored-reports.js'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Asks the public site by its name, over TLS. */
function ask(
  port: number,
  path: string,
  {
    from = '127.0.0.1',
    headers = {},
    body,
  }: { from?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body ? 'POST' : 'GET',
        localAddress: from,
        servername: 'melden.example',
        rejectUnauthorized: false,
        agent: false,
        headers: { host: 'melden.example', ...headers, ...(body && { 'content-length': body.length }) },
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces).toString(),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const RECEIVED = '/en/report/all/received'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const report = (words: string): Buffer =>
  Buffer.from(encodeFields({ token: words.padEnd(32, 'x'), words }).toString())

/** All files below a folder that hold anything. */
function filledFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size > 0)
    .map((path) => path.slice(folder.length + 1))
}

t.test('a report with a photo comes through, with the headers of a real site', async (t) => {
  const { intake, database } = await startApps(t, { secure: true })
  const { port } = new URL(await listen(intake))
  const nginx = await startNginx(t, { publicPort: Number(port) })
  const before = filledFiles(nginx.folder)
  const home = await ask(nginx.httpsPort, '/nl/')
  t.equal(home.status, 200)
  t.match(home.headers['strict-transport-security'], /^max-age=63072000/)
  t.match(home.headers['content-security-policy'], "default-src 'none'")
  t.notOk(home.headers['x-powered-by'])
  const { body, type } = multipartBody([{ type: 'image/jpeg', bytes: await dirtyPhoto() }], {
    token: 'p'.repeat(32),
    words: 'three lorries behind the barn',
  })
  const sent = await ask(nginx.httpsPort, '/en/report/all', { headers: { 'content-type': type }, body })
  t.equal(sent.headers.location, RECEIVED)
  t.equal(await countRows(database.owner, 'arrival'), 1)
  t.same(filledFiles(nginx.folder), before, 'nginx wrote nothing')
})

t.test('a flood from one address waits or meets the saved page; others get through at once', async (t) => {
  const { intake, database } = await startApps(t)
  const { port } = new URL(await listen(intake))
  const { httpsPort } = await startNginx(t, { publicPort: Number(port) })
  const flood = Array.from({ length: 200 }, (_, i) =>
    ask(httpsPort, '/en/report/all', { from: '127.0.0.66', headers: form, body: report(`flood${i}`) }),
  )
  const settled: string[] = []
  for (const one of flood) one.then(() => settled.push('flood')).catch(() => undefined)
  const noor = await ask(httpsPort, '/en/report/all', { headers: form, body: report('blue door') })
  t.equal(noor.headers.location, RECEIVED)
  const answers = await Promise.allSettled(flood)
  const statuses = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.status : 0))
  t.ok(statuses.filter((status) => status === 429).length >= 100, 'most of it is sent to the saved page')
  const away = answers.find((answer) => answer.status === 'fulfilled' && answer.value.status === 429)
  t.match(away?.status === 'fulfilled' && away.value.body, 'Call 112')
  const through = statuses.filter((status) => status === 303).length
  t.ok(through >= 20 && through <= 100, `${through} of it came through, slowly`)
  t.equal(await countRows(database.owner, 'arrival'), through + 1)
})

t.test('thirty people behind one address all report through it', async (t) => {
  const { intake, database } = await startApps(t)
  const { port } = new URL(await listen(intake))
  const { httpsPort } = await startNginx(t, { publicPort: Number(port) })
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      await ask(httpsPort, '/nl/report/all')
      return ask(httpsPort, '/nl/report/all', { headers: form, body: report(`person${i}`) })
    }),
  )
  t.same(
    answers.map(({ status }) => status),
    Array(30).fill(303),
  )
  t.equal(await countRows(database.owner, 'arrival'), 30)
})
