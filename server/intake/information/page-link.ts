import type { Crumb, Site } from '../site.js'
import { pagePath } from './sections.js'

/** A page of text as a link. Throws when there is none of this name. */
export function pageLink(site: Site, language: string, name: string): Crumb {
  return { href: pagePath(name, site.formPages), title: site.pageOf(language, name).title }
}
