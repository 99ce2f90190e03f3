import type { FileKind, MadeType } from '../report/file-kinds.js'

/** What each kind becomes: the one that every browser shows, and drawings without the smear of a photograph. */
export const BECOMES: Readonly<Record<FileKind, MadeType>> = {
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
  if (head.includes('%PDF-')) return 'pdf'
  return undefined
}

function detectBrand(start: Buffer): FileKind | undefined {
  const end = start.length < 4 ? 0 : start.readUInt32BE(0)
  const brands = [start.toString('latin1', 8, 12)]
  for (let at = FTYP_HEADER_BYTES; at + 4 <= Math.min(end, start.length); at += 4)
    brands.push(start.toString('latin1', at, at + 4))
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'avif'
  return brands.some((brand) => HEIC_BRANDS.includes(brand)) ? 'heic' : undefined
}
