// What can be done to a file that was made anew before: parts of it covered, or one page of it shown. Runs in the
// worker, like everything that decodes.
import sharp from 'sharp'
import type { FileKind } from '../report/file-kinds.js'
import { type PicturePage, readPicturePdf, writePicturePdf } from '../report/picture-pdf.js'
import { blacken } from './boxes.js'
import { type Again, type Made, type Refusal, refuse } from './frame.js'
import { encode, encodePage, type MadeImage, makePreview, type Pixels } from './image.js'
import { type SanitisingLimits, VIEW_HEIGHT, VIEW_WIDTH } from './limits.js'

const VIEW_QUALITY = 60
const IMAGES: Readonly<Partial<Record<FileKind, MadeImage>>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}

/**
 * With boxes: the same file with these parts of the page in black, encoded anew, never an overlay; other pages stay as
 * they are, and the small picture shows this page. Without: the page as a picture to look at, and no small one.
 * Refuses with `too-large` (the new file) or `damaged`, also when there is no such page; never throws for what is given.
 */
export async function workAgain(
  kind: FileKind,
  made: Uint8Array,
  { page, boxes }: Again,
  limits: SanitisingLimits,
): Promise<Made | Refusal> {
  try {
    const type = IMAGES[kind]
    const pages = type ? [{ jpeg: made }] : readPicturePdf(made)
    const wanted = pages[page - 1]
    if (!wanted) return refuse('damaged')
    const pixels = await decodeMade(wanted.jpeg)
    if (!boxes) return { kind: 'made', bytes: await makeView(pixels), preview: new Uint8Array(), hidden: [] }
    blacken(pixels, boxes)
    const bytes = type
      ? await encode(type, pixels)
      : await writeAgain(pages as readonly PicturePage[], page, pixels)
    if (bytes.length > limits.maxOutputBytes) return refuse('too-large')
    return { kind: 'made', bytes, preview: await makePreview(pixels), hidden: [] }
  } catch {
    return refuse('damaged')
  }
}

function decodeMade(picture: Uint8Array): Promise<Pixels> {
  return sharp(picture, { failOn: 'error' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
}

async function writeAgain(
  pages: readonly PicturePage[],
  covered: number,
  pixels: Pixels,
): Promise<Uint8Array> {
  const jpeg = await encodePage(pixels)
  return writePicturePdf(pages.map((page, index) => (index === covered - 1 ? { ...page, jpeg } : page)))
}

/** Wide enough for a telephone; a long picture, as of a whole talk, keeps letters that can be read. */
function makeView({ data, info: { width, height, channels } }: Pixels): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } })
    .resize({ width: VIEW_WIDTH, height: VIEW_HEIGHT, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: VIEW_QUALITY, chromaSubsampling: '4:2:0' })
    .toBuffer()
}
