// What members look after themselves: how they come in, where they are signed in, and what they read.
import { showCodes } from './account-codes.js'
import { showOwnLanguages } from './account-languages.js'
import type { AccountView } from './account-part.js'
import { showPasskeys } from './account-passkeys.js'
import { showOwnSessions } from './account-sessions.js'
import { showWords } from './account-words.js'
import { type AccountAnswer, api } from './api.js'
import type { Desk } from './context.js'
import { element, facts, present } from './dom.js'
import { rolesText } from './people.js'
import { keepKeys } from './sign-in.js'
import { text } from './texts.js'

export async function showAccount(desk: Desk): Promise<void> {
  const place = element('div', { class: 'account' })
  const { member, desk: own } = desk.memory.signedIn
  const draw = async (signal: AbortSignal): Promise<void> => {
    const answer = await api.account(signal)
    const sessions = answer.isNeeded ? [] : await api.sessions(signal)
    signal.throwIfAborted()
    const view: AccountView = { desk, answer, changed }
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
