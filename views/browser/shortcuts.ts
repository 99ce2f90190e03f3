// Single keys are off until somebody switches them on (WCAG 2.1.4): speech input and a slip of the hand would
// otherwise set them off. Enter is the button's own key.
import { button, element, facts } from './dom.js'
import { text } from './texts.js'

/** Whether single keys work; remembered only as long as the page is open. */
export const shortcuts = { isOn: false }

/** Rows, and what unfolds the reports of a group. */
const STOPS = '.row, .fold > summary, .fold[open] > button'
const KEYS = ['j', 'k', 'Enter', '?'] as const

/** Listens for the single keys. */
export function listenForShortcuts(place: HTMLElement): void {
  document.addEventListener('keydown', (event) => {
    if (!shortcuts.isOn || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
    if (document.querySelector('dialog[open]')) return
    const act = { j: () => moveRow(1), k: () => moveRow(-1), '?': () => showKeys(place) }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
}

function moveRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(STOPS)].filter(({ hidden }) => !hidden)
  const current = rows.findIndex((row) => row.contains(document.activeElement))
  const next = current < 0 ? (step === 1 ? 0 : rows.length - 1) : current + step
  focusRow(rows[Math.min(Math.max(next, 0), rows.length - 1)])
}

/** Focuses the row's button, so that Enter does what it says; a row that somebody else reads has none. */
export function focusRow(row: HTMLElement | undefined): void {
  const target = row?.querySelector<HTMLElement>('button') ?? row
  target?.focus()
}

function showKeys(place: HTMLElement): void {
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'card', 'aria-labelledby': 'keys-title' },
    element('h2', { id: 'keys-title' }, text('keys.title')),
    facts(KEYS.map((key) => [key, text(`keys.${key}`)])),
    button(text('keys.close'), () => dialog.close(), { class: 'secondary' }),
  )
  dialog.addEventListener('close', () => dialog.remove())
  place.append(dialog)
  dialog.showModal()
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('textarea, input:not([type=checkbox]):not([type=radio]), select')
  )
}
