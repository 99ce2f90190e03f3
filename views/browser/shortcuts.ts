// Single keys for everything that is done often. They are off until somebody switches them on (WCAG 2.1.4): speech
// input and a slip of the hand would otherwise set them off. A key does what a control on the page does, so what it
// works on is what is on the page; keys with Ctrl, Alt or the command key stay the browser's.
import { button, element } from './dom.js'
import { choice } from './forms.js'
import { text } from './texts.js'

/** Whether single keys work; remembered only as long as the page is open. */
export const shortcuts = { isOn: false }

/** Rows, and what unfolds the reports of a group. */
const ROWS = '.row, .fold > summary, .fold[open] > button'
const SECTIONS = '.report section[aria-labelledby]'
const FILES = '.files > .file'

interface Shortcut {
  /** as the browser names it; a capital letter stands for Shift with it */
  readonly key: string
  /** `keys.<name>` is its text */
  readonly name: string
  /** which controls it works on; without one in view it does nothing */
  readonly targets: string
  /** left out for a key that the control itself knows */
  act?(targets: readonly HTMLElement[]): void
}

/** In the order of the list. Of two with the same key the one whose controls are on the page counts. */
const SHORTCUTS: readonly Shortcut[] = [
  { key: 'n', name: 'take-next', targets: '[data-key="take-next"]', act: press },
  { key: 'j', name: 'next-row', targets: ROWS, act: (rows) => focusRow(step(rows, 1)) },
  { key: 'k', name: 'previous-row', targets: ROWS, act: (rows) => focusRow(step(rows, -1)) },
  { key: 'Enter', name: 'open', targets: ROWS },
  { key: '/', name: 'filter', targets: '[data-key="filter"], .filters > summary', act: focusFirst },
  { key: 'j', name: 'next-section', targets: SECTIONS, act: (all) => focusTitle(step(all, 1)) },
  { key: 'k', name: 'previous-section', targets: SECTIONS, act: (all) => focusTitle(step(all, -1)) },
  { key: 'f', name: 'next-file', targets: FILES, act: (files) => focusFile(step(files, 1)) },
  { key: 'F', name: 'previous-file', targets: FILES, act: (files) => focusFile(step(files, -1)) },
  { key: 'v', name: 'show-file', targets: FILES, act: showFile },
  { key: '.', name: 'next-page', targets: '[data-key="page-next"]', act: pressOfFile },
  { key: ',', name: 'previous-page', targets: '[data-key="page-previous"]', act: pressOfFile },
  {
    key: 'a',
    name: 'assessment',
    targets: '.assessment form input, .assessment:not(:has(form)) h2',
    act: focusFirst,
  },
  { key: 'w', name: 'watch', targets: '[data-key="watch"]', act: pressOfRow },
  { key: 'h', name: 'hand-back', targets: '[data-key="hand-back"]', act: focusFirst },
  { key: 'b', name: 'back', targets: '.back a', act: press },
  { key: 'l', name: 'lock', targets: '[data-key="lock"]', act: press },
  { key: '?', name: 'list', targets: '[data-key="keys"]', act: press },
]

/** Listens for the single keys. */
export function listenForShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (!shortcuts.isOn || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return
    if (document.querySelector('dialog[open]')) return
    for (const { key, targets, act } of SHORTCUTS) {
      if (key !== event.key || !act) continue
      const found = inView(targets)
      if (found.length === 0) continue
      event.preventDefault()
      act(found)
      return
    }
  })
}

/** The list of keys: which work here, which elsewhere, whether they are on, and the switch. */
export function showKeys(): void {
  const box = element('input', { type: 'checkbox', id: 'keys-on', checked: shortcuts.isOn })
  box.setAttribute('aria-describedby', 'keys-on-hint')
  box.addEventListener('change', () => {
    shortcuts.isOn = box.checked
    // The same switch stands among the settings of the list.
    const other = document.getElementById('setting-keys')
    if (other instanceof HTMLInputElement) other.checked = box.checked
  })
  const works = ({ targets }: Shortcut) => inView(targets).length > 0
  const elsewhere = SHORTCUTS.filter((one) => !works(one))
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'card keys', 'aria-labelledby': 'keys-title' },
    element('h2', { id: 'keys-title' }, text('keys.title')),
    choice(box, text('keys.on')),
    element('p', { class: 'hint', id: 'keys-on-hint' }, text('keys.on-hint')),
    element('h3', {}, text('keys.here')),
    list(SHORTCUTS.filter(works)),
    elsewhere.length > 0 &&
      element('details', {}, element('summary', {}, text('keys.elsewhere')), list(elsewhere)),
    element('p', { class: 'hint' }, text('keys.player')),
    button(text('keys.close'), () => dialog.close(), { class: 'secondary' }),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

function list(shown: readonly Shortcut[]): HTMLElement {
  return element(
    'dl',
    { class: 'key-list' },
    ...shown.map(({ key, name }) =>
      element(
        'div',
        {},
        element('dt', {}, element('kbd', { dir: 'ltr' }, keyText(key))),
        element('dd', {}, text(`keys.${name}`)),
      ),
    ),
  )
}

function keyText(key: string): string {
  return /^[A-Z]$/.test(key) ? text('keys.shift', { key }) : key
}

function inView(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.checkVisibility())
}

/** The one after or before the one that has the focus, or the first or last; it stops at the ends. */
function step(all: readonly HTMLElement[], by: 1 | -1): HTMLElement | undefined {
  const current = all.findIndex((one) => one.contains(document.activeElement))
  const next = current < 0 ? (by === 1 ? 0 : all.length - 1) : current + by
  return all[Math.min(Math.max(next, 0), all.length - 1)]
}

/** Focuses the row's button, so that Enter does what it says; a row that somebody else reads has none. */
export function focusRow(row: HTMLElement | undefined): void {
  const target = row?.querySelector<HTMLElement>('button') ?? row
  target?.focus()
}

function focusTitle(section: HTMLElement | undefined): void {
  const title = section?.querySelector<HTMLElement>('h2')
  if (!title) return
  title.tabIndex = -1
  title.focus()
}

/** The button that opens or shows it. */
function focusFile(file: HTMLElement | undefined): void {
  file?.querySelector<HTMLElement>(':scope > .actions button')?.focus()
}

function showFile(files: readonly HTMLElement[]): void {
  const file = files.find((one) => one.contains(document.activeElement)) ?? files[0]
  focusFile(file)
  file?.querySelector<HTMLElement>(':scope > .actions button')?.click()
}

/** Of the file that has the focus, or the first one with pages. */
function pressOfFile(buttons: readonly HTMLElement[]): void {
  const file = document.activeElement?.closest(FILES)
  press(file ? buttons.filter((one) => file.contains(one)) : buttons)
}

/** Of several rows the one that somebody is at; a report on its own has one such control. */
function pressOfRow(buttons: readonly HTMLElement[]): void {
  const row = document.activeElement?.closest('.row')
  if (row) press(buttons.filter((one) => row.contains(one)))
  else if (buttons.length === 1) press(buttons)
}

function press([control]: readonly HTMLElement[]): void {
  control?.click()
}

function focusFirst([control]: readonly HTMLElement[]): void {
  if (control?.matches('h2')) control.tabIndex = -1
  control?.focus()
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('textarea, input:not([type=checkbox]):not([type=radio]), select')
  )
}
