import fc from 'fast-check'
import t from 'tap'
import { type PicturePage, readPicturePdf, writePicturePdf } from '../../server/report/picture-pdf.js'

const pages: fc.Arbitrary<PicturePage[]> = fc.array(
  fc.record({
    jpeg: fc.uint8Array({ maxLength: 400 }),
    widthPx: fc.integer({ min: 1, max: 65_535 }),
    heightPx: fc.integer({ min: 1, max: 65_535 }),
    widthPt: fc.integer({ min: 1, max: 14_400 }),
    heightPt: fc.integer({ min: 1, max: 14_400 }),
  }),
  { minLength: 1, maxLength: 60 },
)
const page = { jpeg: Uint8Array.of(1, 2, 3), widthPx: 10, heightPx: 20, widthPt: 30, heightPt: 40 }

t.test('what is written is what is read', async (t) => {
  fc.assert(
    fc.property(pages, (given) => t.same(readPicturePdf(writePicturePdf(given)), given)),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('pictures that look like parts of a PDF are only pictures', async (t) => {
  const sly = { ...page, jpeg: new TextEncoder().encode('\nendstream\nendobj\nxref\n0 1\ntrailer\n%%EOF\n') }
  t.same(readPicturePdf(writePicturePdf([sly, page])), [sly, page])
})

t.test('a single changed byte outside the pictures is noticed', async (t) => {
  const written = writePicturePdf([{ ...page, jpeg: new Uint8Array() }])
  const missed = [...written.keys()].filter((at) => {
    const changed = Uint8Array.from(written)
    changed[at] = (changed[at] ?? 0) ^ 1
    try {
      // A changed size is another valid file; then it must be read as such.
      return Buffer.compare(writePicturePdf(readPicturePdf(changed)), changed) !== 0
    } catch {
      return false
    }
  })
  t.same(missed, [])
})

t.test('anything else is refused', async (t) => {
  const refused = (bytes: Uint8Array) =>
    t.throws(() => readPicturePdf(bytes), { message: 'not a picture PDF' })
  refused(new Uint8Array())
  refused(new TextEncoder().encode('%PDF-1.4\n1 0 obj\nendobj\n'))
  refused(writePicturePdf([page]).subarray(0, -1))
  refused(Buffer.concat([writePicturePdf([page]), Buffer.from('\n')]))
  refused(Buffer.concat([Buffer.from(' '), writePicturePdf([page])]))
})

t.test('sizes that a PDF cannot have are the caller’s mistake', async (t) => {
  t.throws(() => writePicturePdf([]), RangeError)
  for (const wrong of [0, -1, 1.5, Number.NaN, 100_000]) {
    t.throws(() => writePicturePdf([{ ...page, widthPt: wrong }]), RangeError)
    t.throws(() => writePicturePdf([{ ...page, heightPx: wrong }]), RangeError)
  }
})
