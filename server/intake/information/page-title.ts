import type { Site } from '../site.js'

/** What a page of text is called. Throws when there is none of this name. */
export function pageTitle(site: Site, language: string, name: string): string {
  const page = site.pages(language).find((one) => one.name === name)
  if (!page) throw new Error(`no page ${name}`)
  return page.title
}
