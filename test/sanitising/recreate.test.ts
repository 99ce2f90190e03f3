import sharp from 'sharp'
import t from 'tap'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { BECOMES, detectKind } from '../../server/sanitising/detect.js'
import { recreateDocument } from '../../server/sanitising/document.js'
import { allowOnlyReaderOf, type ImageKind, recreateImage } from '../../server/sanitising/image.js'
import { DEFAULT_LIMITS } from '../../server/sanitising/limits.js'
import { verify } from '../../server/sanitising/verify.js'
import {
  type Colour,
  filledFormPdf,
  lockedPdf,
  longPdf,
  quadrantColours,
  uprightPixels,
} from '../support/dirty-files.js'

const limits = { ...DEFAULT_LIMITS, maxOutputSide: 600 }

async function recreated(kind: ImageKind, original: Uint8Array): Promise<Uint8Array> {
  const outcome = await recreateImage(kind, original, limits)
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  t.match(await verify(BECOMES[kind], outcome.bytes), { kind: 'clean' })
  return outcome.bytes
}

async function picture(width = 80, height = 60) {
  return sharp(await uprightPixels(width, height), { raw: { width, height, channels: 3 } })
}

function isNear(found: Colour | undefined, wanted: Colour, tolerance = 12): boolean {
  return wanted.every((value, i) => Math.abs(value - (found?.[i] ?? 999)) <= tolerance)
}

t.test('a kind is told by content alone', async (t) => {
  t.equal(detectKind(Buffer.from('\xff\xd8\xff\xe0', 'latin1')), 'jpeg')
  t.equal(detectKind(Buffer.from(`${' '.repeat(1000)}%PDF-1.4`)), 'pdf')
  t.equal(detectKind(Buffer.from(`${' '.repeat(1024)}%PDF-1.4`)), undefined)
  t.equal(detectKind(Buffer.from('RIFF\0\0\0\0WAVEfmt ')), 'wav')
  t.equal(detectKind(Buffer.from('RIFF\0\0\0\0AVI LIST')), undefined)
  t.equal(detectKind(Buffer.from('\x89PNG\r\n', 'latin1')), undefined)
  t.equal(detectKind(Buffer.from('GIF89a')), 'gif')
  t.equal(detectKind(Buffer.from('GIF88a')), undefined)
  t.equal(detectKind(Buffer.from('MM\0*')), 'tiff')
  const brands = (major: string, ...others: string[]) =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 16 + 4 * others.length]),
      Buffer.from(`ftyp${major}\0\0\0\0${others.join('')}`),
    ])
  t.equal(detectKind(brands('heic', 'mif1')), 'heic')
  t.equal(detectKind(brands('mif1', 'heic')), 'heic')
  t.equal(detectKind(brands('mif1', 'avif', 'miaf')), 'avif')
  for (const brand of ['isom', 'M4A ', 'M4V ', 'qt  ', '3gp4', '3g2a', 'mp42'])
    t.equal(detectKind(brands(brand)), 'mp4', brand)
  t.equal(detectKind(brands('crx ')), undefined, 'the raw pictures of a camera')
  t.equal(detectKind(Buffer.from('\xff\xff\xff\xffftyp', 'latin1')), undefined)
})

t.test('sound and video are told by content alone, also behind a tag', async (t) => {
  const kindOf = (...parts: readonly (string | readonly number[])[]) =>
    detectKind(
      Buffer.concat(
        parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
      ),
    )
  const tag = (bytes: number): string => `ID3\x04\0\0\0\0\0${String.fromCharCode(bytes)}${'x'.repeat(bytes)}`
  t.equal(kindOf([0xff, 0xfb, 0x90, 0x00]), 'mp3')
  t.equal(kindOf(tag(20), [0xff, 0xfb, 0x90, 0x00]), 'mp3')
  t.equal(kindOf(tag(20), 'fLaC'), 'flac')
  t.equal(kindOf(tag(20), [0xff, 0xf1, 0x50, 0x80]), 'aac')
  t.equal(kindOf(tag(120)), 'mp3', 'a tag that is longer than what is known')
  t.equal(kindOf([0xff, 0xf9, 0x50, 0x80]), 'aac')
  t.equal(kindOf([0xff, 0xff, 0xff, 0xff]), undefined)
  t.equal(kindOf('OggS'), 'ogg')
  t.equal(kindOf('#!AMR\n'), 'amr')
  t.equal(kindOf('#!AMR-WB\n'), 'amr')
  t.equal(kindOf([0x1a, 0x45, 0xdf, 0xa3]), 'webm')
  for (const box of ['moov', 'mdat', 'wide', 'pnot']) t.equal(kindOf('\0\0\0\x08', box), 'mp4', box)
  t.equal(kindOf('FORM\0\0\0\0AIFF'), undefined)
})

