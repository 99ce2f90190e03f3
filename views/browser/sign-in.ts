import { api, Problem, type Session } from './api.js'
import type { Desk } from './context.js'
import { element, form } from './dom.js'
import { type FieldError, passphraseField, showErrors, textField } from './forms.js'
import { deriveKeys, openEarlierKeys, openShare, unwrapIdentity } from './keys.js'
import type { DeskKeys } from './memory.js'
import { text } from './texts.js'

/** The first view without a key. The name is filled in when it is known from before. */
export function showSignIn(desk: Desk, name = '', message = ''): void {
  desk.begin()
  desk.page.identify(null)
  const nameField = textField({
    id: 'name',
    label: text('sign-in.name'),
    attributes: { autocomplete: 'username', value: name },
  })
  const passphrase = passphraseField('passphrase', text('passphrase.label'), text('passphrase.hint'))
  const errors = (problems: readonly FieldError[]) => showErrors(desk.page, made, problems)

  const made = form(
    {},
    () =>
      desk.run(async (signal) => {
        const typed = { name: nameField.control.value.trim(), passphrase: passphrase.control.value }
        if (errors(missing(typed))) return
        desk.page.say(text('sign-in.one-moment'))
        try {
          await signIn(desk, typed, signal)
        } catch (error) {
          if (signal.aborted || !(error instanceof Problem && error.status === 401)) throw error
          desk.page.say('')
          errors([{ field: 'name', text: text('sign-in.wrong') }])
        }
      }),
    nameField.wrapper,
    passphrase.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('sign-in.submit')),
  )
  desk.page.show(text('sign-in.title'), element('p', { class: 'lede' }, text('sign-in.lede')), narrow(made))
  desk.page.say(message)
}

/** Unwraps this session's keys with a passphrase's wrapping key and keeps them in memory. Throws Problems. */
export async function openKeys(
  desk: Desk,
  session: Session,
  salt: Uint8Array,
  wrapping: Uint8Array,
): Promise<void> {
  const member = await unwrapIdentity(session.wrappedIdentity, wrapping)
  wrapping.fill(0)
  await keepKeys(desk, session, salt, member)
}

/** Opens what there is with the member's identity, and keeps it in memory. Throws Problem `key-mismatch`. */
export async function keepKeys(
  desk: Desk,
  session: Session,
  salt: Uint8Array,
  member: string,
): Promise<void> {
  await desk.memory.open({ ...session, salt }, { member, desk: await openDeskKeys(session, member) })
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
export function narrow(...content: Node[]): HTMLElement {
  return element('div', { class: 'narrow' }, ...content)
}

async function signIn(
  desk: Desk,
  typed: { name: string; passphrase: string },
  signal: AbortSignal,
): Promise<void> {
  const salt = await api.beginSignIn(typed.name)
  const { authentication, wrapping } = await deriveKeys(typed.passphrase, salt)
  signal.throwIfAborted()
  const session = await api.signIn(typed.name, authentication)
  await openKeys(desk, session, salt, wrapping)
  signal.throwIfAborted()
  desk.enter()
}

function missing(typed: { name: string; passphrase: string }): FieldError[] {
  return [
    ...(typed.name === '' ? [{ field: 'name', text: text('sign-in.no-name') }] : []),
    ...(typed.passphrase.trim() === '' ? [{ field: 'passphrase', text: text('passphrase.missing') }] : []),
  ]
}
