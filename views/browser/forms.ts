// Fields and their errors: a summary on top with links, the same words at the field, the focus on the summary.
import { type Attributes, type Child, element } from './dom.js'
import type { Page } from './page.js'
import { text } from './texts.js'

export interface FieldError {
  /** id of the control to go to */
  readonly field: string
  readonly text: string
}

/** A text field, or a larger one with `rows`, with its label and a hint. */
export function textField(options: {
  id: string
  label: string
  hint?: string
  rows?: number
  attributes?: Attributes
}): { wrapper: HTMLElement; control: HTMLInputElement | HTMLTextAreaElement } {
  const { id, label, hint, rows, attributes = {} } = options
  const shared: Attributes = {
    id,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    'aria-describedby': hint ? `${id}-hint` : null,
    ...attributes,
  }
  const control = rows
    ? element('textarea', { ...shared, rows })
    : element('input', { type: 'text', ...shared })
  return {
    control,
    wrapper: element(
      'div',
      { class: 'field' },
      element('label', { for: id }, label),
      hint && element('p', { class: 'hint', id: `${id}-hint` }, hint),
      control,
    ),
  }
}

/** A field for the six words, hidden until somebody wants to see them. */
export function passphraseField(id: string, label: string, hint?: string): ReturnType<typeof textField> {
  const attributes = { type: 'password', autocomplete: 'current-password' }
  const { wrapper, control } = textField({ id, label, ...(hint ? { hint } : {}), attributes })
  const box = element('input', { type: 'checkbox', id: `${id}-visible` })
  box.addEventListener('change', () => control.setAttribute('type', box.checked ? 'text' : 'password'))
  wrapper.append(choice(box, text('passphrase.show')))
  return { wrapper, control }
}

/** A box or radio with its label as one large target. */
export function choice(control: HTMLInputElement, label: Child): HTMLElement {
  return element('div', { class: 'choice' }, control, element('label', { for: control.id }, label))
}

/** A question with one answer out of several. The first radio has the id `name`, so that an error can lead to it. */
export function radioGroup(
  name: string,
  legend: string,
  options: readonly { value: string; label: string }[],
): { wrapper: HTMLFieldSetElement; radios: readonly HTMLInputElement[] } {
  const radios = options.map(({ value }, index) =>
    element('input', { type: 'radio', name, value, id: index === 0 ? name : `${name}-${value}` }),
  )
  const wrapper = element(
    'fieldset',
    { class: 'field' },
    element('legend', {}, legend),
    ...options.map(({ label }, index) => choice(radios[index] as HTMLInputElement, label)),
  )
  return { wrapper, radios }
}

/** Shows these errors instead of the earlier ones and moves the focus to them. Returns whether there are any. */
export function showErrors(page: Page, form: HTMLFormElement, errors: readonly FieldError[]): boolean {
  for (const old of form.querySelectorAll('.error-summary, .field-error')) old.remove()
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid')
    describe(control, (ids) => ids.filter((id) => !id.endsWith('-error')))
  }
  page.markTitle(errors.length > 0)
  if (errors.length === 0) return false
  for (const error of errors) markField(form, error)
  const summary = element(
    'div',
    { class: 'error-summary', tabindex: -1, role: 'group', 'aria-labelledby': 'error-summary-title' },
    element('h2', { id: 'error-summary-title' }, text('error.title')),
    element(
      'ul',
      {},
      ...errors.map((error) => element('li', {}, element('a', { href: `#${error.field}` }, error.text))),
    ),
  )
  form.prepend(summary)
  summary.focus()
  return true
}

function markField(form: HTMLFormElement, { field, text: words }: FieldError): void {
  const control = form.querySelector(`#${CSS.escape(field)}`)
  const wrapper = control?.closest('.field')
  if (!control || !wrapper) return
  const id = `${field}-error`
  const message = element('p', { class: 'field-error', id }, words)
  const last = [...wrapper.children].filter((child) => child.matches('label, legend, .hint')).at(-1)
  if (last) last.after(message)
  else wrapper.prepend(message)
  control.setAttribute('aria-invalid', 'true')
  describe(control, (ids) => [...ids, id])
}

function describe(control: Element, change: (ids: string[]) => string[]): void {
  const ids = change((control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean))
  if (ids.length > 0) control.setAttribute('aria-describedby', ids.join(' '))
  else control.removeAttribute('aria-describedby')
}
