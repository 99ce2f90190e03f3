// The filters above the list: everything that can be ticked, with how many reports there would be; what is on stands in
// sight, each to be taken off by itself. All of it is done here, in memory.
import {
  FACETS,
  type Facet,
  type Filtered,
  type InboxFilter,
  isFiltering,
  NO_FILTER,
} from '../../server/report/inbox-filter.js'
import type { InboxItem } from './api.js'
import { button, element, spoken } from './dom.js'
import { choice, textField } from './forms.js'
import { codeText, countText, formText, halfDayText, languageText, policeUnitText, text } from './texts.js'

/** More answers than these would be a list of their own. */
const MOST_ANSWERS = 40

/** What is so or not: ticked together. */
const MARKS: readonly Facet[] = ['urgent', 'danger', 'minor', 'watched']

export interface Filters {
  readonly content: HTMLElement
  /** Draws counts and answers anew. */
  draw(filtered: Filtered<InboxItem>, items: readonly InboxItem[]): void
}

/** The filters; `change` is called with what somebody chose. */
export function createFilters(current: () => InboxFilter, change: (filter: InboxFilter) => void): Filters {
  const on = element('div', { class: 'filters-on' })
  const facets = element('div', { class: 'facets' })
  const place = textField({ id: 'filter-place', label: text('filter.place') })
  place.control.addEventListener('input', () =>
    change({ ...current(), place: place.control.value.slice(0, 100) }),
  )
  const [from, to] = (['from', 'to'] as const).map((end) => {
    const select = element('select', { id: `filter-${end}` })
    select.addEventListener('change', () => change({ ...current(), [end]: select.value || null }))
    return select
  }) as [HTMLSelectElement, HTMLSelectElement]
  const summary = element('summary', {}, text('filter.title'))
  const panel = element(
    'details',
    { class: 'filters' },
    summary,
    element(
      'div',
      { class: 'facets' },
      place.wrapper,
      ...([from, to] as const).map((select) =>
        element(
          'div',
          { class: 'field' },
          element('label', { for: select.id }, text(`filter.${select.id.slice('filter-'.length)}`)),
          select,
        ),
      ),
    ),
    facets,
  )

  function tick(facet: Facet, value: string, isOn: boolean): void {
    const filter = current()
    const others = (filter.chosen[facet] ?? []).filter((one) => one !== value)
    change({ ...filter, chosen: { ...filter.chosen, [facet]: isOn ? [...others, value] : others } })
  }

  function drawOn(filter: InboxFilter, count: number): void {
    const off = (key: string, words: string, without: () => void) =>
      button(
        [words, ' ', spoken(text('filter.take-off')), element('span', { 'aria-hidden': 'true' }, '×')],
        without,
        {
          class: 'secondary chip',
          id: `filter-off-${key}`,
        },
      )
    const chosen = FACETS.flatMap((facet) =>
      (filter.chosen[facet] ?? []).map((value) =>
        off(`${facet}-${encodeURIComponent(value)}`, answerText(facet, value), () =>
          tick(facet, value, false),
        ),
      ),
    )
    on.replaceChildren(
      ...(isFiltering(filter)
        ? [
            element('p', {}, countText('filter.count', count)),
            ...chosen,
            ...(filter.place ? [off('place', filter.place, () => change({ ...current(), place: '' }))] : []),
            ...(filter.from
              ? [
                  off('from', text('filter.since', { day: halfDayText(filter.from) }), () =>
                    change({ ...current(), from: null }),
                  ),
                ]
              : []),
            ...(filter.to
              ? [
                  off('to', text('filter.until', { day: halfDayText(filter.to) }), () =>
                    change({ ...current(), to: null }),
                  ),
                ]
              : []),
            button(text('filter.clear'), () => change(NO_FILTER), { class: 'secondary', id: 'filter-clear' }),
          ]
        : []),
    )
  }

  return {
    content: element('section', { class: 'filter-place', 'aria-label': text('filter.title') }, panel, on),
    draw({ items: passing, counts }, items) {
      const filter = current()
      const ticked = Object.values(filter.chosen).reduce((sum, values) => sum + (values?.length ?? 0), 0)
      summary.textContent = ticked > 0 ? countText('filter.summary', ticked) : text('filter.title')
      drawOn(filter, passing.length)
      if (place.control.value !== filter.place) place.control.value = filter.place
      const halfDays = [...new Set(items.map(({ halfDay }) => halfDay))].sort()
      fillSelect(from, halfDays, filter.from)
      fillSelect(to, halfDays, filter.to)
      const boxes = (facet: Facet) => drawBoxes(facet, counts[facet], filter.chosen[facet] ?? [], tick)
      const groups: readonly (readonly [string, HTMLElement[]])[] = [
        ['marks', MARKS.flatMap(boxes)],
        ...FACETS.filter((facet) => !MARKS.includes(facet)).map((facet) => [facet, boxes(facet)] as const),
      ]
      facets.replaceChildren(
        ...groups
          .filter(([, drawn]) => drawn.length > 0)
          .map(([name, drawn]) =>
            element('fieldset', { class: 'field' }, element('legend', {}, text(`filter.${name}`)), ...drawn),
          ),
      )
    },
  }
}

function fillSelect(select: HTMLSelectElement, halfDays: readonly string[], chosen: string | null): void {
  const values = chosen === null || halfDays.includes(chosen) ? halfDays : [chosen, ...halfDays]
  select.replaceChildren(
    element('option', { value: '' }, text('filter.any')),
    ...values.map((value) => element('option', { value }, halfDayText(value))),
  )
  select.value = chosen ?? ''
}

function drawBoxes(
  facet: Facet,
  counts: ReadonlyMap<string, number>,
  chosen: readonly string[],
  tick: (facet: Facet, value: string, isOn: boolean) => void,
): HTMLElement[] {
  const values = [...new Set([...chosen, ...counts.keys()])]
    .sort(
      (a, b) =>
        (counts.get(b) ?? 0) - (counts.get(a) ?? 0) ||
        answerText(facet, a).localeCompare(answerText(facet, b)),
    )
    .slice(0, MOST_ANSWERS)
  return values.map((value) => {
    const box = element('input', {
      type: 'checkbox',
      id: `filter-${facet}-${encodeURIComponent(value)}`,
      checked: chosen.includes(value),
    })
    box.addEventListener('change', () => tick(facet, value, box.checked))
    const label = element(
      'span',
      {},
      answerText(facet, value),
      ' ',
      element('span', { class: 'count' }, String(counts.get(value) ?? 0)),
    )
    return choice(box, label)
  })
}

/** An answer in the words of the list itself. */
function answerText(facet: Facet, value: string): string {
  switch (facet) {
    case 'state':
      return value === 'claimed' ? text('filter.state-claimed') : codeText('state', value)
    case 'band':
      return codeText('band', value)
    case 'language':
      return languageText(value)
    case 'vantage':
      return codeText('vantage', value)
    case 'form':
      return formText(value)
    case 'unit':
      return policeUnitText(value)
    case 'mailbox':
    case 'files':
      return text(`filter.${facet}-${value}`)
    default:
      return text(`filter.${facet}`)
  }
}
