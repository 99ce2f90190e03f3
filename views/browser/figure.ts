// An opened file as it is shown: a picture, the pages of a document, a sound or a video, with how it was made. What
// strangers made is decoded in a closed frame; this page keeps the words and buttons around it.
import { Problem } from './api.js'
import { type ClosedFrame, createClosedFrame, showing } from './closed-frame.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import type { OpenedFile } from './open-report.js'
import { lengthText, text } from './texts.js'
import type { FromViewer } from './viewer-messages.js'

/** How much of the window's height a picture takes at most. */
const MOST_OF_HEIGHT = 85
/** A video that is small by itself is not blown up beyond this. */
const WIDEST_VIDEO = '60rem'

export type FileKind = 'picture' | 'sound' | 'video'

export interface Figure {
  readonly content: HTMLElement
  /** Fulfilled when the file is to be seen or can be played. Rejects with Problem `cannot-open` or `no-connection`. */
  readonly shown: Promise<void>
  readonly isBlurred: boolean
  blur(isBlurred: boolean): void
  /** takes the file out of the page and its frame's memory */
  end(): void
}

export function kindOf({ type }: OpenedFile): FileKind {
  if (type.startsWith('audio/')) return 'sound'
  return type.startsWith('video/') ? 'video' : 'picture'
}

/** A file that was opened, to be put on the page: only there it begins to show. */
export function drawFigure(desk: Desk, file: OpenedFile, part: string, number: number): Figure {
  const kind = kindOf(file)
  const length = element('p', { class: 'quiet', role: 'status' })
  const { promise: shown, resolve, reject } = Promise.withResolvers<void>()
  shown.catch(() => undefined)
  let pages: HTMLElement[] = []

  const heard = (message: FromViewer): void => {
    switch (message.kind) {
      case 'size':
        fit(closed.frame, message, kind)
        if (kind === 'picture') resolve()
        return
      case 'pages':
        if (pages.length > 0) return
        pages = drawPages(closed, number, message.pages)
        closed.frame.after(...pages)
        return
      case 'length':
        if (message.seconds > 0)
          length.textContent = text('files.length', { length: lengthText(message.seconds) })
        resolve()
        return
      case 'failed':
        if (kind === 'picture') {
          reject(new Problem('cannot-open'))
          return
        }
        // The rest of it, its hash and how it was made, stays of use.
        length.textContent = text('files.cannot-play')
        resolve()
        return
      case 'ready':
      case 'used':
    }
  }

  const closed = createClosedFrame(text('files.frame', { number }), heard, desk.signal)
  closed.frame.classList.add(kind)
  // A picture has no stop for the keyboard in it, and its frame needs none; a player has its buttons.
  if (kind === 'picture') closed.frame.tabIndex = -1
  closed.ready.then(
    () => closed.send(showing(file.content, labelOf(kind, number))),
    (problem) => reject(problem),
  )
  const content = element(
    'figure',
    { 'data-part': part, 'data-sha256': file.sha256 },
    closed.frame,
    kind !== 'picture' && length,
    ...drawRecord(file),
  )
  return {
    content,
    shown,
    get isBlurred() {
      return content.classList.contains('blurred')
    },
    blur(isBlurred) {
      content.classList.toggle('blurred', isBlurred)
      void closed.ready.then(
        () => closed.send({ blurred: isBlurred }),
        () => undefined,
      )
    },
    end() {
      closed.end()
      content.remove()
    },
  }
}

function labelOf(kind: FileKind, number: number): string {
  return text({ picture: 'files.alt', sound: 'files.sound', video: 'files.video' }[kind], { number })
}

/** As large as it is by itself, where there is room for it. */
function fit(
  frame: HTMLIFrameElement,
  { width, height }: { width: number; height: number },
  kind: FileKind,
): void {
  const own = kind === 'video' ? WIDEST_VIDEO : `${width}px`
  frame.style.inlineSize = `min(100%, ${own}, ${((MOST_OF_HEIGHT * width) / height).toFixed(3)}vh)`
  frame.style.aspectRatio = `${width} / ${height}`
  frame.style.blockSize = 'auto'
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

/** Shows the first page of a document; gives what turns them. The viewer draws one at a time and lets go of it. */
function drawPages({ send }: ClosedFrame, number: number, pages: number): HTMLElement[] {
  const caption = element('p', { role: 'status' })
  let current = 0
  const draw = () => {
    const values = { number, page: current + 1, pages }
    send({ page: current, label: text('files.page-alt', values) })
    caption.textContent = text('files.page', values)
  }
  const turn = (step: 1 | -1) => () => {
    current = Math.min(Math.max(current + step, 0), pages - 1)
    draw()
  }
  draw()
  if (pages === 1) return []
  const turns = element(
    'div',
    { class: 'actions' },
    button(text('files.previous'), turn(-1), { class: 'secondary', 'data-key': 'page-previous' }),
    button(text('files.next'), turn(1), { class: 'secondary', 'data-key': 'page-next' }),
  )
  return [element('figcaption', {}, caption, turns)]
}
