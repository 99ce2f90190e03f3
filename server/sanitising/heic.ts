/**
 * HEIC, the photographs of Apple's telephones: libvips as it comes with sharp cannot decode it (HEVC is patented), so
 * libheif does, as WebAssembly. What it gives are bare pixels and the colour profile they were meant for.
 */
import { crc32, deflateSync } from 'node:zlib'
import libheif from 'libheif-js/wasm-bundle.js'
import sharp from 'sharp'
import { type Refusal, refuse } from './frame.js'
import type { SanitisingLimits } from './limits.js'

const PNG_HEAD_BYTES = 8 + 25
const MAX_PROFILE_BYTES = 1024 * 1024
/** Room for the error structure that the library's own C functions give back. */
const OUTCOME_BYTES = 16

/**
 * Decodes the first picture, upright as the file asks, at most `maxOutputSide` a side, into a PNG that carries its
 * colour profile and nothing else; it goes on to the same way as any picture. Throws when it cannot be decoded.
 */
export async function openHeic(
  original: Uint8Array,
  { maxPixels, maxOutputSide }: Pick<SanitisingLimits, 'maxPixels' | 'maxOutputSide'>,
): Promise<Uint8Array | Refusal> {
  const [picture] = new libheif.HeifDecoder().decode(original)
  if (!picture) throw new Error('no picture')
  const [width, height] = [picture.get_width(), picture.get_height()]
  if (!(width > 0 && height > 0)) throw new Error('no size')
  if (width * height > maxPixels) return refuse('too-many-pixels')
  const profile = profileOf(picture.handle.$$.ptr)
  const data = await new Promise<Uint8ClampedArray>((resolve, reject) => {
    const target = { data: new Uint8ClampedArray(width * height * 4), width, height }
    picture.display(target, (filled) => (filled ? resolve(filled.data) : reject(new Error('not decoded'))))
  })
  const png = await sharp(data, { raw: { width, height, channels: 4 } })
    .resize({ width: maxOutputSide, height: maxOutputSide, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 0 })
    .toBuffer()
  return profile ? withProfile(png, profile) : png
}

function profileOf(handle: number): Uint8Array | null {
  const length = libheif._heif_image_handle_get_raw_color_profile_size(handle)
  if (!(length > 0 && length <= MAX_PROFILE_BYTES)) return null
  const [outcome, at] = [libheif._malloc(OUTCOME_BYTES), libheif._malloc(length)]
  libheif._heif_image_handle_get_raw_color_profile(outcome, handle, at)
  return libheif.HEAPU8.slice(at, at + length)
}

/** sharp cannot be told the profile of bare pixels, but it heeds the one inside a PNG. */
function withProfile(png: Buffer, profile: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from('iCCPp\0\0', 'latin1'), deflateSync(profile, { level: 0 })])
  const chunk = Buffer.alloc(4 + body.length + 4)
  chunk.writeUInt32BE(body.length - 4, 0)
  body.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(body), 4 + body.length)
  return Buffer.concat([png.subarray(0, PNG_HEAD_BYTES), chunk, png.subarray(PNG_HEAD_BYTES)])
}
