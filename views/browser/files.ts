// Files are opened only when somebody asks for one, and what can be seen can be blurred again: care for the reader. An
// opened file lives as long as its view; saving one is a choice of the reader's, under a name that says nothing.
import { FILE_ENDINGS } from '../../server/report/file-kinds.js'
import { type AdditionAnswer, api, type Fetching, type ReportAnswer } from './api.js'
import type { Desk } from './context.js'
import { button, element, spoken } from './dom.js'
import { drawFigure, type Figure, kindOf } from './figure.js'
import { type OpenedFile, openFile } from './open-report.js'
import { withProgress } from './progress.js'
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
          drawFile(desk, {
            part,
            number: index + 1,
            open: async (fetching) =>
              openFile(await api.file(report.id, part.id, fetching), desk.memory.deskKeys, {
                kind: 'file',
                of: report.id,
              }),
          }),
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
      drawFile(desk, {
        part: file,
        number: before + index + 1,
        open: async (fetching) =>
          openFile(await api.addedFile(mailbox, file.id, fetching), desk.memory.deskKeys, {
            kind: 'added_file',
            of: mailbox,
          }),
      }),
    ),
  )
}

interface FileToOpen {
  readonly part: { readonly id: string; readonly bytes: number }
  readonly number: number
  open(fetching: Fetching): Promise<OpenedFile>
}

function drawFile(desk: Desk, { part, number, open }: FileToOpen): HTMLElement {
  const place = element('div', { class: 'picture-place' })
  const status = element('p', { role: 'status', class: 'visually-hidden' })
  const item = element('li', { class: 'file' })
  let opened: Promise<OpenedFile | null> | null = null
  const openOnce = async (signal: AbortSignal): Promise<OpenedFile | null> => {
    const told = { number, bytes: part.bytes, place, status, control: showButton }
    opened ??= withProgress(signal, told, open)
    let file: OpenedFile | null = null
    try {
      file = await opened
    } finally {
      // A failed attempt, or one that was stopped, is not kept: the next press tries again.
      if (!file) opened = null
    }
    signal.throwIfAborted()
    return file
  }

  let figure: Figure | null = null
  const show = () =>
    desk.run(async (signal) => {
      const file = await openOnce(signal)
      if (!file) return
      const kind = kindOf(file)
      if (figure && kind === 'sound') {
        figure.end()
        figure = null
        showButton.textContent = text('files.open', { number })
        return
      }
      // A moving picture begins blurred: what comes is not known from its first look.
      const isBlurred = figure ? !figure.isBlurred : kind === 'video'
      figure ??= await put(drawFigure(desk, file, part.id, number), signal)
      figure.blur(isBlurred)
      showButton.textContent = text(`files.${isBlurred ? 'show' : 'hide'}-${kind}`, { number })
    })
  /** Blurred until it is known what is to be seen. What does not show is taken away again. */
  const put = async (drawn: Figure, signal: AbortSignal): Promise<Figure> => {
    drawn.blur(true)
    place.replaceChildren(drawn.content)
    try {
      await drawn.shown
      signal.throwIfAborted()
      return drawn
    } catch (error) {
      drawn.end()
      throw error
    }
  }
  const save = () =>
    desk.run(async (signal) => {
      const file = await openOnce(signal)
      if (file) saveFile(file, `file-${number}.${FILE_ENDINGS[file.type]}`)
    })

  const showButton = button(text('files.open', { number }), show, { class: 'primary' })
  const saveButton = button([text('files.save'), spoken(` ${number}`)], save, { class: 'secondary' })
  item.append(
    element('h3', {}, text('files.file', { number })),
    element('p', { class: 'quiet' }, text('files.size', { size: sizeText(part.bytes) })),
    status,
    place,
    element('div', { class: 'actions' }, showButton, saveButton),
  )
  return item
}

function saveFile({ content }: OpenedFile, name: string): void {
  const href = URL.createObjectURL(content)
  element('a', { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), KEEP_DOWNLOAD_MS)
}
