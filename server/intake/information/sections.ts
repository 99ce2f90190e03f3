// How the information point is divided: each page of text stands in one section, and the trail leads through it.
import { z } from 'zod'
import { readData } from '../../i18n/index.js'

const sectionSchema = z.strictObject({
  id: z.string().regex(/^[a-z-]+$/),
  /** the page that opens the section, as an address without the language */
  index: z.string().regex(/^\/[a-z/-]+$/),
  /** names of pages of text, in the order in which they are read */
  pages: z.array(z.string()),
  /** pages that are no Markdown, with the key of what they are called */
  others: z.array(z.strictObject({ href: z.string().startsWith('/'), key: z.string() })),
})
export type Section = z.infer<typeof sectionSchema>

let known: readonly Section[] | null = null

/** All sections in order, read once. */
export function readSections(): readonly Section[] {
  known ??= readData('sections.json', z.array(sectionSchema))
  return known
}

/** Where a page of text is, without the language: the pages of forms keep the numbers they always had. */
export function pagePath(name: string, formPages: readonly string[]): string {
  const form = formPages.indexOf(name)
  return form < 0 ? `/${name}` : `/signs/${form + 1}`
}
