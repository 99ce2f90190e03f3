// Parts of a file in black: the pixels are new ones, nothing of what lay under them is left in the bytes, and the rest
// is as it was.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import sharp from 'sharp'
import t from 'tap'
import type { MadeType } from '../../server/report/file-kinds.js'
import { readPicturePdf, writePicturePdf } from '../../server/report/picture-pdf.js'
import type { Boxes } from '../../server/sanitising/boxes.js'
import { workAgain } from '../../server/sanitising/cover.js'
import type { Made } from '../../server/sanitising/frame.js'
import { encode, encodePage, type Pixels } from '../../server/sanitising/image.js'
import { createSanitiser, isCoverable, type StrippedFile } from '../../server/sanitising/index.js'
import { DEFAULT_LIMITS } from '../../server/sanitising/limits.js'
import { verify } from '../../server/sanitising/verify.js'
import { dirtyPdf, dirtyPhoto, dirtyPng, dirtyWebp, uprightPixels } from '../support/dirty-files.js'
import { workersOf } from './workers.js'

const KINDS = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', pdf: 'application/pdf' } as const
type Kind = keyof typeof KINDS
/** What a box may take beyond its cell: the rest of a block, and its border. */
const REACH = 18
/** Lossy pictures are not quite black beside what is not covered. */
const NEARLY_BLACK = 64

const sanitiser = createSanitiser()
t.teardown(() => sanitiser.close())

/** A picture in which nothing is like its neighbour for long. */
async function scene(width: number, height: number): Promise<Pixels> {
  const { data } = await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .blur(2)
    .linear(3, -250)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, info: { width, height, channels: 3 } }
}

/** A made file of this picture; a document has another page before it. */
async function make(kind: Kind, pixels: Pixels): Promise<Uint8Array> {
  if (kind !== 'pdf') return encode(KINDS[kind], pixels)
  const page = async ({ info: { width, height }, data }: Pixels) => ({
    ...{ jpeg: await encodePage({ data, info: { width, height, channels: 3 } }) },
    ...{ widthPx: width, heightPx: height, widthPt: 100, heightPt: 200 },
  })
  const first = { data: await uprightPixels(64, 64), info: { width: 64, height: 64, channels: 3 as const } }
  return writePicturePdf([await page(first), await page(pixels)])
}

const pageOf = (kind: Kind): number => (kind === 'pdf' ? 2 : 1)

async function cover(kind: Kind, made: Uint8Array, boxes: Boxes): Promise<Made> {
  const covered = await workAgain(kind, made, { page: pageOf(kind), boxes }, DEFAULT_LIMITS)
  if (covered.kind === 'refused') throw new Error(covered.reason)
  return covered
}

async function decode(kind: Kind, file: Uint8Array): Promise<Buffer> {
  const picture = kind === 'pdf' ? (readPicturePdf(file)[1]?.jpeg ?? file) : file
  return sharp(picture).removeAlpha().raw().toBuffer()
}

/** How far a pixel lies from the nearest cell that was ticked; 0 when any of it lies inside. */
function distance(x: number, y: number, [width, height]: Size, { columns, rows, cells }: Boxes): number {
  const outside = (at: number, from: number, to: number) =>
    Math.max(Math.floor(from) - at, at + 1 - Math.ceil(to), 0)
  return Math.min(
    ...cells.map((cell) => {
      const [column, row] = [cell % columns, Math.floor(cell / columns)]
      return Math.max(
        outside(x, (column * width) / columns, ((column + 1) * width) / columns),
        outside(y, (row * height) / rows, ((row + 1) * height) / rows),
      )
    }),
  )
}

type Size = readonly [width: number, height: number]

const size = fc.tuple(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 20, max: 200 }))
const boxesOf = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 16 }))
  .chain(([columns, rows]) =>
    fc
      .uniqueArray(fc.nat({ max: columns * rows - 1 }), { minLength: 1, maxLength: 6 })
      .map((cells): Boxes => ({ columns, rows, cells })),
  )
const kind = fc.constantFrom(...(Object.keys(KINDS) as Kind[]))

