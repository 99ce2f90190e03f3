// Requests that break the rules of HTTP, come too slowly or never end, over a real port. What Node answers before any
// code of ours is listed at the end.
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { faultsOfPage, faultsOfRefusal } from '../support/calm-page.js'
import { connectTo, sendRaw } from '../support/raw-http.js'
import { createReporter, multipartBody } from '../support/reporter.js'

const { intake, log } = await startApps(t, { maxFileBytes: 1024 * 1024 })
await intake.listen({ port: 0, host: '127.0.0.1' })
const { port } = intake.server.address() as AddressInfo

const H = 'Host: a\r\n'
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n'

t.test('addresses that lead nowhere get the page in the language of the path', async (t) => {
  const long = 'a'.repeat(9_000)
  for (const [path, language] of [
    ['/en/nope', 'en'],
    ['/nl/nope', 'nl'],
    ['/en/%zz', 'en'],
    ['/en/%', 'en'],
    ['/en/%00', 'en'],
    ['/en/%ff%fe', 'en'],
    ['/en/%ed%a0%80', 'en'],
    ['/en/\xff\xfe', 'en'],
    ['/en/report/__proto__', 'en'],
    ['/en/report/constructor', 'en'],
    ['/en/signs/99', 'en'],
    [`/en/${long}`, 'en'],
    [`/en/report/${long}`, 'en'],
    [`/en/nope?${long}`, 'en'],
    ['/en/help/', 'en'],
    ['/en//help', 'en'],
    ['/en/../../etc/passwd', 'en'],
    ['/%2e%2e/%2e%2e/etc/passwd', 'nl'],
    ['/xx/', 'nl'],
    ['/fr/report', 'nl'],
    ['/__proto__/', 'nl'],
    ['/en.php', 'nl'],
    ['//en/', 'nl'],
    ['/.git/config', 'nl'],
    ['http://other.example/en/nope', 'en'],
  ] as const) {
    const answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\n${H}\r\n`)
    t.ok([400, 404].includes(answer.statusCode), `${path.slice(0, 40)}: ${answer.statusCode}`)
    t.same(faultsOfRefusal(answer, language), [])
    t.notMatch(answer.body, 'nope', 'and does not say the address')
  }
})

t.test('methods that a page does not know get the page too', async (t) => {
  const methods = [
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'LOCK',
    'SEARCH',
    'PURGE',
  ]
  for (const method of methods) {
    for (const path of ['/en/help', '/en/report/check']) {
      const answer = await sendRaw(
        port,
        `${method} ${path} HTTP/1.1\r\n${H}X-Secret: canary\r\nContent-Length: 0\r\n\r\n`,
      )
      t.equal(answer.statusCode, 404, `${method} ${path}`)
      t.same(faultsOfRefusal(answer, 'en'), [])
      t.notMatch(answer.raw, 'canary', 'nothing of the request comes back')
    }
  }
  for (const path of ['/en/report/send', '/en/report/files/remove', '/en/return/leave']) {
    t.same(faultsOfRefusal(await sendRaw(port, `PUT ${path} HTTP/1.1\r\n${H}\r\n`), 'en'), [])
  }
})

t.test('what is no HTTP is refused with a page', async (t) => {
  for (const [what, bytes, language] of [
    ['words', 'hello\r\n\r\n', 'nl'],
    ['a method nobody knows', `FOO /en/help HTTP/1.1\r\n${H}\r\n`, 'en'],
    ['a method in small letters', `get /en/help HTTP/1.1\r\n${H}\r\n`, 'nl'],
    ['a version nobody knows', `GET /en/help HTTP/9.9\r\n${H}\r\n`, 'en'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'nl'],
    ['the beginning of TLS', Buffer.from('16030100c8010000c40303', 'hex'), 'nl'],
    ['a header without a colon', `GET /en/help HTTP/1.1\r\n${H}nothing\r\n\r\n`, 'en'],
    ['a space before the colon', `GET /en/help HTTP/1.1\r\n${H}A : b\r\n\r\n`, 'en'],
    ['a NUL in a header', `GET /en/help HTTP/1.1\r\n${H}A: b\0c\r\n\r\n`, 'en'],
    ['a bare CR in a header', `GET /en/help HTTP/1.1\r\n${H}A: b\rc\r\n\r\n`, 'en'],
    ['a length that is no number', `POST /en/return HTTP/1.1\r\n${H}${FORM}Content-Length: x\r\n\r\n`, 'en'],
    ['a negative length', `POST /en/return HTTP/1.1\r\n${H}${FORM}Content-Length: -1\r\n\r\n`, 'en'],
    [
      'two lengths',
      `POST /en/return HTTP/1.1\r\n${H}${FORM}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      'en',
    ],
    [
      'a length and chunks',
      `POST /en/return HTTP/1.1\r\n${H}${FORM}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'en',
    ],
    [
      'an unknown coding',
      `POST /en/return HTTP/1.1\r\n${H}${FORM}Transfer-Encoding: cow\r\n\r\n0\r\n\r\n`,
      'en',
    ],
    [
      'a chunk of no size',
      `POST /en/return HTTP/1.1\r\n${H}${FORM}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      'en',
    ],
  ] as const) {
    const answer = await sendRaw(port, bytes)
    t.equal(answer.statusCode, 400, what)
    t.same(faultsOfRefusal(answer, language), [], what)
  }
})

