// What members look after themselves: how they come in, where they are signed in, and what they read.
import { showCodes } from './account-codes.js'
import { showOwnLanguages } from './account-languages.js'
import { showPasskeys } from './account-passkeys.js'
import { showOwnSessions } from './account-sessions.js'
import { showWords } from './account-words.js'
import { type AccountAnswer, api } from './api.js'
import type { Desk } from './context.js'
import { type Child, element, facts, present } from './dom.js'
import { rolesText } from './people.js'
import { keepKeys } from './sign-in.js'
import { text } from './texts.js'

/** What each part of the account gets. */
export interface AccountView {
  readonly desk: Desk
  readonly answer: AccountAnswer
  /** draws the account anew after something changed, and says the message */
  changed(message: string): Promise<void>
}

export async function showAccount(desk: Desk): Promise<void> {
  const place = element('div', { class: 'account' })
  const { member, desk: own } = desk.memory.signedIn
  const draw = async (signal: AbortSignal): Promise<void> => {
    const answer = await api.account(signal)
    const sessions = answer.isNeeded ? [] : await api.sessions(signal)
    signal.throwIfAborted()
    const view = { desk, answer, changed }
    place.replaceChildren(
      ...present([
        answer.isNeeded && element('div', { class: 'card notice' }, element('p', {}, text('account.needed'))),
        answer.asksSecondFactor && !answer.isNeeded && hasOneOnly(answer)
          ? element('p', { class: 'hint' }, text('account.one-only'))
          : null,
        showPasskeys(view),
        showCodes(view),
        !answer.isNeeded && showWords(view),
        !answer.isNeeded && showOwnSessions(view, sessions),
        !answer.isNeeded && showOwnLanguages(view),
      ]),
    )
  }
  const changed = async (message: string): Promise<void> => {
    const wasNeeded = desk.memory.signedIn.secondFactor.isNeeded
    await refreshKeys(desk)
    // With the second factor the rest of the desk is open too.
    if (wasNeeded && !desk.memory.signedIn.secondFactor.isNeeded) return desk.enter(message)
    await draw(desk.signal)
    document.querySelector('h1')?.focus()
    desk.page.say(message)
  }
  desk.page.show(
    text('account.title'),
    facts([
      [text('sign-in.name'), member.name],
      [text('account.desk'), own.name],
      [text('people.roles'), rolesText(member.roles)],
    ]),
    place,
  )
  await desk.run(draw)
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

/** Keeps what the server knows now of this member, with the key that is open. */
async function refreshKeys(desk: Desk): Promise<void> {
  const session = await api.session(desk.signal)
  const { keys } = desk.memory
  desk.signal.throwIfAborted()
  if (keys !== null) await keepKeys(desk, session, keys.member)
}

function hasOneOnly({ passkeys, code }: AccountAnswer): boolean {
  return passkeys.length + (code ? 1 : 0) === 1
}
