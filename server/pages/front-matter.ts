// The lines above the text of a page that say what it is.
import { z } from 'zod'

/** For whom a page is written; search and leaflets go by it. */
export const AUDIENCES = [
  'citizen',
  'client',
  'affected',
  'sex_worker',
  'professional',
  'municipality',
  'trainer',
] as const
export type Audience = (typeof AUDIENCES)[number]

const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((one) => one.trim() || []))

export const frontSchema = z.strictObject({
  title: z.string().min(1),
  /** stands in the browser's history: nothing about the subject */
  browser_title: z.string().min(1),
  summary: z.string().min(1),
  verified_on: z.union([z.iso.date(), z.literal('not verified')]),
  reviewed: z.enum(['yes', 'no']),
  audience: list.pipe(z.array(z.enum(AUDIENCES)).min(1)),
  /** ids of locales/sources.json */
  sources: list,
  /** names of pages */
  related: list,
  kind: z.enum(['guide', 'table', 'library', 'tool', 'training', 'reference']),
})

/** Front matter and text of a file. Throws on a missing, unknown or wrong line, naming the file. */
export function splitPage(file: string, source: string) {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source)
  if (!match) throw new Error(`${file} has no front matter`)
  const lines = (match[1] ?? '').split('\n').map((line) => {
    const colon = line.indexOf(':')
    const value = line.slice(colon + 1).trim()
    return [line.slice(0, colon).trim(), value.replace(/^"(.*)"$/, '$1')]
  })
  const parsed = frontSchema.safeParse(Object.fromEntries(lines))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  return { front: parsed.data, text: match[2] ?? '' }
}
