// Large parts are packed and read piece by piece, and lie in the same bytes as small ones.
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { PART_KINDS, type PartLabel, packPart, unpackPart } from '../../server/report/envelope.js'
import { packStream, unpackStream } from '../../server/report/envelope-stream.js'
import { gather, inPieces } from '../support/pieces.js'

const file = { kind: 'file', of: randomUUID(), type: 'video/webm' } as const
const label = fc.record({
  kind: fc.constantFrom(...PART_KINDS),
  of: fc.uuid(),
  type: fc.constantFrom('image/jpeg', 'video/webm'),
})
const body = fc.uint8Array({ maxLength: 9_000 })
const lengths = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 })
const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other)

/** A part as it is read in these pieces: its label, its body, and the length that was told before it. */
async function read(packed: AsyncIterable<Uint8Array>) {
  const pieces: Uint8Array[] = []
  let start: { label: PartLabel; length: number } | null = null
  await unpackStream(packed, (label, length) => {
    start = { label, length }
    return (piece) => pieces.push(piece)
  })
  return { ...(start as { label: PartLabel; length: number } | null), body: Buffer.concat(pieces) }
}

t.test('a part packed in pieces is, byte for byte, the part packed whole', async () => {
  await fc.assert(
    fc.asyncProperty(label, body, lengths, async (label, body, lengths) => {
      const packed = await gather(packStream(label, body.length, inPieces(body, lengths)))
      return isSame(packed, packPart(label, body))
    }),
  )
})

t.test('so is one with much padding', async (t) => {
  const large = new Uint8Array(2 ** 25 + 1).fill(7)
  const packed = await gather(packStream(file, large.length, inPieces(large, [2 ** 20])))
  t.ok(packed.length - large.length > 2 * 256 * 1024)
  t.ok(isSame(packed, packPart(file, large)))
})

t.test('a body of another length than was said is no part', async (t) => {
  for (const said of [0, 9, 11]) {
    const packed = gather(packStream(file, said, inPieces(new Uint8Array(10), [4])))
    await t.rejects(packed, { message: /^a file is (longer|shorter) than was said$/ })
  }
})

t.test('a part comes back whole in whatever pieces it arrives, the label before the body', async () => {
  await fc.assert(
    fc.asyncProperty(label, body, lengths, async (label, body, lengths) => {
      const part = await read(inPieces(packPart(label, body), lengths))
      return (
        part.length === body.length &&
        JSON.stringify(part.label) === JSON.stringify(label) &&
        isSame(part.body, body)
      )
    }),
  )
})

t.test('what stands in the padding does not matter', async () => {
  const whole = packPart(file, new Uint8Array(3_000).fill(255))
  const end = whole.lastIndexOf(255) + 1
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), lengths, async (junk, lengths) => {
      const changed = whole.slice()
      changed.set(junk, end)
      return isSame((await read(inPieces(changed, lengths))).body, unpackPart(whole).body)
    }),
  )
})

t.test('a part that is cut short, or is none, is refused in whatever pieces it arrives', async () => {
  const whole = packPart(file, new Uint8Array(3_000).fill(255))
  const needed = whole.lastIndexOf(255) + 1
  const isRefused = (bytes: Uint8Array, lengths: readonly number[]): Promise<boolean> =>
    read(inPieces(bytes, lengths)).then(
      () => false,
      () => true,
    )
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: needed - 1 }), lengths, (length, lengths) =>
      isRefused(whole.subarray(0, length), lengths),
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), lengths, (bytes, lengths) =>
      isRefused(bytes, lengths),
    ),
  )
})

t.test('a part that is not wanted is not read on', async (t) => {
  let asked = 0
  let ended = false
  async function* endless() {
    try {
      yield packPart(file, new Uint8Array(10))
      for (;;) {
        asked++
        yield new Uint8Array(10)
      }
    } finally {
      ended = true
    }
  }
  const refusing = () => {
    throw new Error('not this one')
  }
  await t.rejects(unpackStream(endless(), refusing), { message: 'not this one' })
  t.equal(asked, 0)
  t.ok(ended, 'and where it came from is told')
})
