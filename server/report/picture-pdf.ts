/**
 * A PDF of pictures: one JPEG a page and nothing besides. No Info, dates, ID, XMP or producer, and the same
 * order of the same objects every time, so that the bytes tell only the pictures and their sizes. The reader
 * takes nothing but this layout. No PDF viewer is needed to show what it gives back. Runs in the browser too.
 */

/** One page: a baseline JPEG in RGB with its size in pixels, and the size of the paper in whole points (1/72 inch). */
export type PicturePage = {
  readonly jpeg: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly widthPt: number
  readonly heightPt: number
}

const HEAD = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'
const CATALOG = '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n'
const AFTER_JPEG = '\nendstream\nendobj\n'
const FIRST_PAGE_OBJECT = 3
const OBJECTS_PER_PAGE = 3
/** Longest side a PDF page may have (14,400 points, five metres). */
const MAX_POINTS = 14_400
const MAX_PIXELS_A_SIDE = 65_535
/** The text before a JPEG is about 330 bytes long; no part of it can grow beyond this. */
const MAX_PAGE_HEAD_BYTES = 512

const PAGE_HEAD =
  /^\d+ 0 obj\n<< \/Type \/Page [^>]*?\/MediaBox \[0 0 (\d{1,5}) (\d{1,5})\][\s\S]{1,300}?\/Subtype \/Image \/Width (\d{1,5}) \/Height (\d{1,5}) [^>]*?\/Length (\d{1,9}) >>\nstream\n/

/**
 * Writes the pages as one PDF 1.4 file. The same pages always give the same bytes.
 * Throws RangeError when there is no page, or when a size is not a whole number within the format's bounds.
 * The JPEG bytes are written as they are: whoever calls this vouches for them.
 */
export function writePicturePdf(pages: readonly PicturePage[]): Uint8Array {
  if (pages.length === 0) throw new RangeError('a picture PDF has at least one page')
  const parts: Uint8Array[] = []
  const offsets: number[] = []
  let length = 0
  const add = (bytes: Uint8Array) => {
    parts.push(bytes)
    length += bytes.length
  }
  const addObject = (text: string) => {
    offsets.push(length)
    add(fromLatin1(text))
  }

  add(fromLatin1(HEAD))
  addObject(CATALOG)
  addObject(pageList(pages.length))
  for (const [index, page] of pages.entries()) {
    checkSizes(page)
    const number = FIRST_PAGE_OBJECT + index * OBJECTS_PER_PAGE
    addObject(pageObject(number, page))
    addObject(drawingObject(number + 1, page))
    addObject(pictureObject(number + 2, page))
    add(page.jpeg)
    add(fromLatin1(AFTER_JPEG))
  }
  add(fromLatin1(ending(offsets, length)))
  return join(parts, length)
}

/**
 * Reads a PDF that `writePicturePdf` made and gives its pages back, so that read(write(pages)) equals pages.
 * The JPEGs are views on `bytes`, not copies. Throws Error on anything else: a byte more, less or different.
 */
export function readPicturePdf(bytes: Uint8Array): PicturePage[] {
  const pages: PicturePage[] = []
  let position = endOfObject(bytes, HEAD.length + CATALOG.length)
  while (latin1(bytes, position, 5) !== 'xref\n') {
    const head = PAGE_HEAD.exec(latin1(bytes, position, MAX_PAGE_HEAD_BYTES))
    if (head === null) throw new Error('not a picture PDF')
    const [widthPt, heightPt, widthPx, heightPx, jpegBytes] = head.slice(1).map(Number) as NumbersInHead
    const start = position + head[0].length
    if (start + jpegBytes > bytes.length) throw new Error('not a picture PDF')
    const jpeg = new Uint8Array(bytes.buffer, bytes.byteOffset + start, jpegBytes)
    pages.push({ jpeg, widthPx, heightPx, widthPt, heightPt })
    position = start + jpegBytes + AFTER_JPEG.length
  }
  // The loop only looks for the pages. That nothing else is in the file is proven by writing it again.
  if (pages.length === 0 || !areSame(writePicturePdf(pages), bytes)) throw new Error('not a picture PDF')
  return pages
}

type NumbersInHead = [number, number, number, number, number]

function pageList(count: number): string {
  const kids = Array.from({ length: count }, (_, i) => `${FIRST_PAGE_OBJECT + i * OBJECTS_PER_PAGE} 0 R`)
  return `2 0 obj\n<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>\nendobj\n`
}

function pageObject(number: number, page: PicturePage): string {
  const resources = `<< /XObject << /P ${number + 2} 0 R >> >>`
  const box = `/MediaBox [0 0 ${page.widthPt} ${page.heightPt}]`
  return `${number} 0 obj\n<< /Type /Page /Parent 2 0 R ${box} /Resources ${resources} /Contents ${number + 1} 0 R >>\nendobj\n`
}

function drawingObject(number: number, page: PicturePage): string {
  const drawing = `${page.widthPt} 0 0 ${page.heightPt} 0 0 cm /P Do`
  return `${number} 0 obj\n<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream\nendobj\n`
}

function pictureObject(number: number, page: PicturePage): string {
  const size = `/Width ${page.widthPx} /Height ${page.heightPx}`
  const coding = `/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${page.jpeg.length}`
  return `${number} 0 obj\n<< /Type /XObject /Subtype /Image ${size} ${coding} >>\nstream\n`
}

function ending(offsets: readonly number[], tableAt: number): string {
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const size = offsets.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}`
  return `${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${tableAt}\n%%EOF\n`
}

function checkSizes(page: PicturePage): void {
  const isWhole = (value: number, max: number) => Number.isInteger(value) && value >= 1 && value <= max
  if (!isWhole(page.widthPt, MAX_POINTS) || !isWhole(page.heightPt, MAX_POINTS))
    throw new RangeError('a page is 1 to 14400 whole points a side')
  if (!isWhole(page.widthPx, MAX_PIXELS_A_SIDE) || !isWhole(page.heightPx, MAX_PIXELS_A_SIDE))
    throw new RangeError('a picture is 1 to 65535 pixels a side')
}

function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function latin1(bytes: Uint8Array, start: number, maxLength: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + maxLength))
}

/** Where the object that starts at `from` ends; the list of pages is the only one whose length is not bounded. */
function endOfObject(bytes: Uint8Array, from: number): number {
  const wanted = fromLatin1('endobj\n')
  for (let at = from; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at + wanted.length
  }
  throw new Error('not a picture PDF')
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
