// The pages beside the road: more about people, place and how somebody knows, from a catalogue of sentences.
import { type DetailGroup, type DetailQuestion, type Details, detailName } from '../report/details.js'
import { type Answers, LONGEST_PLACE } from '../report/report.js'
import { cleanText } from './clean-text.js'
import type { FieldErrors, FormFields } from './parse-report.js'

/** The questions of a group that this kind of reporter is asked. */
export function questionsFor(group: DetailGroup, { vantage }: Pick<Answers, 'vantage'>): DetailQuestion[] {
  return group.questions.filter(({ vantages }) => !vantages || (vantage && vantages.includes(vantage)))
}

/** Takes the fields of one group of details over; what nobody answered is left out. */
export function takeDetails(
  before: Answers,
  fields: FormFields,
  group: DetailGroup,
  asked = questionsFor(group, before),
): { answers: Answers; errors: FieldErrors } {
  const errors: Record<string, string> = {}
  const details: Details = { ...before.details }
  for (const question of asked) {
    const name = detailName(group, question)
    const values = fields.get(name) ?? []
    const known = question.kind === 'text' ? [cleanText(values.at(-1) ?? '')] : chosen(question, values)
    const given = known.filter((value) => value.trim() !== '')
    if (given.length > 0) details[name] = given
    else delete details[name]
    if (
      question.kind !== 'text' &&
      values.some((value) => value !== '' && !question.options.some(({ id }) => id === value))
    ) {
      errors[name] = 'error.choice'
    }
    if (question.kind === 'text' && (given[0]?.length ?? 0) > LONGEST_PLACE) errors[name] = 'error.tooLong'
  }
  return { answers: { ...before, details }, errors }
}

function chosen({ kind, options }: DetailQuestion, values: readonly string[]): string[] {
  const known = options.map(({ id }) => id).filter((option) => values.includes(option))
  return kind === 'one' ? known.slice(0, 1) : known
}

/** The details of these groups; what this kind of reporter is not asked (any more) is left out. */
export function allDetails(
  groups: readonly DetailGroup[],
  { details, vantage }: Pick<Answers, 'details' | 'vantage'>,
): Details {
  const names = groups.flatMap((group) =>
    questionsFor(group, { vantage }).map((question) => detailName(group, question)),
  )
  return Object.fromEntries(names.flatMap((name) => (details[name] ? [[name, details[name]]] : [])))
}
