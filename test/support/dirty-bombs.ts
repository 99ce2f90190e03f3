import { deflateRawSync, deflateSync } from 'node:zlib'
import type { RefusalReason } from '../../server/sanitising/index.js'
import { uint32 } from './dirty-metadata.js'
import { dirtyAvif, dirtyGif, dirtyHeic } from './dirty-more-pictures.js'
import { dirtyPdf, lockedPdf, longPdf } from './dirty-pdf.js'
import { dirtyPhoto, dirtyPng, dirtyWebp, jpegWith, pngChunk, segment } from './dirty-pictures.js'

export type Bomb = { readonly name: string; readonly bytes: Uint8Array; readonly reason: RefusalReason }

/** Files that must be refused, with the reason that the reporter should be told. */
export async function bombs(): Promise<Bomb[]> {
  const cut = (bytes: Uint8Array, part: number) => bytes.subarray(0, Math.round(bytes.length * part))
  return [
    { name: 'an empty file', bytes: new Uint8Array(), reason: 'empty' },
    {
      name: 'plain text',
      bytes: Buffer.from('GIF and PDF are only words here\n'.repeat(50)),
      reason: 'unknown-kind',
    },
    {
      name: 'an SVG',
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      reason: 'unknown-kind',
    },
    { name: 'a zip', bytes: zip(), reason: 'unknown-kind' },
    {
      name: 'the head of a film',
      bytes: Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'),
      reason: 'damaged',
    },
    { name: 'a GIF without a frame', bytes: gifOf(1, 1, ''), reason: 'damaged' },
    {
      name: 'a GIF with a frame of 60,000 by 60,000',
      bytes: gifOf(60_000, 60_000, GIF_HUGE_FRAME),
      reason: 'too-many-pixels',
    },
    {
      name: 'a cut off GIF',
      bytes: cut(await dirtyGif({ width: 600, height: 600 }), 0.3),
      reason: 'damaged',
    },
    { name: 'a TIFF that claims 60,000 by 60,000', bytes: tiffOf(60_000, 60_000), reason: 'too-many-pixels' },
    {
      name: 'a TIFF whose directory leads nowhere',
      bytes: Buffer.from('II*\0\xff\xff\xff\x7f', 'latin1'),
      reason: 'damaged',
    },
    { name: 'a cut off HEIC', bytes: cut(await dirtyHeic(), 0.7), reason: 'damaged' },
    { name: 'a HEIC header and nothing else', bytes: (await dirtyHeic()).subarray(0, 32), reason: 'damaged' },
    {
      name: 'a HEIC that claims 30,000 by 30,000',
      bytes: await claimingHeic(30_000, 30_000),
      reason: 'too-many-pixels',
    },
    { name: 'a cut off AVIF', bytes: cut(await dirtyAvif(), 0.7), reason: 'damaged' },
    { name: 'a HEIC that calls itself AVIF', bytes: await renamedHeic(), reason: 'damaged' },
    {
      name: 'a PNG header that claims 60,000 by 60,000',
      bytes: pngOf(60_000, 60_000, Buffer.alloc(9)),
      reason: 'too-many-pixels',
    },
    { name: 'a PNG of 200 million white pixels', bytes: blankPng(20_000, 10_000), reason: 'too-many-pixels' },
    { name: 'a JPEG cut off within its header', bytes: cut(await dirtyPhoto(), 0.05), reason: 'damaged' },
    { name: 'a JPEG cut off within its picture', bytes: await cutWithinPicture(), reason: 'damaged' },
    {
      name: 'a cut off PNG',
      bytes: cut(await dirtyPng({ width: 900, height: 900 }), 0.6),
      reason: 'damaged',
    },
    { name: 'a cut off WebP', bytes: cut(await dirtyWebp(), 0.5), reason: 'damaged' },
    { name: 'a PDF cut off before its pages', bytes: (await dirtyPdf()).subarray(0, 200), reason: 'damaged' },
    { name: 'a PDF header and nothing else', bytes: Buffer.from('%PDF-1.7\n'), reason: 'damaged' },
    { name: 'a PDF behind a password', bytes: lockedPdf(), reason: 'password' },
    { name: 'a PDF of 10,000 pages', bytes: longPdf(10_000), reason: 'too-many-pages' },
  ]
}

