// What an entry of the help directory is. Organisations, numbers and hours are data with a source and a date, never
// code: some are shipped (locales/), the operator adds and corrects others (tables help_entry, help_coordinator).
// There is no field for an address, on purpose: whoever looks for somebody who fled must not find the way here.
import * as z from 'zod'
import { FORMS } from '../report/signs.js'

/** What one gets there. */
export const HELP_KINDS = [
  'danger',
  'report',
  'police',
  'talk',
  'advice',
  'shelter',
  'legal',
  'health',
  'change_work',
  'work',
  'border',
  'children',
  'violence',
  'suicide',
  'coordination',
] as const
export type HelpKind = (typeof HELP_KINDS)[number]

/** Whom it is for; an entry without groups is for everybody. */
export const HELP_GROUPS = ['minor', 'adult', 'eu', 'non_eu', 'men', 'sex_workers', 'with_children'] as const
export type HelpGroup = (typeof HELP_GROUPS)[number]

/** Who reads: the kinds of reporters. */
export const HELP_AUDIENCES = ['citizen', 'client', 'sex_worker', 'professional', 'affected'] as const
export type HelpAudience = (typeof HELP_AUDIENCES)[number]

/** How anonymous one stays there; the sentence that explains it stands in the texts. */
export const HELP_ANONYMITIES = [
  'full',
  'none',
  'possible',
  'advice',
  'confidential',
  'chat',
  'shielded',
  'without_complaint',
  'website',
  'unknown',
] as const

export const COORDINATOR_ROLES = ['care_coordinator', 'chain_director'] as const
/** chain_director is the ketenregisseur */
export type CoordinatorRole = (typeof COORDINATOR_ROLES)[number]

export const AREA_LEVELS = ['province', 'police_unit', 'safety_region', 'municipality'] as const
export type AreaLevel = (typeof AREA_LEVELS)[number]

/** Days after which a fact must be looked at again. */
export const STALE_AFTER_DAYS = 180

const MOST_LETTERS = 400
const DAY_MS = 86_400_000

const line = z.string().trim().max(MOST_LETTERS)
const day = z.iso.date()

/** The emergency number: it can be worded otherwise, but neither changed nor taken out. */
export const EMERGENCY = { id: 'emergency', tel: '112' }

export const helpIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-_]{0,59}$/, 'use a-z, 0-9, - and _')

/** A telephone number as it is read and as it is dialled. `publish: false` hides it everywhere. */
export const phoneSchema = z
  .strictObject({
    shown: z.string().trim().min(2).max(40),
    tel: z
      .string()
      .regex(
        /^(\+[1-9]\d{6,14}|0(800|900|906|909)\d{4,7}|11[23]|116\d{3}|14\d{2,4})$/,
        'use +31…, or the national form of 0800, 0900, 112, 113, 116… and 14…',
      ),
    publish: z.boolean(),
  })
  .refine(({ shown, tel }) => digitsOf(shown) === digitsOf(tel), {
    message: 'the number that is dialled is another than the one that is read',
    path: ['tel'],
  })
export type Phone = z.infer<typeof phoneSchema>

export const areaSchema = z.discriminatedUnion('level', [
  z.strictObject({ level: z.literal('national') }),
  z.strictObject({
    level: z.enum(AREA_LEVELS),
    /** names as in locales/regions; municipalities by their code, GM0363 */
    names: z
      .array(z.string().min(1).max(80))
      .min(1)
      .max(342)
      .refine((names) => new Set(names).size === names.length, 'a name stands twice'),
  }),
])
export type Area = z.infer<typeof areaSchema>

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'use 09:00')
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** `certain: false`: read on an old or undated page. */
export const hoursSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unknown') }),
  z.strictObject({ kind: z.literal('always'), certain: z.boolean() }),
  z.strictObject({ kind: z.literal('evening_night'), certain: z.boolean() }),
  z.strictObject({ kind: z.literal('daily'), from: clock, to: clock, certain: z.boolean() }),
  z.strictObject({
    kind: z.literal('weekly'),
    days: z.array(z.enum(WEEKDAYS)).min(1),
    from: clock,
    to: clock,
    certain: z.boolean(),
  }),
])
export type Hours = z.infer<typeof hoursSchema>

/** The sentences about an organisation; '' where there is nothing to say. */
export const helpTextSchema = z.strictObject({
  name: line.min(1),
  when: line,
  whom: line,
  anonymity: line,
  hours: line,
  good_to_know: line,
})
export type HelpText = z.infer<typeof helpTextSchema>

/** A language as in the path. */
export const languageCodeSchema = z.string().regex(/^[a-z]{2,3}(-[a-z]+)?$/)

const fact = {
  id: helpIdSchema,
  area: areaSchema,
  phone: phoneSchema.nullable(),
  website: z
    .url({ protocol: /^https$/, error: 'use an address that begins with https://' })
    .max(300)
    .nullable(),
  /** A: seen on a page of the organisation itself or of the government; B: elsewhere or older; C: background only */
  confidence: z.enum(['A', 'B', 'C']),
  /** ids of locales/sources.json, or what an operator wrote */
  sources: z.array(z.string().trim().min(1).max(300)).min(1).max(10),
  /** the day somebody last looked whether it is still so */
  verified_on: day.nullable(),
  publish: z.boolean(),
}

