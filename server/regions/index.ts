// Where in the Netherlands: the municipalities of one year, the names people use for them, their police units and
// safety regions, and which municipality becomes part of another one. Names that no source gives are marked so.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { capitalise, fold, slugOf } from './names.js'
import { type Named, type Near, nearest } from './near.js'

export { slugOf } from './names.js'
export type { Near } from './near.js'

export interface Municipality {
  /** CBS code such as GM0363 */
  readonly code: string
  readonly name: string
  /** what most people say instead of the official name; the same as `name` for most */
  readonly called: string
  /** how it stands in an address: small letters and hyphens, no two alike */
  readonly slug: string
  readonly province: string
  readonly policeUnit: string
  /** code such as VR09, and name */
  readonly safetyRegionCode: string
  readonly safetyRegion: string
}

/** A municipality that becomes, or became, part of another one. */
export interface Change {
  readonly code: string
  readonly into: string
  /** the first day, YYYY-MM-DD */
  readonly from: string
  /** intended: the source says what was planned, nobody looked whether it happened */
  readonly status: 'intended' | 'settled'
  /** id in locales/sources.json */
  readonly source: string
  readonly verified_on: string | null
}

export interface OtherName {
  readonly name: string
  /** whether a source gives it */
  readonly isSourced: boolean
  /** stands for other municipalities too */
  readonly isShared: boolean
}

export type FoundMunicipality =
  | { kind: 'found'; municipality: Municipality }
  | { kind: 'several'; names: readonly string[] }
  | { kind: 'unknown' }

/** What a name means on one day. `slug` is the address of the page that tells it. */
export type Meaning =
  | { kind: 'one'; slug: string; municipality: Municipality }
  | { kind: 'several'; slug: string; name: string; municipalities: readonly Municipality[] }
  | { kind: 'unknown' }

export interface Regions {
  /** those of the list, whatever the day; by name */
  readonly municipalities: readonly Municipality[]
  readonly changes: readonly Change[]
  find(typed: string): FoundMunicipality
  byCode(code: string): Municipality | undefined
  /** those that exist on a day (YYYY-MM-DD), in the order of what they are called */
  standing(day: string): readonly Municipality[]
  /** what this municipality is part of on that day: another one, or itself */
  partOf(municipality: Municipality, day: string): Municipality
  /** the places that a name, as it is typed or as it stands in an address, means on that day */
  meaning(typed: string, day: string): Meaning
  /** what a mistyped name may have meant, best first, six at most */
  near(typed: string, day: string): readonly Near<Municipality>[]
  /** what else people call it, and places in it */
  otherNames(code: string): readonly OtherName[]
}

const FOLDER = new URL('../../../locales/regions/', import.meta.url)
const code = z.string().regex(/^GM\d{4}$/)
const namesSchema = z.record(z.string(), z.array(code).min(1))
const aliasesSchema = z.strictObject({ sourced: namesSchema, not_verified: namesSchema })
const calledSchema = z.record(
  code,
  z.strictObject({ called: z.string().min(1), slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/) }),
)
const changesSchema = z.array(
  z.strictObject({
    code,
    into: code,
    from: z.iso.date(),
    status: z.enum(['intended', 'settled']),
    source: z.string().min(1),
    verified_on: z.iso.date().nullable(),
  }),
)

