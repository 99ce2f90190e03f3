import { type AccountView, fold, part } from './account-part.js'
import { api, Problem } from './api.js'
import { button, element, facts, form } from './dom.js'
import { showErrors, textField } from './forms.js'
import { passkeyWrapping, wrapIdentity } from './keys.js'
import { makePasskey, whyNoPasskeys } from './passkey.js'
import { dayText, text } from './texts.js'

/** The member's passkeys, and adding one. */
export function showPasskeys(view: AccountView): HTMLElement {
  const { passkeys } = view.answer
  const why = whyNoPasskeys()
  return part(
    'account-passkeys',
    text('passkey.title'),
    element('p', {}, text('passkey.what')),
    element('p', { class: 'hint' }, text('passkey.unknown')),
    passkeys.length > 0 &&
      element(
        'ul',
        { class: 'rows', role: 'list' },
        ...passkeys.map((passkey) => drawPasskey(view, passkey)),
      ),
    why === null ? addForm(view) : element('p', {}, why),
  )
}

function drawPasskey(
  { desk, changed }: AccountView,
  { id, name, addedOn, opensKey }: AccountView['answer']['passkeys'][number],
): HTMLElement {
  const remove = () =>
    desk.confirm(async () => {
      await api.removePasskey(id)
      await changed(text('passkey.removed', { name }))
    })
  return element(
    'li',
    { class: 'card', 'data-passkey': name },
    element('h3', {}, name),
    facts([
      [text('account.added'), dayText(addedOn)],
      [text('passkey.opens'), text(opensKey ? 'passkey.opens-yes' : 'passkey.opens-no')],
    ]),
    fold(
      text('passkey.remove'),
      element('p', {}, text('passkey.remove-effect', { name })),
      button(text('passkey.remove-name', { name }), remove, { class: 'secondary' }),
    ),
  )
}

function addForm({ desk, changed }: AccountView): HTMLElement {
  const name = textField({
    id: 'passkey-name',
    label: text('passkey.name'),
    hint: text('passkey.name-hint'),
    attributes: { maxlength: 60 },
  })
  const made = form(
    {},
    () =>
      desk.confirm(async (signal) => {
        const called = name.control.value.trim()
        const errors = called === '' ? [{ field: 'passkey-name', text: text('passkey.no-name') }] : []
        if (showErrors(desk.page, made, errors)) return
        const { response, secret } = await makePasskey(await api.beginNewPasskey(), signal)
        signal.throwIfAborted()
        const { keys } = desk.memory
        if (keys === null) throw new Problem('locked')
        const wrapped = secret && (await wrapIdentity(keys.member, passkeyWrapping(secret)))
        await api.addPasskey(response, called, wrapped)
        await changed(text(wrapped ? 'passkey.added-opens' : 'passkey.added', { name: called }))
      }),
    name.wrapper,
    element('button', { type: 'submit', class: 'secondary' }, text('passkey.add')),
  )
  return element('div', { class: 'narrow' }, made)
}
