// More about a report, each answer a sentence of a catalogue (locales/details.json and <lang>/details.json): the
// reporter ticks it in her language, the desk reads the same sentence in its own. What a row is stands here.
import * as z from 'zod'
import { drawingSchema, VANTAGES } from './signs.js'

const id = z.string().regex(/^[a-zA-Z]{1,30}$/)

const detailQuestionSchema = z.strictObject({
  id,
  kind: z.enum(['one', 'many', 'text']),
  options: z.array(z.strictObject({ id, drawing: drawingSchema })),
  /** who is asked; null for everybody */
  vantages: z.array(z.enum(VANTAGES)).nullable(),
  /** too much for the page that holds everything at once */
  onlyOnRoad: z.boolean().default(false),
})
export type DetailQuestion = z.infer<typeof detailQuestionSchema>

/** A group is one page, and goes into one sealed section. */
export const detailGroupSchema = z.strictObject({
  id,
  section: z.enum(['place', 'victims', 'offenders', 'source']),
  questions: z.array(detailQuestionSchema).min(1),
})
export type DetailGroup = z.infer<typeof detailGroupSchema>

const questionTextSchema = z.strictObject({
  question: z.string().min(1),
  hint: z.string().min(1).nullable(),
  options: z.record(z.string(), z.string().min(1)),
})

export const detailTextsSchema = z.record(
  z.string(),
  z.strictObject({
    title: z.string().min(1),
    why: z.string().min(1),
    questions: z.record(z.string(), questionTextSchema),
  }),
)
export type DetailTexts = z.infer<typeof detailTextsSchema>

/** What was answered, by `group-question`: codes of the catalogue, or one text. */
export const detailsSchema = z.record(z.string(), z.array(z.string()))
export type Details = z.infer<typeof detailsSchema>

/** A sealed section that holds nothing but details; empty ones are sealed too. */
export const detailSectionSchema = z.object({ details: detailsSchema.default({}) })

/** The name of a question in a form, in answers and in sealed sections. */
export function detailName(group: Pick<DetailGroup, 'id'>, question: Pick<DetailQuestion, 'id'>): string {
  return `${group.id}-${question.id}`
}

/** Whether somebody younger than 18 was ticked. */
export function saysMinor(details: Details): boolean {
  return details['people-age']?.some((age) => age === 'child' || age === 'teen') === true
}

/** Throws when a text is missing or one too many, so that the start tells it and no reader. */
export function requireTexts(groups: readonly DetailGroup[], texts: DetailTexts): void {
  const wanted = groups.flatMap((group) =>
    group.questions.flatMap(({ id, options }) => [
      `${group.id}.${id}`,
      ...options.map((option) => `${group.id}.${id}.${option.id}`),
    ]),
  )
  const given = Object.entries(texts).flatMap(([group, { questions }]) =>
    Object.entries(questions).flatMap(([question, { options }]) => [
      `${group}.${question}`,
      ...Object.keys(options).map((option) => `${group}.${question}.${option}`),
    ]),
  )
  const wrong = [
    ...wanted.filter((name) => !given.includes(name)),
    ...given.filter((name) => !wanted.includes(name)),
  ]
  if (wrong.length > 0) throw new Error(`details.json: texts and questions differ: ${wrong.join(', ')}`)
}
