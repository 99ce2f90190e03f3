// The catalogue of signs and forms of exploitation. The rows are data (locales/signs.json, locales/forms.json);
// this file says what a row is. Signs never prove: nothing here counts, weighs or scores.
import * as z from 'zod'

export const FORMS = [
  'sexual',
  'labour',
  'services',
  'criminal',
  'begging',
  'organ',
  'marriage_adoption_surrogacy',
  'financial_fraud',
] as const
export type FormOfExploitation = (typeof FORMS)[number]

export const VANTAGES = ['citizen', 'client', 'sex_worker', 'professional', 'affected', 'other'] as const
/** From where somebody sees it: who the reporter is, in the widest sense. */
export type Vantage = (typeof VANTAGES)[number]

/** The six groups of the operational indicators of the International Labour Organization (2009). */
export const DIMENSIONS = [
  'deceptive_recruitment',
  'coercive_recruitment',
  'recruitment_by_abuse_of_vulnerability',
  'exploitation',
  'coercion_at_destination',
  'abuse_of_vulnerability_at_destination',
] as const

/** A file of views/drawings without its ending; null where a picture would not help. */
export const drawingSchema = z
  .string()
  .regex(/^[a-z-]+$/)
  .nullable()

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const signSchema = z.strictObject({
  id: z.string().regex(/^[a-z]\d{1,2}$/),
  forms: z.array(z.enum(FORMS)).min(1),
  vantages: z.array(z.enum(VANTAGES)).min(1),
  dimension: z.enum(DIMENSIONS),
  minors_only: z.boolean(),
  source: z.string().min(1),
  confidence: z.enum(['V', 'B']),
  verified_on: date.nullable(),
  drawing: drawingSchema,
})
export type Sign = z.infer<typeof signSchema>

export const formSchema = z.strictObject({
  code: z.enum(FORMS),
  source: z.string().min(1),
  verified_on: date.nullable(),
  law_pending: z.boolean(),
  drawing: drawingSchema,
  /** the page of text about it */
  page: z.string().regex(/^form-[a-z]+$/),
})
export type Form = z.infer<typeof formSchema>

/** The signs shown for the chosen forms: those of any chosen form, or all when nothing was chosen. */
export function signsOfForms<S extends Sign>(signs: readonly S[], forms: readonly FormOfExploitation[]): S[] {
  if (forms.length === 0) return [...signs]
  return signs.filter((sign) => sign.forms.some((form) => forms.includes(form)))
}

/**
 * The signs that this kind of reporter can see, of the chosen forms; where that leaves none, all of those forms. Who
 * would rather not say sees all.
 */
export function signsFor<S extends Sign>(
  signs: readonly S[],
  { vantage, forms }: { readonly vantage: Vantage | null; readonly forms: readonly FormOfExploitation[] },
): S[] {
  const ofForms = signsOfForms(signs, forms)
  const seen = ofForms.filter(({ vantages }) => vantage !== null && vantages.includes(vantage))
  return seen.length > 0 ? seen : ofForms
}
