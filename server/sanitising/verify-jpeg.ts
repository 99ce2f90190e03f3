import type { Look } from './verify.js'

const SOI = 0xd8
const SOF0 = 0xc0
const DHT = 0xc4
const EOI = 0xd9
const SOS = 0xda
const DQT = 0xdb
/** Length, precision, height, width, and three components of three bytes. */
const FRAME_HEADER_BYTES = 17
/** Length, three components of two bytes, and the fixed end of a baseline scan. */
const SCAN_HEADER_BYTES = 12
const QUANTISATION_TABLE_BYTES = 65
const HUFFMAN_COUNTS = 16
const MAX_TABLES = 8

/**
 * Allows one thing only: start, quantisation tables, a baseline frame of three components, Huffman tables, one
 * scan, end, and no byte after it. There is no room for APP or COM segments, a thumbnail or a second picture.
 */
export function lookAtJpeg(input: Uint8Array): Look {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== SOI) return finding('jpeg-start')
  let position = 2
  let tables = 0
  let size: { width: number; height: number } | undefined
  while (position + 4 <= bytes.length) {
    const marker = bytes[position] === 0xff ? bytes[position + 1] : undefined
    const segment = bytes.subarray(position + 2, position + 2 + bytes.readUInt16BE(position + 2))
    position += 2 + segment.length
    if (marker === DQT || marker === DHT) {
      const isWhole = marker === DQT ? areQuantisationTables(segment) : areHuffmanTables(segment)
      if (!isWhole || ++tables > MAX_TABLES) return finding('jpeg-table')
    } else if (marker === SOF0 && size === undefined) {
      size = readFrame(segment)
      if (size === undefined) return finding('jpeg-frame')
    } else if (marker === SOS && size !== undefined) {
      if (!isScan(segment)) return finding('jpeg-scan')
      return endsAfterScan(bytes, position) ? { kind: 'clean', pages: 1, ...size } : finding('jpeg-end')
    } else {
      return finding('jpeg-segment')
    }
  }
  return finding('jpeg-end')
}

function areQuantisationTables(segment: Buffer): boolean {
  if (segment.length < 2 || segment.readUInt16BE(0) !== segment.length) return false
  let position = 2
  for (; position < segment.length; position += QUANTISATION_TABLE_BYTES) {
    if (segment.readUInt8(position) > 3) return false
  }
  return position === segment.length
}

function areHuffmanTables(segment: Buffer): boolean {
  if (segment.length < 2 || segment.readUInt16BE(0) !== segment.length) return false
  let position = 2
  while (position + 1 + HUFFMAN_COUNTS <= segment.length) {
    if ((segment.readUInt8(position) & 0xec) !== 0) return false
    const counts = segment.subarray(position + 1, position + 1 + HUFFMAN_COUNTS)
    position += 1 + HUFFMAN_COUNTS + counts.reduce((sum, count) => sum + count, 0)
  }
  return position === segment.length
}

function readFrame(segment: Buffer): { width: number; height: number } | undefined {
  if (segment.length !== FRAME_HEADER_BYTES || segment.readUInt16BE(0) !== FRAME_HEADER_BYTES)
    return undefined
  const height = segment.readUInt16BE(3)
  const width = segment.readUInt16BE(5)
  const isRgbInEightBits = segment.readUInt8(2) === 8 && segment.readUInt8(7) === 3
  return isRgbInEightBits && width > 0 && height > 0 ? { width, height } : undefined
}

function isScan(segment: Buffer): boolean {
  return (
    segment.length === SCAN_HEADER_BYTES &&
    segment.readUInt16BE(0) === SCAN_HEADER_BYTES &&
    segment.readUInt8(2) === 3 &&
    segment.readUIntBE(9, 3) === 0x003f00
  )
}

/** In the scan a 0xff byte is followed by 0 or belongs to the end marker, which must be the end of the file. */
function endsAfterScan(bytes: Buffer, start: number): boolean {
  let position = bytes.indexOf(0xff, start)
  while (position !== -1 && bytes[position + 1] === 0) position = bytes.indexOf(0xff, position + 2)
  return position !== -1 && bytes[position + 1] === EOI && position + 2 === bytes.length
}

function finding(what: string): Look {
  return { kind: 'finding', what }
}
