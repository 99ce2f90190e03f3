// A new member has no desk key: somebody who has it gives it, after the two compared check words by voice.
import { api, toBase64, type WaitingMember } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { checkWords, makeVouch, sealShare } from './keys.js'
import { repeat } from './repeat.js'
import { keepKeys } from './sign-in.js'
import { listText, text } from './texts.js'

const LOOK_EVERY_MS = 15_000

/** Members that were put off with "not now"; only until the page is closed. */
const putOff = new Set<string>()

/** What a member sees who joined and waits for the key. Goes on by itself when the key is there. */
export async function showWaitingForKey(desk: Desk, ownRecipient: string): Promise<void> {
  const look = () =>
    desk.run(async (signal) => {
      const session = await api.session(signal)
      if (session.share === null) return
      const { keys } = desk.memory
      if (keys === null) return
      await keepKeys(desk, session, keys.member)
      signal.throwIfAborted()
      desk.enter(text('waiting.arrived'))
    })
  desk.page.show(
    text('waiting.title'),
    element('p', { class: 'lede' }, text('waiting.lede')),
    element(
      'section',
      { class: 'card', 'aria-labelledby': 'own-check-words' },
      element('h2', { id: 'own-check-words' }, text('waiting.check-words')),
      element('p', { class: 'words-to-say', translate: 'no', lang: 'en' }, checkWords(ownRecipient)),
      element('p', {}, text('waiting.why')),
    ),
    button(text('waiting.look'), look, { class: 'secondary' }),
    desk.memory.signedIn.member.roles.includes('key_holder') && recoveryHint(),
  )
  repeat(look, LOOK_EVERY_MS, desk.signal)
}

/** Nobody may be left to give the key: then the sheet in the safe opens everything. */
function recoveryHint(): HTMLElement {
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'waiting-recover' },
    element('h2', { id: 'waiting-recover' }, text('key.nobody-title')),
    element('p', {}, text('key.nobody')),
    element('p', {}, element('a', { href: '#key-recover', class: 'bar-link' }, text('key.use-sheet'))),
  )
}

/** Who left, or reads no reports any more, may have kept the key: a word to those who can make a new one. */
function drawGone(names: readonly string[]): HTMLElement[] {
  if (names.length === 0) return []
  return [
    element(
      'section',
      { class: 'card notice', 'aria-labelledby': 'key-gone' },
      element('h2', { id: 'key-gone' }, text('key.gone-title')),
      element('p', {}, text('key.gone', { names: listText(names) })),
      element('p', {}, element('a', { href: '#key-new', class: 'bar-link' }, text('key.make-new'))),
    ),
  ]
}

/** Draws who waits for the key into `place`, anew only when that changed; nothing when nobody does. */
export async function drawWaitingMembers(desk: Desk, place: HTMLElement, signal: AbortSignal): Promise<void> {
  if (!desk.memory.signedIn.member.roles.includes('key_holder')) return
  const { members, gone } = await api.waitingMembers(signal)
  const waiting = members.filter(({ id }) => !putOff.has(id))
  const state = JSON.stringify([waiting, gone])
  if (place.dataset.state === state) return
  place.dataset.state = state
  place.replaceChildren(...drawGone(gone), ...waiting.map((member) => notice(desk, member, place)))
}

function notice(desk: Desk, member: WaitingMember, place: HTMLElement): HTMLElement {
  const { id, name, recipient } = member
  const leave = (message: string) => {
    made.remove()
    delete place.dataset.state
    document.querySelector('h1')?.focus()
    desk.page.say(message)
  }
  const give = () =>
    desk.confirm(async () => {
      const { deskKey, signedIn } = desk.memory
      await api.giveShare(id, {
        sealed: toBase64(await sealShare(deskKey, recipient)),
        vouch: toBase64(makeVouch(deskKey, name, recipient)),
        key: signedIn.desk.key,
      })
      leave(text('members.given', { name }))
    })
  const notNow = () => {
    putOff.add(id)
    leave(text('members.put-off', { name }))
  }
  const made = element(
    'section',
    { class: 'card notice', 'aria-labelledby': `waiting-${id}` },
    element('h2', { id: `waiting-${id}` }, text('members.title', { name })),
    element('p', {}, text('members.compare', { name })),
    element('p', { class: 'words-to-say', translate: 'no', lang: 'en' }, checkWords(recipient)),
    element('p', {}, text('members.effect', { name })),
    element(
      'div',
      { class: 'actions' },
      button(text('members.give', { name }), give, { class: 'primary' }),
      button(text('members.not-now'), notNow, { class: 'secondary' }),
    ),
  )
  return made
}