/** A photograph that a browser would read as a page with a script, if it were served as one. */
export async function polyglotPhoto(canary: string): Promise<Uint8Array> {
  const page = `<html><script>alert('${canary}')</script>`
  return Buffer.concat([jpegWith([segment(0xfe, page)], await dirtyPhoto({ canary })), Buffer.from(page)])
}

/** A small interlaced PNG, which can only be decoded by holding all of its pixels (one byte each) in memory. */
export function hungryPng(width: number, height: number): Uint8Array {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  let length = 0
  for (const [x, y, stepX, stepY] of passes) {
    length += Math.ceil((height - y) / stepY) * (1 + Math.ceil((width - x) / stepX))
  }
  return pngOf(width, height, Buffer.alloc(length), { bitDepth: 8, interlace: 1 })
}

function blankPng(width: number, height: number): Uint8Array {
  const rowBytes = 1 + width / 8
  const rows = Buffer.alloc(rowBytes * height, 0xff)
  for (let y = 0; y < height; y++) rows[y * rowBytes] = 0
  return pngOf(width, height, rows)
}

/** A grey PNG around the given rows. */
function pngOf(
  width: number,
  height: number,
  rows: Uint8Array,
  { bitDepth = 1, interlace = 0 } = {},
): Uint8Array {
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([bitDepth, 0, 0, 0, interlace])])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows, { level: 1 })),
    pngChunk('IEND', new Uint8Array()),
  ])
}

/** 60,000 is 0xea60. */
const GIF_HUGE_FRAME = ',\0\0\0\0\x60\xea\x60\xea\0\x02\x02D\x01\0'

/** A GIF with two colours and the given frames. */
function gifOf(width: number, height: number, frames: string): Uint8Array {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width, 0)
  size.writeUInt16LE(height, 2)
  const head = Buffer.concat([Buffer.from('GIF89a'), size, Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255])])
  return Buffer.concat([head, Buffer.from(`${frames};`, 'latin1')])
}

/** A grey TIFF whose one strip would hold all of it. */
function tiffOf(width: number, height: number): Uint8Array {
  const fields = [
    [256, width],
    [257, height],
    [258, 1],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, height],
    [279, 1],
  ] as const
  const file = Buffer.alloc(8 + 2 + fields.length * 12 + 4)
  file.write('II*\0', 0, 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(fields.length, 8)
  for (const [i, [tag, value]] of fields.entries()) {
    const at = 10 + i * 12
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(4, at + 2)
    file.writeUInt32LE(1, at + 4)
    file.writeUInt32LE(value, at + 8)
  }
  return file
}

/** A photograph whose size was changed in the property that says it, `ispe`. */
async function claimingHeic(width: number, height: number): Promise<Uint8Array> {
  const heic = Buffer.from(await dirtyHeic())
  for (let at = heic.indexOf('ispe'); at >= 0; at = heic.indexOf('ispe', at + 4)) {
    heic.writeUInt32BE(width, at + 8)
    heic.writeUInt32BE(height, at + 12)
  }
  return heic
}

async function renamedHeic(): Promise<Uint8Array> {
  const heic = Buffer.from(await dirtyHeic())
  heic.write('avif', 8)
  return heic
}

async function cutWithinPicture(): Promise<Uint8Array> {
  const photo = Buffer.from(await dirtyPhoto({ width: 800, height: 800 }))
  const pictureAt = photo.indexOf(Buffer.from([0xff, 0xda, 0, 12]), photo.indexOf('Comment'))
  return photo.subarray(0, pictureAt + 200)
}

function zip(): Uint8Array {
  const content = deflateRawSync('holiday')
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(content.length, 18)
  header.writeUInt16LE(5, 26)
  return Buffer.concat([header, Buffer.from('a.jpg'), content])
}
