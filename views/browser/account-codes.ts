// Codes of an app. Their secret is made here, shown once, and given to the server together with what only the words
// give, under which the server seals it.
import { base32nopad } from '@scure/base'
import { generate } from 'lean-qr'
import { toSvg } from 'lean-qr/extras/svg'
import { CODE_SECRET_BYTES } from '../../server/report/second-factor.js'
import { type AccountView, fold, part } from './account-part.js'
import { api, Problem } from './api.js'
import { button, element, facts, form } from './dom.js'
import { showErrors } from './forms.js'
import { askWords } from './prove.js'
import { codeField, digitsOf, isCode } from './second-factor.js'
import { dayText, siteName, text } from './texts.js'

const GROUP = 4

/** Whether an app gives codes, and adding or changing it. */
export function showCodes(view: AccountView): HTMLElement {
  const { desk, answer, changed } = view
  const place = element('div', { class: 'stack' })
  const add = () =>
    desk.run(async (signal) => {
      const words = await askWords(desk, signal)
      if (words === null) return
      words.wrapping.fill(0)
      signal.throwIfAborted()
      place.replaceChildren(...drawNew(view, words.authentication))
      place.querySelector<HTMLElement>('h3')?.focus()
    })
  const remove = () =>
    desk.confirm(async () => {
      await api.removeCodes()
      await changed(text('codes.removed'))
    })
  return part(
    'account-codes',
    text('codes.title'),
    element('p', {}, text('codes.what')),
    answer.code && facts([[text('account.added'), dayText(answer.code.addedOn)]]),
    button(text(answer.code ? 'codes.replace' : 'codes.add'), add, { class: 'secondary' }),
    place,
    answer.code &&
      fold(
        text('codes.remove'),
        element('p', {}, text('codes.remove-effect')),
        button(text('codes.remove-now'), remove, { class: 'secondary' }),
      ),
  )
}

function drawNew({ desk, changed }: AccountView, authentication: Uint8Array): HTMLElement[] {
  const secret = crypto.getRandomValues(new Uint8Array(CODE_SECRET_BYTES))
  const written = base32nopad.encode(secret)
  const code = codeField('new-code', text('codes.type-hint'))
  const made = form(
    {},
    () =>
      desk.confirm(async () => {
        const digits = digitsOf(code.control.value)
        const errors = isCode(digits) ? [] : [{ field: 'new-code', text: text('second.no-code') }]
        if (showErrors(desk.page, made, errors)) return
        try {
          await api.addCodes(authentication, secret, digits)
        } catch (error) {
          if (!(error instanceof Problem && error.code === 'code-wrong')) throw error
          showErrors(desk.page, made, [{ field: 'new-code', text: text('codes.wrong') }])
          return
        }
        secret.fill(0)
        await changed(text('codes.added'))
      }),
    code.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('codes.submit')),
  )
  const groups = written.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []
  return [
    element('h3', { tabindex: -1 }, text('codes.scan')),
    element('p', {}, text('codes.scan-how')),
    picture(addressOf(desk.memory.signedIn.member.name, written)),
    element('p', {}, text('codes.or-type')),
    element('p', { class: 'words-to-say', translate: 'no', dir: 'ltr', id: 'code-secret' }, groups.join(' ')),
    element('div', { class: 'narrow' }, made),
  ]
}

/** What apps read: RFC 6238 with their common values. */
function addressOf(name: string, secret: string): string {
  const [issuer, account] = [encodeURIComponent(siteName), encodeURIComponent(name)]
  return `otpauth://totp/${issuer}:${account}?secret=${secret}&issuer=${issuer}`
}

/** Dark on light in every colour scheme: cameras want it so. */
function picture(address: string): HTMLElement {
  const svg = toSvg(generate(address), document, { on: 'black', off: 'white' })
  svg.setAttribute('aria-hidden', 'true')
  return element('div', { class: 'qr', role: 'img', 'aria-label': text('codes.picture') }, svg)
}
