import type { Look } from './verify.js'

const RIFF_HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
const START_CODE = '9d012a'

/**
 * Allows the simplest of WebP files: one lossy picture. The extended layout (VP8X), and with it EXIF, XMP, ICC
 * profiles, animation and alpha, has no place; nor has a byte after the picture.
 */
export function lookAtWebp(input: Uint8Array): Look {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  if (bytes.length < RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + 10) return finding('webp-start')
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return finding('webp-start')
  }
  if (bytes.readUInt32LE(4) !== bytes.length - 8) return finding('webp-end')
  if (bytes.toString('latin1', 12, 16) !== 'VP8 ') return finding('webp-chunk')
  const pictureBytes = bytes.readUInt32LE(16)
  const padding = pictureBytes % 2
  const end = RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES + pictureBytes + padding
  if (end !== bytes.length || (padding === 1 && bytes[end - 1] !== 0)) return finding('webp-end')
  return lookAtFrame(bytes.subarray(RIFF_HEADER_BYTES + CHUNK_HEADER_BYTES, end - padding))
}

function lookAtFrame(frame: Buffer): Look {
  const tag = frame.readUIntLE(0, 3)
  const isShownKeyFrame = (tag & 1) === 0 && ((tag >> 4) & 1) === 1
  const firstPartBytes = tag >> 5
  if (!isShownKeyFrame || firstPartBytes + 10 > frame.length || frame.toString('hex', 3, 6) !== START_CODE) {
    return finding('webp-frame')
  }
  const width = frame.readUInt16LE(6)
  const height = frame.readUInt16LE(8)
  // The two highest bits ask the viewer to enlarge.
  const isPlainSize = width > 0 && height > 0 && width < 0x4000 && height < 0x4000
  return isPlainSize ? { kind: 'clean', width, height, pages: 1 } : finding('webp-frame')
}

function finding(what: string): Look {
  return { kind: 'finding', what }
}
