import type { Band } from '../../server/report/ageing.js'
import { BANDS } from '../../server/report/ageing.js'
import type { InboxItem } from './api.js'
import { button, element } from './dom.js'
import { type AlikeRows, drawAlike } from './inbox-alike.js'
import { drawRow, GROUPS, type Group, groupOf, type RowActions, type RowHeader } from './inbox-row.js'
import { countText, text } from './texts.js'

/** After a flood there are thousands: so many are drawn in a group, and so many more each time they are asked for. */
const ENTRIES_AT_ONCE = 50

export interface Drawing {
  readonly headerOf: (id: string) => RowHeader
  readonly actions: RowActions
  /** ids of the reports whose group is unfolded */
  readonly unfolded: Set<string>
  /** how many entries of a group are drawn */
  readonly shown: Map<string, number>
  bandOf(item: InboxItem): Band
  /** draws the list anew and puts the focus on the entry of a report */
  redraw(focus: string): void
  /** the report somebody is at, whose row stays in sight */
  readonly focused: string | undefined
  /** said when nothing is there; without it, nothing */
  readonly empty: string
}

/**
 * The sections of the list, the pressing first in each. A group of alike reports stands where its most urgent one would
 * stand; a section counts the reports that belong to it, also those that stand in a group above.
 */
export function drawSections(
  items: readonly InboxItem[],
  alike: readonly AlikeRows[],
  drawing: Drawing,
): HTMLElement[] {
  const groups = new Map(alike.map((rows) => [rows.first.id, rows]))
  const folded = new Set(alike.flatMap(({ others }) => others.map(({ id }) => id)))
  const above = new Set(
    alike.flatMap(({ first, others }) => others.filter((item) => groupOf(item) !== groupOf(first))),
  )
  const drawn = GROUPS.flatMap((group) => {
    const own = items.filter((item) => groupOf(item) === group)
    if (own.length === 0) return []
    const entries = inBands(
      group,
      own.filter(({ id }) => !folded.has(id)),
      drawing,
    )
    const elsewhere = own.filter((item) => above.has(item)).length
    return [drawSection(group, { count: own.length, elsewhere, entries }, groups, drawing)]
  })
  const isNothingWaiting = items.every(({ state }) => state !== 'waiting')
  return isNothingWaiting && drawing.empty !== ''
    ? [element('p', { class: 'card empty' }, drawing.empty), ...drawn]
    : drawn
}

interface Entry {
  readonly item: InboxItem
  /** null for what was assessed */
  readonly band: Band | null
}

/** In the order of the bands, and within one in the order of the queue. */
function inBands(group: Group, items: readonly InboxItem[], { bandOf }: Drawing): Entry[] {
  if (group === 'assessed') return items.map((item) => ({ item, band: null }))
  const entries = items.map((item) => ({ item, band: bandOf(item) }))
  return BANDS.flatMap((band) => entries.filter((entry) => entry.band === band))
}

function drawSection(
  group: Group,
  { count, elsewhere, entries }: { count: number; elsewhere: number; entries: readonly Entry[] },
  groups: ReadonlyMap<string, AlikeRows>,
  drawing: Drawing,
): HTMLElement {
  const focused = entries.findIndex(({ item }) => item.id === drawing.focused)
  const most = Math.max(drawing.shown.get(group) ?? ENTRIES_AT_ONCE, focused + 1)
  const drawn = entries.slice(0, most)
  const bands = [...new Set(drawn.map(({ band }) => band))]
  const more = () => {
    drawing.shown.set(group, most + ENTRIES_AT_ONCE)
    drawing.redraw(entries[most]?.item.id ?? '')
  }
  return element(
    'section',
    { class: `group ${group}`, 'aria-labelledby': `group-${group}` },
    element(
      'h2',
      { id: `group-${group}` },
      text(`group.${group}`),
      ' ',
      element('span', { class: 'count' }, String(count)),
    ),
    elsewhere > 0 && element('p', { class: 'hint' }, countText('inbox.alike-above', elsewhere)),
    ...bands.flatMap((band) => [
      element('h3', { class: 'band' }, text(`band.${band ?? 'assessed'}`)),
      element(
        'ul',
        { class: 'rows', role: 'list' },
        ...drawn
          .filter((entry) => entry.band === band)
          .map(({ item }) => drawEntry(item, groups.get(item.id), drawing)),
      ),
    ]),
    entries.length > most &&
      button(countText('inbox.show-more', entries.length - most), more, {
        class: 'secondary',
        id: `show-more-${group}`,
      }),
  )
}

function drawEntry(
  item: InboxItem,
  alike: AlikeRows | undefined,
  { headerOf, actions, unfolded }: Drawing,
): HTMLElement {
  if (!alike) return drawRow(item, headerOf(item.id), actions)
  return drawAlike(alike, unfolded, (one) => drawRow(one, headerOf(one.id), actions, 'h5'))
}
