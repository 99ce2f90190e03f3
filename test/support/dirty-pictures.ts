import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { exifBlock } from './dirty-exif.js'
import { colourProfile, photoshopBlock, uint32, xmpPacket } from './dirty-metadata.js'

export type DirtyOptions = {
  /** A word that stands in every hidden place of the file. */
  readonly canary?: string
  /** Size of the upright picture in pixels. */
  readonly width?: number
  readonly height?: number
}

export type Colour = readonly [number, number, number]
/** Upright, from left to right and from top to bottom. */
export const QUADRANTS: readonly Colour[] = [
  [200, 30, 40],
  [40, 160, 60],
  [50, 60, 190],
  [220, 200, 40],
]

export const CANARY = 'CanaryNoorVanDam7391'
const DEFAULTS = { canary: CANARY, width: 160, height: 240 }
/** "Turn a quarter clockwise to see it upright": what most telephones write for a portrait. */
const ORIENTATION = 6

/** A photograph with everything a telephone, an editor and a news desk write into one, and a clip after its end. */
export async function dirtyPhoto(options: DirtyOptions = {}): Promise<Uint8Array> {
  const { canary, width, height } = { ...DEFAULTS, ...options }
  const jpeg = await (await lyingDown(width, height))
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .toBuffer()
  const thumbnail = Buffer.from(
    jpegWith([segment(0xfe, canary)], await (await lyingDown(32, 48)).jpeg().toBuffer()),
  )
  const jumbf = Buffer.concat([
    Buffer.from('JP\0\x01\0\0\0\x01'),
    uint32(40),
    Buffer.from(`jumb c2pa ${canary}`),
  ])
  const clip = Buffer.from(
    `\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\0\x40udta\xa9xyz+52.3700+004.8900/ ${canary}`,
  )
  return Buffer.concat([
    jpegWith(
      [
        segment(0xe0, Buffer.from('JFIF\0\x01\x01\x01\0\x60\0\x60\0\0', 'latin1')),
        segment(
          0xe1,
          Buffer.concat([
            Buffer.from('Exif\0\0'),
            exifBlock({ canary, orientation: ORIENTATION, thumbnail }),
          ]),
        ),
        segment(0xe1, Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), xmpPacket(canary)])),
        segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01'), colourProfile(canary)])),
        segment(0xeb, jumbf),
        segment(0xed, photoshopBlock(canary)),
        segment(0xfe, `Comment ${canary}`),
      ],
      jpeg,
    ),
    clip,
    jpegWith([segment(0xfe, canary)], jpeg),
  ])
}

/** A PNG with text, XMP, EXIF, time, resolution, profile and data after its end. */
export async function dirtyPng(options: DirtyOptions = {}): Promise<Uint8Array> {
  const { canary, width, height } = { ...DEFAULTS, ...options }
  const png = await (await lyingDown(width, height)).png().toBuffer()
  return Buffer.concat([
    pngWith(
      [
        pngChunk('pHYs', Buffer.concat([uint32(3780), uint32(3780), Buffer.from([1])])),
        pngChunk('tIME', Buffer.from([0x07, 0xea, 2, 3, 4, 5, 6])),
        pngChunk('tEXt', Buffer.from(`Author\0${canary}`)),
        pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0'), xmpPacket(canary)])),
        pngChunk('eXIf', exifBlock({ canary, orientation: ORIENTATION })),
        pngChunk('prVt', Buffer.from(canary)),
      ],
      png,
    ),
    Buffer.from(`after the end ${canary}`),
  ])
}

/** A WebP in the extended layout with profile, EXIF, XMP, a chunk of nobody's and data after its end. */
export async function dirtyWebp(options: DirtyOptions = {}): Promise<Uint8Array> {
  const { canary, width, height } = { ...DEFAULTS, ...options }
  const webp = await (await lyingDown(width, height)).webp({ quality: 95 }).toBuffer()
  const header = Buffer.alloc(10)
  header[0] = 0x20 | 0x08 | 0x04
  // The picture lies on its side, so its width is the upright height.
  header.writeUIntLE(height - 1, 4, 3)
  header.writeUIntLE(width - 1, 7, 3)
  const chunks = Buffer.concat([
    riffChunk('VP8X', header),
    riffChunk('ICCP', colourProfile(canary)),
    webp.subarray(12),
    riffChunk('EXIF', exifBlock({ canary, orientation: ORIENTATION })),
    riffChunk('XMP ', xmpPacket(canary)),
    riffChunk('priv', Buffer.from(canary)),
  ])
  return Buffer.concat([riffFile(chunks), Buffer.from(`after the end ${canary}`)])
}

/** A JPEG with the given segments right after its start. */
export function jpegWith(segments: readonly Uint8Array[], jpeg: Uint8Array): Uint8Array {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)])
}

export function segment(marker: number, content: string | Uint8Array): Uint8Array {
  const body = Buffer.from(content)
  return Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body])
}

/** A PNG with the given chunks right after its header. */
export function pngWith(chunks: readonly Uint8Array[], png: Uint8Array): Uint8Array {
  const afterHeader = 8 + 25
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)])
}

export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const checked = Buffer.concat([Buffer.from(type, 'latin1'), content])
  return Buffer.concat([uint32(content.length), checked, uint32(crc32(checked))])
}

export function riffChunk(type: string, content: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(content.length)
  return Buffer.concat([Buffer.from(type, 'latin1'), length, content, Buffer.alloc(content.length % 2)])
}

/** Puts the chunks of a WebP behind the right header. */
export function riffFile(chunks: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(chunks.length + 4)
  return Buffer.concat([Buffer.from('RIFF'), length, Buffer.from('WEBP'), chunks])
}

/** The four colours as a picture, turned so that orientation 6 shows it upright. */
export async function lyingDown(width: number, height: number): Promise<Sharp> {
  return sharp(await uprightPixels(width, height), { raw: { width, height, channels: 3 } }).rotate(270)
}

/** The four colours as bare RGB pixels. */
export async function uprightPixels(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quadrant = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
      for (const [i, value] of (QUADRANTS[quadrant] ?? []).entries()) pixels[(y * width + x) * 3 + i] = value
    }
  }
  return pixels
}
