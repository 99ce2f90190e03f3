import { deflateSync } from 'node:zlib'
import t from 'tap'
import type { MadeType } from '../../server/report/file-kinds.js'
import { readPicturePdf, writePicturePdf } from '../../server/report/picture-pdf.js'
import { createSanitiser } from '../../server/sanitising/index.js'
import { verify } from '../../server/sanitising/verify.js'
import {
  dirtyPdf,
  dirtyPhoto,
  dirtyPng,
  dirtyWebp,
  jpegWith,
  pngChunk,
  pngWith,
  riffChunk,
  riffFile,
  segment,
} from '../support/dirty-files.js'

const sanitiser = createSanitiser()
t.teardown(() => sanitiser.close())

async function cleaned(original: Promise<Uint8Array>): Promise<Buffer> {
  const outcome = await sanitiser.sanitise(await original)
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return Buffer.from(outcome.bytes)
}

const jpeg = await cleaned(dirtyPhoto())
const png = await cleaned(dirtyPng())
const webp = await cleaned(dirtyWebp())
const pdf = await cleaned(dirtyPdf())
const pages = readPicturePdf(pdf)
const [firstPage] = pages
if (firstPage === undefined) throw new Error('no page')
const trailing = Buffer.from('more')
const pixels = Buffer.alloc(240 * (1 + 160 * 3))

t.test('each kind of new file passes', async (t) => {
  for (const [type, bytes] of [
    ['image/jpeg', jpeg],
    ['image/png', png],
    ['image/webp', webp],
  ] as const) {
    t.same(await verify(type, bytes), { kind: 'clean', width: 160, height: 240, pages: 1 })
  }
  t.match(await verify('application/pdf', pdf), { kind: 'clean', pages: 2 })
})

t.test('the dirty files themselves do not pass', async (t) => {
  t.match(await verify('image/jpeg', await dirtyPhoto()), { kind: 'finding' })
  t.match(await verify('image/png', await dirtyPng()), { kind: 'finding' })
  t.match(await verify('image/webp', await dirtyWebp()), { kind: 'finding' })
  t.match(await verify('application/pdf', await dirtyPdf()), { kind: 'finding' })
})

