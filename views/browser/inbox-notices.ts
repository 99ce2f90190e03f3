// What happened to reports of this member meanwhile. Each stands there until it was heard.
import type { ReportHeader } from '../../server/report/report.js'
import { api, type InboxItem, type QueueNotice } from './api.js'
import type { Desk } from './context.js'
import { button, element, spoken } from './dom.js'
import { stateText } from './inbox-row.js'
import { formsText, text } from './texts.js'

interface Known {
  itemOf(id: string): InboxItem | undefined
  headerOf(id: string): ReportHeader | undefined
}

/** Draws the notices into `place`, anew only when they changed. */
export function drawNotices(
  desk: Desk,
  place: HTMLElement,
  notices: readonly QueueNotice[],
  known: Known,
): void {
  const lines = notices.map((notice) => ({ notice, words: noticeText(notice, known) }))
  const state = JSON.stringify(lines.map(({ words }) => words))
  if (place.dataset.state === state) return
  place.dataset.state = state
  place.replaceChildren()
  if (lines.length === 0) return
  place.append(
    element(
      'section',
      { class: 'card notice', 'aria-labelledby': 'notices-title' },
      element('h2', { id: 'notices-title' }, text('notice.title')),
      element('ul', { class: 'notices', role: 'list' }, ...lines.map((line) => drawLine(desk, line, known))),
    ),
  )
}

function drawLine(
  desk: Desk,
  { notice, words }: { notice: QueueNotice; words: string },
  { itemOf }: Known,
): HTMLElement {
  const item = itemOf(notice.report)
  const mayOpen = item && (item.mine || item.state === 'assessed')
  const hear = () =>
    desk.run(async () => {
      await api.hearNotice(notice)
      const list = line.parentElement
      line.remove()
      // An empty list of notices would still be a list.
      if (list?.childElementCount === 0) list.closest('.notice')?.remove()
      document.querySelector('h1')?.focus()
      desk.page.say(text('notice.heard-now'))
    })
  const line = element(
    'li',
    {},
    element('p', {}, words),
    element(
      'div',
      { class: 'actions' },
      mayOpen &&
        button([text('inbox.open'), spoken(`: ${words}`)], () => desk.go(`report-${notice.report}`), {
          class: 'secondary',
        }),
      button([text('notice.heard'), spoken(`: ${words}`)], hear, { class: 'secondary' }),
    ),
  )
  return line
}

function noticeText({ kind, by, reason, report }: QueueNotice, { itemOf, headerOf }: Known): string {
  const header = headerOf(report)
  const item = itemOf(report)
  const name = by ?? text('state.somebody')
  const words = text(`notice.${kind}`, {
    name,
    report: header ? formsText(header.forms) : text('report.title'),
    state: item ? stateText(item) : text('state.assessed'),
  })
  return reason ? `${words} ${text('notice.because', { reason: text(`assign.${reason}`) })}` : words
}