t.test('what is covered is black and the rest is as it was, whatever the boxes', async (t) => {
  await fc.assert(
    fc.asyncProperty(kind, size, boxesOf, async (kind, [width, height], boxes) => {
      const made = await make(kind, await scene(width, height))
      const covered = await cover(kind, made, boxes)
      const [before, after] = [await decode(kind, made), await decode(kind, covered.bytes)]
      let [rest, difference] = [0, 0]
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const far = distance(x, y, [width, height], boxes)
          for (const at of [0, 1, 2].map((channel) => (y * width + x) * 3 + channel)) {
            const value = after[at] ?? 255
            if (far === 0 && value > (kind === 'png' ? 0 : NEARLY_BLACK)) return false
            if (far > REACH && kind === 'png' && value !== before[at]) return false
            // Beside a box the picture is coded together with its black.
            if (far <= 2 * REACH) continue
            rest++
            difference += Math.abs(value - (before[at] ?? 0))
          }
        }
      }
      const look = await verify(KINDS[kind], covered.bytes)
      // A few pixels of such a scene say nothing.
      return look.kind === 'clean' && (rest < 1000 || difference / rest < 8)
    }),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('two files that differ only under the boxes become the same, byte for byte', async (t) => {
  const exact = fc.constantFrom<Kind>('jpeg', 'png', 'pdf')
  await fc.assert(
    fc.asyncProperty(exact, size, boxesOf, async (kind, [width, height], boxes) => {
      const one = await scene(width, height)
      const other = Buffer.from(one.data)
      const change = (at: number) => other.writeUInt8(((other[at] ?? 0) + 128) % 256, at)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          if (distance(x, y, [width, height], boxes) === 0)
            for (const channel of [0, 1, 2]) change((y * width + x) * 3 + channel)
      const files = [await make(kind, one), await make(kind, { ...one, data: other })] as const
      const covered = await Promise.all(files.map((file) => cover(kind, file, boxes)))
      const [first, second] = covered as [Made, Made]
      return (
        !Buffer.from(files[0]).equals(files[1]) &&
        Buffer.from(first.bytes).equals(second.bytes) &&
        Buffer.from(first.preview).equals(second.preview)
      )
    }),
    { numRuns: 40 },
  )
  t.pass()
})

async function strip(original: Uint8Array): Promise<StrippedFile> {
  const file = await sanitiser.sanitise(original)
  if (file.kind === 'refused') throw new Error(file.reason)
  return file
}

const LEFT_HALF: Boxes = { columns: 2, rows: 1, cells: [0] }

t.test('every kind of picture can be covered, again and again, and stays the kind it is', async (t) => {
  for (const make of [dirtyPhoto, dirtyPng, dirtyWebp]) {
    const before = await strip(await make())
    const once = await sanitiser.cover(before, 1, LEFT_HALF)
    if (once.kind === 'refused') return t.fail(once.reason)
    const { type, width, height, pages, kind } = before
    t.match(once, { type, width, height, pages, kind, hidden: [] })
    const twice = await sanitiser.cover(once, 1, { columns: 1, rows: 2, cells: [1] })
    if (twice.kind === 'refused') return t.fail(twice.reason)
    for (const picture of [twice.bytes, twice.preview]) {
      const pixels = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
      const at = (x: number, y: number) => pixels.data[(y * pixels.info.width + x) * 3] ?? 0
      const [right, bottom] = [pixels.info.width - 5, pixels.info.height - 5]
      t.ok(at(5, 5) < 5 && at(5, bottom) < 5 && at(right, bottom) < 5)
      t.ok(at(right, 5) > 20, 'what nobody ticked is still there')
    }
  }
  t.same(workersOf(process.pid), [])
})

t.test('of a document one page is covered; the others stay the same bytes', async (t) => {
  const before = await strip(await dirtyPdf())
  const after = await sanitiser.cover(before, 2, LEFT_HALF)
  if (after.kind === 'refused') return t.fail(after.reason)
  const [pages, covered] = [readPicturePdf(before.bytes), readPicturePdf(after.bytes)]
  t.ok(Buffer.from(pages[0]?.jpeg ?? []).equals(covered[0]?.jpeg ?? Buffer.from('gone')))
  t.notOk(Buffer.from(pages[1]?.jpeg ?? []).equals(covered[1]?.jpeg ?? Buffer.alloc(0)))
  const { data, info } = await sharp(after.preview).raw().toBuffer({ resolveWithObject: true })
  t.ok((data[(info.height / 2) * info.width * 3 + 15] ?? 255) < 5, 'the small picture shows that page')
  t.same(await sanitiser.cover(before, 3, LEFT_HALF), { kind: 'refused', reason: 'damaged' })
})

t.test('a page is shown as wide as a telephone needs it, and long ones stay readable', async (t) => {
  const shown = async (width: number, height: number) =>
    sanitiser.show({ type: 'image/png', bytes: await encode('image/png', await scene(width, height)) }, 1)
  t.match(await shown(1200, 1600), { kind: 'shown', width: 640, height: 853 })
  t.match(await shown(500, 2500), { kind: 'shown', width: 320, height: 1600 })
  t.match(await shown(90, 40), { kind: 'shown', width: 90, height: 40 })
  const document = await strip(await dirtyPdf())
  const page = await sanitiser.show(document, 2)
  if (page.kind === 'refused') return t.fail(page.reason)
  t.match(await verify('image/jpeg', page.jpeg), { kind: 'clean', width: page.width, height: page.height })
})

t.test('only what was made here is decoded again', async (t) => {
  const photo = await dirtyPhoto()
  const refused = { kind: 'refused', reason: 'failed-second-look' }
  for (const type of ['image/jpeg', 'image/png', 'application/pdf'] as const) {
    t.same(await sanitiser.cover({ type, bytes: photo }, 1, LEFT_HALF), refused, type)
    t.same(await sanitiser.show({ type, bytes: photo }, 1), refused, type)
  }
})

t.test('sound and video cannot be covered', async (t) => {
  for (const type of ['audio/webm', 'video/webm'] satisfies MadeType[]) {
    t.notOk(isCoverable(type))
    const refused = { kind: 'refused', reason: 'unknown-kind' }
    t.same(await sanitiser.cover({ type, bytes: Buffer.from('x') }, 1, LEFT_HALF), refused)
    t.same(await sanitiser.show({ type, bytes: Buffer.from('x') }, 1), refused)
  }
})

t.test('covering has the limits of every work on a file', async (t) => {
  const photo = await strip(await dirtyPhoto())
  for (const [limits, reason] of [
    [{ maxOutputBytes: 500 }, 'too-large'],
    [{ timeoutMs: 20 }, 'took-too-long'],
  ] as const) {
    const small = createSanitiser(limits)
    t.teardown(() => small.close())
    t.same(await small.cover(photo, 1, LEFT_HALF), { kind: 'refused', reason })
  }
  const closed = createSanitiser()
  await closed.close()
  t.same(await closed.cover(photo, 1, LEFT_HALF), { kind: 'refused', reason: 'took-too-long' })
  t.same(await closed.show(photo, 1), { kind: 'refused', reason: 'took-too-long' })
})
