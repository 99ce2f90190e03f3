/**
 * Where files carry a trace of their maker: by kind, each place with a file of its own. A kind that the product takes
 * and that is not here is a kind nobody has thought about: test/sanitising/matrix.test.ts fails.
 */
import { GIF_ROWS } from './gif.js'
import { AVIF_ROWS, HEIC_ROWS } from './heif.js'
import { JPEG_ROWS } from './jpeg.js'
import { PDF_ROWS } from './pdf.js'
import { PNG_ROWS } from './png.js'
import type { Row } from './row.js'
import { AAC_ROWS, AMR_ROWS, FLAC_ROWS, MP3_ROWS, OGG_ROWS, WAV_ROWS } from './sound.js'
import { TIFF_ROWS } from './tiff.js'
import { MP4_ROWS, WEBM_ROWS } from './video.js'
import { WEBP_ROWS } from './webp.js'

export type { Row, Shown } from './row.js'

export const MATRIX: Readonly<Record<string, readonly Row[]>> = {
  jpeg: JPEG_ROWS,
  png: PNG_ROWS,
  webp: WEBP_ROWS,
  gif: GIF_ROWS,
  tiff: TIFF_ROWS,
  heic: HEIC_ROWS,
  avif: AVIF_ROWS,
  pdf: PDF_ROWS,
  mp3: MP3_ROWS,
  aac: AAC_ROWS,
  ogg: OGG_ROWS,
  flac: FLAC_ROWS,
  wav: WAV_ROWS,
  amr: AMR_ROWS,
  mp4: MP4_ROWS,
  webm: WEBM_ROWS,
}
