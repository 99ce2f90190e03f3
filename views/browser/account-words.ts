import { type AccountView, part } from './account-part.js'
import { api, Problem } from './api.js'
import { button, element, form } from './dom.js'
import { showErrors } from './forms.js'
import { deriveKeys, newPassphrase, newSalt, wrapIdentity } from './keys.js'
import { chooseWords } from './own-words.js'
import { askWords } from './prove.js'
import { siteName, text } from './texts.js'

/** Changing the words. The old ones are asked first: whoever finds a desk that stands open cannot shut its member out. */
export function showWords(view: AccountView): HTMLElement {
  const { desk } = view
  const place = element('div', { class: 'stack' })
  const change = () =>
    desk.run(async (signal) => {
      const old = await askWords(desk, signal)
      if (old === null) return
      old.wrapping.fill(0)
      signal.throwIfAborted()
      place.replaceChildren(drawChange(view, old.authentication, signal))
      place.querySelector<HTMLElement>('h3')?.focus()
    })
  return part(
    'account-words',
    text('own-words.title'),
    element('p', {}, text('own-words.what')),
    button(text('own-words.change'), change, { class: 'secondary' }),
    place,
  )
}

function drawChange(
  { desk, changed }: AccountView,
  oldAuthentication: Uint8Array,
  signal: AbortSignal,
): HTMLElement {
  const { member, desk: own } = desk.memory.signedIn
  const words = chooseWords(newPassphrase(), [member.name, own.name, siteName], signal)
  const made = form(
    {},
    () =>
      desk.confirm(async () => {
        const taken = await words.take()
        if (showErrors(desk.page, made, 'errors' in taken ? taken.errors : [])) return
        if (!('words' in taken)) return
        desk.page.say(text('sign-in.one-moment'))
        const salt = newSalt()
        const { authentication, wrapping } = await deriveKeys(taken.words, salt)
        const { keys } = desk.memory
        if (keys === null) throw new Problem('locked')
        const wrappedIdentity = await wrapIdentity(keys.member, wrapping)
        wrapping.fill(0)
        await api.changeWords({ oldAuthentication, authentication, salt, wrappedIdentity })
        await changed(text('own-words.changed'))
      }),
    words.choice,
    words.again,
    element('button', { type: 'submit', class: 'primary' }, text('own-words.submit')),
  )
  return element(
    'div',
    { class: 'narrow' },
    element('h3', { tabindex: -1 }, text('own-words.new')),
    element('p', {}, text('join.words-why')),
    made,
  )
}
