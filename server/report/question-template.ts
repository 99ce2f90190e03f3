// Questions that exist in every language, so that a reporter reads the desk's question in the language of the report.
// What may stand in a gap is of a fixed kind that can be written in any language; free words are marked as such.
import * as z from 'zod'

export const SLOT_KINDS = ['day', 'time', 'plate', 'municipality', 'words'] as const
export type SlotKind = (typeof SLOT_KINDS)[number]

export const LONGEST_SLOT_WORDS = 200

const slotSchema = z.strictObject({ name: z.string().regex(/^[a-z]+$/), kind: z.enum(SLOT_KINDS) })
export type QuestionSlot = z.infer<typeof slotSchema>

export const questionTemplateSchema = z.strictObject({
  id: z.string().regex(/^[a-z_]+$/),
  slots: z.array(slotSchema),
})
export type QuestionTemplate = z.infer<typeof questionTemplateSchema>

/** The names of the gaps in a text, in the order in which they stand there. */
export function slotsIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}

/**
 * A value as it stands in a sentence of that language: `2026-11-23` becomes a date, a code a municipality's name. Null
 * when it is not of its kind, or empty.
 */
export function writeSlot(
  kind: SlotKind,
  value: string,
  language: string,
  municipalities: Readonly<Record<string, string>>,
): string | null {
  const given = value.trim()
  switch (kind) {
    case 'day':
      return writeDay(given, language)
    case 'time':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(given) ? given : null
    case 'plate':
      return /^[\p{L}\p{N}][\p{L}\p{N} -]{1,14}$/u.test(given) ? given.toUpperCase() : null
    case 'municipality':
      return Object.hasOwn(municipalities, given) ? (municipalities[given] ?? null) : null
    case 'words':
      return given !== '' && given.length <= LONGEST_SLOT_WORDS ? given : null
  }
}

/** The sentence with its gaps filled; a gap without a value shows as three dots. */
export function fillQuestion(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_gap, name: string) => values.get(name) ?? '…')
}

function writeDay(date: string, language: string): string | null {
  // Noon in UTC is the same date everywhere in Europe.
  const day = new Date(`${date}T12:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(day.getTime())) return null
  // The 31st of a shorter month would silently become another day.
  if (day.toISOString().slice(0, 10) !== date) return null
  const style = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
    calendar: 'gregory',
  } as const
  return new Intl.DateTimeFormat(language, style).format(day)
}
