// For whom a page is: from its front matter, or from its address where it has none.
import type { Site } from '../site.js'

/** The groups under which results stand, in the order of the page. */
export const GROUPS = ['everyone', 'affected', 'client', 'sex_worker', 'professional'] as const
export type Group = (typeof GROUPS)[number]

/** What a page of Markdown may tell of itself. */
export interface PageFront {
  readonly name: string
  readonly audience?: readonly string[]
  readonly kind?: string
}

/** Pages without front matter, by how their address begins. */
const BY_ADDRESS: readonly (readonly [start: string, group: Group])[] = [
  ['/professionals', 'professional'],
  ['/basic-level', 'professional'],
  ['/training', 'professional'],
  ['/clients', 'client'],
  ['/self-check', 'affected'],
]

/** What the Markdown page says of itself; undefined when `path`, without the language, is no such page. */
export function frontOf(site: Site, language: string, path: string): PageFront | undefined {
  return site.pages(language).find(({ name }) => path === `/${name}`)
}

/** The one group a page belongs to: the first that it is written for alone, otherwise everyone. */
export function groupOf(site: Site, language: string, path: string): Group {
  const audience = frontOf(site, language, path)?.audience ?? []
  if (audience.length === 0) return BY_ADDRESS.find(([start]) => path.startsWith(start))?.[1] ?? 'everyone'
  if (audience.includes('citizen')) return 'everyone'
  const own = GROUPS.find((group) => audience.includes(group))
  return own ?? 'professional'
}
