// What whoever works for a municipality can do: four roles by five steps, chosen by styles alone.
import { z } from 'zod'
import { readData } from '../../i18n/index.js'
import type { Site } from '../site.js'
import { trailTo } from './library-pages.js'

const dataSchema = z.strictObject({
  steps: z.array(z.string()),
  roles: z.array(z.string()),
  sources: z.array(z.string()),
  /** by role and step: addresses without the language */
  links: z.record(z.string(), z.record(z.string(), z.array(z.string().startsWith('/')).min(1))),
})
const textsSchema = z.strictObject({
  title: z.string(),
  browser_title: z.string(),
  intro: z.array(z.string()),
  role: z.string(),
  step: z.string(),
  any: z.string(),
  read: z.string(),
  more: z.string(),
  steps: z.record(z.string(), z.string()),
  roles: z.record(z.string(), z.strictObject({ title: z.string(), for: z.string() })),
  /** by role and step */
  cells: z.record(z.string(), z.record(z.string(), z.string())),
})

/** The page. `titleOf` says what an address of ours is called. Throws when a cell has no words. */
export function navigatorPage(site: Site, code: string, titleOf: (href: string) => string): string {
  const data = readData('navigator.json', dataSchema)
  const texts = site.readTexts(code, 'navigator.json', textsSchema)
  const cells = data.roles.flatMap((role, r) =>
    data.steps.map((step, s) => {
      const text = texts.cells[role]?.[step]
      if (!text) throw new Error(`navigator.json has no words for ${role}, ${step}`)
      const links = (data.links[role]?.[step] ?? []).map((href) => ({ href, title: titleOf(href) }))
      return {
        role: r + 1,
        step: s + 1,
        roleTitle: texts.roles[role]?.title,
        stepTitle: texts.steps[step],
        text,
        links,
      }
    }),
  )
  const page = {
    texts,
    roles: data.roles.map((role) => texts.roles[role]),
    steps: data.steps.map((step) => texts.steps[step]),
    cells,
    sources: data.sources.map(site.source),
  }
  return site.page(code, 'information/navigator', page, {
    title: texts.browser_title,
    path: '/navigator',
    indexable: true,
    trail: trailTo(site, code, '/navigator'),
  })
}
