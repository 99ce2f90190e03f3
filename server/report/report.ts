// The stages of a report. Each stage has its own type and takes only the type before it: an unstripped report
// cannot be sealed, an unsealed one cannot be stored.
import * as z from 'zod'
import { alikeSchema } from './alike.js'
import { detailsSchema } from './details.js'
import { MADE_TYPES, type MadeType } from './file-kinds.js'
import type { HalfDay } from './half-day.js'
import { HIDDEN_DATA } from './hidden-data.js'
import { FORMS, VANTAGES } from './signs.js'

export const DANGERS = ['yes', 'no', 'unknown'] as const
export const WHENS = ['now', 'recent', 'past', 'planned', 'unknown'] as const
export const LONGEST_TEXT = 50_000
export const LONGEST_PLACE = 2_000
export const MOST_FILES = 5

/** Stripped files wait encrypted in the draft; here stands only what the pages show. */
export const draftFileSchema = z.strictObject({
  id: z.uuid(),
  type: z.enum(MADE_TYPES),
  pages: z.number().int(),
  /** length of sound or a video */
  seconds: z.number().int().default(0),
  bytes: z.number().int(),
  chunks: z.number().int(),
  /** of the file made anew, in hexadecimal; missing in drafts of an older version */
  sha256: z.string().default(''),
  /** keyed hash of the file as it came, by which a repeat is known; missing in drafts of an older version */
  original: z.string().default(''),
  /** a small picture of it, kept like a file; null in drafts of an older version */
  preview: z.strictObject({ id: z.uuid(), chunks: z.number().int() }).nullable().default(null),
  /** what was hidden in the original; told to its reporter and never sealed */
  hidden: z.array(z.enum(HIDDEN_DATA)).default([]),
  /** when parts of it were covered: its first id, by which forms go on naming it */
  coveredFrom: z.uuid().nullable().default(null),
})
export type DraftFile = z.infer<typeof draftFileSchema>

/** What somebody filled in so far, exactly as typed. */
export const answersSchema = z.strictObject({
  vantage: z.enum(VANTAGES).nullable(),
  danger: z.enum(DANGERS).nullable(),
  forms: z.array(z.enum(FORMS)),
  signs: z.array(z.string()),
  words: z.string(),
  municipality: z.string(),
  place: z.string(),
  when: z.enum(WHENS).nullable(),
  whenWords: z.string(),
  details: detailsSchema.default({}),
})
export type Answers = z.infer<typeof answersSchema>

export const NO_ANSWERS: Answers = {
  vantage: null,
  danger: null,
  forms: [],
  signs: [],
  words: '',
  municipality: '',
  place: '',
  when: null,
  whenWords: '',
  details: {},
}

declare const parsed: unique symbol
declare const sealed: unique symbol

/** Answers that were checked: known codes only, texts within their limits, the municipality looked up. */
export type ParsedReport = Readonly<Omit<Answers, 'municipality'>> & {
  readonly language: string
  /** CBS code such as GM0363, or null when unknown */
  readonly municipality: string | null
  /** the regional police unit the municipality lies in; `national` when unknown */
  readonly policeUnit: string
  /** danger now, a minor, or something about to happen: one flag, which one is sealed */
  readonly urgent: boolean
  readonly minor: boolean
  readonly [parsed]: true
}

/** A file that the sanitiser made; see server/sanitising. */
export interface FileToSeal {
  readonly id: string
  readonly type: MadeType
  /** whether its reporter covered parts of it */
  readonly covered: boolean
  /** how many bytes it has */
  readonly bytes: number
  /** of these bytes, in hexadecimal; empty when nobody computed it yet */
  readonly sha256: string
  /** reads it from its beginning, in pieces that belong to who asked: they are overwritten after use */
  read(): AsyncIterable<Uint8Array>
}

/** A parsed report whose files are all re-created ones. */
export interface StrippedReport {
  readonly report: ParsedReport
  readonly files: readonly FileToSeal[]
}

/** One padded age file. */
export interface SealedPart {
  readonly id: string
  readonly kind: 'header' | 'situation' | 'place' | 'victims' | 'offenders' | 'source'
  readonly sealed: Uint8Array
}

/** One padded age file as it is being sealed: nothing happens before somebody reads it, and it is read once. */
export interface SealedFile {
  readonly id: string
  readonly sealed: AsyncIterable<Uint8Array>
}

/** What may be stored: four coarse facts and sealed bytes. */
export interface SealedReport {
  readonly id: string
  readonly desk: string
  readonly policeUnit: string
  readonly urgent: boolean
  readonly halfDay: HalfDay
  readonly fileCount: number
  readonly sections: readonly SealedPart[]
  /** sealed while they are stored, so that only a piece of them lies in memory */
  readonly files: readonly SealedFile[]
  readonly [sealed]: true
}

/** Only `parse-report.ts` makes a parsed report. */
export function markParsed(report: Omit<ParsedReport, typeof parsed>): ParsedReport {
  return report as ParsedReport
}

/** Only `seal-report.ts` makes a sealed report. */
export function markSealed(report: Omit<SealedReport, typeof sealed>): SealedReport {
  return report as SealedReport
}

/** The small sealed header that the desk's browser opens first: all that a small cell could betray. */
export const headerSchema = z.strictObject({
  language: z.string(),
  vantage: z.enum(VANTAGES).nullable(),
  municipality: z.string().nullable(),
  forms: z.array(z.string()),
  signs: z.number().int(),
  danger: z.enum(DANGERS).nullable(),
  minor: z.boolean(),
  when: z.enum(WHENS).nullable(),
  /** id of the reporter's mailbox, when a code was asked for */
  mailbox: z.uuid().nullable(),
  /** by which a report is put together with others that say nearly the same; null in headers of an older version */
  alike: alikeSchema.nullable().default(null),
})
export type ReportHeader = z.infer<typeof headerSchema>

export const situationSchema = z.strictObject({
  forms: z.array(z.string()),
  signs: z.array(z.string()),
  words: z.string(),
  when: z.enum(WHENS).nullable(),
  whenWords: z.string(),
  danger: z.enum(DANGERS).nullable(),
})
export type Situation = z.infer<typeof situationSchema>

export const placeSchema = z.strictObject({
  municipality: z.string().nullable(),
  policeUnit: z.string(),
  description: z.string(),
  details: detailsSchema.default({}),
})
export type Place = z.infer<typeof placeSchema>

export const messageSchema = z.strictObject({ text: z.string() })