/** Reads the list of municipalities, their other names and what changes. Throws when a name leads nowhere. */
export function loadRegions(): Regions {
  const municipalities = readMunicipalities()
  const byCode = new Map(municipalities.map((municipality) => [municipality.code, municipality]))
  if (new Set(municipalities.map(({ slug }) => slug)).size !== municipalities.length)
    throw new Error('two municipalities have the same address')
  const byName = new Map<string, Municipality[]>()
  for (const municipality of municipalities) byName.set(fold(municipality.name), [municipality])

  const { sourced, not_verified } = aliasesSchema.parse(readJson('aliases.json'))
  const aliases = [sourced, not_verified].flatMap((names) =>
    Object.entries(names).map(([alias, codes]) => ({ alias, codes, isSourced: names === sourced })),
  )
  /** how a folded name is written best: with its accents, hyphens and apostrophe */
  const written = new Map<string, string>()
  for (const { alias, codes } of aliases) {
    const meant = codes.map((one) => {
      const municipality = byCode.get(one)
      if (!municipality) throw new Error(`alias of a municipality that does not exist: ${alias}`)
      return municipality
    })
    const key = fold(alias)
    byName.set(key, [...new Set([...(byName.get(key) ?? []), ...meant])])
    if (marksOf(alias) > marksOf(written.get(key) ?? '')) written.set(key, alias)
  }
  const changes = changesSchema.parse(readJson('changes.json'))
  for (const { code, into } of changes)
    if (!byCode.has(code) || !byCode.has(into)) throw new Error(`change of an unknown municipality: ${code}`)

  const partOf = (municipality: Municipality, day: string): Municipality => {
    const change = changes.find((one) => one.code === municipality.code && one.from <= day)
    const into = change && byCode.get(change.into)
    return into ? partOf(into, day) : municipality
  }
  const named = rememberOne((): readonly Named<Municipality>[] =>
    [...byName].flatMap(([folded, meant]) =>
      meant.map((of) => {
        const isOwn = fold(of.name) === folded
        return { folded, name: isOwn ? of.name : capitalise(written.get(folded) ?? of.name), of, isOwn }
      }),
    ),
  )

  const otherNames = rememberOne(() => {
    const names = new Map<string, Map<string, OtherName>>()
    for (const { alias, codes, isSourced } of aliases) {
      const key = fold(alias)
      const isShared = (byName.get(key)?.length ?? 0) > 1
      const told = { name: capitalise(written.get(key) ?? alias), isSourced, isShared }
      for (const one of alias.startsWith('gem. ') ? [] : codes) {
        const own = names.get(one) ?? new Map<string, OtherName>()
        if (key !== fold(byCode.get(one)?.name ?? '') && !own.has(key)) own.set(key, told)
        names.set(one, own)
      }
    }
    return names
  })

  return {
    municipalities,
    changes,
    byCode: (code) => byCode.get(code),
    find(typed) {
      const exact = municipalities.find(({ name }) => name === typed.trim())
      const found = exact ? [exact] : (byName.get(fold(typed)) ?? [])
      if (found.length > 1) return { kind: 'several', names: found.map(({ name }) => name) }
      return found[0] ? { kind: 'found', municipality: found[0] } : { kind: 'unknown' }
    },
    standing: (day) =>
      municipalities
        .filter((one) => partOf(one, day) === one)
        .sort((a, b) => a.called.localeCompare(b.called, 'nl')),
    partOf,
    meaning(typed, day) {
      const key = fold(typed)
      const found = byName.get(key) ?? []
      const now = [...new Set(found.map((one) => partOf(one, day)))]
      if (now.length > 1) {
        // Its own page tells of the other places of that name.
        const own = now.find(({ name }) => fold(name) === key)
        const slug = own ? own.slug : slugOf(written.get(key) ?? typed)
        return { kind: 'several', slug, name: capitalise(written.get(key) ?? typed), municipalities: now }
      }
      const [municipality] = now
      return municipality ? { kind: 'one', slug: municipality.slug, municipality } : { kind: 'unknown' }
    },
    near(typed, day) {
      const found = nearest(typed, named()).map(({ name, of }) => ({ name, of: partOf(of, day) }))
      return found.filter((one, i) => found.findIndex(({ of }) => of === one.of) === i)
    },
    otherNames: (code) => [...(otherNames().get(code)?.values() ?? [])],
  }
}

function readMunicipalities(): readonly Municipality[] {
  const called = calledSchema.parse(readJson('names.json'))
  return readFileSync(new URL('municipalities.csv', FOLDER), 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [code = '', name = '', province = '', policeUnit = '', safetyRegionCode = '', safetyRegion = ''] =
        splitRow(line)
      const own = called[code]
      return {
        code,
        name,
        called: own?.called ?? name,
        slug: own?.slug ?? slugOf(name),
        province,
        policeUnit,
        safetyRegionCode,
        safetyRegion,
      }
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'nl'))
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}

function marksOf(alias: string): number {
  return alias === '' ? -1 : (alias.normalize('NFD').match(/[\p{M}\-']/gu)?.length ?? 0)
}

/** The fields of one row; a name with commas stands in quotes. */
function splitRow(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function rememberOne<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
