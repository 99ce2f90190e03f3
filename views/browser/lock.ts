import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { passphraseField, showErrors } from './forms.js'
import { deriveKeys, unwrapIdentity } from './keys.js'
import { keepKeys, narrow, showSignIn } from './sign-in.js'
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
  for (const kind of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'scroll']) {
    addEventListener(kind, input, { passive: true, capture: true })
  }
  document.addEventListener('visibilitychange', look)
  setInterval(look, LOOK_EVERY_MS)
}

/** The form after a lock: the words alone, checked by unwrapping in this page before the server is asked. */
export function showUnlock(desk: Desk): void {
  const account = desk.memory.signedIn
  desk.begin()
  desk.page.identify(null)
  const passphrase = passphraseField('passphrase', text('passphrase.label'), text('passphrase.hint'))
  const name = element('input', {
    type: 'text',
    value: account.member.name,
    autocomplete: 'username',
    readonly: true,
    hidden: true,
  })
  const errorAt = (words: string) => showErrors(desk.page, made, [{ field: 'passphrase', text: words }])

  const made = form(
    {},
    () =>
      desk.run(async (signal) => {
        if (passphrase.control.value.trim() === '') return void errorAt(text('passphrase.missing'))
        showErrors(desk.page, made, [])
        desk.page.say(text('sign-in.one-moment'))
        try {
          const { authentication, wrapping } = await deriveKeys(passphrase.control.value, account.salt)
          const member = await unwrapIdentity(account.wrappedIdentity, wrapping)
          wrapping.fill(0)
          // The keys come back when the server has heard too that it is this member who is here.
          await api.prove(authentication)
          signal.throwIfAborted()
          await keepKeys(desk, account, account.salt, member)
        } catch (error) {
          if (!(error instanceof Problem && error.code === 'wrong-passphrase')) throw error
          desk.page.say('')
          return void errorAt(text('unlock.wrong'))
        }
        signal.throwIfAborted()
        desk.enter()
      }),
    name,
    passphrase.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('unlock.submit')),
  )
  const other = button(text('unlock.other'), () => signOut(desk), { class: 'secondary' })
  desk.page.show(
    text('unlock.title'),
    element('p', { class: 'lede' }, text('unlock.lede', { name: account.member.name })),
    narrow(made, element('p', { class: 'hint' }, text('unlock.other-hint')), other),
  )
  desk.page.say('')
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
