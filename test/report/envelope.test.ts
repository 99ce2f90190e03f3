import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import {
  PART_KINDS,
  packJson,
  packPart,
  paddedLength,
  unpackJson,
  unpackPart,
  WAYS_OF_MAKING,
} from '../../server/report/envelope.js'

const of = randomUUID()
const label = fc.record({
  kind: fc.constantFrom(...PART_KINDS),
  of: fc.uuid(),
  type: fc.constantFrom('image/jpeg', 'application/pdf', 'application/json'),
})
const record = fc.record(
  {
    made: fc.constantFrom(...WAYS_OF_MAKING),
    sha256: fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
    covered: fc.constant(true as const),
  },
  { requiredKeys: ['made', 'sha256'] },
)
const throws = (act: () => unknown): boolean => {
  try {
    act()
    return false
  } catch {
    return true
  }
}

t.test('a part comes back as it was packed, whatever its bytes', async () => {
  fc.assert(
    fc.property(label, fc.option(record), fc.uint8Array({ maxLength: 9_000 }), (plain, made, body) => {
      const given = made ? { ...plain, record: made } : plain
      const { label: read, body: bytes } = unpackPart(packPart(given, body))
      return JSON.stringify(read) === JSON.stringify(given) && Buffer.from(bytes).equals(Buffer.from(body))
    }),
  )
})

t.test('a length is padded by at most 12 % and never falls when more is written', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_049, max: 2 ** 40 }), (bytes) => {
      const padded = paddedLength(bytes)
      return padded >= bytes && padded <= bytes * 1.12 && padded <= paddedLength(bytes + 1)
    }),
  )
})

t.test(
  'texts of every length up to 2 KiB look alike, and a megabyte of them falls in few classes',
  async (t) => {
    const sizes = new Set<number>()
    for (let bytes = 0; bytes <= 2 ** 20; bytes += 7) sizes.add(paddedLength(bytes))
    t.equal(paddedLength(0), 2048)
    t.equal(paddedLength(2048), 2048)
    t.equal(sizes.size, 209, 'the classes of Padmé')
    t.equal(
      packJson({ kind: 'victims', of }, {}).length,
      packJson({ kind: 'place', of }, { a: 'x'.repeat(900) }).length,
    )
  },
)

t.test('padding can be printed: nothing but spaces follows the body', async (t) => {
  const packed = Buffer.from(packJson({ kind: 'situation', of }, { words: 'a van' })).toString()
  t.match(packed, /^\{"baken":1,[^\n]*\}\n\{\n "words": "a van"\n\} +$/)
})

t.test('a part that is cut short is refused wherever the cut is', async () => {
  const whole = packPart({ kind: 'file', of, type: 'image/jpeg' }, new Uint8Array(5_000).fill(255))
  const needed = whole.lastIndexOf(255) + 1
  fc.assert(
    fc.property(fc.nat({ max: needed - 1 }), (length) => throws(() => unpackPart(whole.subarray(0, length)))),
  )
})

t.test('bytes that are no part are refused', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => throws(() => unpackPart(bytes))))
})

t.test('a header line that says something else is refused', async (t) => {
  const good = { baken: 1, kind: 'file', of, type: 'x', length: 2 }
  const pack = (line: unknown) => new TextEncoder().encode(`${JSON.stringify(line)}\nab`)
  t.equal(unpackPart(pack(good)).body.length, 2)
  for (const change of [
    { baken: 2 },
    { baken: '1' },
    { kind: 'other' },
    { kind: '__proto__' },
    { of: 7 },
    { type: null },
    { length: -1 },
    { length: 1.5 },
    { length: 3 },
    { length: 1e300 },
    { length: '2' },
    { record: null },
    { record: { made: 'picture-1' } },
    { record: { made: 'by hand', sha256: 'a'.repeat(64) } },
    { record: { made: 'picture-1', sha256: '<b>' } },
    { record: { made: 'picture-1', sha256: 'a'.repeat(64), covered: false } },
    { record: { made: 'picture-1', sha256: 'a'.repeat(64), covered: 'yes' } },
  ]) {
    t.throws(() => unpackPart(pack({ ...good, ...change })), JSON.stringify(change))
  }
  for (const line of [null, [], 'x', 1]) t.throws(() => unpackPart(pack(line)))
  t.throws(() => unpackPart(pack({ ...good, type: 'x'.repeat(1_000) })), 'a line beyond 1 KiB')
})

t.test('a part of another report or another kind does not pass for the one asked for', async (t) => {
  const packed = packJson({ kind: 'place', of }, { a: 1 })
  t.same(unpackJson(packed, { kind: 'place', of }), { a: 1 })
  t.throws(() => unpackJson(packed, { kind: 'situation', of }))
  t.throws(() => unpackJson(packed, { kind: 'place', of: randomUUID() }))
})
