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
import { TIFF_ROWS } from './tiff.js'
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
}
