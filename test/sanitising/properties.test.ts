import fc from 'fast-check'
import t from 'tap'
import { MADE_TYPES } from '../../server/report/file-kinds.js'
import { createSanitiser } from '../../server/sanitising/index.js'
import { verify } from '../../server/sanitising/verify.js'
import {
  dirtyAvif,
  dirtyGif,
  dirtyHeic,
  dirtyPdf,
  dirtyPhoto,
  dirtyPng,
  dirtyTiff,
  dirtyWebp,
} from '../support/dirty-files.js'

const sanitiser = createSanitiser({ timeoutMs: 8000 })
t.teardown(() => sanitiser.close())
const dirty = await Promise.all([
  ...[dirtyPhoto(), dirtyPng(), dirtyWebp(), dirtyGif(), dirtyTiff(), dirtyHeic(), dirtyAvif(), dirtyPdf()],
])

/** One of the given files with some bytes changed, and sometimes a piece cut out. */
function damaged(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  // Not fc.double, which nearly always comes out next to zero: only the first byte would ever change.
  const place = fc.nat({ max: 999_999 }).map((millionths) => millionths / 1_000_000)
  const change = fc.tuple(place, fc.integer({ min: 0, max: 255 }))
  const cut = fc.option(fc.tuple(place, fc.integer({ min: 1, max: 200 })), { nil: undefined })
  return fc
    .tuple(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 8 }), cut)
    .map(([file, changes, piece]) => {
      const bytes = Buffer.from(file)
      for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value
      if (piece === undefined) return bytes
      const from = Math.floor(piece[0] * bytes.length)
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + piece[1])])
    })
}

t.test('random bytes never come through', async (t) => {
  const anything = fc.uint8Array({ maxLength: 2000 })
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => (await sanitiser.sanitise(bytes)).kind === 'refused'),
    { numRuns: 300 },
  )
  t.pass()
})

t.test('random bytes behind a true beginning never come through', async (t) => {
  const behind = fc.tuple(fc.constantFrom(...dirty), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 500 }))
  await fc.assert(
    fc.asyncProperty(behind, async ([file, kept, rest]) => {
      const { kind } = await sanitiser.sanitise(Buffer.concat([file.subarray(0, kept), rest]))
      return kind === 'refused'
    }),
    { numRuns: 25 },
  )
  t.pass()
})

t.test('the second look answers whatever it is given', async (t) => {
  const outcomes = await Promise.all(dirty.map((file) => sanitiser.sanitise(file)))
  const clean = outcomes.map((outcome) => (outcome.kind === 'stripped' ? outcome.bytes : new Uint8Array()))
  const anything = fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged(dirty), damaged(clean))
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom(...MADE_TYPES), async (bytes, type) =>
      ['clean', 'finding'].includes((await verify(type, bytes)).kind),
    ),
    { numRuns: 1500 },
  )
  t.pass()
})
