// Reading the data of the tools: at the first request of a page, then kept, so that the start of the process does not
// grow with pages or languages. What is wrong with them is told at the build instead, all of it at once.
import { z } from 'zod'

/** Reads a file below `locales/`, such as `nl/what-if.json`. */
export type Read = <T>(file: string, schema: z.ZodType<T>) => T

export const ids = z.array(z.string().min(1))
export const said = z.string().min(1)
export const paragraphs = z.array(said).min(1)
/** YYYY-MM-DD; null when nobody verified it */
export const verifiedOn = z.iso.date().nullable()

/** The same value for the same key, made when it is first asked for. */
export function keep<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}

/** The same for what has no key. */
export function once<T>(make: () => T): () => T {
  const kept = keep(make)
  return () => kept('')
}

/** The value of a key that must be there. Throws when it is not: the build should have told it. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  if (value === undefined) throw new Error(`no text for ${key}`)
  return value
}

/** Collects what is wrong, each with where it is. */
export interface Faults {
  add(where: string, what: string): void
  /** runs a step; what it throws is a fault of this place, and the answer is then null */
  attempt<T>(where: string, step: () => T): T | null
  /** tells keys that are missing or too many */
  sameKeys(where: string, found: readonly string[], wanted: readonly string[]): void
}

export function collectFaults(list: string[]): Faults {
  const add = (where: string, what: string): void => {
    list.push(`${where}: ${what}`)
  }
  return {
    add,
    attempt(where, step) {
      try {
        return step()
      } catch (error) {
        add(where, error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message)
        return null
      }
    },
    sameKeys(where, found, wanted) {
      for (const key of wanted) if (!found.includes(key)) add(where, `${key} is missing`)
      for (const key of found) if (!wanted.includes(key)) add(where, `${key} is not known`)
      for (const key of new Set(found.filter((one, i) => found.indexOf(one) !== i)))
        add(where, `${key} twice`)
    },
  }
}

/** What the data may name. */
export interface KnownIds {
  readonly languages: readonly string[]
  readonly sources: { has(id: string): boolean }
  readonly signs: { has(id: string): boolean }
  readonly help: { has(id: string): boolean }
  readonly forms: { has(id: string): boolean }
  readonly pages: { has(name: string): boolean }
  readonly laws: { has(id: string): boolean }
}

/** Tells each id that is not among those that are known. */
export function unknownIds(
  faults: Faults,
  where: string,
  known: { has(id: string): boolean },
  named: readonly string[],
): void {
  for (const id of named) if (!known.has(id)) faults.add(where, `${id} is not known`)
}
