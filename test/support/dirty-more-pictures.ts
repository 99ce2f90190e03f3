// Pictures that libraries of npm do not write as telephones and scanners do: made by Debian's heif-enc and sharp, with
// everything that exiftool can put into them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { CANARY, type DirtyOptions, dirtyPhoto, lyingDown, uprightPixels } from './dirty-pictures.js'
import { withQuarterTurn } from './heif-boxes.js'
import { inFolder, inHeif, run } from './programs.js'

const SIZE = { width: 160, height: 240 }

/** A photograph of an Apple telephone: HEVC in HEIF, turned, with EXIF, XMP, profile and a small picture beside it. */
export async function dirtyHeic(options: DirtyOptions = {}): Promise<Uint8Array> {
  const photo = await dirtyPhoto({ ...SIZE, ...options })
  return withQuarterTurn(inHeif('heic', [{ bytes: photo, ending: 'jpg' }], '-t', '64'))
}

/** AVIF, turned, with everything that exiftool can put into it. */
export async function dirtyAvif({ canary = CANARY, ...size }: DirtyOptions = {}): Promise<Uint8Array> {
  const lying = await lyingDown(size.width ?? SIZE.width, size.height ?? SIZE.height)
  const avif = await lying.withMetadata({ orientation: 6 }).avif({ quality: 90 }).toBuffer()
  return withTags(avif, 'avif', exifTags(canary))
}

/** A moving GIF with a comment, XMP and data after its end; only the first frame shows the colours. */
export async function dirtyGif({ canary = CANARY, ...size }: DirtyOptions = {}): Promise<Uint8Array> {
  const { width, height } = { ...SIZE, ...size }
  const frames = Buffer.concat([await uprightPixels(width, height), Buffer.alloc(width * height * 3, 128)])
  const gif = await sharp(frames, { raw: { width, height: height * 2, channels: 3, pageHeight: height } })
    .gif({ loop: 0, delay: [90, 90], dither: 0 })
    .toBuffer()
  const tagged = withTags(gif, 'gif', [`-Comment=${canary}`, `-XMP-dc:Creator=${canary}`])
  return Buffer.concat([tagged, Buffer.from(`after the end ${canary}`)])
}

/** A scan in TIFF: camera, scanner, author, place, and what news desks write, lying on its side. */
export async function dirtyTiff({ canary = CANARY, ...size }: DirtyOptions = {}): Promise<Uint8Array> {
  const lying = await lyingDown(size.width ?? SIZE.width, size.height ?? SIZE.height)
  const tags = [
    `-DocumentName=${canary}`,
    `-IPTC:By-line=${canary}`,
    `-IPTC:City=${canary}`,
    '-Orientation#=6',
  ]
  const tiff = withTags(await lying.tiff({ compression: 'lzw' }).toBuffer(), 'tiff', [
    ...exifTags(canary),
    ...tags,
  ])
  return Buffer.concat([tiff, Buffer.from(`after the end ${canary}`)])
}

function exifTags(canary: string): string[] {
  const words = ['Make', 'Model', 'Artist', 'Software', 'HostComputer', 'ImageDescription', 'SerialNumber']
  return [
    ...words.map((tag) => `-${tag}=${canary}`),
    `-GPSAreaInformation=${canary}`,
    `-XMP-dc:Creator=${canary}`,
    '-GPSLatitude=52.37',
    '-GPSLatitudeRef=N',
    '-DateTimeOriginal=2026:02:03 04:05:06',
  ]
}

function withTags(bytes: Uint8Array, extension: string, tags: readonly string[]): Uint8Array {
  return inFolder((folder) => {
    const file = join(folder, `in.${extension}`)
    writeFileSync(file, bytes)
    run('exiftool', ['-q', '-m', '-overwrite_original', ...tags, file])
    return readFileSync(file)
  })
}
