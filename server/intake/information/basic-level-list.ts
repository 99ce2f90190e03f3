// The fourteen points of the basic level for municipalities, and what is said about each.
import { z } from 'zod'
import {
  type Faults,
  ids,
  type KnownIds,
  own,
  paragraphs,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

export const ANSWERS = ['yes', 'partly', 'no', 'unknown'] as const
export type Answer = (typeof ANSWERS)[number]

const dataSchema = z.strictObject({
  version: z.literal(1),
  /** the official numbers were not found */
  numbering: z.literal('own_order_official_not_found'),
  reviewed: z.boolean(),
  verified_on: verifiedOn,
  answers: z.array(z.enum(ANSWERS)).length(ANSWERS.length),
  sources: ids.min(1),
  elements: z
    .array(
      z.strictObject({
        number: z.int().positive(),
        id: z.string().regex(/^[a-z_]+$/),
        /** of the five steps */
        step: z.int().min(1).max(5),
        related: ids,
        sources: ids.min(1),
        verified_on: verifiedOn,
      }),
    )
    .length(14),
})

const textSchema = z.strictObject({
  title: said,
  browser_title: said,
  summary: said,
  intro: paragraphs,
  privacy: said,
  answers: z.record(z.enum(ANSWERS), said),
  explanation_label: said,
  evidence_label: said,
  next_label: said,
  sources_label: said,
  yes_next: said,
  no_answer: said,
  submit: said,
  result_title: said,
  result_counts: said,
  result_caution: said,
  first_steps: said,
  print: said,
  download: said,
  load: said,
  load_help: said,
  compare_title: said,
  compare_better: said,
  compare_same: said,
  compare_worse: said,
  compare_new: said,
  error_file: said,
  label_place: said,
  label_date: said,
  note_label: said,
  elements: z.record(
    z.string(),
    z.strictObject({
      title: said,
      question: said,
      explanation: said,
      evidence: said,
      next: z.strictObject({ partly: paragraphs, no: paragraphs, unknown: paragraphs }),
    }),
  ),
})
export type BasicLevelTexts = z.infer<typeof textSchema>
export type Element = z.infer<typeof dataSchema>['elements'][number] & BasicLevelTexts['elements'][string]

export const readBasicLevel = (read: Read) => read('basic-level.json', dataSchema)
export const readBasicLevelTexts = (read: Read, language: string): BasicLevelTexts =>
  read(`${language}/basic-level.json`, textSchema)

/** The points in their order, with their texts. */
export function elementsOf(read: Read, texts: BasicLevelTexts): readonly Element[] {
  return readBasicLevel(read).elements.map((element) => ({ ...element, ...own(texts.elements, element.id) }))
}

export function checkBasicLevel(faults: Faults, read: Read, known: KnownIds): void {
  const data = faults.attempt('basic-level.json', () => readBasicLevel(read))
  if (!data) return
  unknownIds(faults, 'basic-level.json', known.sources, data.sources)
  for (const [i, { id, number, related, sources }] of data.elements.entries()) {
    const where = `basic-level.json: ${id}`
    unknownIds(faults, where, known.sources, sources)
    unknownIds(faults, where, known.pages, related)
    if (number !== i + 1) faults.add(where, `is number ${i + 1} in the list, and says ${number}`)
  }
  for (const language of known.languages) {
    const where = `${language}/basic-level.json`
    const texts = faults.attempt(where, () => readBasicLevelTexts(read, language))
    if (texts)
      faults.sameKeys(
        where,
        Object.keys(texts.elements),
        data.elements.map(({ id }) => id),
      )
  }
}
