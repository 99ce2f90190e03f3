import sharp, { type OutputInfo } from 'sharp'
import type { MadeType, StillKind } from '../report/file-kinds.js'
import { BECOMES } from './detect.js'
import { type Made, type Refusal, refuse } from './frame.js'
import { hiddenInPicture } from './hidden.js'
import { PREVIEW_SIDE, type SanitisingLimits } from './limits.js'

export type ImageKind = Exclude<StillKind, 'pdf'>
export type MadeImage = Extract<MadeType, `image/${string}`>
export type Pixels = {
  readonly data: Uint8Array
  readonly info: Pick<OutputInfo, 'width' | 'height' | 'channels'>
}

const JPEG_QUALITY = 85
const WEBP_QUALITY = 85
const PREVIEW_QUALITY = 60
/** Letters have hard edges, which colour subsampling would smear: hence 4:4:4 and a little more compression. */
const PAGE_JPEG = { quality: 82, chromaSubsampling: '4:4:4' }
const PNG_SIGNATURE_BYTES = 8
/** What a PNG needs to be drawn. libvips also writes pHYs (the resolution) and cannot be told not to. */
const PNG_CHUNKS_TO_DRAW = ['IHDR', 'IDAT', 'IEND']

/** The one reader that a kind needs, and the name it gives its pictures. HEIC is opened elsewhere, into a PNG. */
const READERS: Readonly<Record<ImageKind, { readonly operation: string; readonly format: string }>> = {
  jpeg: { operation: 'VipsForeignLoadJpegBuffer', format: 'jpeg' },
  png: { operation: 'VipsForeignLoadPngBuffer', format: 'png' },
  webp: { operation: 'VipsForeignLoadWebpBuffer', format: 'webp' },
  gif: { operation: 'VipsForeignLoadNsgifBuffer', format: 'gif' },
  tiff: { operation: 'VipsForeignLoadTiffBuffer', format: 'tiff' },
  heic: { operation: 'VipsForeignLoadPngBuffer', format: 'png' },
  avif: { operation: 'VipsForeignLoadHeifBuffer', format: 'heif' },
}

/**
 * Switches off all of the library's readers but the one for this kind, for this process: it can also read SVG and
 * the gain maps of Ultra HDR pictures, and every reader is a way in.
 */
export function allowOnlyReaderOf(kind: StillKind): void {
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  if (kind !== 'pdf') sharp.unblock({ operation: [READERS[kind].operation] })
}

/**
 * Makes a picture anew in the kind that it becomes: the first frame or page, upright, in sRGB, 8 bits, opaque on white, at most
 * `maxOutputSide` pixels a side. Between decoder and encoder stand bare pixels, so nothing else can travel.
 * Refuses with `too-many-pixels`, `too-large` (the new file) or `damaged`; never throws for what is in the file.
 */
export async function recreateImage(
  kind: ImageKind,
  original: Uint8Array,
  limits: SanitisingLimits,
): Promise<Made | Refusal> {
  try {
    const input = kind === 'heic' ? await (await import('./heic.js')).openHeic(original, limits) : original
    if (!(input instanceof Uint8Array)) return input
    const head = await sharp(input, { limitInputPixels: false }).metadata()
    if (head.format !== READERS[kind].format) return refuse('damaged')
    if (head.width * head.height > limits.maxPixels) return refuse('too-many-pixels')
    const pixels = await decode(input, limits)
    const bytes = await encode(BECOMES[kind] as MadeImage, pixels)
    if (bytes.length > limits.maxOutputBytes) return refuse('too-large')
    const hidden = hiddenInPicture(kind, original, kind === 'heic' ? { icc: head.icc } : head)
    return { kind: 'made', bytes, preview: await makePreview(pixels), hidden }
  } catch {
    // The library's message may quote the file; the reason is all that leaves this process.
    return refuse('damaged')
  }
}

function decode(original: Uint8Array, limits: SanitisingLimits): Promise<Pixels> {
  const side = limits.maxOutputSide
  return (
    // 'error' rather than 'warning': some telephones write photographs that are whole but not quite by the book.
    sharp(original, { limitInputPixels: limits.maxPixels, failOn: 'error', autoOrient: true })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      // A transparent pixel keeps its colour in the file: what nobody sees in the preview would be sent along.
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
  )
}

/** A small picture of the new one, to show what goes along. */
export function makePreview({ data, info: { width, height, channels } }: Pixels): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } })
    .removeAlpha()
    .resize({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: PREVIEW_QUALITY, chromaSubsampling: '4:2:0' })
    .toBuffer()
}

/** The page of a document as the picture that stands in the new one. */
export function encodePage({ data, info: { width, height, channels } }: Pixels): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } }).removeAlpha().jpeg(PAGE_JPEG).toBuffer()
}

/** The pixels as a new picture of this type. */
export async function encode(type: MadeImage, { data, info }: Pixels): Promise<Uint8Array> {
  if (info.channels !== 3) throw new Error('expected three channels')
  const fresh = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
  switch (type) {
    case 'image/jpeg':
      return fresh.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:2:0' }).toBuffer()
    case 'image/png':
      return keepDrawingChunks(await fresh.png({ adaptiveFiltering: true }).toBuffer())
    case 'image/webp':
      return fresh.webp({ quality: WEBP_QUALITY }).toBuffer()
  }
}

function keepDrawingChunks(png: Buffer): Uint8Array {
  const kept = [png.subarray(0, PNG_SIGNATURE_BYTES)]
  for (let start = PNG_SIGNATURE_BYTES; start < png.length; ) {
    const end = start + 12 + png.readUInt32BE(start)
    if (PNG_CHUNKS_TO_DRAW.includes(png.toString('latin1', start + 4, start + 8)))
      kept.push(png.subarray(start, end))
    start = end
  }
  return Buffer.concat(kept)
}
