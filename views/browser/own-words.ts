// Six words that the browser drew, or words of one's own: for joining and for changing them.
import { normalisePassphrase } from '../../server/report/key-derivation.js'
import { Problem } from './api.js'
import { element } from './dom.js'
import { type FieldError, passphraseField, radioGroup, textField } from './forms.js'
import { text } from './texts.js'
import { weaknessOf } from './words-strength.js'

const JUDGE_AFTER_MS = 400

export interface ChosenWords {
  /** the words that were drawn, or the field for one's own */
  readonly choice: HTMLElement
  /** where they are typed once more */
  readonly again: HTMLElement
  /** the words, or the errors to show */
  take(): Promise<{ words: string } | { errors: readonly FieldError[] }>
}

/** Asks for words; `drawn` stands unless somebody wants their own, `about` are names that are easy to guess. */
export function chooseWords(drawn: string, about: readonly string[], signal: AbortSignal): ChosenWords {
  const { wrapper: kinds, radios } = radioGroup('words-kind', text('own-words.which'), [
    { value: 'drawn', label: text('own-words.drawn') },
    { value: 'own', label: text('own-words.own') },
  ])
  const [isDrawn, isOwn] = radios
  if (isDrawn) isDrawn.checked = true
  const own = passphraseField('own-words', text('own-words.label'), text('own-words.hint'))
  own.control.setAttribute('autocomplete', 'new-password')
  const verdict = element('p', { role: 'status', class: 'hint' })
  const ownPart = element('div', { class: 'stack', hidden: true }, own.wrapper, verdict)
  const list = wordList(drawn)
  const again = textField({ id: 'again', label: text('join.again'), hint: text('join.again-hint') })
  const label = again.wrapper.querySelector('label')

  for (const radio of radios) {
    radio.addEventListener('change', () => {
      const chooses = isOwn?.checked === true
      ownPart.hidden = !chooses
      list.hidden = chooses
      again.control.setAttribute('type', chooses ? 'password' : 'text')
      if (label) label.textContent = text(chooses ? 'own-words.again' : 'join.again')
    })
  }

  let typing = 0
  signal.addEventListener('abort', () => clearTimeout(typing))
  own.control.addEventListener('input', () => {
    clearTimeout(typing)
    typing = setTimeout(async () => {
      const typed = own.control.value
      const said = typed === '' ? '' : await judged(typed, about)
      if (own.control.value === typed && !signal.aborted) verdict.textContent = said
    }, JUDGE_AFTER_MS)
  })

  return {
    choice: element('div', { class: 'stack' }, list, kinds, ownPart),
    again: again.wrapper,
    async take() {
      const typedAgain = normalisePassphrase(again.control.value)
      if (isOwn?.checked !== true) {
        if (typedAgain === drawn) return { words: drawn }
        return { errors: [{ field: 'again', text: text('join.not-the-same') }] }
      }
      const words = normalisePassphrase(own.control.value)
      const weakness = await weaknessOf(words, about)
      if (weakness !== null) return { errors: [{ field: 'own-words', text: text(`own-words.${weakness}`) }] }
      if (typedAgain === words) return { words }
      return { errors: [{ field: 'again', text: text('own-words.not-the-same') }] }
    },
  }
}

async function judged(typed: string, about: readonly string[]): Promise<string> {
  try {
    return text(`own-words.${(await weaknessOf(typed, about)) ?? 'strong'}`)
  } catch (error) {
    if (error instanceof Problem) return text('own-words.not-judged')
    throw error
  }
}

function wordList(passphrase: string): HTMLElement {
  const words = passphrase.split(' ').map((word) => element('li', {}, word))
  return element('ol', { class: 'six-words', translate: 'no', lang: 'en', id: 'new-passphrase' }, ...words)
}
