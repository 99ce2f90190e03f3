import type { AccountAnswer } from './api.js'
import type { Desk } from './context.js'
import { type Child, element } from './dom.js'

/** What each part of the account gets. */
export interface AccountView {
  readonly desk: Desk
  readonly answer: AccountAnswer
  /** draws the account anew after something changed, and says the message */
  changed(message: string): Promise<void>
}

/** A part of the account with its heading. */
export function part(id: string, title: string, ...content: Child[]): HTMLElement {
  return element(
    'section',
    { class: 'card', 'aria-labelledby': id },
    element('h2', { id, tabindex: -1 }, title),
    ...content,
  )
}

/** Something that can be taken away, behind a fold that says what it means. */
export function fold(title: string, ...content: Child[]): HTMLElement {
  return element('details', { class: 'fold' }, element('summary', {}, title), ...content)
}
