// Numbers, hours, laws and signs age. Whatever has a source in locales/ carries the day on which a person verified it.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LOCALES = fileURLToPath(new URL('../../../locales/', import.meta.url))
const OLD_AFTER_DAYS = 180
const DAY_MS = 86_400_000

export interface FactCounts {
  readonly all: number
  readonly neverVerified: number
  /** verified more than half a year ago */
  readonly old: number
}

/** Counts the published facts of locales/ by when they were verified. */
export function countFacts(today: Date): FactCounts {
  const days = readdirSync(LOCALES, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap((name) => datesIn(name, () => readFileSync(`${LOCALES}/${name}`, 'utf8')))
  return countDates(days, today)
}

/** The same for given dates (YYYY-MM-DD), null standing for never. */
export function countDates(dates: readonly (string | null)[], today: Date): FactCounts {
  const oldest = today.getTime() - OLD_AFTER_DAYS * DAY_MS
  return {
    all: dates.length,
    neverVerified: dates.filter((date) => date === null).length,
    old: dates.filter((date) => date !== null && Date.parse(date) < oldest).length,
  }
}

function datesIn(name: string, read: () => string): (string | null)[] {
  if (name.endsWith('.json')) return datesOf(JSON.parse(read()))
  if (!name.endsWith('.md')) return []
  const date = /^verified_on: *"?(.+?)"?$/m.exec(read())?.[1]
  return date === undefined ? [] : [toDate(date)]
}

function datesOf(value: unknown): (string | null)[] {
  if (Array.isArray(value)) return value.flatMap(datesOf)
  if (typeof value !== 'object' || value === null) return []
  const fact = value as Record<string, unknown>
  // What is not shown misleads nobody.
  if (fact.publish === false) return []
  const own = 'verified_on' in fact ? [toDate(fact.verified_on)] : []
  return [...own, ...Object.values(fact).flatMap(datesOf)]
}

function toDate(given: unknown): string | null {
  return typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : null
}
