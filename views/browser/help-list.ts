// The help directory as the desk keeps it: what was not looked at for longest stands first.
import { EMERGENCY, isStale } from '../../server/help/entry.js'
import { api, type HelpListed, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, facts } from './dom.js'
import { choice, textField } from './forms.js'
import { codeText, countText, deskLanguage, municipalities, siteLanguages, text } from './texts.js'

const SHOWN = ['all', 'stale', 'hidden', 'retired'] as const
type Shown = (typeof SHOWN)[number]

/** Draws the list; what somebody does there is done at once, and the list is drawn anew. */
export async function showHelp(desk: Desk): Promise<void> {
  let rows: readonly HelpListed[] = []
  let shown: Shown = 'all'
  const list = element('ul', { class: 'rows' })
  const summary = element('p', { class: 'lede', role: 'status' })
  const search = textField({ id: 'help-search', label: text('help.search') })
  search.control.addEventListener('input', () => draw())
  const filter = element(
    'fieldset',
    { class: 'field' },
    element('legend', {}, text('help.show')),
    ...SHOWN.map((value) => {
      const radio = element('input', {
        type: 'radio',
        name: 'help-shown',
        id: `help-shown-${value}`,
        checked: value === shown,
      })
      radio.addEventListener('change', () => {
        shown = value
        draw()
      })
      return choice(radio, text(`help.show.${value}`))
    }),
  )

  const refresh = async (signal: AbortSignal): Promise<void> => {
    rows = [...(await api.help(signal)).rows].sort(staleFirst)
    signal.throwIfAborted()
    draw()
  }
  /** Does something with a row; the focus stays with it although the list is drawn anew. */
  const act = (work: () => Promise<void>, done: string) => () =>
    desk.run(async (signal) => {
      try {
        await work()
      } catch (error) {
        if (!(error instanceof Problem && error.status === 409)) throw error
        await refresh(signal)
        throw new Problem('help-conflict', 409)
      }
      await refresh(signal)
      desk.page.say(done)
    })

  function draw(): void {
    const words = search.control.value.trim().toLowerCase()
    const today = new Date()
    const matching = rows.filter(
      (one) => isShown(one, shown, today) && nameOf(one).toLowerCase().includes(words),
    )
    summary.textContent = countText('help.count', matching.length)
    const focused = document.activeElement?.id
    list.replaceChildren(...matching.map((one) => drawRow(one, today)))
    if (focused && !document.activeElement?.id) document.getElementById(focused)?.focus()
  }

  function drawRow(listed: HelpListed, today: Date): HTMLElement {
    const { kind, row, retired } = listed
    const key = `${kind}-${row.id}`
    const name = nameOf(listed)
    const verify = act(() => api.verifyHelp(listed), text('help.verified', { name }))
    const retire = act(
      () => api.retireHelp(listed, !retired),
      text(retired ? 'help.restored' : 'help.retired-now', { name }),
    )
    return element(
      'li',
      { class: 'card help-row', 'aria-labelledby': `name-${key}`, 'data-help': key },
      element('h2', { id: `name-${key}` }, name),
      element(
        'p',
        { class: 'marks' },
        ...marksOf(listed, today).map((mark) =>
          element('span', { class: 'mark' }, text(`help.mark.${mark}`)),
        ),
      ),
      facts([
        [text('help.field.kind'), codeText('help.kind', kind === 'entry' ? kind : row.role)],
        [text('help.field.phone'), row.phone && element('bdi', { dir: 'ltr' }, row.phone.shown)],
        [text('help.field.area_level'), areaText(listed)],
        [text('help.field.verified_on'), row.verified_on ? dayText(row.verified_on) : text('help.never')],
      ]),
      element(
        'div',
        { class: 'actions' },
        element(
          'a',
          { href: `#help-${key}`, class: 'bar-link', 'aria-label': text('help.edit-name', { name }) },
          text('help.edit'),
        ),
        button(text('help.verify'), verify, {
          class: 'secondary',
          id: `verify-${key}`,
          'aria-label': text('help.verify-name', { name }),
        }),
        key !== `entry-${EMERGENCY.id}` &&
          button(text(retired ? 'help.restore' : 'help.retire'), retire, {
            class: 'secondary',
            id: `retire-${key}`,
            'aria-label': text(retired ? 'help.restore-name' : 'help.retire-name', { name }),
          }),
      ),
    )
  }

  desk.page.show(
    text('help.title'),
    element('p', { class: 'lede' }, text('help.lede')),
    element(
      'p',
      { class: 'actions' },
      element('a', { href: '#help-new-entry', class: 'bar-link' }, text('help.add-entry')),
      element('a', { href: '#help-new-coordinator', class: 'bar-link' }, text('help.add-coordinator')),
    ),
    element('div', { class: 'narrow' }, filter, search.wrapper),
    summary,
    list,
  )
  await desk.run(refresh)
}

function isShown({ row, retired }: HelpListed, shown: Shown, today: Date): boolean {
  if (shown === 'retired') return retired
  if (shown === 'hidden') return !retired && !row.publish
  return !retired && (shown === 'all' || isStale(row.verified_on, today))
}

/** Never verified before verified long ago; in the order of the list otherwise. */
function staleFirst(a: HelpListed, b: HelpListed): number {
  return (a.row.verified_on ?? '').localeCompare(b.row.verified_on ?? '')
}

function marksOf({ row, retired, revision, isShipped }: HelpListed, today: Date): string[] {
  return [
    retired && 'retired',
    !row.publish && 'hidden',
    isStale(row.verified_on, today) && 'stale',
    revision > 0 && (isShipped ? 'changed' : 'own'),
    revision === 0 && 'shipped',
  ].filter((mark): mark is string => typeof mark === 'string')
}

function nameOf(listed: HelpListed): string {
  if (listed.kind === 'coordinator') return listed.row.name ?? text('help.unknown-name')
  const { texts, id } = listed.row
  const languages = [deskLanguage, ...Object.keys(siteLanguages), ...Object.keys(texts)]
  return languages.map((language) => texts[language]?.name).find(Boolean) ?? id
}

function areaText({ row: { area } }: HelpListed): string {
  if (area.level === 'national') return text('help.area_level.national')
  return area.names.map((name) => municipalities[name] ?? name).join(', ')
}

function dayText(day: string): string {
  return new Intl.DateTimeFormat(deskLanguage, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  )
}
