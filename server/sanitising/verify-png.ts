import { crc32, createInflate } from 'node:zlib'
import type { Look } from './verify.js'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const IHDR_BYTES = 13
/** 8 bits, RGB, deflate, the usual filters, not interlaced. */
const IHDR_END = '0802000000'
const CHANNELS = 3
const INFLATE_CHUNK_BYTES = 1024 * 1024

/**
 * Allows IHDR, IDATs and IEND with right checksums and no byte after them. The compressed stream must hold the
 * pixels, all of them and nothing else: neither more data inside nor bytes after its own end.
 */
export async function lookAtPng(input: Uint8Array, maxSide: number): Promise<Look> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return finding('png-start')
  const data: Buffer[] = []
  let header: Buffer | undefined
  let position = SIGNATURE.length
  while (position + 12 <= bytes.length) {
    const content = bytes.subarray(position + 8, position + 8 + bytes.readUInt32BE(position))
    const checked = bytes.subarray(position + 4, position + 8 + content.length)
    position += 12 + content.length
    if (position > bytes.length || crc32(checked) !== bytes.readUInt32BE(position - 4))
      return finding('png-checksum')
    const type = checked.toString('latin1', 0, 4)
    if (type === 'IHDR' && header === undefined && data.length === 0) header = content
    else if (type === 'IDAT' && header !== undefined) data.push(content)
    else if (type === 'IEND' && header !== undefined && content.length === 0) {
      return position === bytes.length ? lookAtPixels(header, data, maxSide) : finding('png-end')
    } else return finding('png-chunk')
  }
  return finding('png-end')
}

async function lookAtPixels(header: Buffer, data: readonly Buffer[], maxSide: number): Promise<Look> {
  if (header.length !== IHDR_BYTES || header.toString('hex', 8) !== IHDR_END) return finding('png-header')
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  if (width < 1 || height < 1 || width > maxSide || height > maxSide) return finding('too-large-a-side')
  const expected = height * (1 + width * CHANNELS)
  const isExact = await inflatesExactly(Buffer.concat(data), expected)
  return isExact ? { kind: 'clean', width, height, pages: 1 } : finding('png-pixels')
}

async function inflatesExactly(compressed: Buffer, expected: number): Promise<boolean> {
  const inflate = createInflate({ chunkSize: INFLATE_CHUNK_BYTES })
  let produced = 0
  try {
    inflate.end(compressed)
    for await (const chunk of inflate) {
      produced += (chunk as Buffer).length
      if (produced > expected) return false
    }
  } catch {
    return false
  }
  return produced === expected && inflate.bytesWritten === compressed.length
}

function finding(what: string): Look {
  return { kind: 'finding', what }
}
