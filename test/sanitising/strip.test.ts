import sharp from 'sharp'
import t, { type Test } from 'tap'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { createSanitiser, type StrippedFile } from '../../server/sanitising/index.js'
import { verify } from '../../server/sanitising/verify.js'
import {
  CANARY,
  type Colour,
  dirtyAvif,
  dirtyGif,
  dirtyHeic,
  dirtyPdf,
  dirtyPhoto,
  dirtyPng,
  dirtyTiff,
  dirtyWebp,
  findCanary,
  PDF_PAPER,
  polyglotPhoto,
  QUADRANTS,
  quadrantColours,
  readTags,
  strangeTags,
  uprightPixels,
} from '../support/dirty-files.js'

/** Lossy coding and the way through another colour profile shift a flat colour this far at most. */
const COLOUR_TOLERANCE = 14

const sanitiser = createSanitiser()
t.teardown(() => sanitiser.close())

async function strip(original: Uint8Array): Promise<StrippedFile> {
  const outcome = await sanitiser.sanitise(original)
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.reason}`)
  return outcome
}

function isClean(test: Test, file: StrippedFile): void {
  test.same(strangeTags(readTags(file.bytes)), [], 'exiftool finds structure only')
  test.same(findCanary(file.bytes, CANARY), [], 'the canary is nowhere')
}

function areColours(test: Test, found: readonly Colour[]): void {
  const furthest = QUADRANTS.flatMap((colour, i) =>
    colour.map((value, c) => Math.abs(value - (found[i]?.[c] ?? 999))),
  )
  test.ok(Math.max(...furthest) <= COLOUR_TOLERANCE, `colours differ by at most ${Math.max(...furthest)}`)
}

t.test('the dirty files are dirty: the word stands in every place named', async (t) => {
  const places = (bytes: Uint8Array) =>
    [...readTags(bytes)].filter(([, value]) => value.includes(CANARY)).map(([name]) => name)
  const [photo, png, webp, pdf] = [await dirtyPhoto(), await dirtyPng(), await dirtyWebp(), await dirtyPdf()]
  const everywhere = [
    'IFD0:Make',
    'IFD0:Artist',
    'ExifIFD:SerialNumber',
    'GPS:GPSAreaInformation',
    'XMP-dc:Creator',
  ]
  for (const place of [...everywhere, 'File:Comment', 'IPTC:By-line', 'ICC_Profile:ProfileDescription']) {
    t.ok(places(photo).includes(place), `photo ${place}`)
  }
  for (const place of [...everywhere, 'PNG:Author']) t.ok(places(png).includes(place), `png ${place}`)
  for (const place of [...everywhere, 'ICC_Profile:ProfileDescription'])
    t.ok(places(webp).includes(place), place)
  for (const place of ['PDF:Author', 'PDF:Title', 'XMP-dc:Creator']) t.ok(places(pdf).includes(place), place)
  t.same(findCanary(pdf, CANARY), ['text', 'hex', 'hex of UTF-16LE', 'hex of UTF-16BE', 'compressed text'])
})

for (const [name, make, type] of [
  ['photograph', dirtyPhoto, 'image/jpeg'],
  ['PNG', dirtyPng, 'image/png'],
  ['WebP', dirtyWebp, 'image/webp'],
  ['GIF', dirtyGif, 'image/png'],
  ['TIFF', dirtyTiff, 'image/jpeg'],
  ['HEIC', dirtyHeic, 'image/jpeg'],
  ['AVIF', dirtyAvif, 'image/jpeg'],
] as const) {
  t.test(`a dirty ${name} comes out with its picture and nothing else`, async (t) => {
    const file = await strip(await make())
    t.match(file, { kind: 'stripped', type, width: 160, height: 240, pages: 1 })
    isClean(t, file)
    areColours(t, await quadrantColours(file.bytes))
  })
}

t.test('a dirty PDF comes out as pictures of its pages', async (t) => {
  const file = await strip(await dirtyPdf())
  t.match(file, { kind: 'stripped', type: 'application/pdf', pages: 2 })
  isClean(t, file)
  const pages = readPicturePdf(file.bytes)
  t.equal(pages.length, 2)
  for (const page of pages) {
    t.match(page, { widthPt: PDF_PAPER.width, heightPt: PDF_PAPER.height })
    t.equal(page.widthPx, Math.round((PDF_PAPER.width * 150) / 72))
    t.same(findCanary(page.jpeg, CANARY), [])
  }
  areColours(t, await quadrantColours(pages[0]?.jpeg ?? new Uint8Array()))
})

t.test('a photograph that is also a web page comes out as a photograph only', async (t) => {
  const file = await strip(await polyglotPhoto(CANARY))
  isClean(t, file)
  t.notOk(Buffer.from(file.bytes).includes('<script'))
})

t.test('the same file gives the same bytes, so the output tells no time and no machine', async (t) => {
  for (const make of [dirtyPhoto, dirtyPdf]) {
    const original = await make()
    const [one, other] = await Promise.all([strip(original), strip(original)])
    t.ok(Buffer.from(one.bytes).equals(other.bytes))
  }
})

t.test('what was hidden is told by kind, and never by content', async (t) => {
  const hiddenIn = async (make: () => Promise<Uint8Array>) => (await strip(await make())).hidden
  const photo = ['place', 'device', 'time', 'author', 'preview', 'program', 'words', 'profile']
  t.same(await hiddenIn(dirtyPhoto), photo)
  t.same(await hiddenIn(dirtyHeic), photo)
  t.same(await hiddenIn(dirtyPng), photo.slice(0, -1))
  t.same(await hiddenIn(dirtyWebp), photo)
  t.same(await hiddenIn(dirtyTiff), ['place', 'device', 'time', 'author', 'program', 'words'])
  t.same(await hiddenIn(dirtyAvif), ['place', 'device', 'time', 'author', 'program', 'words', 'profile'])
  t.same(await hiddenIn(dirtyGif), ['author', 'words', 'frames'])
  t.same(await hiddenIn(dirtyPdf), [
    ...['place', 'time', 'author', 'program', 'words', 'text', 'attachments', 'notes', 'versions', 'scripts'],
  ])
  const plain = await sharp(await uprightPixels(40, 40), { raw: { width: 40, height: 40, channels: 3 } })
    .png()
    .toBuffer()
  t.same((await strip(plain)).hidden, [])
})

t.test('the small picture shows the new one and holds as little as that', async (t) => {
  for (const make of [dirtyPhoto, dirtyHeic, dirtyPdf]) {
    const { preview } = await strip(await make())
    t.same(findCanary(preview, CANARY), [])
    t.match(await verify('image/jpeg', preview, { maxOutputSide: 320, maxPages: 1 }), { kind: 'clean' })
    areColours(t, await quadrantColours(preview))
  }
})

t.test('a kind can be closed; it is refused unread and the others are not', async (t) => {
  const careful = createSanitiser({}, ['heic', 'jpeg'])
  t.teardown(() => careful.close())
  const refused = { kind: 'refused', reason: 'closed-kind' }
  t.same(await careful.sanitise(await dirtyHeic()), refused)
  t.same(await careful.sanitise(await dirtyPhoto()), refused)
  t.match(await careful.sanitise(await dirtyPng()), { kind: 'stripped' })
})

t.test('what goes in is left as it was', async (t) => {
  const original = await dirtyPhoto()
  const before = Uint8Array.from(original)
  await strip(original)
  t.ok(Buffer.from(before).equals(original))
})
