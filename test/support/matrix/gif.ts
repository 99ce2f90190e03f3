import sharp from 'sharp'
import { colourProfile, xmpPacket } from '../dirty-metadata.js'
import { CANARY } from '../dirty-pictures.js'
import { lying, pixels, SIZE } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const HEADER_BYTES = 13
const BLOCK_BYTES = 255
/** Leads a reader that knows no XMP out of the packet, wherever it looks (XMP part 3, 1.1.2). */
const MAGIC_TRAILER = Buffer.from([1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0])

/** A GIF with these extensions in front of its first frame. */
async function gif(...extensions: readonly Uint8Array[]): Promise<Buffer> {
  const still = await (await lying()).gif({ dither: 0, colours: 16 }).toBuffer()
  const at = HEADER_BYTES + paletteBytes(still)
  return Buffer.concat([still.subarray(0, at), ...extensions, still.subarray(at)])
}

function paletteBytes(file: Buffer): number {
  const flags = file[10] ?? 0
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

function extension(label: number, first: Uint8Array, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Uint8Array.of(0x21, label, first.length), first, ...content])
}

/** Blocks of at most 255 bytes, each behind its length, and the end. */
function blocks(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = []
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    const piece = content.subarray(at, at + BLOCK_BYTES)
    parts.push(Uint8Array.of(piece.length), piece)
  }
  return Buffer.concat([...parts, Uint8Array.of(0)])
}

async function animated(): Promise<Buffer> {
  const { width, height } = SIZE
  const frames = Buffer.concat([await pixels(), Buffer.alloc(width * height * 3, 128)])
  return sharp(frames, { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
    .gif({ loop: 0, delay: [90, 90], dither: 0 })
    .toBuffer()
}

/** Colours in the table that no pixel uses: the table grows to twice its size. */
async function unusedColours(): Promise<Buffer> {
  const still = await gif()
  const flags = still[10] ?? 0
  const length = paletteBytes(still)
  const spare = Buffer.alloc(length, CANARY)
  const head = Buffer.from(still.subarray(0, HEADER_BYTES + length))
  head[10] = (flags & 0xf8) | ((flags & 7) + 1)
  return Buffer.concat([head, spare, still.subarray(HEADER_BYTES + length)])
}

export const GIF_ROWS: readonly Row[] = [
  {
    family: 'comment',
    make: () => gif(Buffer.concat([Uint8Array.of(0x21, 0xfe), blocks(Buffer.from(CANARY))])),
    shown: tagged('File:Comment'),
    told: ['words'],
  },
  {
    family: 'application extension: XMP',
    make: () => gif(extension(0xff, Buffer.from('XMP DataXMP'), xmpPacket(CANARY), MAGIC_TRAILER)),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  {
    family: 'application extension: ICC profile',
    make: () => gif(extension(0xff, Buffer.from('ICCRGBG1012'), blocks(colourProfile(CANARY)))),
    shown: tagged('ICC_Profile:ProfileDescription'),
  },
  {
    family: 'application extension of nobody',
    make: () => gif(extension(0xff, Buffer.from('NOORVANDAM1'), blocks(Buffer.from(CANARY)))),
    shown: IN_PLAIN,
  },
  {
    family: 'plain text extension',
    make: () =>
      gif(extension(0x01, Buffer.from([0, 0, 0, 0, 40, 0, 8, 0, 8, 8, 1, 0]), blocks(Buffer.from(CANARY)))),
    shown: tagged('GIF:Text'),
  },
  { family: 'animation', make: animated, shown: tagged('GIF:FrameCount', /^2$/), told: ['frames'] },
  { family: 'colours nobody uses', make: unusedColours, colours: true, shown: IN_PLAIN },
  {
    family: 'after the trailer',
    make: async () => Buffer.concat([await gif(), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
