// A fixed question: picked and filled in the language of the desk, sent in the language of the report.
import {
  fillQuestion,
  LONGEST_SLOT_WORDS,
  type QuestionSlot,
  writeSlot,
} from '../../server/report/question-template.js'
import type { Desk } from './context.js'
import { element, form } from './dom.js'
import { type FieldError, showErrors, textField } from './forms.js'
import {
  deskLanguage,
  languageTag,
  languageText,
  municipalities,
  questionsIn,
  text,
  type WrittenQuestion,
} from './texts.js'

const NOTHING: ReadonlyMap<string, string> = new Map()

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Picks a question and fills its gaps; `send` gets the sentence. Null when there is none in that language. */
export function drawQuestionForm(
  desk: Desk,
  language: string,
  send: (question: string) => Promise<void>,
): HTMLElement | null {
  const questions = questionsIn(language)
  if (questions.length === 0) return null
  const gaps = element('div', { class: 'gaps' })
  const preview = element('div', { class: 'preview', role: 'status' })
  const controls = new Map<string, Control>()
  const picker = element(
    'select',
    { id: 'template', 'aria-describedby': 'template-hint' },
    element('option', { value: '' }, text('template.none')),
    ...questions.map(({ id, texts }) =>
      element('option', { value: id }, fillQuestion(texts[deskLanguage] ?? '', NOTHING)),
    ),
  )
  const chosen = () => questions.find(({ id }) => id === picker.value)
  const sentence = (question: WrittenQuestion, tag: string): string => {
    const values = new Map<string, string>()
    for (const { name, kind } of question.slots) {
      const written = writeSlot(kind, controls.get(name)?.value ?? '', tag, municipalities)
      if (written !== null) values.set(name, written)
    }
    return fillQuestion(question.texts[tag] ?? '', values)
  }
  const drawPreview = () => {
    const question = chosen()
    if (!question) return preview.replaceChildren()
    const hasOwnWords = question.slots.some(({ kind }) => kind === 'words')
    const theirs = { lang: languageTag(language), dir: 'auto', translate: 'no', 'data-question': question.id }
    preview.replaceChildren(
      element('h4', {}, text('template.yours')),
      element('p', {}, sentence(question, deskLanguage)),
      element('h4', {}, text('template.theirs', { language: languageText(language) })),
      element('p', theirs, sentence(question, language)),
      ...(hasOwnWords ? [element('p', { class: 'hint' }, text('template.not-translated'))] : []),
    )
  }
  picker.addEventListener('change', () => {
    controls.clear()
    const drawn = (chosen()?.slots ?? []).map((slot) => drawGap(slot, controls))
    gaps.replaceChildren(...drawn)
    drawPreview()
  })
  gaps.addEventListener('input', drawPreview)

  const ask = async (): Promise<void> => {
    const question = chosen()
    const errors = question
      ? missing(question, controls)
      : [{ field: 'template', text: text('template.choose') }]
    if (showErrors(desk.page, made, errors) || !question) return
    await send(sentence(question, language))
  }
  const made = form(
    {},
    ask,
    element('h3', {}, text('template.title')),
    element(
      'div',
      { class: 'field' },
      element('label', { for: 'template' }, text('template.label')),
      element(
        'p',
        { class: 'hint', id: 'template-hint' },
        text('template.hint', { language: languageText(language) }),
      ),
      picker,
    ),
    gaps,
    preview,
    element('button', { type: 'submit', class: 'primary' }, text('template.send')),
  )
  return made
}

function missing({ slots }: WrittenQuestion, controls: ReadonlyMap<string, Control>): FieldError[] {
  return slots
    .filter(
      ({ name, kind }) =>
        writeSlot(kind, controls.get(name)?.value ?? '', deskLanguage, municipalities) === null,
    )
    .map(({ name, kind }) => ({
      field: `gap-${name}`,
      text: text(`gap.wrong-${kind}`, { most: LONGEST_SLOT_WORDS }),
    }))
}

/** One gap as a field of its kind. */
function drawGap({ name, kind }: QuestionSlot, controls: Map<string, Control>): HTMLElement {
  const id = `gap-${name}`
  const label = text(`gap.${name}`)
  if (kind === 'municipality') {
    const names = Object.entries(municipalities).sort(([, one], [, other]) => one.localeCompare(other))
    const select = element(
      'select',
      { id },
      element('option', { value: '' }, text('template.none')),
      ...names.map(([code, municipality]) => element('option', { value: code }, municipality)),
    )
    controls.set(name, select)
    return element('div', { class: 'field' }, element('label', { for: id }, label), select)
  }
  const type = kind === 'day' ? 'date' : kind === 'time' ? 'time' : 'text'
  const hint = kind === 'words' ? { hint: text('template.not-translated') } : {}
  const { wrapper, control } = textField({ id, label, ...hint, attributes: { type, translate: 'no' } })
  controls.set(name, control)
  return wrapper
}
