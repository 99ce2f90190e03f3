// Some acts ask again who is there: whoever finds a desk that stands open cannot do them.
import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { passphraseField, showErrors } from './forms.js'
import { deriveKeys } from './keys.js'
import { text } from './texts.js'

/**
 * Does the work; when the server wants to know again who this is, asks for the words and does it once more. Gives false
 * when the member turned back. Ends with the signal of the view.
 */
export async function confirmed(
  desk: Desk,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'fresh-proof-needed')) throw error
  }
  if (!(await askAgain(desk, signal))) return false
  signal.throwIfAborted()
  await work()
  return true
}

/** A dialog with the words. True when the server has taken them. */
function askAgain(desk: Desk, signal: AbortSignal): Promise<boolean> {
  const { salt } = desk.memory.signedIn
  const passphrase = passphraseField('confirm-words', text('passphrase.label'), text('passphrase.hint'))
  let isProved = false
  const errorAt = (words: string) => showErrors(desk.page, made, [{ field: 'confirm-words', text: words }])
  const made = form(
    {},
    async () => {
      if (passphrase.control.value.trim() === '') return void errorAt(text('passphrase.missing'))
      status.textContent = text('sign-in.one-moment')
      try {
        const { authentication } = await deriveKeys(passphrase.control.value, salt)
        await api.prove(authentication)
      } catch (error) {
        status.textContent = ''
        const isWrong = error instanceof Problem && error.code === 'not-allowed'
        const code = error instanceof Problem ? error.code : 'unexpected-failure'
        return void errorAt(isWrong ? text('unlock.wrong') : text(`problem.${code}`))
      }
      isProved = true
      dialog.close()
    },
    passphrase.wrapper,
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'submit', class: 'primary' }, text('confirm.submit')),
      button(text('confirm.back'), () => dialog.close(), { class: 'secondary' }),
    ),
  )
  const status = element('p', { role: 'status' })
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'card', 'aria-labelledby': 'confirm-title' },
    element('h2', { id: 'confirm-title' }, text('confirm.title')),
    element('p', {}, text('confirm.why')),
    made,
    status,
  )
  const close = () => dialog.close()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      signal.removeEventListener('abort', close)
      passphrase.control.value = ''
      dialog.remove()
      resolve(isProved)
    })
    signal.addEventListener('abort', close)
    document.body.append(dialog)
    dialog.showModal()
  })
}
