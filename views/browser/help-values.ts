// A row of the help directory as the values of a form, and back. What comes back is only a row once its schema says so.
import type { Area, Coordinator, HelpEntry, Phone } from '../../server/help/entry.js'
import { municipalities } from './texts.js'

export type HelpKind = 'entry' | 'coordinator'
/** The values of a form by field: a text, whether a box is ticked, or which of several are. */
export type Values = Record<string, string | boolean | string[]>

const ENTRY_TEXTS = ['name', 'when', 'whom', 'anonymity', 'hours', 'good_to_know'] as const
const COORDINATOR_TEXTS = ['area', 'whom'] as const

/** The sentences that a row of this kind has in each language. */
export function textNames(kind: HelpKind): readonly string[] {
  return kind === 'entry' ? ENTRY_TEXTS : COORDINATOR_TEXTS
}

/** What stands in the form of a row; of a new one when it is null. `languages` are those of the public site. */
export function toValues(
  kind: HelpKind,
  row: HelpEntry | Coordinator | null,
  languages: readonly string[],
): Values {
  const values: Values = {
    id: row?.id ?? '',
    ...phoneValues('phone', row?.phone ?? null),
    phone_publish: row?.phone?.publish ?? true,
    website: row?.website ?? '',
    area_level: row?.area.level ?? 'national',
    area_names: areaNames(row?.area ?? { level: 'national' }),
    sources: row?.sources.join('\n') ?? '',
    confidence: row?.confidence ?? 'B',
    verified_on: row?.verified_on ?? '',
    publish: row?.publish ?? true,
  }
  for (const language of languages) {
    const texts = (row?.texts[language] ?? {}) as Record<string, string>
    for (const name of textNames(kind)) values[`${name}_${language}`] = texts[name] ?? ''
  }
  return kind === 'entry'
    ? { ...values, ...entryValues(row as HelpEntry | null) }
    : { ...values, ...coordinatorValues(row as Coordinator | null) }
}

function entryValues(row: HelpEntry | null): Values {
  const hours = row?.hours ?? { kind: 'unknown' }
  return {
    ...phoneValues('phone_abroad', row?.phone_abroad ?? null),
    email: row?.email ?? '',
    chat: row?.chat ?? false,
    free: row?.free === true ? 'yes' : row?.free === false ? 'no' : '',
    kinds: row?.kinds ?? [],
    forms: row?.forms ?? [],
    groups: row?.groups ?? [],
    audiences: row?.audiences ?? [],
    languages: row?.languages.join(' ') ?? '',
    anonymity: row?.anonymity ?? 'unknown',
    hours: hours.kind,
    days: hours.kind === 'weekly' ? hours.days : [],
    from: 'from' in hours ? hours.from : '',
    to: 'to' in hours ? hours.to.replace('24:00', '00:00') : '',
    certain: 'certain' in hours ? hours.certain : false,
  }
}

function coordinatorValues(row: Coordinator | null): Values {
  return {
    role: row?.role ?? 'care_coordinator',
    name: row?.name ?? '',
    age_group: row?.age_group ?? '',
    valid_from: row?.valid_from ?? '',
    valid_to: row?.valid_to ?? '',
  }
}

/** What the form says, in the shape of a row. Languages that the form does not show stay as they are in `before`. */
export function fromValues(
  kind: HelpKind,
  values: Values,
  before: HelpEntry | Coordinator | null,
  languages: readonly string[],
): unknown {
  const told = (field: string): string => String(values[field] ?? '').trim()
  const orNull = (field: string): string | null => told(field) || null
  const shared = {
    id: told('id'),
    area: readArea(told('area_level'), lines(told('area_names'))),
    phone: readPhone(told('phone'), told('phone_tel'), values.phone_publish === true),
    website: orNull('website'),
    sources: lines(told('sources')),
    confidence: told('confidence'),
    verified_on: orNull('verified_on'),
    publish: values.publish === true,
    texts: readTexts(kind, told, before, languages),
  }
  if (kind === 'coordinator') {
    const { role, name, age_group, valid_from, valid_to } = Object.fromEntries(
      ['role', 'name', 'age_group', 'valid_from', 'valid_to'].map((field) => [field, orNull(field)]),
    )
    return { ...shared, role, name, age_group, valid_from, valid_to }
  }
  return {
    ...shared,
    phone_abroad: readPhone(told('phone_abroad'), told('phone_abroad_tel'), true),
    email: orNull('email'),
    chat: values.chat === true,
    free: told('free') === '' ? null : told('free') === 'yes',
    kinds: values.kinds,
    forms: values.forms,
    groups: values.groups,
    audiences: values.audiences,
    languages: told('languages')
      .split(/[\s,;]+/)
      .filter(Boolean),
    anonymity: told('anonymity'),
    hours: readHours(values),
  }
}

/** The field in which a part of a row stands. */
export function fieldOf(path: readonly PropertyKey[], firstLanguage: string): string {
  const [first = '', second = '', third] = path.map(String)
  if (first === 'texts') return `${third ?? 'name'}_${second || firstLanguage}`
  if (first === 'area') return second === 'level' ? 'area_level' : 'area_names'
  if (first === 'phone' || first === 'phone_abroad') return second === 'tel' ? `${first}_tel` : first
  if (first === 'hours') return second === 'kind' || second === '' ? 'hours' : second
  return first
}

function phoneValues(field: string, phone: Phone | null): Values {
  return { [field]: phone?.shown ?? '', [`${field}_tel`]: phone?.tel ?? '' }
}

/** How it is dialled follows from how it is read, when the member leaves that open. */
function readPhone(shown: string, tel: string, publish: boolean): Phone | null {
  if (shown === '' && tel === '') return null
  return { shown, tel: tel || dialled(shown), publish }
}

function dialled(shown: string): string {
  const digits = shown.replace('(0)', '').replace(/[^\d+]/g, '')
  if (/^0[1-9]\d{8}$/.test(digits) && !/^0(800|900|906|909)/.test(digits)) return `+31${digits.slice(1)}`
  return digits.replace(/^00/, '+')
}

function areaNames(area: Area): string {
  if (area.level === 'national') return ''
  return area.names
    .map((name) => (area.level === 'municipality' ? (municipalities[name] ?? name) : name))
    .join('\n')
}

function readArea(level: string, names: readonly string[]): unknown {
  if (level === 'national') return { level }
  const codes = new Map(Object.entries(municipalities).map(([code, name]) => [name.toLowerCase(), code]))
  const codeOf = (name: string) => codes.get(name.toLowerCase()) ?? name
  return { level, names: level === 'municipality' ? names.map(codeOf) : names }
}

/** Only the schema says whether it is one. */
function readHours(values: Values): unknown {
  const kind = String(values.hours)
  const certain = values.certain === true
  // A clock ends at 23:59; what ends with the day ends at 24:00.
  const span = { from: String(values.from), to: String(values.to).replace(/^00:00$/, '24:00'), certain }
  if (kind === 'weekly') return { kind, days: values.days, ...span }
  if (kind === 'daily') return { kind, ...span }
  return kind === 'unknown' ? { kind } : { kind, certain }
}

function readTexts(
  kind: HelpKind,
  told: (field: string) => string,
  before: HelpEntry | Coordinator | null,
  languages: readonly string[],
): unknown {
  const texts: Record<string, unknown> = { ...before?.texts }
  for (const language of languages) {
    const own = Object.fromEntries(textNames(kind).map((name) => [name, told(`${name}_${language}`)]))
    delete texts[language]
    // A language without a word is one in which there is no text.
    if (Object.values(own).some((sentence) => sentence !== '')) texts[language] = own
  }
  return texts
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}
