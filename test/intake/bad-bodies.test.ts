// Bodies that are no form of ours: of another kind, damaged, cut off, far too large. What somebody typed before stays,
// and the site goes on for everybody else.
import { Readable } from 'node:stream'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { faultsOfPage, faultsOfRefusal } from '../support/calm-page.js'
import { createReporter } from '../support/reporter.js'

const { intake, log } = await startApps(t, { maxFileBytes: 200 * 1024 })
const noor = createReporter(intake)
await noor.post('/en/report/words', { words: 'typed before' })

const TAKE_FIELDS = ['/report/words', '/report/send', '/report/files/remove', '/return'].map(
  (path) => `/en${path}`,
)
const TAKE_FILES = ['/en/report/files', '/en/report/all']
const FORM = 'application/x-www-form-urlencoded'

async function post(url: string, type: string | null, payload: string | Buffer | Readable) {
  const headers = { cookie: noor.cookie(), ...(type !== null && { 'content-type': type }) }
  return intake.inject({ method: 'POST', url, headers, payload })
}

/** A body as the network brings it: never all at once. */
function inPieces(body: string): () => Readable {
  const pieces = body.match(/[\s\S]{1,65536}/g) ?? []
  return () => Readable.from(pieces.map((piece) => Buffer.from(piece)))
}

/** Where the draft still is and what was typed in it. */
async function keepsWords(): Promise<boolean> {
  return (await noor.get('/en/report/words')).body.includes('typed before')
}

