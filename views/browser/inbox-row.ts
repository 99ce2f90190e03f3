import type { ReportHeader } from '../../server/report/report.js'
import type { InboxItem } from './api.js'
import { button, element, facts, spoken } from './dom.js'
import {
  codeText,
  countText,
  formsText,
  halfDayText,
  languageText,
  placeText,
  policeUnitText,
  text,
} from './texts.js'

/** A header on its way, an opened one, or one that could not be opened. */
export type RowHeader = ReportHeader | 'opening' | 'damaged'

/** Rows inside a group of alike reports stand below its own heading. */
export type RowHeading = 'h4' | 'h5'

export interface RowActions {
  /** whether the reporter with this mailbox asked the desk not to use the report */
  isWithdrawn(mailbox: string): boolean
  /** whether this member takes reports at all */
  readonly mayTake: boolean
  take(report: string): Promise<void>
  open(report: string): void
  /** following it, giving it to somebody else */
  more(item: InboxItem): void
  /** how long it waits, in words */
  age(item: InboxItem): string
}

export const GROUPS = ['urgent', 'mine', 'waiting', 'assessed'] as const
export type Group = (typeof GROUPS)[number]

/** Urgent reports stay on top while somebody reads one: that must not silence it for the others. */
export function groupOf({ state, urgent, mine }: InboxItem): Group {
  if (state === 'assessed') return 'assessed'
  if (urgent) return 'urgent'
  return mine ? 'mine' : 'waiting'
}

/** One report as a list item. What its header says is filled in by `fillRow`. */
export function drawRow(
  item: InboxItem,
  header: RowHeader,
  actions: RowActions,
  heading: RowHeading = 'h4',
): HTMLLIElement {
  const row = element('li', {
    class: item.urgent ? 'row card is-urgent' : 'row card',
    id: `row-${item.id}`,
    tabindex: -1,
    'data-report': item.id,
  })
  fillRow(row, item, header, actions, heading)
  return row
}

/** Draws a row anew in its place. */
export function fillRow(
  row: HTMLElement,
  item: InboxItem,
  header: RowHeader,
  actions: RowActions,
  heading: RowHeading = 'h4',
): void {
  const title = rowTitle(header)
  row.replaceChildren(
    element(
      'div',
      { class: 'row-head' },
      element(heading, { id: `title-${item.id}` }, title),
      element('p', { class: 'marks' }, ...marks(item, header, actions)),
    ),
    facts([
      [text('inbox.arrived'), arrived(item, actions)],
      [text('inbox.place'), placeOf(item, header)],
      [text('inbox.language'), typeof header === 'string' ? '' : languageText(header.language)],
      [text('inbox.vantage'), typeof header === 'string' ? '' : vantageText(header)],
      [
        text('inbox.files'),
        item.files === 0 ? text('inbox.no-files') : countText('inbox.file-count', item.files),
      ],
      [
        text('inbox.mailbox'),
        typeof header === 'string' ? '' : text(header.mailbox ? 'inbox.yes' : 'inbox.no'),
      ],
      [text('inbox.state'), stateText(item)],
    ]),
    element('div', { class: 'actions' }, ...rowButtons(item, title, actions)),
  )
}

function arrived(item: InboxItem, actions: RowActions): HTMLElement {
  const age = actions.age(item)
  return element(
    'span',
    {},
    halfDayText(item.halfDay),
    age !== '' && element('span', { class: item.late ? 'age late' : 'age' }, ' ', age),
  )
}

export function rowTitle(header: RowHeader): string {
  if (header === 'opening') return text('inbox.opening')
  if (header === 'damaged') return text('inbox.damaged')
  return formsText(header.forms)
}

function marks(item: InboxItem, header: RowHeader, { isWithdrawn }: RowActions): HTMLElement[] {
  const reasons: string[] = item.urgent ? [text('inbox.urgent')] : []
  if (typeof header !== 'string') {
    if (header.mailbox && isWithdrawn(header.mailbox)) reasons.unshift(text('inbox.withdrawn'))
    if (header.danger === 'yes') reasons.push(text('inbox.danger'))
    if (header.minor) reasons.push(text('inbox.minor'))
    if (header.when === 'now' || header.when === 'planned') reasons.push(codeText('when', header.when))
  }
  if (item.watched) reasons.push(text('inbox.watched'))
  return reasons.map((reason) =>
    element('span', { class: item.urgent ? 'mark urgent' : 'mark' }, reason, ' '),
  )
}

function placeOf(item: InboxItem, header: RowHeader): string {
  if (typeof header === 'string') return policeUnitText(item.policeUnit)
  return placeText(header.municipality, item.policeUnit)
}

export function vantageText(header: ReportHeader): string {
  return header.vantage === null ? text('vantage.unknown') : codeText('vantage', header.vantage)
}

export function stateText({
  state,
  mine,
  claimedBy,
}: Pick<InboxItem, 'state' | 'mine' | 'claimedBy'>): string {
  if (state === 'waiting') return text('state.waiting')
  if (state === 'claimed') {
    return mine ? text('state.mine') : text('state.claimed', { name: claimedBy ?? text('state.somebody') })
  }
  return claimedBy ? text('state.assessed-by', { name: claimedBy }) : text('state.assessed')
}

/** What somebody else reads stays theirs, and its row says so; what is assessed, the whole desk may read. */
function rowButtons(item: InboxItem, title: string, actions: RowActions): HTMLElement[] {
  const { id, state, mine } = item
  const label = (key: string) => [text(key), spoken(`: ${title}`)]
  const act = { id: `act-${id}`, class: 'secondary' }
  const more = button(label('inbox.more'), () => actions.more(item), {
    id: `more-${id}`,
    class: 'secondary',
    'data-key': 'watch',
  })
  if (state === 'waiting') {
    return actions.mayTake ? [button(label('inbox.take'), () => actions.take(id), act), more] : [more]
  }
  if (state === 'claimed' && !mine) return [more]
  return [button(label('inbox.open'), () => actions.open(id), act), more]
}
