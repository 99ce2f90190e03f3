// Where in the Netherlands: the municipalities of one year, the names people use for them, their police units.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export interface Municipality {
  /** CBS code such as GM0363 */
  readonly code: string
  readonly name: string
  readonly province: string
  readonly policeUnit: string
  readonly safetyRegion: string
}

export type FoundMunicipality =
  | { kind: 'found'; municipality: Municipality }
  | { kind: 'several'; names: readonly string[] }
  | { kind: 'unknown' }

export interface Regions {
  readonly municipalities: readonly Municipality[]
  find(typed: string): FoundMunicipality
  byCode(code: string): Municipality | undefined
}

const FOLDER = new URL('../../../locales/regions/', import.meta.url)
const aliasesSchema = z.record(z.string(), z.array(z.string().regex(/^GM\d{4}$/)).min(1))

/** Reads the list of municipalities and their other names. Throws when a name leads nowhere. */
export function loadRegions(): Regions {
  const municipalities = readFileSync(new URL('municipalities.csv', FOLDER), 'utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [code = '', name = '', province = '', policeUnit = '', , safetyRegion = ''] = splitRow(line)
      return { code, name, province, policeUnit, safetyRegion }
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'nl'))
  const byCode = new Map(municipalities.map((municipality) => [municipality.code, municipality]))
  const byName = new Map<string, Municipality[]>()
  for (const municipality of municipalities) byName.set(fold(municipality.name), [municipality])

  const aliases = aliasesSchema.parse(JSON.parse(readFileSync(new URL('aliases.json', FOLDER), 'utf8')))
  for (const [alias, codes] of Object.entries(aliases)) {
    const meant = codes.map((code) => {
      const municipality = byCode.get(code)
      if (!municipality) throw new Error(`alias of a municipality that does not exist: ${alias}`)
      return municipality
    })
    const known = byName.get(fold(alias)) ?? []
    byName.set(fold(alias), [...new Set([...known, ...meant])])
  }

  return {
    municipalities,
    byCode: (code) => byCode.get(code),
    find(typed) {
      const exact = municipalities.find(({ name }) => name === typed.trim())
      const found = exact ? [exact] : (byName.get(fold(typed)) ?? [])
      if (found.length > 1) return { kind: 'several', names: found.map(({ name }) => name) }
      return found[0] ? { kind: 'found', municipality: found[0] } : { kind: 'unknown' }
    },
  }
}

/** The fields of one row; a name with commas stands in quotes. */
function splitRow(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

/** Letters and digits only, without accents: people leave out apostrophes, hyphens and the province in brackets. */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
}
