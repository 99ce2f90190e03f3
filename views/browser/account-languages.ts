import { type AccountView, part } from './account-part.js'
import { api } from './api.js'
import { element, form } from './dom.js'
import { choice, showErrors, textField } from './forms.js'
import { languageText, siteLanguages, text } from './texts.js'

const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/

/** Which languages the member reads; none is any. */
export function showOwnLanguages({ desk, changed }: AccountView): HTMLElement {
  const { readingLanguages } = desk.memory.signedIn.member
  const known = Object.keys(siteLanguages)
  const boxes = known.map((code) => ({
    code,
    box: element('input', {
      type: 'checkbox',
      id: `reads-${code}`,
      checked: readingLanguages.includes(code),
    }),
  }))
  const others = textField({
    id: 'reads-others',
    label: text('languages.others'),
    hint: text('languages.others-hint'),
    attributes: { value: readingLanguages.filter((code) => !known.includes(code)).join(' '), dir: 'ltr' },
  })
  const made = form(
    {},
    () =>
      desk.run(async () => {
        const typed = others.control.value
          .toLowerCase()
          .split(/[\s,;]+/)
          .filter(Boolean)
        const wrong = typed.find((code) => !LANGUAGE.test(code) || languageText(code) === code)
        const errors = wrong
          ? [{ field: 'reads-others', text: text('languages.wrong', { code: wrong }) }]
          : []
        if (showErrors(desk.page, made, errors)) return
        const chosen = boxes.filter(({ box }) => box.checked).map(({ code }) => code)
        await api.setReadingLanguages([...new Set([...chosen, ...typed])])
        await changed(text('languages.saved'))
      }),
    element(
      'fieldset',
      { class: 'field' },
      element('legend', {}, text('languages.which')),
      ...boxes.map(({ code, box }) => choice(box, languageText(code))),
    ),
    others.wrapper,
    element('button', { type: 'submit', class: 'secondary' }, text('languages.save')),
  )
  return part(
    'account-languages',
    text('languages.title'),
    element('p', {}, text('languages.what')),
    element('div', { class: 'narrow' }, made),
  )
}
