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

/** Something published with a source, and when a person last verified it. */
export interface Fact {
  /** the file below locales/ it stands in */
  readonly file: string
  /** what it is called there */
  readonly name: string
  /** YYYY-MM-DD, or null when nobody verified it */
  readonly verified: string | null
}

/** Every published fact of locales/, file by file. */
export function listFacts(): Fact[] {
  return readdirSync(LOCALES, { recursive: true, encoding: 'utf8' })
    .sort()
    .flatMap((file) => factsIn(file, () => readFileSync(`${LOCALES}/${file}`, 'utf8')))
}

/** Counts the published facts of locales/ by when they were verified. */
export function countFacts(today: Date): FactCounts {
  return countDates(
    listFacts().map(({ verified }) => verified),
    today,
  )
}

/** The facts that were verified more than half a year ago. */
export function oldFacts(facts: readonly Fact[], today: Date): Fact[] {
  const oldest = today.getTime() - OLD_AFTER_DAYS * DAY_MS
  return facts.filter(({ verified }) => verified !== null && Date.parse(verified) < oldest)
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

function factsIn(file: string, read: () => string): Fact[] {
  if (file.endsWith('.json')) return factsOf(JSON.parse(read()), file, '')
  if (!file.endsWith('.md')) return []
  const date = /^verified_on: *"?(.+?)"?$/m.exec(read())?.[1]
  return date === undefined ? [] : [{ file, name: file.replace(/^.*\/|\.md$/g, ''), verified: toDate(date) }]
}

function factsOf(value: unknown, file: string, name: string): Fact[] {
  if (typeof value !== 'object' || value === null) return []
  const fact = value as Record<string, unknown>
  // What is not shown misleads nobody.
  if (fact.publish === false) return []
  const called = [fact.id, fact.code, fact.key].find((one) => typeof one === 'string') as string | undefined
  const own = called ?? name
  const inside = Object.entries(fact).flatMap(([key, one]) =>
    factsOf(one, file, Array.isArray(value) ? `${own} ${Number(key) + 1}`.trim() : `${own} ${key}`.trim()),
  )
  return 'verified_on' in fact
    ? [{ file, name: own || file, verified: toDate(fact.verified_on) }, ...inside]
    : inside
}

function toDate(given: unknown): string | null {
  return typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given) ? given : null
}
