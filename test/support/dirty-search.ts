import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync, inflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Colour } from './dirty-pictures.js'
import { inFolder } from './programs.js'

/** In which disguises the word stands in the bytes, also within compressed streams. Empty when it is nowhere. */
export function findCanary(bytes: Uint8Array, canary: string): string[] {
  const disguises = disguisesOf(canary)
  const found = disguisesIn(bytes, disguises)
  for (const content of compressedStreams(bytes)) {
    found.push(...disguisesIn(content, disguises).map((disguise) => `compressed ${disguise}`))
  }
  return found
}

/** Every way in which a text may be written, by name. */
export function disguisesOf(text: string): ReadonlyMap<string, Buffer> {
  const littleEndian = Buffer.from(text, 'utf16le')
  const bigEndian = Buffer.from(littleEndian).swap16()
  const hex = Buffer.from(text).toString('hex')
  const disguises: [string, Buffer | string][] = [
    ['text', text],
    ['upper case', text.toUpperCase()],
    ['percent-encoded', encodeURIComponent(text)],
    ['UTF-16LE', littleEndian],
    ['UTF-16BE', bigEndian],
    ['hex', hex],
    ['upper-case hex', hex.toUpperCase()],
    ['hex of UTF-16LE', littleEndian.toString('hex')],
    ['hex of UTF-16BE', bigEndian.toString('hex')],
  ]
  for (const shift of [0, 1, 2]) {
    const base64 = shiftedBase64(text, shift)
    disguises.push([`base64 shifted by ${shift}`, base64])
    disguises.push([`base64url shifted by ${shift}`, base64.replaceAll('+', '-').replaceAll('/', '_')])
  }
  const different = new Map<string, [string, Buffer]>()
  for (const [name, form] of disguises) {
    const needle = Buffer.from(form)
    const key = needle.toString('latin1')
    if (!different.has(key)) different.set(key, [name, needle])
  }
  return new Map(different.values())
}

function disguisesIn(bytes: Uint8Array, disguises: ReadonlyMap<string, Buffer>): string[] {
  const buffer = asBuffer(bytes)
  return [...disguises].filter(([, needle]) => buffer.includes(needle)).map(([name]) => name)
}

/** The letters of base64 that the text alone decides, when so many bytes of something else stand before it. */
function shiftedBase64(text: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
  return bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), Math.floor((bytes.length * 8) / 6))
}

/** Whatever can be unpacked from any place that looks like the start of a zlib or gzip stream. */
export function compressedStreams(bytes: Uint8Array): Buffer[] {
  const buffer = asBuffer(bytes)
  const contents: Buffer[] = []
  const unpack = (unpackFrom: typeof inflateSync, at: number): void => {
    try {
      contents.push(unpackFrom(buffer.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }))
    } catch {
      // Only looked like one.
    }
  }
  for (let at = buffer.indexOf(0x78); at !== -1; at = buffer.indexOf(0x78, at + 1)) {
    if (at + 2 <= buffer.length && buffer.readUInt16BE(at) % 31 === 0) unpack(inflateSync, at)
  }
  const gzip = Buffer.from([0x1f, 0x8b, 8])
  for (let at = buffer.indexOf(gzip); at !== -1; at = buffer.indexOf(gzip, at + 1)) unpack(gunzipSync, at)
  return contents
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

const TRACK =
  /^(Track(Number|UID|Lacing|Language|Default|Type)|Codec(ID|Private)|VideoFrameRate|VideoScanType|ImageWidth|ImageHeight|Audio(Channels|SampleRate|BitsPerSample)|Matroska_0x(15b0|16aa|16bb))$/
/** Tags that say how to show the file, by their group. */
const STRUCTURAL_TAGS: Readonly<Record<string, RegExp>> = {
  ExifTool: /^ExifToolVersion$/,
  System: /./,
  File: /^(FileType|FileTypeExtension|MIMEType|ImageWidth|ImageHeight|EncodingProcess|BitsPerSample|ColorComponents|YCbCrSubSampling)$/,
  PNG: /^(ImageWidth|ImageHeight|BitDepth|ColorType|Compression|Filter|Interlace)$/,
  RIFF: /^(VP8Version|ImageWidth|ImageHeight|HorizontalScale|VerticalScale)$/,
  PDF: /^(PDFVersion|Linearized|PageCount)$/,
  Composite: /^(ImageSize|Megapixels)$/,
  Matroska:
    /^(EBML\w+|DocType\w*|Seek(ID|Position)|TimecodeScale|TagTrackUID|Duration|Cue(Time|Track|ClusterPosition)|Matroska_0x0070)$/,
  Track1: TRACK,
  Track2: TRACK,
}
/** The same in every file that was ever made. */
const CONSTANT_TAGS: ReadonlyMap<string, RegExp> = new Map([
  ['Matroska:MuxingApp', /^Lavf$/],
  ['Matroska:WritingApp', /^Lavf$/],
  ['Matroska:Encoder', /^Lavc lib(opus|vpx)$/],
])

/** What exiftool finds: names with their group (`GPS:GPSLatitude`) and values. */
export function readTags(bytes: Uint8Array): Map<string, string> {
  return readTagsOf([bytes])[0] ?? new Map()
}

/** The same of many files, for the price of starting it once. */
export function readTagsOf(files: readonly Uint8Array[]): Map<string, string>[] {
  if (files.length === 0) return []
  return inFolder((folder) => {
    const paths = files.map((bytes, i) => {
      const path = join(folder, String(i))
      writeFileSync(path, bytes)
      return path
    })
    const words = ['-j', '-G1', '-a', '-u', '-ee', ...paths]
    const { stdout, error } = spawnSync('exiftool', words, { maxBuffer: 1 << 28 })
    if (error !== undefined) throw error
    const found = JSON.parse(stdout.toString()) as Record<string, unknown>[]
    if (found.length !== files.length) throw new Error('exiftool left files out')
    return found.map((tags) => new Map(Object.entries(tags).map(([name, value]) => [name, String(value)])))
  })
}

/** The names of tags that tell more than how to show the file. */
export function strangeTags(tags: ReadonlyMap<string, string>): string[] {
  const isStructural = (tag: string, value: string): boolean => {
    const [group = '', name] = tag.split(':')
    return name === undefined
      ? tag === 'SourceFile'
      : (CONSTANT_TAGS.get(tag)?.test(value) ?? STRUCTURAL_TAGS[group]?.test(name) ?? false)
  }
  return [...tags].filter(([tag, value]) => !isStructural(tag, value)).map(([tag]) => tag)
}

/** The average colour in the middle of each quadrant, from left to right and from top to bottom. */
export async function quadrantColours(picture: Uint8Array): Promise<Colour[]> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const average = (left: number, top: number): Colour => {
    const sums: [number, number, number] = [0, 0, 0]
    const [width, height] = [Math.floor(info.width / 4), Math.floor(info.height / 4)]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at =
          ((Math.floor(info.height * top) + y) * info.width + Math.floor(info.width * left) + x) *
          info.channels
        for (const channel of [0, 1, 2] as const) sums[channel] += data[at + channel] ?? 0
      }
    }
    return [sums[0] / (width * height), sums[1] / (width * height), sums[2] / (width * height)]
  }
  return [average(1 / 8, 1 / 8), average(5 / 8, 1 / 8), average(1 / 8, 5 / 8), average(5 / 8, 5 / 8)]
}
