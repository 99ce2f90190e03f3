import { type FileKind, isMediaKind, type MadeType, type StillKind } from '../report/file-kinds.js'

/** What each kind of picture or document becomes: the one that every browser shows, and drawings without the smear of a photograph. */
export const BECOMES: Readonly<Record<StillKind, MadeType>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/png',
  tiff: 'image/jpeg',
  heic: 'image/jpeg',
  avif: 'image/jpeg',
  pdf: 'application/pdf',
}

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n'
/** Readers of PDF accept the header anywhere in the first kilobyte, so a file with rubbish before it is still a PDF. */
const PDF_HEADER_WITHIN_BYTES = 1024
/** Boxes with which the films of older cameras begin: they say no brand (QuickTime File Format). */
const OLD_FILM_BOXES = ['moov', 'mdat', 'wide', 'pnot']
/** Families of films and sound in ISO media files (ISO/IEC 14496-12), QuickTime and 3GPP (TS 26.244). */
const FILM_BRANDS = /^(isom|iso\d|mp4\d|avc1|M4[ABPV] |qt {2}|3g[2eghprs]|MSNV|dash|F4V |mmp4|XAVC|kddi|NDS)/
const EBML = '\x1a\x45\xdf\xa3'
const ID3_HEADER_BYTES = 10
/** Brands of ISO/IEC 23008-12 (HEIF) and of AVIF; a file lists its own first, then those it is compatible with. */
const AVIF_BRANDS = ['avif', 'avis']
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']
const FTYP_HEADER_BYTES = 16

/**
 * Says what a file is by its own first bytes; a name or a declared type is never asked for.
 * `undefined` for every other kind. Whether the rest is whole shows when it is decoded.
 */
export function detectKind(bytes: Uint8Array): FileKind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PDF_HEADER_WITHIN_BYTES))
  const head = start.toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith(PNG_SIGNATURE)) return 'png'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a/.test(head)) return 'gif'
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return 'tiff'
  if (head.slice(4, 8) === 'ftyp') return detectBrand(start)
  if (OLD_FILM_BOXES.includes(head.slice(4, 8))) return 'mp4'
  return detectSound(bytes, head) ?? (head.includes('%PDF-') ? 'pdf' : undefined)
}

function detectSound(bytes: Uint8Array, head: string): FileKind | undefined {
  if (head.startsWith(EBML)) return 'webm'
  if (head.startsWith('OggS')) return 'ogg'
  if (head.startsWith('fLaC')) return 'flac'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WAVE') return 'wav'
  if (/^#!AMR(-WB)?\n/.test(head)) return 'amr'
  if (head.startsWith('ID3')) return afterTag(bytes)
  return detectFrames(bytes, 0)
}

/** Before sound of three kinds a tag (ID3v2.4) may stand; when it is longer than what is known here, it is MP3 as nearly always. */
function afterTag(bytes: Uint8Array): FileKind | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, ID3_HEADER_BYTES)
  const end =
    ID3_HEADER_BYTES + (a & 0x7f) * 2 ** 21 + (b & 0x7f) * 2 ** 14 + (c & 0x7f) * 2 ** 7 + (d & 0x7f)
  if (Buffer.from(bytes.subarray(end, end + 4)).toString('latin1') === 'fLaC') return 'flac'
  return detectFrames(bytes, end) ?? 'mp3'
}

/** The first bits of a frame of MPEG audio (ISO/IEC 11172-3) or of AAC (ADTS, ISO/IEC 13818-7). */
function detectFrames(bytes: Uint8Array, at: number): FileKind | undefined {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3)
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined
  const layer = (second >> 1) & 3
  if (layer === 0) return (second & 0xf0) === 0xf0 ? 'aac' : undefined
  const hasRates = third >> 4 !== 0xf && ((third >> 2) & 3) !== 3 && ((second >> 3) & 3) !== 1
  return hasRates ? 'mp3' : undefined
}

/** What a file of this kind may weigh; whether sound or a film is in a container shows only later. */
export function mostBytes(
  kind: FileKind,
  limits: { readonly maxInputBytes: number; readonly maxSoundBytes: number; readonly maxVideoBytes: number },
): number {
  if (kind === 'mp4' || kind === 'webm') return Math.max(limits.maxVideoBytes, limits.maxSoundBytes)
  return isMediaKind(kind) ? limits.maxSoundBytes : limits.maxInputBytes
}

function detectBrand(start: Buffer): FileKind | undefined {
  const end = start.length < 4 ? 0 : start.readUInt32BE(0)
  const brands = [start.toString('latin1', 8, 12)]
  for (let at = FTYP_HEADER_BYTES; at + 4 <= Math.min(end, start.length); at += 4)
    brands.push(start.toString('latin1', at, at + 4))
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif'
  if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return 'heic'
  return brands.some((brand) => FILM_BRANDS.test(brand)) ? 'mp4' : undefined
}