t.test('a body of another kind is refused on every form, and changes nothing', async (t) => {
  const bodies: [type: string | null, payload: string][] = [
    ['application/json', '{"words":"other","fields":{}}'],
    ['application/json', '{"__proto__":{"fields":1}}'],
    ['application/json', '{broken'],
    ['application/json', ''],
    ['application/json; charset=utf-7', '[]'],
    ['text/plain', 'words=other'],
    ['application/xml', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><words>&e;</words>'],
    ['application/octet-stream', 'words=other'],
    ['not a type', 'words=other'],
    [`text/${'x'.repeat(5_000)}`, 'words=other'],
    [null, 'words=other'],
  ]
  for (const [type, payload] of bodies) {
    for (const url of [...TAKE_FIELDS, ...TAKE_FILES]) {
      const answer = await post(url, type, payload)
      t.ok([400, 415].includes(answer.statusCode), `${url} ${type?.slice(0, 40)}: ${answer.statusCode}`)
      t.same(faultsOfRefusal(answer, 'en'), [])
    }
  }
  t.ok(await keepsWords())
})

t.test('a form with files where none is asked for is refused, and does not empty the question', async (t) => {
  for (const url of TAKE_FIELDS) {
    const answer = await post(url, 'multipart/form-data; boundary=x', '--x--\r\n')
    t.equal(answer.statusCode, 415, url)
    t.same(faultsOfRefusal(answer, 'en'), [])
  }
  t.ok(await keepsWords())
})

const part = (head: string, body = '') => `--x\r\n${head}\r\n\r\n${body}\r\n`
const disposition = (more: string) => `Content-Disposition: form-data; ${more}`
const END = '--x--\r\n'
const WORDS = part(disposition('name="words"'), 'said')
const X = 'multipart/form-data; boundary=x'

const DAMAGED: readonly (readonly [what: string, type: string, payload: string | Buffer])[] = [
  ['no boundary', 'multipart/form-data', WORDS + END],
  ['an empty boundary', 'multipart/form-data; boundary=', WORDS + END],
  ['another boundary', 'multipart/form-data; boundary=y', WORDS + END],
  ['a boundary of 5,000 signs', `multipart/form-data; boundary=${'b'.repeat(5_000)}`, WORDS + END],
  ['no part at all', X, 'hello'],
  ['only the beginning of a boundary', X, '--'],
  ['cut off in the head of a part', X, '--x\r\nContent-Dispo'],
  ['cut off in a field', X, '--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nsai'],
  ['cut off in a file', X, `--x\r\n${disposition('name="files"; filename="a.jpg"')}\r\n\r\n\xff\xd8`],
  ['no last boundary', X, WORDS],
  ['no last boundary after a file', X, part(disposition('name="files"; filename="a.jpg"'), '\xff\xd8\xff')],
]

t.test('a damaged form is refused as such, and what was typed before stays', async (t) => {
  for (const [what, type, payload] of DAMAGED) {
    for (const url of TAKE_FILES) {
      const answer = await post(url, type, payload)
      t.equal(answer.statusCode, 400, `${url}: ${what}`)
      t.same(faultsOfRefusal(answer, 'en'), [])
    }
  }
  t.ok(await keepsWords())
})

const ODD: readonly (readonly [what: string, payload: string | Buffer])[] = [
  ['nothing in it', END],
  ['a preamble and an epilogue', `hello\r\n${WORDS}${END}goodbye`],
  ['lines that end in LF alone', (WORDS + END).replaceAll('\r\n', '\n')],
  ['a part without a head', `${part('')}${END}`],
  ['a part without a name', part(disposition('filename="a.jpg"'), 'x') + END],
  ['a part of another disposition', part('Content-Disposition: attachment; name="words"', 'x') + END],
  ['a form in the form', part('Content-Type: multipart/mixed; boundary=y', `--y\r\n\r\n${WORDS}--y--`) + END],
  [
    'a length that is not true',
    part(`${disposition('name="words"')}\r\nContent-Length: 99999`, 'said') + END,
  ],
  [
    'a charset nobody knows',
    part(`${disposition('name="words"')}\r\nContent-Type: text/plain; charset=bogus`) + END,
  ],
  [
    'a field that says it is JSON',
    part(`${disposition('name="words"')}\r\nContent-Type: application/json`, '{') + END,
  ],
  [
    'a field that is JSON',
    part(`${disposition('name="words"')}\r\nContent-Type: application/json`, '{"a":1}') + END,
  ],
  [
    'base64 that is none',
    part(`${disposition('name="words"')}\r\nContent-Transfer-Encoding: base64`, '%%%') + END,
  ],
  ['a head of 100,000 signs', part(`${disposition('name="words"')}\r\nX-Long: ${'h'.repeat(100_000)}`) + END],
  ['2,000 heads', part(disposition('name="words"') + '\r\nX-A: b'.repeat(2_000)) + END],
  ['a name of 100,000 signs', part(disposition(`name="${'n'.repeat(100_000)}"`)) + END],
  [
    'a file name of 60,000 signs',
    part(disposition(`name="files"; filename="${'f'.repeat(60_000)}"`), 'x') + END,
  ],
  ['a file name that climbs', part(disposition('name="files"; filename="../../../etc/passwd"'), 'x') + END],
  ['a file name with NUL', part(disposition('name="files"; filename="a\u0000.jpg"'), 'x') + END],
  ['a broken encoded file name', part(disposition(`name="files"; filename*=utf-8''%zz%ff`), 'x') + END],
  ['a file in a field of text', part(disposition('name="words"; filename="a.jpg"'), 'x') + END],
  ['text in the field of files', part(disposition('name="files"'), 'x') + END],
  [
    'names of JavaScript',
    ['__proto__', 'constructor', 'toString'].map((n) => part(disposition(`name="${n}"`), 'x')).join('') + END,
  ],
  ['files with names of JavaScript', part(disposition('name="__proto__"; filename="a"'), 'x') + END],
  ['900 parts without anything', '--x\r\n\r\n\r\n'.repeat(900) + END],
  ['20,000 parts without anything', '--x\r\n\r\n\r\n'.repeat(20_000) + END],
]

t.test('an odd form is read as far as it can be or refused, and never a failure of ours', async (t) => {
  for (const [what, payload] of ODD) {
    for (const url of TAKE_FILES) {
      const answer = await post(url, X, payload)
      const status = answer.statusCode
      t.ok([200, 303, 400, 413, 422].includes(status), `${url}: ${what}: ${status}`)
      if (status >= 400) t.same(faultsOfRefusal(answer, 'en'), [])
      const cookie = String(answer.headers['set-cookie'] ?? noor.cookie()).split(';')[0]
      t.equal(cookie, noor.cookie(), 'the draft goes on')
    }
  }
  t.ok(await keepsWords())
})

t.test('a hundred thousand fields are refused before they cost anything', async (t) => {
  const plain = 'a=1&'.repeat(100_000)
  const withFiles = inPieces(part(disposition('name="a"'), '1').repeat(100_000) + END)
  for (const [url, type, payload] of [
    ...[...TAKE_FIELDS, ...TAKE_FILES].map((url) => [url, FORM, plain] as const),
    ...TAKE_FILES.map((url) => [url, X, withFiles] as const),
  ]) {
    const before = performance.now()
    const answer = await post(url, type, typeof payload === 'string' ? payload : payload())
    t.equal(answer.statusCode, 413, `${url} ${type}`)
    t.same(faultsOfRefusal(answer, 'en'), [])
    t.ok(performance.now() - before < 10_000, 'soon')
  }
  t.ok(await keepsWords())
})

t.test(
  'fields far beyond any text are refused, one or many, and the next request finds all well',
  async (t) => {
    const megabyte = 'm'.repeat(1024 * 1024)
    for (const [type, payload] of [
      [FORM, `words=${megabyte.repeat(3)}`],
      [X, part(disposition('name="words"'), megabyte.repeat(2)) + END],
      [X, part(disposition('name="words"'), megabyte.slice(0, 900_000)).repeat(20) + END],
    ] as const) {
      for (const url of type === FORM ? ['/en/report/words', '/en/return', ...TAKE_FILES] : TAKE_FILES) {
        const answer = await post(url, type, payload)
        t.equal(answer.statusCode, 413, url)
        t.same(faultsOfRefusal(answer, 'en'), [])
      }
    }
    t.ok(await keepsWords())
  },
)

t.test('a body on a page that only shows, or one said to be compressed, does no harm', async (t) => {
  const shown = await intake.inject({ method: 'GET', url: '/en/help', payload: 'x'.repeat(100_000) })
  t.equal(shown.statusCode, 200)
  const headers = { 'content-type': FORM, 'content-encoding': 'gzip', cookie: noor.cookie() }
  const answer = await intake.inject({
    method: 'POST',
    url: '/en/return',
    headers,
    payload: Buffer.from([31, 139, 8]),
  })
  t.equal(answer.statusCode, 303)
})

t.test('after all this the site is alive, the draft can be sent, and nothing was logged', async (t) => {
  const received = await noor.post('/en/report/send', {})
  t.match(received.body, '<h1>Received</h1>')
  t.same(faultsOfPage(received, 'en'), [])
  t.same(log, [])
})
