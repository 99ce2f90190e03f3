import type { InboxItem } from './api.js'
import { element } from './dom.js'
import { type AlikeRows, drawAlike } from './inbox-alike.js'
import { drawRow, GROUPS, type Group, groupOf, type RowActions, type RowHeader } from './inbox-row.js'
import { countText, text } from './texts.js'

export interface Drawing {
  readonly headerOf: (id: string) => RowHeader
  readonly actions: RowActions
  /** ids of the reports whose group is unfolded */
  readonly unfolded: Set<string>
}

/**
 * The sections of the list. A group of alike reports stands where its most urgent one would stand; a section counts
 * the reports that belong to it, also those that stand in a group above.
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
    const elsewhere = own.filter((item) => above.has(item)).length
    const entries = own
      .filter(({ id }) => !folded.has(id))
      .map((item) => drawEntry(item, groups.get(item.id), drawing))
    return own.length === 0 ? [] : [drawSection(group, own.length, elsewhere, entries)]
  })
  const isNothingWaiting = items.every(({ state }) => state !== 'waiting')
  return isNothingWaiting ? [element('p', { class: 'card empty' }, text('inbox.empty')), ...drawn] : drawn
}

function drawSection(
  group: Group,
  count: number,
  elsewhere: number,
  entries: readonly HTMLElement[],
): HTMLElement {
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
    entries.length > 0 && element('ul', { class: 'rows', role: 'list' }, ...entries),
  )
}

function drawEntry(
  item: InboxItem,
  alike: AlikeRows | undefined,
  { headerOf, actions, unfolded }: Drawing,
): HTMLElement {
  if (!alike) return drawRow(item, headerOf(item.id), actions)
  return drawAlike(alike, unfolded, (one) => drawRow(one, headerOf(one.id), actions, 'h4'))
}
