import { deflateSync } from 'node:zlib'
import t from 'tap'
import { hiddenInDocument } from '../../server/sanitising/hidden-document.js'
import { stream } from '../support/pdf-file.js'

const MEBIBYTE = 1024 * 1024
const TELLING = '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode'

/** Objects one behind the other: enough for what looks at streams without reading the table. */
function objects(...streams: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    streams.flatMap((one, i) => [Buffer.from(`\n${i + 1} 0 obj\n`), one, Buffer.from('\nendobj')]),
  )
}

const author = deflateSync('1 0 << /Author (Noor) >>')

t.test('packed objects tell what they name', async (t) => {
  t.same(hiddenInDocument(objects(stream(TELLING, author))), ['author', 'text'])
})

t.test('a packed page tells nothing by the words on it', async (t) => {
  t.same(hiddenInDocument(objects(stream('/Filter /FlateDecode', author))), ['text'])
})

t.test('a stream that was cut off or damaged does not keep the others from telling', async (t) => {
  const [cut, damaged] = [author.subarray(0, -6), Buffer.from('x\x9c not packed at all', 'latin1')]
  t.same(hiddenInDocument(objects(stream(TELLING, cut))), ['author', 'text'])
  t.same(hiddenInDocument(objects(stream(TELLING, damaged), stream(TELLING, author))), ['author', 'text'])
})

t.test('streams that grow a thousandfold cost neither time nor memory', async (t) => {
  const one = stream(TELLING, deflateSync(Buffer.alloc(3 * MEBIBYTE)))
  const huge = stream(TELLING, deflateSync(Buffer.alloc(200 * MEBIBYTE)))
  const start = performance.now()
  const before = process.memoryUsage().rss
  t.same(hiddenInDocument(objects(huge, ...Array.from({ length: 3000 }, () => one))), ['text'])
  t.ok(performance.now() - start < 4000, `${performance.now() - start} ms`)
  t.ok(process.memoryUsage().rss - before < 300 * MEBIBYTE)
})
