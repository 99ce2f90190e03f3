// Who coordinates help in which part of the country. The list is old: an organisation is named, but its number is
// shown only when a recent source gives it or somebody verified it. CoMensha knows the coordinator everywhere.
import { z } from 'zod'
import { readData, type Texts } from '../i18n/index.js'

const rowSchema = z.object({
  id: z.string(),
  name: z.string().min(1),
  provinces: z.array(z.string()).min(1),
  phone: z.string().nullable(),
  tel: z.string().nullable(),
  confidence: z.enum(['A', 'B', 'C']),
  source: z.string().min(1),
  verified_on: z.string().nullable(),
  publish: z.boolean(),
})
type Row = z.infer<typeof rowSchema>

const textSchema = z.record(z.string(), z.strictObject({ area: z.string().min(1), for_whom: z.string() }))
type Text = z.infer<typeof textSchema>[string]

export interface Province {
  readonly name: string
  readonly municipalities: readonly string[]
  readonly rows: readonly (Row & Text)[]
}

/**
 * All provinces in the order of the alphabet, each with those who help there, per language. Throws when a row has no
 * text or names a province without municipalities.
 */
export function loadNearby(
  texts: Texts,
  municipalities: readonly { readonly name: string; readonly province: string }[],
): (language: string) => readonly Province[] {
  const rows = readData('help-nearby.json', z.array(rowSchema)).filter(({ publish }) => publish)
  const names = [...new Set(municipalities.map(({ province }) => province))].sort((a, b) =>
    a.localeCompare(b, 'nl'),
  )
  const unknown = rows.flatMap(({ provinces }) => provinces).filter((province) => !names.includes(province))
  if (unknown.length > 0) throw new Error(`help nearby for unknown provinces: ${unknown.join(', ')}`)

  const byLanguage = new Map(
    texts.languages.map(({ code }) => {
      const own = texts.read(code, 'help-nearby.json', textSchema)
      const told = rows.map((row) => ({ ...withoutOldNumber(row), ...textOf(own, row.id) }))
      const provinces = names.map((name) => ({
        name,
        municipalities: municipalities.filter(({ province }) => province === name).map((one) => one.name),
        rows: told.filter((row) => row.provinces.includes(name)),
      }))
      return [code, provinces] as const
    }),
  )
  return (language) => byLanguage.get(language) ?? []
}

/** A number that changed hands would lead somebody in danger to a stranger. */
function withoutOldNumber(row: Row): Row {
  const isTrusted = row.confidence === 'A' || row.verified_on !== null
  return isTrusted ? row : { ...row, phone: null, tel: null }
}

function textOf(texts: z.infer<typeof textSchema>, id: string): Text {
  const text = texts[id]
  if (!text) throw new Error(`no text for help nearby: ${id}`)
  return text
}
