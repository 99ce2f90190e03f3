// Where a fact comes from: every fact on a page names one of these.
import { z } from 'zod'
import { readData } from '../i18n/index.js'

const sourceSchema = z.strictObject({
  /** who says it, and where; in English, with names as they are */
  title: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }).nullable(),
  /** YYYY, YYYY-MM or YYYY-MM-DD, of the source itself; null when it bears none */
  date: z
    .string()
    .regex(/^\d{4}(-\d{2}){0,2}$/)
    .nullable(),
  /** A: own page of the organisation; V: seen elsewhere; B: older or background; C: background; S1 to S5: founding texts */
  confidence: z.string().regex(/^([ACV]|B(:\w+)?|S[1-5])$/),
  /** the day somebody last looked whether it still says so; null when nobody did */
  verified_on: z.iso.date().nullable(),
})
export type Source = z.infer<typeof sourceSchema> & { readonly id: string; readonly site: string | null }

/** Finds a source by its id; throws on an unknown one: a fact without a source is a fault of ours. */
export type FindSource = (id: string) => Source

/** Reads all sources at the first call. */
export function loadSources(): FindSource {
  let known: Record<string, z.infer<typeof sourceSchema>> | null = null
  return (id) => {
    known ??= readData('sources.json', z.record(z.string(), sourceSchema))
    const source = known[id]
    if (!source) throw new Error(`no source ${id}`)
    return { ...source, id, site: source.url && new URL(source.url).host.replace(/^www\./, '') }
  }
}
