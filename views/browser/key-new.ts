// A new key of the desk: with the recovery sheet that lies in the safe, or with a new one; or, when nobody has the key any
// more, out of that sheet.
import { api, type KeyAnswer, Problem } from './api.js'
import type { Desk } from './context.js'
import { element, form } from './dom.js'
import { choice, radioGroup, showErrors, textField } from './forms.js'
import { type KeyPair, newKeyPair, openEarlierKeys } from './keys.js'
import { divideMembers, type KeyToMake, proposeNewKey, type Receivers, readTypedIdentity } from './new-key.js'
import { recoverySheet } from './recovery-sheet.js'
import { narrow } from './sign-in.js'
import { listText, text } from './texts.js'

type Making = Omit<KeyToMake, 'recoveryRecipient'>

/** Asks about the sheet, and proposes a new key. */
export async function showNewKey(desk: Desk): Promise<void> {
  const answer = await api.key(desk.signal)
  desk.signal.throwIfAborted()
  if (answer.proposal) return desk.go('key')
  const { signedIn, keys, deskKeys } = desk.memory
  if (keys === null) throw new Problem('locked')
  const receivers = divideMembers(answer, signedIn.member.id, deskKeys[0])
  const making = { session: signedIn, member: keys.member, earlier: deskKeys, receivers }
  const sheet = radioGroup('sheet', text('key.sheet-question'), [
    { value: 'keep', label: text('key.sheet-keep') },
    { value: 'new', label: text('key.sheet-new') },
  ])
  const made = form(
    {},
    () =>
      desk.confirm(async () => {
        const chosen = sheet.radios.find(({ checked }) => checked)?.value
        const errors = chosen ? [] : [{ field: 'sheet', text: text('key.sheet-choose') }]
        if (showErrors(desk.page, made, errors)) return
        if (chosen === 'new') return showSheet(desk, making)
        await propose(desk, { ...making, recoveryRecipient: signedIn.desk.recoveryRecipient })
      }),
    sheet.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('key.go-on')),
  )
  desk.page.show(
    text('key.new-title'),
    element('p', { class: 'lede' }, text('key.new-lede')),
    drawReceivers(receivers),
    element(
      'section',
      { class: 'card', 'aria-labelledby': 'key-sheet' },
      element('h2', { id: 'key-sheet' }, text('key.sheet-title')),
      narrow(made),
    ),
    backToKey(),
  )
}

/** For a key holder who waits while nobody has the key: types it from the sheet in the safe. */
export function showRecovery(desk: Desk): void {
  if (desk.memory.keys?.desk) return void desk.go('key')
  const field = textField({
    id: 'sheet-key',
    label: text('key.sheet-key'),
    hint: text('key.sheet-key-hint'),
    rows: 3,
    attributes: { dir: 'ltr', translate: 'no' },
  })
  const errorAt = (key: string): void =>
    void showErrors(desk.page, made, [{ field: 'sheet-key', text: text(key) }])
  const made = form(
    {},
    () =>
      desk.run(async (signal) => {
        const { signedIn, keys } = desk.memory
        if (keys === null) throw new Problem('locked')
        const typed = await readTypedIdentity(field.control.value)
        if (!typed) return errorAt('key.sheet-mistyped')
        const answer = await api.key(signal)
        if (typed.recipient !== signedIn.desk.recoveryRecipient) {
          const isOlder = answer.keys.some(({ recoveryRecipient }) => recoveryRecipient === typed.recipient)
          return errorAt(isOlder ? 'key.sheet-older' : 'key.sheet-other')
        }
        if (answer.proposal) throw new Problem('key-waits')
        const before = signedIn.desk.earlier
          ? await openEarlierKeys(signedIn.desk.earlier, typed.identity)
          : []
        signal.throwIfAborted()
        field.control.value = ''
        await showSheet(desk, {
          session: signedIn,
          member: keys.member,
          earlier: [typed.identity, ...before],
          // The key that vouches for the others is lost: they are given the new one after comparing words.
          receivers: divideMembers(answer, signedIn.member.id, null),
        })
      }),
    field.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('key.go-on')),
  )
  desk.page.show(
    text('key.recover-title'),
    element('p', { class: 'lede' }, text('key.recover-lede')),
    element('p', {}, text('key.recover-what')),
    narrow(made),
  )
}

/** A new sheet, shown once; the key is proposed when it lies in the safe. */
async function showSheet(desk: Desk, making: Making): Promise<void> {
  const recovery: KeyPair = await newKeyPair()
  const safe = element('input', { type: 'checkbox', id: 'safe' })
  const made = form(
    {},
    () =>
      desk.confirm(async () => {
        const errors = safe.checked ? [] : [{ field: 'safe', text: text('join.not-safe') }]
        if (showErrors(desk.page, made, errors)) return
        await propose(desk, { ...making, recoveryRecipient: recovery.recipient })
      }),
    element('div', { class: 'field' }, choice(safe, text('join.safe'))),
    element('button', { type: 'submit', class: 'primary' }, text('key.propose')),
  )
  desk.page.show(
    text('key.sheet-show-title'),
    element('p', { class: 'lede' }, text('key.sheet-show')),
    drawReceivers(making.receivers),
    element(
      'section',
      { class: 'card', 'aria-labelledby': 'key-new-sheet' },
      element('h2', { id: 'key-new-sheet' }, text('join.sheet-title')),
      recoverySheet(making.session.desk.name, recovery.identity),
    ),
    narrow(made),
  )
}

async function propose(desk: Desk, making: KeyToMake): Promise<void> {
  try {
    await proposeNewKey(desk, making)
  } catch (error) {
    if (!(error instanceof Problem && error.status === 409)) throw error
    throw new Problem('key-waits')
  }
  desk.go('key-wait', text('key.proposed'))
}

function drawReceivers({ get, wait }: Receivers): HTMLElement {
  const names = (members: readonly KeyAnswer['members'][number][]) =>
    listText(members.map(({ name }) => name))
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'key-receivers' },
    element('h2', { id: 'key-receivers' }, text('key.receivers-title')),
    element('p', {}, text('key.receivers-get', { names: names(get) })),
    wait.length > 0 && element('p', {}, text('key.receivers-wait', { names: names(wait) })),
    element('p', { class: 'hint' }, text('key.receivers-check')),
  )
}

function backToKey(): HTMLElement {
  return element('p', {}, element('a', { href: '#key', class: 'bar-link' }, text('key.back')))
}
