import { identityOf } from './account-keys.js'
import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { type FieldError, passphraseField, showErrors } from './forms.js'
import { deriveKeys, unwrapIdentity } from './keys.js'
import type { Account } from './memory.js'
import { usePasskey, whyNoPasskeys } from './passkey.js'
import { secondFactor } from './second-factor.js'
import { keepKeys, narrow, showSignIn, wrongCode } from './sign-in.js'
import { text } from './texts.js'

const LOCK_AFTER_MS = 15 * 60_000
const WARN_BEFORE_MS = 60_000
const LOOK_EVERY_MS = 5_000

/**
 * Calls `lock` after fifteen minutes without a key, click, touch or scroll, and `warn` a minute before. It compares
 * clock times: a timer stands still while the computer sleeps, and must not start anew when it wakes.
 */
export function watchInput(actions: { lock(): void; warn(): void }): void {
  let lastInput = Date.now()
  let hasWarned = false
  const look = () => {
    const idleMs = Date.now() - lastInput
    if (idleMs >= LOCK_AFTER_MS) actions.lock()
    else if (idleMs >= LOCK_AFTER_MS - WARN_BEFORE_MS && !hasWarned) {
      hasWarned = true
      actions.warn()
    }
  }
  const input = () => {
    // The press that wakes a sleeping computer comes before the timer: it must find the desk locked.
    look()
    lastInput = Date.now()
    hasWarned = false
  }
  for (const kind of [
    'keydown',
    'pointerdown',
    'pointermove',
    'wheel',
    'touchstart',
    'scroll',
    'viewer-used',
  ]) {
    addEventListener(kind, input, { passive: true, capture: true })
  }
  document.addEventListener('visibilitychange', look)
  setInterval(look, LOOK_EVERY_MS)
}

/**
 * The view after a lock: a passkey, or the words, checked by unwrapping in this page before the server is asked. With
 * `isProved` the server knows already, by passkey, who is here, and only the words that open the key are missing.
 */
export function showUnlock(desk: Desk, { isProved = false } = {}): void {
  const account = desk.memory.signedIn
  const { name } = account.member
  desk.begin()
  desk.page.identify(null)
  const made = byWords(desk, account, isProved)
  const other = button(text('unlock.other'), () => signOut(desk), { class: 'secondary' })
  desk.page.show(
    text(isProved ? 'passkey.words-title' : 'unlock.title'),
    element('p', { class: 'lede' }, text(isProved ? 'passkey.words-lede' : 'unlock.lede', { name })),
    narrow(
      ...(isProved ? [] : byPasskey(desk, account)),
      made,
      element('p', { class: 'hint' }, text('unlock.other-hint')),
      other,
    ),
  )
  desk.page.say('')
}

function byPasskey(desk: Desk, account: Account): HTMLElement[] {
  if (account.secondFactor.passkeys === 0 || whyNoPasskeys() !== null) return []
  const unlock = () =>
    desk.run(async (signal) => {
      const { response, secret } = await usePasskey(await api.beginProof(), signal)
      desk.page.say(text('passkey.checking'))
      const wrapped = await api.proveByPasskey(response).catch((error: unknown) => {
        throw error instanceof Problem && error.code === 'not-allowed'
          ? new Problem('passkey-refused')
          : error
      })
      signal.throwIfAborted()
      const member = await identityOf(wrapped, secret)
      if (member === null) return showUnlock(desk, { isProved: true })
      await keepKeys(desk, account, member)
      signal.throwIfAborted()
      desk.enter()
    })
  return [
    button(text('passkey.use'), unlock, { class: 'primary' }),
    element('p', { class: 'hint' }, text('unlock.or-words')),
  ]
}

function byWords(desk: Desk, account: Account, isProved: boolean): HTMLFormElement {
  const passphrase = passphraseField('passphrase', text('passphrase.label'), text('passphrase.hint'))
  const name = element('input', {
    type: 'text',
    value: account.member.name,
    autocomplete: 'username',
    readonly: true,
    hidden: true,
  })
  const errors = (found: readonly FieldError[]) => showErrors(desk.page, made, found)
  const errorAt = (words: string) => errors([{ field: 'passphrase', text: words }])
  const made: HTMLFormElement = form(
    {},
    () =>
      desk.run(async (signal) => {
        if (passphrase.control.value.trim() === '') return void errorAt(text('passphrase.missing'))
        const proofs = second.given()
        if (errors(wrongCode(proofs.code, 'code'))) return
        desk.page.say(text('sign-in.one-moment'))
        try {
          const { authentication, wrapping } = await deriveKeys(passphrase.control.value, account.salt)
          const member = await unwrapIdentity(account.wrappedIdentity, wrapping)
          wrapping.fill(0)
          // The keys come back when the server has heard too that it is this member who is here.
          if (!isProved) await api.prove(authentication, proofs)
          signal.throwIfAborted()
          await keepKeys(desk, account, member)
        } catch (error) {
          const asked = second.answer(error)
          if (asked === null && !(error instanceof Problem && error.code === 'wrong-passphrase')) throw error
          desk.page.say('')
          return void errors(asked ?? [{ field: 'passphrase', text: text('unlock.wrong') }])
        }
        signal.throwIfAborted()
        desk.enter()
      }),
    name,
    passphrase.wrapper,
  )
  const second = secondFactor(desk.run, 'code', () => made.requestSubmit())
  made.append(second.wrapper, element('button', { type: 'submit', class: 'primary' }, text('unlock.submit')))
  return made
}

/** Ends the session here and on the server. What was typed and not sent is gone. */
export async function signOut(desk: Desk): Promise<void> {
  // The keys go first: an answer that never comes must not keep them.
  desk.memory.signOut()
  history.replaceState(null, '', location.pathname)
  showSignIn(desk, '', text('sign-in.signed-out'))
  await desk.run(async () => {
    try {
      await api.signOut()
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw new Problem('sign-out-failed')
    }
  })
}
