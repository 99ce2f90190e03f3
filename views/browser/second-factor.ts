// What is asked beside the words, once the server has found them right: a code of an app, or a passkey. What was typed
// stays.
import { CODE_DIGITS } from '../../server/report/second-factor.js'
import { api, Problem, type Proofs } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { type FieldError, textField } from './forms.js'
import { usePasskey, whyNoPasskeys } from './passkey.js'
import { text } from './texts.js'

export interface SecondFactor {
  readonly wrapper: HTMLElement
  /** what goes along with the words */
  given(): Proofs
  /** Shows what a problem asks for, and gives the errors to show; null when it asks for something else. */
  answer(problem: unknown): FieldError[] | null
}

/**
 * A place for the second factor in a form of words; `send` sends the form once more, and `run` tells where a device
 * fails.
 */
export function secondFactor(run: Desk['run'], id: string, send: () => void): SecondFactor {
  const wrapper = element('div', { hidden: true, class: 'stack' })
  const code = codeField(id, text('second.code-hint'))
  let passkey: object | null = null
  const show = (...content: Node[]) => {
    wrapper.replaceChildren(...content)
    wrapper.hidden = false
    wrapper.querySelector<HTMLElement>('input, button')?.focus()
  }
  const sign = () =>
    run(async (signal) => {
      passkey = (await usePasskey(await api.beginPasskey(), signal)).response
      send()
    })
  return {
    wrapper,
    given() {
      const proofs = {
        ...(wrapper.contains(code.control) && { code: digitsOf(code.control.value) }),
        ...(passkey && { passkey }),
      }
      // It signed one question, and that counts once.
      passkey = null
      return proofs
    },
    answer(problem) {
      const asked = problem instanceof Problem ? problem.code : ''
      if (asked === 'code-wrong') return [{ field: id, text: text('second.code-wrong') }]
      if (asked === 'code-needed') {
        if (wrapper.contains(code.control)) return [{ field: id, text: text('second.no-code') }]
        show(code.wrapper)
        return []
      }
      if (asked !== 'passkey-needed') return null
      const why = whyNoPasskeys()
      const words = element('p', {}, text('second.passkey-needed'))
      if (why === null) show(words, button(text('second.passkey'), sign, { class: 'primary' }))
      else show(words, element('p', { class: 'hint' }, why))
      return []
    },
  }
}

/** A field for the six digits of an app. */
export function codeField(id: string, hint: string): ReturnType<typeof textField> {
  return textField({
    id,
    label: text('second.code'),
    hint,
    attributes: { inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 20, dir: 'ltr' },
  })
}

/** The digits that were typed, without spaces between them; other text as it is, for the server to refuse. */
export function digitsOf(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '')
}

/** Whether it looks like a code: the server would call anything else nonsense. */
export function isCode(digits: string): boolean {
  return new RegExp(`^[0-9]{${CODE_DIGITS}}$`).test(digits)
}
