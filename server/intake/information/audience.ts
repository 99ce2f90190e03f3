// For whom a page is: from its front matter, or from its address where it has none.
import type { Site } from '../site.js'
import { pagePath } from './sections.js'

/** The groups under which results stand, in the order of the page. */
export const GROUPS = ['everyone', 'affected', 'client', 'sex_worker', 'professional'] as const
export type Group = (typeof GROUPS)[number]

/** Pages without front matter, by how their address begins. */
const BY_ADDRESS: readonly (readonly [start: string, group: Group])[] = [
  ['/navigator', 'professional'],
  ['/basic-level', 'professional'],
  ['/training', 'professional'],
  ['/self-check', 'affected'],
]

/** The one group a page belongs to: the first that it is written for alone, otherwise everyone. */
export function groupOf(site: Site, language: string, path: string): Group {
  const name = site.pageNames.find((one) => pagePath(one, site.formPages) === path)
  if (!name) return BY_ADDRESS.find(([start]) => path.startsWith(start))?.[1] ?? 'everyone'
  const { audience } = site.pageOf(language, name)
  if (audience.includes('citizen')) return 'everyone'
  return GROUPS.find((group) => audience.some((one) => one === group)) ?? 'professional'
}
