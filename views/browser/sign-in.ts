// Signing in: by a passkey alone, or by name and words and what belongs to them.
import { identityOf } from './account-keys.js'
import { api, Problem, type Session } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { type FieldError, passphraseField, showErrors, textField } from './forms.js'
import { deriveKeys, openEarlierKeys, openShare, unwrapIdentity } from './keys.js'
import { showUnlock } from './lock.js'
import type { DeskKeys } from './memory.js'
import { usePasskey, whyNoPasskeys } from './passkey.js'
import { isCode, type SecondFactor, secondFactor } from './second-factor.js'
import { text } from './texts.js'

/** The first view without a key. The name is filled in when it is known from before. */
export function showSignIn(desk: Desk, name = '', message = ''): void {
  desk.begin()
  desk.page.identify(null)
  desk.page.show(
    text('sign-in.title'),
    element('p', { class: 'lede' }, text('sign-in.lede')),
    narrow(...byPasskey(desk), byWords(desk, name)),
  )
  desk.page.say(message)
}

/** Opens what there is with the member's identity, and keeps it in memory. Throws Problem `key-mismatch`. */
export async function keepKeys(desk: Desk, session: Session, member: string): Promise<void> {
  await desk.memory.open(session, { member, desk: await openDeskKeys(session, member) })
}

/** The desk's keys, when the member has a share of them. Throws Problem `key-mismatch`. */
export async function openDeskKeys(
  { share, desk: { recipient, earlier } }: Session,
  member: string,
): Promise<DeskKeys | null> {
  if (share === null) return null
  const live = await openShare(share, member, recipient)
  // What comes in now must open even when the list of earlier keys does not: the view of the key tells that.
  const before = earlier === null ? [] : await openEarlierKeys(earlier, live).catch(() => [])
  return [live, ...before]
}

/** Keeps forms that are only a few words wide. */
export function narrow(...content: (Node | string)[]): HTMLElement {
  return element('div', { class: 'narrow' }, ...content)
}

/** A passkey needs no name: the device knows whose it is. */
function byPasskey(desk: Desk): HTMLElement[] {
  const why = whyNoPasskeys()
  if (why !== null) return [element('p', { class: 'hint' }, why)]
  const signIn = () =>
    desk.run(async (signal) => {
      const { response, secret } = await usePasskey(await api.beginPasskey(), signal)
      desk.page.say(text('passkey.checking'))
      const { session, wrapped } = await api.signInByPasskey(response).catch((error: unknown) => {
        throw error instanceof Problem && error.status === 401 ? new Problem('passkey-refused') : error
      })
      signal.throwIfAborted()
      const member = await identityOf(wrapped, secret)
      if (member === null) {
        desk.memory.know(session)
        showUnlock(desk, { isProved: true })
        return
      }
      await keepKeys(desk, session, member)
      signal.throwIfAborted()
      desk.enter()
    })
  return [
    button(text('passkey.use'), signIn, { class: 'primary' }),
    element('p', { class: 'hint' }, text('sign-in.or-words')),
  ]
}

function byWords(desk: Desk, name: string): HTMLFormElement {
  const nameField = textField({
    id: 'name',
    label: text('sign-in.name'),
    attributes: { autocomplete: 'username', value: name },
  })
  const passphrase = passphraseField('passphrase', text('passphrase.label'), text('passphrase.hint'))
  const errors = (problems: readonly FieldError[]) => showErrors(desk.page, made, problems)
  const made: HTMLFormElement = form(
    {},
    () =>
      desk.run(async (signal) => {
        const typed = { name: nameField.control.value.trim(), passphrase: passphrase.control.value }
        const proofs = second.given()
        if (errors([...missing(typed), ...wrongCode(proofs.code, 'code')])) return
        desk.page.say(text('sign-in.one-moment'))
        try {
          await signIn(desk, typed, proofs, signal)
        } catch (error) {
          if (signal.aborted || !(error instanceof Problem && error.status === 401)) throw error
          desk.page.say('')
          errors(second.answer(error) ?? [{ field: 'name', text: text('sign-in.wrong') }])
        }
      }),
    nameField.wrapper,
    passphrase.wrapper,
  )
  const second = secondFactor(desk.run, 'code', () => made.requestSubmit())
  made.append(second.wrapper, element('button', { type: 'submit', class: 'primary' }, text('sign-in.submit')))
  return made
}

/** The error of a code that is none; nothing for one that was not asked for yet. */
export function wrongCode(code: string | undefined, field: string): FieldError[] {
  return code === undefined || isCode(code) ? [] : [{ field, text: text('second.no-code') }]
}

async function signIn(
  desk: Desk,
  typed: { name: string; passphrase: string },
  proofs: ReturnType<SecondFactor['given']>,
  signal: AbortSignal,
): Promise<void> {
  const salt = await api.beginSignIn(typed.name)
  const { authentication, wrapping } = await deriveKeys(typed.passphrase, salt)
  signal.throwIfAborted()
  const session = await api.signIn(typed.name, authentication, proofs)
  const member = await unwrapIdentity(session.wrappedIdentity, wrapping)
  wrapping.fill(0)
  await keepKeys(desk, session, member)
  signal.throwIfAborted()
  desk.enter()
}

function missing(typed: { name: string; passphrase: string }): FieldError[] {
  return [
    ...(typed.name === '' ? [{ field: 'name', text: text('sign-in.no-name') }] : []),
    ...(typed.passphrase.trim() === '' ? [{ field: 'passphrase', text: text('passphrase.missing') }] : []),
  ]
}
