import { deflateRawSync, deflateSync } from 'node:zlib'
import type { RefusalReason } from '../../server/sanitising/index.js'
import { uint32 } from './dirty-metadata.js'
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
    { name: 'a GIF', bytes: Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), reason: 'unknown-kind' },
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
