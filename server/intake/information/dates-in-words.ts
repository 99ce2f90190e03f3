// Dates as people read them. Data has them as written by their source: a year, years, a quarter, a month or a day.
import type { Translate } from '../../i18n/index.js'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MONTH = /^(\d{4})-(\d{2})$/
const YEARS = /^(\d{4})-(\d{4})$/
const QUARTER = /^(\d{4})-Q([1-4])$/

/** `2025-10-16` as `16 oktober 2025`; `2024-07`, `2014-2018`, `2026-Q2` and `2024` likewise. */
export function dateInWords(language: string, t: Translate, date: string): string {
  const quarter = QUARTER.exec(date)
  if (quarter) return t('date.quarter', { year: quarter[1] ?? '', quarter: quarter[2] ?? '' })
  const years = YEARS.exec(date)
  if (years) return `${years[1]}–${years[2]}`
  const day = DAY.exec(date)
  if (day) return format(language, { day: 'numeric' }, day)
  const month = MONTH.exec(date)
  return month ? format(language, {}, month) : date
}

/** Whether these digits are a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text)
  if (!match) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const last = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return year >= 1900 && day >= 1 && day <= last
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function format(
  language: string,
  more: Intl.DateTimeFormatOptions,
  [, year, month, day]: RegExpExecArray,
): string {
  const words = new Intl.DateTimeFormat(language, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    ...more,
  })
  return words.format(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)))
}
