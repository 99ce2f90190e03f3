// From what somebody typed to a report: known codes only, texts within their limits, the place looked up. Nothing
// is required; one tick is a report.
import type { Regions } from '../regions/index.js'
import { type DetailGroup, detailName, saysMinor } from '../report/details.js'
import {
  type Answers,
  DANGERS,
  LONGEST_PLACE,
  LONGEST_TEXT,
  markParsed,
  type ParsedReport,
  WHENS,
} from '../report/report.js'
import { FORMS, type Sign, VANTAGES } from '../report/signs.js'
import { cleanText } from './clean-text.js'
import { allDetails } from './take-details.js'

/** The questions, in the order of the road; each is a page of its own. */
export const STEPS = ['danger', 'who', 'what', 'signs', 'words', 'where', 'when', 'files', 'check'] as const
export type Step = (typeof STEPS)[number]

/** The fields of a posted form; a name may stand several times. */
export type FormFields = ReadonlyMap<string, readonly string[]>

/** Text keys of what is wrong, by field. */
export type FieldErrors = Readonly<Record<string, string>>

const FIELDS: Readonly<Record<Step, readonly (keyof Answers)[]>> = {
  danger: ['danger'],
  who: ['vantage'],
  what: ['forms'],
  signs: ['signs'],
  words: ['words'],
  where: ['municipality', 'place'],
  when: ['when', 'whenWords'],
  files: [],
  // Details have pages of their own, beside the road; they are looked at together before sending.
  check: ['details'],
}

export function isStep(name: string): name is Step {
  return (STEPS as readonly string[]).includes(name)
}

export interface Catalogue {
  readonly signs: readonly Sign[]
  readonly details: readonly DetailGroup[]
  readonly regions: Regions
}

/**
 * Takes the fields of one step (or of all) over into the answers, exactly as typed, and tells what is wrong with
 * them. A choice that does not exist is left out and told.
 */
export function takeFields(
  before: Answers,
  fields: FormFields,
  step: Step | 'all',
  catalogue: Catalogue,
): { answers: Answers; errors: FieldErrors } {
  const names = step === 'all' ? Object.values(FIELDS).flat() : FIELDS[step]
  const errors: Record<string, string> = {}
  const answers: Answers = { ...before }

  const one = <T extends string>(field: string, known: readonly T[]): T | null => {
    const value = fields.get(field)?.at(-1) ?? ''
    if (value === '') return null
    const choice = known.find((candidate) => candidate === value)
    if (choice === undefined) errors[field] = 'error.choice'
    return choice ?? null
  }
  const many = <T extends string>(field: string, known: readonly T[]): T[] => {
    const values = new Set(fields.get(field) ?? [])
    const chosen = known.filter((candidate) => values.has(candidate))
    if (chosen.length < values.size) errors[field] = 'error.choice'
    return chosen
  }
  const text = (field: string): string => fields.get(field)?.at(-1) ?? ''

  for (const name of names) {
    switch (name) {
      case 'vantage':
        answers.vantage = one(name, VANTAGES)
        break
      case 'danger':
        answers.danger = one(name, DANGERS)
        break
      case 'when':
        answers.when = one(name, WHENS)
        break
      case 'forms':
        answers.forms = many(name, FORMS)
        break
      case 'signs':
        answers.signs = many(
          name,
          catalogue.signs.map(({ id }) => id),
        )
        break
      case 'details':
        break
      default:
        answers[name] = cleanText(text(name))
    }
  }
  return { answers, errors: { ...checkAnswers(answers, catalogue, names), ...errors } }
}

function checkAnswers(
  answers: Answers,
  { regions, details }: Catalogue,
  names: readonly (keyof Answers)[],
): FieldErrors {
  const errors: Record<string, string> = {}
  const limit = (field: 'words' | 'place' | 'whenWords', longest: number): void => {
    if (answers[field].length > longest) errors[field] = 'error.tooLong'
  }
  limit('words', LONGEST_TEXT)
  limit('place', LONGEST_PLACE)
  limit('whenWords', LONGEST_PLACE)
  for (const group of details) {
    for (const question of group.questions) {
      const name = detailName(group, question)
      if (question.kind === 'text' && (answers.details[name]?.[0]?.length ?? 0) > LONGEST_PLACE)
        errors[name] = 'error.tooLong'
    }
  }
  if (answers.municipality.trim() !== '') {
    const found = regions.find(answers.municipality)
    if (found.kind === 'unknown') errors.municipality = 'error.municipalityUnknown'
    if (found.kind === 'several') errors.municipality = 'error.municipalitySeveral'
  }
  return Object.fromEntries(
    Object.entries(errors).filter(([field]) =>
      names.some((name) => name === (field.includes('-') ? 'details' : field)),
    ),
  )
}

/** Which step asks for a field. */
export function stepOfField(field: string): Step {
  return STEPS.find((step) => FIELDS[step].some((name) => name === field)) ?? 'check'
}

export type ParseResult = { kind: 'parsed'; report: ParsedReport } | { kind: 'errors'; errors: FieldErrors }

/** Checks a whole set of answers. Without any content (a tick, a word, a place, a file) there is nothing to report. */
export function parseReport(
  answers: Answers,
  files: number,
  language: string,
  catalogue: Catalogue,
): ParseResult {
  const errors = checkAnswers(answers, catalogue, Object.values(FIELDS).flat())
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors }
  const asked = { ...answers, details: allDetails(catalogue.details, answers) }
  if (!hasContent(asked, files)) return { kind: 'errors', errors: { forms: 'error.empty' } }

  const found = catalogue.regions.find(answers.municipality)
  const municipality = found.kind === 'found' ? found.municipality : null
  const minor = isAboutMinor(answers, catalogue)
  return {
    kind: 'parsed',
    report: markParsed({
      ...asked,
      language,
      municipality: municipality?.code ?? null,
      policeUnit: municipality?.policeUnit ?? 'national',
      minor,
      urgent: answers.danger === 'yes' || answers.when === 'planned' || minor,
    }),
  }
}

/** Whether a minor was ticked, by age or by a sign of young people. */
export function isAboutMinor(
  { signs, details }: Pick<Answers, 'signs' | 'details'>,
  catalogue: Pick<Catalogue, 'signs'>,
): boolean {
  return saysMinor(details) || catalogue.signs.some((sign) => sign.minors_only && signs.includes(sign.id))
}

/**
 * Whether these answers may come from a minor to whom it happens. A code left on a child's phone or in a drawer is a
 * danger of its own, so it is not offered to them as the way to go.
 */
export function maySpeakAsMinor(answers: Answers, catalogue: Catalogue): boolean {
  return answers.vantage === 'affected' && isAboutMinor(answers, catalogue)
}

function hasContent(
  { danger, forms, signs, words, place, whenWords, details }: Answers,
  files: number,
): boolean {
  const written = [words, place, whenWords].some((text) => text.trim() !== '')
  return (
    written ||
    danger === 'yes' ||
    forms.length > 0 ||
    signs.length > 0 ||
    files > 0 ||
    Object.keys(details).length > 0
  )
}
