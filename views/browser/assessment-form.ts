import {
  type Assessment,
  assessmentSchema,
  NOT_USABLE_REASONS,
  USABLE_REASONS,
} from '../../server/report/case.js'
import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { element, facts, form } from './dom.js'
import { type FieldError, radioGroup, showErrors, textField } from './forms.js'
import { words } from './report-sections.js'
import { sealAssessment } from './reseal.js'
import { text } from './texts.js'

const LONGEST_NOTE = 20_000
const NOTE_ROWS = 6

/** The names under which an unsaved assessment is kept. */
export function assessmentDrafts(report: string): [usable: string, reason: string, note: string] {
  return [`usable-${report}`, `reason-${report}`, `note-${report}`]
}

/** The first judgement of a report: usable or not, why, and a note. It is sealed to the desk before it leaves. */
export function drawAssessmentForm(desk: Desk, report: string): HTMLElement {
  const { drafts, signedIn } = desk.memory
  const [usableKey, reasonKey, noteKey] = assessmentDrafts(report)
  const usable = radioGroup('usable', text('assessment.question'), [
    { value: 'yes', label: text('assessment.usable') },
    { value: 'no', label: text('assessment.not-usable') },
  ])
  const reasons = {
    yes: reasonGroup('reason-usable', text('assessment.why-usable'), USABLE_REASONS),
    no: reasonGroup('reason-not-usable', text('assessment.why-not-usable'), NOT_USABLE_REASONS),
  }
  const note = textField({
    id: 'note',
    label: text('assessment.note'),
    hint: text('assessment.note-hint'),
    rows: NOTE_ROWS,
    attributes: { translate: 'no' },
  })
  for (const radio of usable.radios) drafts.keep(radio, usableKey)
  for (const radio of [...reasons.yes.radios, ...reasons.no.radios]) drafts.keep(radio, reasonKey)
  drafts.keep(note.control, noteKey)

  const showReasons = () => {
    const chosen = checkedValue(usable.radios)
    reasons.yes.wrapper.hidden = chosen !== 'yes'
    reasons.no.wrapper.hidden = chosen !== 'no'
  }
  for (const radio of usable.radios) radio.addEventListener('change', showReasons)
  showReasons()

  const typed = () => {
    const choice = checkedValue(usable.radios)
    const reason = choice === 'yes' ? reasons.yes : reasons.no
    return { choice, reason: choice && checkedValue(reason.radios), note: note.control.value.trim() }
  }
  const save = () =>
    desk.run(async (signal) => {
      const answers = typed()
      if (showErrors(desk.page, made, mistakes(answers))) return
      const assessment = assessmentSchema.parse({
        usable: answers.choice === 'yes',
        reason: answers.reason,
        note: answers.note,
      })
      const sealed = await sealAssessment(report, assessment, signedIn.desk)
      const message = await store(report, sealed)
      drafts.remove(usableKey, reasonKey, noteKey)
      signal.throwIfAborted()
      desk.go('inbox', message)
    })
  const made = form(
    {},
    save,
    usable.wrapper,
    reasons.yes.wrapper,
    reasons.no.wrapper,
    note.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('assessment.save')),
  )
  return card(element('p', { class: 'reminder' }, text('assessment.source-first')), made)
}

/** An assessment that was saved, as read by the desk later. `null` stands for one that could not be opened. */
export function drawAssessment(assessment: Assessment | null): HTMLElement {
  if (assessment === null) return card(element('p', { class: 'damage' }, text('problem.cannot-open')))
  const { usable, reason, note } = assessment
  return card(
    facts([
      [text('assessment.outcome'), text(usable ? 'assessment.usable' : 'assessment.not-usable')],
      [text('assessment.reason'), text(`reason.${reason}`)],
    ]),
    words(note, null),
  )
}

function card(...content: (HTMLElement | null)[]): HTMLElement {
  return element(
    'section',
    { class: 'card assessment', 'aria-labelledby': 'assessment-title' },
    element('h2', { id: 'assessment-title' }, text('assessment.title')),
    ...content,
  )
}

function reasonGroup(name: string, legend: string, codes: readonly string[]): ReturnType<typeof radioGroup> {
  return radioGroup(
    name,
    legend,
    codes.map((value) => ({ value, label: text(`reason.${value}`) })),
  )
}

function checkedValue(radios: readonly HTMLInputElement[]): string | null {
  return radios.find(({ checked }) => checked)?.value ?? null
}

function mistakes(answers: { choice: string | null; reason: string | null; note: string }): FieldError[] {
  const tooLong = answers.note.length > LONGEST_NOTE
  return [
    ...(answers.choice === null ? [{ field: 'usable', text: text('assessment.no-choice') }] : []),
    ...(answers.choice !== null && answers.reason === null
      ? [
          {
            field: answers.choice === 'yes' ? 'reason-usable' : 'reason-not-usable',
            text: text('assessment.no-reason'),
          },
        ]
      : []),
    ...(tooLong ? [{ field: 'note', text: text('assessment.note-too-long', { most: LONGEST_NOTE }) }] : []),
  ]
}

/** Stores it once; what to say afterwards. A second try after a lost answer meets the first one. */
async function store(report: string, sealed: Uint8Array): Promise<string> {
  try {
    await api.assess(report, sealed)
    return text('assessment.saved')
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return text('assessment.was-there')
    // What was typed stays in the form, for when the report is taken again.
    if (error instanceof Problem && error.code === 'not-allowed') throw new Problem('lease-ended', 403)
    throw error
  }
}
