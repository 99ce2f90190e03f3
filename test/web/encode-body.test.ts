import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { chooseEncoding, encodeBody } from '../../server/web/encode-body.js'

t.test('the best encoding that the reader takes is chosen', async (t) => {
  for (const [header, expected] of [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.1', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0,gzip;q=0.000', 'identity'],
    ['br ; q=0 , gzip ; q=0.5', 'gzip'],
    ['deflate', 'identity'],
    ['brotli', 'identity'],
    ['xbr', 'identity'],
    ['x-gzip', 'identity'],
    ['identity;q=0', 'identity'],
  ] as const) {
    t.equal(chooseEncoding(header), expected, String(header))
  }
})

t.test('any header gives an answer, and at once', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'brgzip;q=0.1, ') }), (header) =>
      ['br', 'gzip', 'identity'].includes(chooseEncoding(header)),
    ),
    { numRuns: 1_000 },
  )
  const begun = performance.now()
  for (const piece of ['br ', 'br;q=', ' ', 'gzip;', ',', '0.'])
    chooseEncoding(piece.repeat(16_384 / piece.length))
  t.ok(performance.now() - begun < 500, `${performance.now() - begun} ms`)
})

t.test('what is sent unpacks to the page, in every encoding', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.boolean(), async (html, thorough) => {
      const [br, gzip, plain] = await Promise.all(
        (['br', 'gzip', 'identity'] as const).map((encoding) => encodeBody(html, encoding, thorough)),
      )
      const unpacked = [brotliDecompressSync(br ?? ''), gunzipSync(gzip ?? ''), plain]
      return unpacked.every((bytes) => bytes?.toString() === html)
    }),
    { numRuns: 40 },
  )
})