/** What an entry is, apart from its sentences. */
export const helpFactsSchema = z.strictObject({
  ...fact,
  phone_abroad: phoneSchema.nullable(),
  email: z.email().max(200).nullable(),
  chat: z.boolean(),
  /** whether calling or the help costs nothing; null when that is not known */
  free: z.boolean().nullable(),
  kinds: z.array(z.enum(HELP_KINDS)).min(1),
  /** forms of exploitation; empty for all */
  forms: z.array(z.enum(FORMS)),
  groups: z.array(z.enum(HELP_GROUPS)),
  audiences: z.array(z.enum(HELP_AUDIENCES)),
  /** in which they speak; empty when that is not known */
  languages: z.array(languageCodeSchema),
  anonymity: z.enum(HELP_ANONYMITIES),
  hours: hoursSchema,
})
export type HelpFacts = z.infer<typeof helpFactsSchema>

export const helpEntrySchema = helpFactsSchema
  .extend({ texts: z.record(languageCodeSchema, helpTextSchema) })
  .superRefine((entry, problems) => {
    if (Object.keys(entry.texts).length === 0)
      problems.addIssue({ code: 'custom', path: ['texts'], message: 'it needs a name in some language' })
    if (
      entry.id === EMERGENCY.id &&
      !(entry.publish && entry.phone?.publish && entry.phone.tel === EMERGENCY.tel)
    )
      problems.addIssue({
        code: 'custom',
        path: ['phone'],
        message: `the emergency number is ${EMERGENCY.tel}`,
      })
    // Shelter is never shown with the place where it is.
    if (!entry.kinds.includes('shelter')) return
    for (const [language, texts] of Object.entries(entry.texts)) {
      for (const [key, text] of Object.entries(texts)) {
        if (!holdsAddress(text)) continue
        problems.addIssue({
          code: 'custom',
          path: ['texts', language, key],
          message: 'a shelter must not have an address',
        })
      }
    }
  })
export type HelpEntry = z.infer<typeof helpEntrySchema>

/** What a reader is told of a coordinator besides name and number; '' where there is nothing to say. */
export const coordinatorTextSchema = z.strictObject({
  /** the area in words; '' for the names in `area` */
  area: line,
  whom: line,
})
export type CoordinatorText = z.infer<typeof coordinatorTextSchema>

export const coordinatorFactsSchema = z.strictObject({
  ...fact,
  role: z.enum(COORDINATOR_ROLES),
  /** the organisation or the person in the role; null when it is not known who it is */
  name: line.min(1).nullable(),
  /** null for both */
  age_group: z.enum(['minor', 'adult']).nullable(),
  /** first and last day; null when that is not known or has no end */
  valid_from: day.nullable(),
  valid_to: day.nullable(),
})
export const coordinatorSchema = coordinatorFactsSchema
  .extend({ texts: z.record(languageCodeSchema, coordinatorTextSchema) })
  .superRefine(({ valid_from, valid_to, name, phone }, problems) => {
    if (valid_from !== null && valid_to !== null && valid_from > valid_to)
      problems.addIssue({ code: 'custom', path: ['valid_to'], message: 'it ends before it begins' })
    if (name === null && phone !== null)
      problems.addIssue({ code: 'custom', path: ['name'], message: 'a number needs the name of who answers' })
  })
export type Coordinator = z.infer<typeof coordinatorSchema>

/** An entry with its sentences in one language. */
export type ToldEntry = Omit<HelpEntry, 'texts'> & {
  readonly text: HelpText
  /** the language of the sentences: another one where an operator did not write them in the one asked for */
  readonly told_in: string
}

/** The shipped entries with what the operator changed: published ones only, in the shipped order, then new ones. */
export interface HelpDirectory {
  /** throws on a language that does not exist */
  entries(language: string): readonly ToldEntry[]
  coordinators(): readonly Coordinator[]
  /** another number whenever something changed */
  readonly version: number
}

/** True when nobody looked for more than 180 days, or ever; days in UTC. */
export function isStale(verifiedOn: string | null, today: Date): boolean {
  return verifiedOn === null || today.getTime() - Date.parse(verifiedOn) >= (STALE_AFTER_DAYS + 1) * DAY_MS
}

/**
 * The number to show, or null. An old number of a region may belong to a stranger by now: one that was not read on an
 * official page (B, C) waits until somebody verified it. Service numbers (0800, 0900, 112, 113 and such) belong to one
 * organisation in the whole country and are no trap; who thinks of suicide must find them. Where `isStale` is true, the
 * text beside the number says that nobody looked lately.
 */
export function shownPhone({
  phone,
  confidence,
  verified_on,
}: Pick<HelpFacts, 'phone' | 'confidence' | 'verified_on'>): Phone | null {
  const isTrusted = confidence === 'A' || verified_on !== null || phone?.tel.startsWith('+') === false
  return phone?.publish && isTrusted ? phone : null
}

/** Whether a coordinator is one today: days in UTC, the last day included. */
export function isInForce(
  { valid_from, valid_to }: Pick<Coordinator, 'valid_from' | 'valid_to'>,
  today: Date,
): boolean {
  const now = today.toISOString().slice(0, 10)
  return (valid_from === null || valid_from <= now) && (valid_to === null || now <= valid_to)
}

const POSTCODE = /\b[1-9]\d{3}(?: ?[A-Z]{2}|[a-z]{2})\b/
/** A street with a number; hours and years are no house. */
const STREET =
  /\p{L}*(?:straat|laan|weg|plein|gracht|kade|dijk|singel|steeg|hof|dreef|plantsoen|boulevard|markt|park|pad|baan|wal|street|road|avenue|lane|square)\s+\d{1,4}\s?[a-z]?\b(?!\s*(?:uur|jaar|dagen|weken|hours?|years?|days?|weeks?))/iu

/** Whether a text tells a place in the Netherlands: a postcode, or a street with a number. */
export function holdsAddress(text: string): boolean {
  return POSTCODE.test(text) || STREET.test(text)
}

function digitsOf(number: string): string {
  return number
    .replace('(0)', '')
    .replace(/\D/g, '')
    .replace(/^(0031|31|0)(?=\d{4})/, '')
}
