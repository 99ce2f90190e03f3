// Puts the check sums of a damaged file right again: else its reader stops at the first sum, and what lies behind it
// is never tried.
import { crc32 } from 'node:zlib'
import { oggSum } from './matrix/ogg.js'

const PNG_SIGNATURE_BYTES = 8
const OGG_HEADER_BYTES = 27
const OGG_SUM_AT = 22

/** The same bytes with right sums, where the kind has any. */
export function withRightSums(kind: string, bytes: Buffer): Buffer {
  if (kind === 'png') return mendChunks(bytes)
  return kind === 'ogg' ? mendPages(bytes) : bytes
}

function mendChunks(png: Buffer): Buffer {
  const mended = Buffer.from(png)
  for (let at = PNG_SIGNATURE_BYTES; at + 12 <= mended.length; ) {
    const end = at + 8 + mended.readUInt32BE(at)
    if (end + 4 > mended.length) break
    mended.writeUInt32BE(crc32(mended.subarray(at + 4, end)), end)
    at = end + 4
  }
  return mended
}

function mendPages(ogg: Buffer): Buffer {
  const mended = Buffer.from(ogg)
  for (let at = mended.indexOf('OggS'); at >= 0; at = mended.indexOf('OggS', at + 4)) {
    const lengthsAt = at + OGG_HEADER_BYTES
    if (lengthsAt > mended.length) break
    const bodyAt = lengthsAt + mended.readUInt8(lengthsAt - 1)
    const end = mended.subarray(lengthsAt, bodyAt).reduce((sum, length) => sum + length, bodyAt)
    if (end > mended.length) continue
    mended.writeUInt32LE(0, at + OGG_SUM_AT)
    mended.writeUInt32LE(oggSum(mended.subarray(at, end)), at + OGG_SUM_AT)
  }
  return mended
}