t.test('headers and addresses beyond any size are refused with a page', async (t) => {
  for (const [what, bytes] of [
    ['one long header', `GET /en/help HTTP/1.1\r\n${H}A: ${'b'.repeat(20_000)}\r\n\r\n`],
    ['many headers', `GET /en/help HTTP/1.1\r\n${H}${'Abcdef: ghi\r\n'.repeat(5_000)}\r\n`],
    ['a long cookie', `GET /en/report/words HTTP/1.1\r\n${H}Cookie: s=${'c'.repeat(20_000)}\r\n\r\n`],
    ['a long address', `GET /en/${'a'.repeat(20_000)} HTTP/1.1\r\n${H}\r\n`],
  ] as const) {
    const answer = await sendRaw(port, bytes)
    t.equal(answer.statusCode, 431, what)
    t.same(faultsOfRefusal(answer, 'en'), [])
  }
})

t.test('odd requests that HTTP allows are answered as ordinary ones', async (t) => {
  for (const [what, bytes] of [
    ['another name of the host', 'GET /en/help HTTP/1.1\r\nHost: <script>canary\r\n\r\n'],
    ['two hosts', `GET /en/help HTTP/1.1\r\n${H}Host: canary\r\n\r\n`],
    ['an empty host', 'GET /en/help HTTP/1.1\r\nHost:\r\n\r\n'],
    ['HTTP/1.0', 'GET /en/help HTTP/1.0\r\n\r\n'],
    ['an upgrade', `GET /en/help HTTP/1.1\r\n${H}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    [
      'an upgrade to HTTP/2',
      `GET /en/help HTTP/1.1\r\n${H}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n`,
    ],
    ['a whole address', 'GET http://canary.example/en/help HTTP/1.1\r\nHost: canary.example\r\n\r\n'],
    [
      'proxy headers',
      `GET /en/help HTTP/1.1\r\n${H}X-Forwarded-Host: canary\r\nX-Original-URL: /canary\r\n\r\n`,
    ],
    ['a cookie that is none', `GET /en/help HTTP/1.1\r\n${H}Cookie: s=canary; s; =; ;;; s=\xff\r\n\r\n`],
    ['a wish for no coding', `GET /en/help HTTP/1.1\r\n${H}Accept-Encoding: identity;q=0, *;q=0\r\n\r\n`],
  ] as const) {
    const answer = await sendRaw(port, bytes)
    t.equal(answer.statusCode, 200, what)
    t.same(faultsOfPage(answer, 'en'), [])
    t.notMatch(answer.raw, 'canary')
  }
  const chunked = `POST /en/return HTTP/1.1\r\n${H}${FORM}Transfer-Encoding: chunked\r\n\r\n5;x=y\r\ncode=\r\n1\r\n1\r\n0\r\n\r\n`
  t.equal((await sendRaw(port, chunked)).statusCode, 303, 'chunks')
  t.equal((await sendRaw(port, `GET * HTTP/1.1\r\n${H}\r\n`)).statusCode, 303, 'a star leads home')
})

t.test('requests in one packet are answered in order; rubbish among them ends the connection', async (t) => {
  const two = `GET /nl/help HTTP/1.1\r\n${H}\r\nGET /en/nope HTTP/1.1\r\n${H}Connection: close\r\n\r\n`
  t.same(await statusesOf(two), ['200', '404'])
  const withRubbish = two.replace('Connection: close\r\n', '')
  t.equal((await statusesOf(`${withRubbish}rubbish\r\n\r\n`)).at(-1), '400')
})

t.test(
  'a page that is too slow to come in is refused in its language, and what was typed is still there',
  async (t) => {
    const noor = createReporter(intake)
    await noor.post('/en/report/words', { words: 'typed before' })
    const { requestTimeout, headersTimeout } = intake.server
    intake.server.requestTimeout = 1_000
    intake.server.headersTimeout = 500
    const begun = {
      head: 'GET /en/help HTTP/1.1\r\nHost: a\r\nA: ',
      body: `POST /en/report/words HTTP/1.1\r\n${H}${FORM}Cookie: ${noor.cookie()}\r\nContent-Length: 50\r\n\r\nwords=half`,
      files: `POST /en/report/files HTTP/1.1\r\n${H}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nabc`,
    }
    const [head, body, files] = await Promise.all(Object.values(begun).map((bytes) => sendRaw(port, bytes)))
    Object.assign(intake.server, { requestTimeout, headersTimeout })
    t.equal(head?.statusCode, 408)
    t.equal(body?.statusCode, 408)
    t.same(body && faultsOfRefusal(body, 'en'), [])
    t.equal(files?.statusCode, 408)
    t.same(files && faultsOfRefusal(files, 'en'), [])
    t.match((await noor.get('/en/report/words')).body, 'typed before')
  },
)

t.test('who does not hang up after a refusal is hung up on', async (t) => {
  const { headersTimeout, requestTimeout } = intake.server
  Object.assign(intake.server, { headersTimeout: 200, requestTimeout: 300 })
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connectTo(port)))
  for (const socket of sockets) socket.write('rubbish\r\n\r\n')
  const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  for (const socket of sockets) socket.resume()
  await sleep(100)
  t.ok((await connections()) >= 20, 'they are held open from the other side')
  for (let waited = 0; waited < 15_000 && (await connections()) > 0; waited += 200) await sleep(200)
  t.equal(await connections(), 0)
  Object.assign(intake.server, { headersTimeout, requestTimeout })
  for (const socket of sockets) socket.destroy()
  await closed
})

t.test(
  'while slow uploads hold every place, words still come in, and files of others when a place is free',
  async (t) => {
    const head = `POST /en/report/all HTTP/1.1\r\n${H}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n`
    const file = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'
    const slow = await Promise.all(Array.from({ length: 20 }, () => connectTo(port)))
    for (const socket of slow) socket.write(Buffer.from(head + file, 'latin1'))
    await sleep(300)
    const { body, type } = multipartBody([{ name: '', bytes: new Uint8Array() }], { words: 'quick words' })
    const answer = await Promise.race([
      intake.inject({
        method: 'POST',
        url: '/en/report/all',
        headers: { 'content-type': type },
        payload: body,
      }),
      sleep(10_000, null),
    ])
    t.equal(answer?.headers.location, '/en/report/all/received')
    for (const socket of slow) socket.destroy()
    const noor = createReporter(intake)
    const later = await noor.upload('/en/report/files', [{ bytes: Buffer.from('no picture') }])
    t.match(later.body, 'We cannot safely make this kind of file anew')
  },
)

t.test('what Node answers by itself tells nothing', async (t) => {
  for (const [what, bytes, status] of [
    ['no host', 'GET /en/help HTTP/1.1\r\n\r\n', 400],
    ['an expectation nobody knows', `GET /en/help HTTP/1.1\r\n${H}Expect: cow\r\n\r\n`, 417],
    ['a tunnel', `CONNECT other.example:443 HTTP/1.1\r\n${H}\r\n`, 0],
  ] as const) {
    const { statusCode, headers, raw } = await sendRaw(port, bytes, 3_000)
    t.equal(statusCode, status, what)
    t.same(
      Object.keys(headers).filter(
        (name) => !['connection', 'date', 'transfer-encoding', 'keep-alive'].includes(name),
      ),
      [],
    )
    t.notMatch(raw, /node|fastify|html|\{|other/i)
  }
})

t.test('after all this others are answered, and nothing was logged', async (t) => {
  t.same(faultsOfPage(await sendRaw(port, `GET /en/ HTTP/1.1\r\n${H}\r\n`), 'en'), [])
  t.match((await createReporter(intake).post('/en/report/all', { words: 'alive' })).body, '<h1>Received</h1>')
  t.same(log, [])
})

async function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    intake.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}

/** The statuses of all answers until the other side hangs up. */
async function statusesOf(bytes: string): Promise<string[]> {
  const socket = await connectTo(port)
  let raw = ''
  socket.on('data', (piece) => {
    raw += piece.toString()
  })
  socket.write(bytes)
  await new Promise<void>((resolve) => socket.once('end', resolve))
  socket.destroy()
  return [...raw.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status ?? '')
}
