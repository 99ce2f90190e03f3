// Where people can turn: organisations, numbers and hours are data with a source and a date, never code.
import { z } from 'zod'
import { readData, type Texts } from '../i18n/index.js'

const rowSchema = z.object({
  id: z.string(),
  phone: z.string().nullable(),
  tel: z.string().nullable(),
  phone_abroad: z.object({ display: z.string(), tel: z.string() }).nullable(),
  website: z.url().nullable(),
  audiences: z.array(z.string()),
  themes: z.array(z.string()),
  minors: z.boolean(),
  confidence: z.enum(['A', 'B', 'C']),
  source: z.string().min(1),
  verified_on: z.string().nullable(),
  publish: z.boolean(),
})

const textSchema = z.record(
  z.string(),
  z.strictObject({
    name: z.string().min(1),
    when: z.string(),
    for_whom: z.string(),
    anonymity: z.string(),
    hours: z.string(),
    note: z.string(),
  }),
)

export type HelpRow = z.infer<typeof rowSchema> & z.infer<typeof textSchema>[string] & { site: string | null }

/** The published rows with their texts, per language. Throws when a row has no text. */
export function loadHelp(texts: Texts): (language: string) => readonly HelpRow[] {
  const rows = readData('help-directory.json', z.array(rowSchema)).filter(({ publish }) => publish)
  const byLanguage = new Map(
    texts.languages.map(({ code }) => {
      const own = texts.read(code, 'help.json', textSchema)
      return [
        code,
        rows.map((row) => ({ ...row, ...textOf(own, row.id), site: siteName(row.website) })),
      ] as const
    }),
  )
  return (language) => byLanguage.get(language) ?? []
}

function textOf(texts: z.infer<typeof textSchema>, id: string) {
  const text = texts[id]
  if (!text) throw new Error(`no help text for ${id}`)
  return text
}

function siteName(website: string | null): string | null {
  return website && new URL(website).host.replace(/^www\./, '')
}
