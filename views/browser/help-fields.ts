// The controls of the form for a row of the help directory: which there are, and how their values are read.
import {
  AREA_LEVELS,
  COORDINATOR_ROLES,
  HELP_ANONYMITIES,
  HELP_AUDIENCES,
  HELP_GROUPS,
  HELP_KINDS,
  WEEKDAYS,
} from '../../server/help/entry.js'
import { element } from './dom.js'
import { choice, textField } from './forms.js'
import { type HelpKind, textNames, type Values } from './help-values.js'
import { codeText, forms, languageText, text } from './texts.js'

interface Control {
  readonly field: string
  readonly wrapper: HTMLElement
  read(): Values[string]
  write(value: Values[string]): void
}

export interface Fields {
  readonly content: readonly HTMLElement[]
  read(): Values
  write(values: Values): void
}

/** All controls of a row of this kind. A new row also gets its id. */
export function helpFields(kind: HelpKind, isNew: boolean, languages: readonly string[]): Fields {
  const told = languages.map((language) => ({
    title: text('help.in-language', { language: languageText(language) }),
    controls: textNames(kind).map((name) => sentence(kind, name, language)),
  }))
  const parts = [
    ...(isNew ? [{ title: '', controls: [line('id')] }] : []),
    ...(kind === 'coordinator' ? [{ title: '', controls: coordinatorControls() }] : []),
    ...told,
    { title: text('help.part-reach'), controls: reachControls(kind) },
    ...(kind === 'entry' ? [{ title: text('help.part-what'), controls: whatControls() }] : []),
    { title: text('help.part-where'), controls: areaControls() },
    { title: text('help.part-sure'), controls: sureControls() },
  ]
  const controls = parts.flatMap((part) => part.controls)
  return {
    content: parts.map(({ title, controls }) =>
      title === ''
        ? element('div', { class: 'part' }, ...controls.map(({ wrapper }) => wrapper))
        : element(
            'fieldset',
            { class: 'part card' },
            element('legend', {}, title),
            ...controls.map(({ wrapper }) => wrapper),
          ),
    ),
    read: () => Object.fromEntries(controls.map(({ field, read }) => [field, read()])),
    write(values) {
      for (const { field, write } of controls) {
        const value = values[field]
        if (value !== undefined) write(value)
      }
    },
  }
}

function coordinatorControls(): Control[] {
  return [
    select('role', COORDINATOR_ROLES),
    line('name'),
    select('age_group', ['', 'minor', 'adult']),
    line('valid_from', 'date'),
    line('valid_to', 'date'),
  ]
}

function reachControls(kind: HelpKind): Control[] {
  const phone = [line('phone'), line('phone_tel'), box('phone_publish')]
  if (kind === 'coordinator') return [...phone, line('website')]
  return [
    ...phone,
    line('phone_abroad'),
    line('phone_abroad_tel'),
    line('email'),
    line('website'),
    box('chat'),
  ]
}

function whatControls(): Control[] {
  return [
    boxes('kinds', HELP_KINDS),
    boxes('forms', Object.keys(forms), (code) => forms[code] ?? code),
    boxes('groups', HELP_GROUPS),
    boxes('audiences', HELP_AUDIENCES),
    select('anonymity', HELP_ANONYMITIES),
    select('free', ['', 'yes', 'no']),
    line('languages'),
    select('hours', ['unknown', 'always', 'evening_night', 'daily', 'weekly']),
    boxes('days', WEEKDAYS),
    line('from', 'time'),
    line('to', 'time'),
    box('certain'),
  ]
}

function areaControls(): Control[] {
  return [select('area_level', ['national', ...AREA_LEVELS]), lines('area_names')]
}

function sureControls(): Control[] {
  return [
    lines('sources'),
    select('confidence', ['A', 'B', 'C']),
    line('verified_on', 'date'),
    box('publish'),
  ]
}

/** The hint of a field, when it has one. */
function hintOf(name: string): { hint?: string } {
  const key = `help.hint.${name}`
  return text(key) === key ? {} : { hint: text(key) }
}

function typed(
  field: string,
  wrapper: HTMLElement,
  control: HTMLInputElement | HTMLTextAreaElement,
): Control {
  return {
    field,
    wrapper,
    read: () => control.value,
    write: (value) => {
      control.value = String(value)
    },
  }
}

function line(field: string, type = 'text'): Control {
  const label = text(`help.field.${field}`)
  const { wrapper, control } = textField({ id: field, label, ...hintOf(field), attributes: { type } })
  return typed(field, wrapper, control)
}

function lines(field: string): Control {
  const label = text(`help.field.${field}`)
  const { wrapper, control } = textField({ id: field, label, ...hintOf(field), rows: 3 })
  return typed(field, wrapper, control)
}

/** One sentence in one language of the public site. */
function sentence(kind: HelpKind, name: string, language: string): Control {
  const field = `${name}_${language}`
  const { wrapper, control } = textField({
    id: field,
    label: text(`help.text.${kind}.${name}`),
    ...hintOf(`${kind}.${name}`),
    ...(name === 'name' || kind === 'coordinator' ? {} : { rows: 2 }),
    attributes: { lang: language, spellcheck: 'true' },
  })
  return typed(field, wrapper, control)
}

function box(field: string): Control {
  const control = element('input', { type: 'checkbox', id: field })
  return {
    field,
    wrapper: element('div', { class: 'field' }, choice(control, text(`help.field.${field}`))),
    read: () => control.checked,
    write: (value) => {
      control.checked = value === true
    },
  }
}

function select(field: string, options: readonly string[]): Control {
  const label = (value: string) => codeText(`help.${field}`, value === '' ? 'none' : value)
  const control = element(
    'select',
    { id: field },
    ...options.map((value) => element('option', { value }, label(value))),
  )
  return {
    field,
    wrapper: element(
      'div',
      { class: 'field' },
      element('label', { for: field }, text(`help.field.${field}`)),
      control,
    ),
    read: () => control.value,
    write: (value) => {
      control.value = String(value)
    },
  }
}

/** Several answers; the first box has the field's id, so that an error can lead to it. */
function boxes(
  field: string,
  options: readonly string[],
  label: (code: string) => string = (code) => codeText(`help.${field}`, code),
): Control {
  const controls = options.map((value, i) =>
    element('input', { type: 'checkbox', value, id: i === 0 ? field : `${field}-${value}` }),
  )
  const { hint } = hintOf(field)
  return {
    field,
    wrapper: element(
      'fieldset',
      { class: 'field' },
      element('legend', {}, text(`help.field.${field}`)),
      hint && element('p', { class: 'hint' }, hint),
      element('div', { class: 'boxes' }, ...controls.map((control) => choice(control, label(control.value)))),
    ),
    read: () => controls.filter(({ checked }) => checked).map(({ value }) => value),
    write: (value) => {
      for (const control of controls) control.checked = Array.isArray(value) && value.includes(control.value)
    },
  }
}
