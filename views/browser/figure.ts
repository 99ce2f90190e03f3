// An opened file as it is shown: a picture, the pages of a document, a sound or a video, with how it was made.
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { blurPlayer, drawPlayer } from './media.js'
import type { OpenedFile } from './open-report.js'
import { text } from './texts.js'

/** Draws a file that was opened. Throws Problem `cannot-open` when it is not what it says. */
export async function drawFigure(
  desk: Desk,
  file: OpenedFile,
  part: string,
  number: number,
): Promise<HTMLElement> {
  const marks = { 'data-part': part, 'data-sha256': file.sha256 }
  return element('figure', marks, ...(await drawContent(desk, file, number)), ...drawRecord(file))
}

/** Blurs what can be seen of a file, or shows it; gives back whether it is blurred now. */
export function setBlurred(figure: HTMLElement, isBlurred: boolean): boolean {
  figure.classList.toggle('blurred', isBlurred)
  blurPlayer(figure, isBlurred)
  return isBlurred
}

async function drawContent(desk: Desk, file: OpenedFile, number: number): Promise<HTMLElement[]> {
  switch (file.type) {
    case 'application/pdf':
      return drawPages(desk, new Uint8Array(await file.content.arrayBuffer()), number)
    case 'audio/webm':
    case 'video/webm':
      return drawPlayer(desk, file, number)
    case 'image/jpeg':
    case 'image/png':
    case 'image/webp': {
      const src = desk.memory.pictureUrl(file.content)
      return [element('img', { src, alt: text('files.alt', { number }) })]
    }
  }
}

/** What was done to the file, and whether it is still the one that came out; nothing for files without a record. */
function drawRecord({ record, sha256 }: OpenedFile): HTMLElement[] {
  if (!record) return []
  const isSame = record.sha256 === sha256
  return [
    element(
      'details',
      { class: 'record' },
      element('summary', {}, text('files.record')),
      element('p', {}, text(`files.${record.made}`)),
      ...(record.covered ? [element('p', {}, text('files.covered'))] : []),
      element('p', {}, text('files.sha256'), ' ', element('code', { dir: 'ltr' }, record.sha256)),
      element('p', isSame ? {} : { class: 'error' }, text(isSame ? 'files.same' : 'files.different')),
    ),
  ]
}

/** A document as pictures, one page at a time: the page before is let go of. */
function drawPages(desk: Desk, pdf: Uint8Array, number: number): HTMLElement[] {
  const pages = readPages(pdf)
  const image = element('img')
  const caption = element('p', { role: 'status' })
  let current = 0
  const draw = () => {
    const jpeg = pages[current]?.jpeg ?? new Uint8Array()
    if (image.src) desk.memory.revokePictures([image.src])
    image.src = desk.memory.pictureUrl(new Blob([jpeg.slice()], { type: 'image/jpeg' }))
    const values = { number, page: current + 1, pages: pages.length }
    image.alt = text('files.page-alt', values)
    caption.textContent = text('files.page', values)
  }
  const turn = (step: 1 | -1) => () => {
    current = Math.min(Math.max(current + step, 0), pages.length - 1)
    draw()
  }
  draw()
  if (pages.length === 1) return [image]
  const turns = element(
    'div',
    { class: 'actions' },
    button(text('files.previous'), turn(-1), { class: 'secondary' }),
    button(text('files.next'), turn(1), { class: 'secondary' }),
  )
  return [image, element('figcaption', {}, caption, turns)]
}

function readPages(pdf: Uint8Array): { readonly jpeg: Uint8Array }[] {
  try {
    return readPicturePdf(pdf)
  } catch {
    throw new Problem('cannot-open')
  }
}
