import { type PDFiumDocument, PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium'
import { type PicturePage, writePicturePdf } from '../report/picture-pdf.js'
import { type Made, type Refusal, refuse } from './frame.js'
import { hiddenInDocument } from './hidden-document.js'
import { encodePage, makePreview, type Pixels } from './image.js'
import type { SanitisingLimits } from './limits.js'

const POINTS_PER_INCH = 72
const MAX_POINTS = 14_400

/**
 * Makes a PDF anew as pictures of its pages at `pdfDpi`, smaller where a page would exceed `maxOutputSide`.
 * Text, layers, attachments, scripts, earlier revisions and what lies under a black bar do not survive.
 * Paper sizes are rounded to whole points, because their fractions tell the program that made the file.
 * Refuses with `password`, `too-many-pages`, `too-large` (the new file) or `damaged`; never throws for what is in the file.
 */
export async function recreateDocument(
  original: Uint8Array,
  limits: SanitisingLimits,
): Promise<Made | Refusal> {
  const library = await loadRenderer()
  let document: PDFiumDocument
  try {
    document = await library.loadDocument(original)
  } catch (error) {
    return refuse(isLocked(error) ? 'password' : 'damaged')
  }
  try {
    return await drawAll(document, original, limits)
  } catch {
    return refuse('damaged')
  }
}

/** Loads the program that draws pages. Rejects when its files cannot be read or its memory cannot be had. */
export function loadRenderer(): ReturnType<typeof PDFiumLibrary.init> {
  return PDFiumLibrary.init()
}

async function drawAll(
  document: PDFiumDocument,
  original: Uint8Array,
  limits: SanitisingLimits,
): Promise<Made | Refusal> {
  const count = document.getPageCount()
  if (count < 1) return refuse('damaged')
  if (count > limits.maxPages) return refuse('too-many-pages')
  const pages: PicturePage[] = []
  let preview: Uint8Array = new Uint8Array()
  let totalBytes = 0
  for (let index = 0; index < count; index++) {
    const drawn = await draw(document.getPage(index), limits)
    if (drawn === undefined) return refuse('damaged')
    const { page, pixels } = drawn
    if (index === 0) preview = await makePreview(pixels)
    totalBytes += page.jpeg.length
    if (totalBytes > limits.maxOutputBytes) return refuse('too-large')
    pages.push(page)
  }
  const bytes = writePicturePdf(pages)
  if (bytes.length > limits.maxOutputBytes) return refuse('too-large')
  return { kind: 'made', bytes, preview, hidden: hiddenInDocument(original) }
}

async function draw(
  page: PDFiumPage,
  limits: SanitisingLimits,
): Promise<{ page: PicturePage; pixels: Pixels } | undefined> {
  const { originalWidth, originalHeight } = page.getOriginalSize()
  // A page that could not be loaded has no size.
  if (!(originalWidth > 0 && originalHeight > 0)) return undefined
  const longestSide = Math.max(originalWidth, originalHeight)
  const scale = Math.min(limits.pdfDpi / POINTS_PER_INCH, limits.maxOutputSide / longestSide)
  const width = Math.max(1, Math.round(originalWidth * scale))
  const height = Math.max(1, Math.round(originalHeight * scale))
  // A filled-in form is what the reporter sees, so its fields are drawn too. This build of PDFium runs no scripts.
  const { data } = await page.render({ width, height, renderFormFields: true })
  const pixels: Pixels = { data, info: { width, height, channels: 4 } }
  return {
    page: {
      jpeg: await encodePage(pixels),
      widthPx: width,
      heightPx: height,
      widthPt: points(originalWidth),
      heightPt: points(originalHeight),
    },
    pixels,
  }
}

function points(size: number): number {
  return Math.min(MAX_POINTS, Math.max(1, Math.round(size)))
}

/** The library has no error codes, only these sentences of its own. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && /^(Password required|Unsupported security scheme)/.test(error.message)
}
