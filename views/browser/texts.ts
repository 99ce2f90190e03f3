// What the page brought along: the texts of this language and the names behind codes. All of it is public.

import type { QuestionTemplate } from '../../server/report/question-template.js'

interface DeskData {
  readonly language: string
  readonly demonstration: boolean
  readonly codeHash: string
  readonly siteName: string
  readonly passkeyHost: string
  readonly texts: Readonly<Record<string, string>>
  readonly signs: Readonly<Record<string, string>>
  readonly details: Readonly<Record<string, string>>
  readonly forms: Readonly<Record<string, string>>
  readonly municipalities: Readonly<Record<string, string>>
  readonly siteLanguages: Readonly<Record<string, string>>
  readonly questions: readonly WrittenQuestion[]
}

/** A question with its sentence in every language of the site. */
export interface WrittenQuestion extends QuestionTemplate {
  readonly texts: Readonly<Record<string, string>>
}

const data = JSON.parse(document.getElementById('desk-data')?.textContent ?? '{}') as DeskData

/** The text of a key, with its `{slots}` filled. A key without text shows itself, so that it is noticed. */
export function text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (data.texts[key] ?? key).replace(/\{(\w+)\}/g, (slot, name: string) => String(values[name] ?? slot))
}

/** The language of this page. */
export const deskLanguage = data.language

/** What this page's code is called by its server: a short hash that people compare. */
export const codeHash = data.codeHash
/** The name of the site. */
export const siteName = data.siteName

/** The host that this page must be opened at for passkeys to work. */
export const passkeyHost = data.passkeyHost

/** The languages of the public site, by code. */
export const siteLanguages = data.siteLanguages

/** Codes and names of the forms of exploitation. */
export const forms = data.forms

/** Codes and names of all municipalities. */
export const municipalities = data.municipalities

/** The fixed questions that can be asked in that language. */
export function questionsIn(language: string): readonly WrittenQuestion[] {
  return data.questions.filter(({ texts }) => Object.hasOwn(texts, language))
}

/** The text of a number, by the language's plural rules: `key.one`, `key.few`, …, else `key.other`. */
export function countText(key: string, count: number): string {
  const exact = `${key}.${new Intl.PluralRules(data.language).select(count)}`
  return text(Object.hasOwn(data.texts, exact) ? exact : `${key}.other`, { count })
}

/** Several names in one sentence, as the language joins them. */
export function listText(names: readonly string[]): string {
  return new Intl.ListFormat(data.language).format(names)
}

/** The text of a code that may be unknown to this page, or the code itself. */
export function codeText(prefix: string, code: string): string {
  return named(data.texts, `${prefix}.${code}`, plain(code))
}

export function signText(id: string): string {
  return named(data.signs, id)
}

/** A question of the catalogue (`group-question`), or one of its answers (`group-question.answer`). */
export function detailText(name: string, otherwise = plain(name)): string {
  return named(data.details, name, otherwise)
}

export function formText(code: string): string {
  return named(data.forms, code)
}

/** The forms of a report in one line. */
export function formsText(codes: readonly string[]): string {
  return codes.length === 0 ? text('report.no-form') : codes.map(formText).join(', ')
}

/** A municipality's name, or the police unit when the report names no municipality. */
export function placeText(municipality: string | null, policeUnit: string): string {
  if (municipality !== null) return named(data.municipalities, municipality)
  return policeUnitText(policeUnit)
}

export function policeUnitText(unit: string): string {
  return unit === 'national' ? text('place.national') : text('place.police-unit', { unit: plain(unit) })
}

/** The name of a language in the language of this page; the reporter's own page may use another name. */
export function languageText(code: string): string {
  try {
    const name = new Intl.DisplayNames([data.language], { type: 'language', fallback: 'none' }).of(code)
    if (name) return name
  } catch {
    // Not a language code at all; shown as it came.
  }
  return named(data.siteLanguages, code)
}

/** A language code fit for a `lang` attribute, or null. */
export function languageTag(code: string): string | null {
  return Object.hasOwn(data.siteLanguages, code) ? code : null
}

/** `2026-11-23` as a person says it. */
export function dayText(day: string): string {
  // Noon in UTC is the same date everywhere in Europe.
  const date = new Date(`${day}T12:00:00Z`)
  const words = new Intl.DateTimeFormat(data.language, {
    dateStyle: 'long',
    timeZone: 'UTC',
    calendar: 'gregory',
  })
  return Number.isNaN(date.getTime()) ? day : words.format(date)
}

/** `2026-11-23 pm` as a person says it. */
export function halfDayText(halfDay: string): string {
  const [date = '', half = ''] = halfDay.split(' ')
  // Noon in UTC is the same date everywhere in Europe.
  const day = new Date(`${date}T12:00:00Z`)
  if (Number.isNaN(day.getTime())) return plain(halfDay)
  const words = new Intl.DateTimeFormat(data.language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
    calendar: 'gregory',
  }).format(day)
  return text(half === 'am' ? 'half-day.am' : 'half-day.pm', { day: words })
}

/** A size in whole kilobytes or megabytes: sealed sizes are padded, so more would pretend. */
export function sizeText(bytes: number): string {
  const [amount, unit] = bytes < 950_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(data.language, { style: 'unit', unit, maximumFractionDigits: 0 }).format(
    Math.max(1, Math.round(amount)),
  )
}

/** A share between 0 and 1 in whole percents, never more than there is. */
export function shareText(share: number): string {
  return new Intl.NumberFormat(data.language, { style: 'percent' }).format(Math.floor(share * 100) / 100)
}

/** How long something lasts, as players show it: 1:05, 1:02:07. */
export function lengthText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const twoDigits = (number: number) => String(number).padStart(2, '0')
  const end = `:${twoDigits(whole % 60)}`
  return hours > 0 ? `${hours}:${twoDigits(minutes)}${end}` : `${minutes}${end}`
}

/** More would only fill the row of whoever sealed it. */
const LONGEST_UNKNOWN_CODE = 60

/**
 * Codes come out of reports: only what the page itself brought may answer for one. An unknown one is shown by its plain
 * letters alone: signs that turn the direction of writing would do so in a sentence of ours.
 */
function named(names: Readonly<Record<string, string>>, code: string, otherwise = plain(code)): string {
  return Object.hasOwn(names, code) ? (names[code] ?? otherwise) : otherwise
}

function plain(code: string): string {
  return code.slice(0, LONGEST_UNKNOWN_CODE).replace(/[^\w .:/-]/g, '\ufffd')
}
