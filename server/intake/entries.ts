// The five entries (and "something else"): what each kind of reporter reads. One flow; what differs is data.
import { z } from 'zod'
import { VANTAGES } from '../report/signs.js'

const question = { question: z.string().min(1) }
const entrySchema = z.strictObject({
  /** what comes before the questions: help, rights, what a report is not; null when nothing has to */
  first: z
    .strictObject({
      title: z.string().min(1),
      paragraphs: z.array(z.string().min(1)).min(1),
      links: z.array(z.strictObject({ href: z.string().startsWith('/'), text: z.string().min(1) })),
    })
    .nullable(),
  signs: z.strictObject({ ...question, why: z.string().min(1) }),
  words: z.strictObject({
    ...question,
    prompts: z.array(z.string().min(1)).min(1),
    careful: z.string().min(1),
  }),
})
export type Entry = z.infer<typeof entrySchema>

/** `locales/<lang>/entries.json`: every kind of reporter, none left out. */
export const entriesSchema = z.record(z.enum(VANTAGES), entrySchema)
