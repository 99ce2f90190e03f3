// Pictures are opened only when somebody asks for one, and can be blurred again: care for the reader. An opened file
// lives as long as its view; saving one is a choice of the reader's, under a name that says nothing.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { FILE_ENDINGS } from '../../server/report/file-kinds.js'
import { readPicturePdf } from '../../server/report/picture-pdf.js'
import { type AdditionAnswer, api, Problem, type ReportAnswer } from './api.js'
import type { Desk } from './context.js'
import { button, element, spoken } from './dom.js'
import { type OpenedFile, openFile } from './open-report.js'
import { sizeText, text } from './texts.js'

/** Long enough for the browser to have begun writing the file. */
const KEEP_DOWNLOAD_MS = 60_000

/** The files of a report, each closed at first. Nothing is drawn when there are none. */
export function drawFiles(desk: Desk, report: ReportAnswer): HTMLElement[] {
  const parts = report.parts.filter(({ kind }) => kind === 'file')
  if (parts.length === 0) return []
  return [
    element(
      'section',
      { class: 'card', 'aria-labelledby': 'files-title' },
      element('h2', { id: 'files-title' }, text('files.title')),
      element('p', { class: 'hint' }, text('files.care')),
      element(
        'ul',
        { class: 'files', role: 'list' },
        ...parts.map((part, index) =>
          drawFile(desk, part, index + 1, async (signal) =>
            openFile(await api.part(report.id, part.id, signal), desk.memory.deskKey, {
              kind: 'file',
              of: report.id,
            }),
          ),
        ),
      ),
      element('p', { class: 'hint' }, text('files.save-warning')),
    ),
  ]
}

/** The files that came through a mailbox later; they are numbered on from `before`. */
export function drawAddedFiles(
  desk: Desk,
  mailbox: string,
  added: readonly AdditionAnswer[],
  before: number,
): HTMLElement {
  return element(
    'ul',
    { class: 'files', role: 'list' },
    ...added.map((file, index) =>
      drawFile(desk, file, before + index + 1, async (signal) =>
        openFile(await api.addedFile(mailbox, file.id, signal), desk.memory.deskKey, {
          kind: 'added_file',
          of: mailbox,
        }),
      ),
    ),
  )
}

function drawFile(
  desk: Desk,
  part: { readonly id: string; readonly bytes: number },
  number: number,
  fetchFile: (signal: AbortSignal) => Promise<OpenedFile>,
): HTMLElement {
  let opened: Promise<OpenedFile> | null = null
  const openOnce = (signal: AbortSignal): Promise<OpenedFile> => {
    opened ??= fetchFile(signal)
    // A failed attempt is not kept: the next press tries again.
    opened.catch(() => {
      opened = null
    })
    return opened
  }
  const place = element('div', { class: 'picture-place' })
  const item = element('li', { class: 'file' })

  const show = () =>
    desk.run(async (signal) => {
      let figure = place.querySelector('figure')
      if (!figure) {
        const file = await openOnce(signal)
        signal.throwIfAborted()
        figure = drawFigure(desk, file, part.id, number)
        place.replaceChildren(figure)
        setBlurred(figure, true)
      }
      const isBlurred = setBlurred(figure, !figure.classList.contains('blurred'))
      showButton.textContent = text(isBlurred ? 'files.show' : 'files.blur', { number })
    })
  const save = () =>
    desk.run(async (signal) => {
      const file = await openOnce(signal)
      signal.throwIfAborted()
      saveFile(file, `file-${number}.${FILE_ENDINGS[file.type]}`)
    })

  const showButton = button(text('files.show', { number }), show, { class: 'primary' })
  const saveButton = button([text('files.save'), spoken(` ${number}`)], save, { class: 'secondary' })
  item.append(
    element('h3', {}, text('files.file', { number })),
    element('p', { class: 'quiet' }, text('files.size', { size: sizeText(part.bytes) })),
    place,
    element('div', { class: 'actions' }, showButton, saveButton),
  )
  return item
}

function setBlurred(figure: HTMLElement, isBlurred: boolean): boolean {
  figure.classList.toggle('blurred', isBlurred)
  return isBlurred
}

function drawFigure(desk: Desk, file: OpenedFile, part: string, number: number): HTMLElement {
  const hash = bytesToHex(sha256(file.bytes))
  const marks = { 'data-part': part, 'data-sha256': hash }
  const record = drawRecord(file, hash)
  if (file.type !== 'application/pdf') {
    const src = desk.memory.pictureUrl(file.bytes, file.type)
    return element('figure', marks, element('img', { src, alt: text('files.alt', { number }) }), ...record)
  }
  return element('figure', marks, ...drawPages(desk, file.bytes, number), ...record)
}

/** What was done to the file, and whether it is still the one that came out; nothing for files without a record. */
function drawRecord({ record }: OpenedFile, hash: string): HTMLElement[] {
  if (!record) return []
  const isSame = record.sha256 === hash
  return [
    element(
      'details',
      { class: 'record' },
      element('summary', {}, text('files.record')),
      element('p', {}, text(`files.${record.made}`)),
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
    image.src = desk.memory.pictureUrl(jpeg, 'image/jpeg')
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

function saveFile({ bytes, type }: OpenedFile, name: string): void {
  const href = URL.createObjectURL(new Blob([bytes.slice()], { type }))
  element('a', { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), KEEP_DOWNLOAD_MS)
}