t.test('a large picture comes down to the longest side allowed, a small one keeps its size', async (t) => {
  const large = await recreated('jpeg', await (await picture(1200, 800)).jpeg().toBuffer())
  t.match(await verify('image/jpeg', large), { width: 600, height: 400 })
  const long = await recreated('png', await (await picture(3000, 2)).png().toBuffer())
  t.match(await verify('image/png', long), { width: 600, height: 1 })
  const small = await recreated('webp', await (await picture()).webp().toBuffer())
  t.match(await verify('image/webp', small), { width: 80, height: 60 })
})

t.test('grey, print colours and 16 bits become plain sRGB', async (t) => {
  const grey = await recreated('jpeg', await (await picture()).greyscale().jpeg().toBuffer())
  t.match(await sharp(grey).metadata(), { channels: 3, space: 'srgb', depth: 'uchar' })
  const print = await recreated('jpeg', await (await picture()).toColourspace('cmyk').jpeg().toBuffer())
  t.ok(isNear((await quadrantColours(print))[0], [200, 30, 40], 40))
  const deep = await recreated('png', await (await picture()).toColourspace('rgb16').png().toBuffer())
  t.ok(isNear((await quadrantColours(deep))[0], [200, 30, 40]))
})

t.test('colours hidden under transparency are gone', async (t) => {
  for (const kind of ['png', 'webp'] as const) {
    const veiled = (await picture()).ensureAlpha(0)
    const original = await (kind === 'png'
      ? veiled.png()
      : veiled.webp({ lossless: true, exact: true })
    ).toBuffer()
    t.ok(isNear((await quadrantColours(original))[0], [200, 30, 40]), 'the original has them')
    for (const colour of await quadrantColours(await recreated(kind, original))) {
      t.ok(isNear(colour, [255, 255, 255], 1))
    }
  }
})

t.test('of an animation the first frame remains', async (t) => {
  const frames = Buffer.concat([await uprightPixels(40, 40), Buffer.alloc(40 * 40 * 3)])
  const raw = { width: 40, height: 80, channels: 3, pageHeight: 40 } as const
  const moving = await sharp(frames, { raw })
    .webp({ loop: 0, delay: [90, 90] })
    .toBuffer()
  t.equal((await sharp(moving).metadata()).pages, 2)
  const still = await recreated('webp', moving)
  t.match(await verify('image/webp', still), { width: 40, height: 40 })
  t.ok(isNear((await quadrantColours(still))[1], [40, 160, 60], 20))
})

t.test('a picture of another kind than it seems is refused', async (t) => {
  const png = await (await picture()).png().toBuffer()
  t.same(await recreateImage('jpeg', png, limits), { kind: 'refused', reason: 'damaged' })
})

t.test('readers that are not needed are switched off', async (t) => {
  const tiff = await (await picture()).tiff().toBuffer()
  const jpeg = await (await picture()).jpeg().toBuffer()
  allowOnlyReaderOf('jpeg')
  await t.rejects(sharp(tiff).metadata())
  await t.rejects(
    sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')).metadata(),
  )
  t.match(await sharp(jpeg).metadata(), { format: 'jpeg' })
})

t.test('a huge page is drawn within the longest side and keeps its paper size', async (t) => {
  const outcome = await recreateDocument(longPdf(2, { width: 2384, height: 3370 }), limits)
  if (outcome.kind === 'refused') return t.fail(outcome.reason)
  t.match(readPicturePdf(outcome.bytes)[1], { widthPx: 424, heightPx: 600, widthPt: 2384, heightPt: 3370 })
})

t.test('what was filled in on a form is drawn', async (t) => {
  const upperLeftOf = async (original: Uint8Array) => {
    const outcome = await recreateDocument(original, limits)
    if (outcome.kind === 'refused') throw new Error(outcome.reason)
    return (await quadrantColours(readPicturePdf(outcome.bytes)[0]?.jpeg ?? new Uint8Array()))[0]
  }
  t.ok(isNear(await upperLeftOf(filledFormPdf('')), [255, 255, 255], 1))
  t.notOk(isNear(await upperLeftOf(filledFormPdf('HHHHHH')), [255, 255, 255], 20))
})

t.test('documents are refused with the reason that helps', async (t) => {
  const refused = async (original: Uint8Array, reason: string, given = limits) =>
    t.same(await recreateDocument(original, given), { kind: 'refused', reason })
  await refused(lockedPdf(), 'password')
  await refused(longPdf(3), 'too-many-pages', { ...limits, maxPages: 2 })
  await refused(longPdf(3), 'too-large', { ...limits, maxOutputBytes: 3000 })
  await refused(longPdf(1, { width: 0, height: 0 }).subarray(0, 150), 'damaged')
})