const tampered: readonly (readonly [name: string, type: MadeType, bytes: Uint8Array, what: string])[] = [
  ['a JPEG with EXIF', 'image/jpeg', jpegWith([segment(0xe1, 'Exif\0\0')], jpeg), 'jpeg-segment'],
  [
    'a JPEG with JFIF and a thumbnail',
    'image/jpeg',
    jpegWith([segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc')], jpeg),
    'jpeg-segment',
  ],
  ['a JPEG with a profile', 'image/jpeg', jpegWith([segment(0xe2, 'ICC_PROFILE\0')], jpeg), 'jpeg-segment'],
  [
    'a JPEG with an unknown application segment',
    'image/jpeg',
    jpegWith([segment(0xef, 'x')], jpeg),
    'jpeg-segment',
  ],
  ['a JPEG with a comment', 'image/jpeg', jpegWith([segment(0xfe, 'Noor')], jpeg), 'jpeg-segment'],
  ['a JPEG with a comment within its scan', 'image/jpeg', beforeEnd(jpeg, segment(0xfe, 'Noor')), 'jpeg-end'],
  [
    'a JPEG with words in a table segment',
    'image/jpeg',
    jpegWith([segment(0xdb, 'Noor')], jpeg),
    'jpeg-table',
  ],
  ['a JPEG with data after its end', 'image/jpeg', Buffer.concat([jpeg, trailing]), 'jpeg-end'],
  ['two JPEGs in a row', 'image/jpeg', Buffer.concat([jpeg, jpeg]), 'jpeg-end'],
  ['a JPEG without an end', 'image/jpeg', jpeg.subarray(0, -2), 'jpeg-end'],
  [
    'a PNG with text',
    'image/png',
    pngWith([pngChunk('tEXt', Buffer.from('Author\0Noor'))], png),
    'png-chunk',
  ],
  ['a PNG with EXIF', 'image/png', pngWith([pngChunk('eXIf', Buffer.from('II*\0'))], png), 'png-chunk'],
  ['a PNG with a resolution', 'image/png', pngWith([pngChunk('pHYs', Buffer.alloc(9))], png), 'png-chunk'],
  [
    'a PNG with an unknown chunk',
    'image/png',
    pngWith([pngChunk('prVt', Buffer.from('Noor'))], png),
    'png-chunk',
  ],
  ['a PNG with data after its end', 'image/png', Buffer.concat([png, trailing]), 'png-end'],
  [
    'a PNG with a wrong checksum',
    'image/png',
    Buffer.concat([png.subarray(0, -1), Buffer.from([0])]),
    'png-checksum',
  ],
  [
    'a PNG with words behind the compressed pixels',
    'image/png',
    pngOf(Buffer.concat([deflateSync(pixels), trailing])),
    'png-pixels',
  ],
  [
    'a PNG with more than its pixels',
    'image/png',
    pngOf(deflateSync(Buffer.concat([pixels, trailing]))),
    'png-pixels',
  ],
  ['a PNG with fewer than its pixels', 'image/png', pngOf(deflateSync(pixels.subarray(4))), 'png-pixels'],
  ['a PNG whose header asks for interlacing', 'image/png', pngOf(deflateSync(pixels), 1), 'png-header'],
  ['a PNG whose pixels cannot be inflated', 'image/png', pngOf(Buffer.from('Noor')), 'png-pixels'],
  [
    'a WebP whose picture is none',
    'image/webp',
    riffFile(riffChunk('VP8 ', Buffer.from('Noor was here'))),
    'webp-frame',
  ],
  ['a WebP with EXIF', 'image/webp', webpWith(riffChunk('EXIF', Buffer.from('II*\0'))), 'webp-end'],
  [
    'a WebP in the extended layout',
    'image/webp',
    riffFile(Buffer.concat([riffChunk('VP8X', Buffer.alloc(10)), webp.subarray(12)])),
    'webp-chunk',
  ],
  ['a WebP with data after its end', 'image/webp', Buffer.concat([webp, trailing]), 'webp-end'],
  [
    'a PDF with Info',
    'application/pdf',
    pdfWith('/Root 1 0 R >>', '/Root 1 0 R /Info << /Author (Noor) >> >>'),
    'pdf-structure',
  ],
  [
    'a PDF with an ID',
    'application/pdf',
    pdfWith('/Root 1 0 R >>', '/Root 1 0 R /ID [<4e6f6f72> <4e6f6f72>] >>'),
    'pdf-structure',
  ],
  [
    'a PDF with one more object',
    'application/pdf',
    pdfWith('xref\n', '9 0 obj\n(Noor)\nendobj\nxref\n'),
    'pdf-structure',
  ],
  [
    'a PDF with a script',
    'application/pdf',
    pdfWith('/Type /Catalog', '/Type /Catalog /OpenAction 9 0 R'),
    'pdf-structure',
  ],
  ['a PDF with a comment', 'application/pdf', pdfWith('%PDF-1.4\n', '%PDF-1.4\n%Noor\n'), 'pdf-structure'],
  ['a PDF with data after its end', 'application/pdf', Buffer.concat([pdf, trailing]), 'pdf-structure'],
  [
    'a PDF with an update',
    'application/pdf',
    Buffer.concat([pdf, Buffer.from('9 0 obj\n(Noor)\nendobj\nstartxref\n0\n%%EOF\n')]),
    'pdf-structure',
  ],
  [
    'a PDF whose picture has EXIF',
    'application/pdf',
    writePicturePdf([{ ...firstPage, jpeg: jpegWith([segment(0xe1, 'Exif\0\0')], jpeg) }]),
    'jpeg-segment',
  ],
  [
    'a PDF whose picture is another size',
    'application/pdf',
    writePicturePdf([{ ...firstPage, widthPx: 9 }]),
    'pdf-picture',
  ],
]

for (const [name, type, bytes, what] of tampered) {
  t.test(`${name} is found`, async (t) => t.same(await verify(type, bytes), { kind: 'finding', what }))
}

t.test('a new file beyond the agreed size is found', async (t) => {
  const bounds = { maxOutputSide: 200, maxPages: 1 }
  for (const [type, bytes] of [
    ['image/jpeg', jpeg],
    ['image/png', png],
    ['image/webp', webp],
  ] as const) {
    t.same(await verify(type, bytes, bounds), { kind: 'finding', what: 'too-large-a-side' })
  }
  t.same(await verify('application/pdf', pdf, bounds), { kind: 'finding', what: 'pdf-pages' })
})

function beforeEnd(file: Buffer, extra: Uint8Array): Uint8Array {
  return Buffer.concat([file.subarray(0, -2), extra, file.subarray(-2)])
}

function pngOf(compressed: Uint8Array, interlace = 0): Uint8Array {
  const header = Buffer.concat([png.subarray(16, 28), Buffer.from([interlace])])
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', compressed), pngChunk('IEND', new Uint8Array())]
  return Buffer.concat([png.subarray(0, 8), ...chunks])
}

function webpWith(chunk: Uint8Array): Uint8Array {
  return riffFile(Buffer.concat([webp.subarray(12), chunk]))
}

function pdfWith(from: string, to: string): Uint8Array {
  return Buffer.from(
    pdf.toString('latin1').replace(from, () => to),
    'latin1',
  )
}
