// Asking a signed-in member again who is there, in a dialog: by passkey, or by words and what belongs to them.
import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { passphraseField, showErrors } from './forms.js'
import { type DerivedKeys, deriveKeys } from './keys.js'
import { usePasskey, whyNoPasskeys } from './passkey.js'
import { isCode, secondFactor } from './second-factor.js'
import { text } from './texts.js'

/** True when the server has taken a passkey or the words; false when the member turned back. */
export async function proveAgain(desk: Desk, signal: AbortSignal): Promise<boolean> {
  return (await ask(desk, signal, { why: text('confirm.why'), withPasskey: true })) !== null
}

/** What the words give, after the server has taken them; null when the member turned back. */
export async function askWords(desk: Desk, signal: AbortSignal): Promise<DerivedKeys | null> {
  const answer = await ask(desk, signal, { why: text('confirm.why-words'), withPasskey: false })
  return answer === 'passkey' ? null : answer
}

function ask(
  desk: Desk,
  signal: AbortSignal,
  { why, withPasskey }: { readonly why: string; readonly withPasskey: boolean },
): Promise<DerivedKeys | 'passkey' | null> {
  const { salt, secondFactor: own } = desk.memory.signedIn
  let answer: DerivedKeys | 'passkey' | null = null
  const passphrase = passphraseField('confirm-words', text('passphrase.label'), text('passphrase.hint'))
  const status = element('p', { role: 'status' })
  const errorAt = (field: string, words: string) => showErrors(desk.page, made, [{ field, text: words }])
  // What the page says is not heard behind a dialog.
  const run = async (work: (signal: AbortSignal) => Promise<void>) => {
    status.textContent = ''
    try {
      await work(signal)
    } catch (error) {
      if (!signal.aborted) status.textContent = problemText(error, text('problem.passkey-refused'))
    }
  }
  const send = async () => {
    if (passphrase.control.value.trim() === '')
      return void errorAt('confirm-words', text('passphrase.missing'))
    const proofs = second.given()
    if (proofs.code !== undefined && !isCode(proofs.code)) {
      return void errorAt('confirm-code', text('second.no-code'))
    }
    status.textContent = text('sign-in.one-moment')
    try {
      const keys = await deriveKeys(passphrase.control.value, salt)
      await api.prove(keys.authentication, proofs)
      answer = keys
    } catch (error) {
      status.textContent = ''
      const errors = second.answer(error)
      if (errors !== null) return void showErrors(desk.page, made, errors)
      return void errorAt('confirm-words', problemText(error, text('unlock.wrong')))
    }
    dialog.close()
  }
  const made = form({}, send, passphrase.wrapper)
  const second = secondFactor(run, 'confirm-code', () => made.requestSubmit())
  made.append(
    second.wrapper,
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'submit', class: 'primary' }, text('confirm.submit')),
      button(text('confirm.back'), () => dialog.close(), { class: 'secondary' }),
    ),
  )
  const sign = () =>
    run(async () => {
      const { response } = await usePasskey(await api.beginProof(), signal)
      await api.proveByPasskey(response)
      answer = 'passkey'
      dialog.close()
    })
  const byPasskey = withPasskey && own.passkeys > 0 && whyNoPasskeys() === null
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'card', 'aria-labelledby': 'confirm-title' },
    element('h2', { id: 'confirm-title' }, text('confirm.title')),
    element('p', {}, why),
    byPasskey && button(text('passkey.use'), sign, { class: 'primary' }),
    made,
    status,
  )
  const close = () => dialog.close()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      signal.removeEventListener('abort', close)
      passphrase.control.value = ''
      dialog.remove()
      resolve(answer)
    })
    signal.addEventListener('abort', close)
    document.body.append(dialog)
    dialog.showModal()
  })
}

function problemText(error: unknown, refused: string): string {
  const code = error instanceof Problem ? error.code : 'unexpected-failure'
  return code === 'not-allowed' ? refused : text(`problem.${code}`)
}
