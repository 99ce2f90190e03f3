// Reports that say nearly the same stand together in the inbox: the most urgent of them in full, the others folded
// below it. Nothing is decided by that: many people may tell of one event, and each report stays to be opened.
import { type AlikeGroup, groupAlike } from '../../server/report/group-alike.js'
import type { ReportHeader } from '../../server/report/report.js'
import type { InboxItem } from './api.js'
import { button, element } from './dom.js'
import { focusRow } from './shortcuts.js'
import { countText, text } from './texts.js'

/** A group may hold thousands: drawing all of them at once would hold up the page. */
const ROWS_AT_ONCE = 50

/** A group as it is drawn. */
export interface AlikeRows {
  readonly by: AlikeGroup<unknown>['by']
  /** the most urgent one, if possible one that waits */
  readonly first: InboxItem
  readonly others: readonly InboxItem[]
}

/** What somebody reads is work at hand and never folded away; what was assessed is put together apart from the rest. */
export function findAlike(
  items: readonly InboxItem[],
  headers: ReadonlyMap<string, ReportHeader>,
): AlikeRows[] {
  const opened = items.flatMap((item) => {
    const header = headers.get(item.id)
    return header && !isInHand(item) ? [{ item, header }] : []
  })
  const isAssessed = ({ item }: { item: InboxItem }) => item.state === 'assessed'
  return [opened.filter(isAssessed), opened.filter((one) => !isAssessed(one))]
    .flatMap((reports) => groupAlike(reports))
    .flatMap(({ by, reports }) => {
      const [first, ...others] = reports.map(({ item }) => item).sort((a, b) => weight(b) - weight(a))
      return first ? [{ by, first, others }] : []
    })
}

function isInHand({ state, mine }: InboxItem): boolean {
  return mine && state === 'claimed'
}

function weight({ urgent, state }: InboxItem): number {
  return (urgent ? 2 : 0) + (state === 'waiting' ? 1 : 0)
}

/** A group as a list item. Its other rows are made when it is unfolded. */
export function drawAlike(
  { by, first, others }: AlikeRows,
  unfolded: Set<string>,
  drawRow: (item: InboxItem) => HTMLElement,
): HTMLLIElement {
  const urgent = [first, ...others].filter(({ urgent }) => urgent).length
  const title = `alike-${first.id}`
  return element(
    'li',
    { class: 'alike', 'aria-labelledby': title },
    element(
      'div',
      { class: 'row-head' },
      element('h4', { id: title }, countText(`inbox.alike-${by}`, others.length + 1)),
      urgent > 0 &&
        element(
          'p',
          { class: 'marks' },
          element('span', { class: 'mark urgent' }, countText('inbox.alike-urgent', urgent)),
        ),
    ),
    element('p', { class: 'hint' }, text(`inbox.alike-${by}-hint`)),
    element('ul', { class: 'rows', role: 'list' }, drawRow(first)),
    drawFold(`fold-${first.id}`, others, unfolded, drawRow),
  )
}

/** Which rows are shown is remembered in `unfolded`, so that the list can be drawn anew around somebody. */
function drawFold(
  id: string,
  others: readonly InboxItem[],
  unfolded: Set<string>,
  drawRow: (item: InboxItem) => HTMLElement,
): HTMLElement {
  const rows = element('ul', { class: 'rows', role: 'list' })
  const more = button(text('inbox.alike-more'), () => focusRow(show(ROWS_AT_ONCE)), { class: 'secondary' })
  let shown = 0
  const show = (count: number): HTMLElement | undefined => {
    const items = others.slice(shown, shown + count)
    for (const item of items) unfolded.add(item.id)
    const added = items.map(drawRow)
    rows.append(...added)
    shown += added.length
    more.hidden = shown === others.length
    return added[0]
  }
  const lastUnfolded = others.findLastIndex((item) => unfolded.has(item.id))
  const fold = element(
    'details',
    { class: 'fold', open: lastUnfolded >= 0 },
    element('summary', { id }, countText('inbox.alike-others', others.length)),
    rows,
    more,
  )
  if (fold.open) show(Math.max(lastUnfolded + 1, ROWS_AT_ONCE))
  fold.addEventListener('toggle', () => {
    if (fold.open && shown === 0) show(ROWS_AT_ONCE)
    if (fold.open) return
    for (const item of others) unfolded.delete(item.id)
    rows.replaceChildren()
    shown = 0
  })
  return fold
}
