// Laws in plain words, each with its status and dates. What happens to somebody (what-if.ts) names them.
import { z } from 'zod'
import type { Translate } from '../../i18n/index.js'
import type { Site } from '../site.js'
import { dateInWords } from './dates-in-words.js'
import { trailTo } from './library-pages.js'
import { createReferences } from './references.js'
import {
  type Faults,
  ids,
  type KnownIds,
  once,
  own,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

export const LAW_GROUPS = ['crime', 'residence', 'sharing', 'site'] as const
const EVENTS = [
  'in_force',
  'in_force_aim',
  'house_passed',
  'senate_questions',
  'committee_report',
  'amended',
  'transpose_by',
] as const
const inLanguages = z.record(z.string(), said)

const lawSchema = z.strictObject({
  id: said,
  group: z.enum(LAW_GROUPS),
  name: inLanguages,
  /** where it stands, in signs that need no language */
  article: said.nullable(),
  status: z.enum(['in_force', 'pending', 'amended', 'not_verified']),
  dates: z.array(
    z.strictObject({
      event: z.enum(EVENTS),
      /** null: not found */
      date: z
        .string()
        .regex(/^\d{4}(-Q[1-4]|(-\d{2}){0,2})$/)
        .nullable(),
    }),
  ),
  confidence: said,
  verified_on: verifiedOn,
  lawyer_checked: z.boolean(),
  plain: inLanguages,
  sources: ids.min(1),
})
export type Law = z.infer<typeof lawSchema>

export function readLaws(read: Read): readonly Law[] {
  return read('laws.json', z.array(lawSchema))
}

/** The page with all laws, each under its own `#id`. */
export function lawsPage(site: Site, read: Read): (language: string) => string {
  const laws = once(() => readLaws(read))
  return (language) => {
    const t = site.translate(language)
    const references = createReferences(site.source)
    const groups = LAW_GROUPS.map((group) => ({
      id: group,
      laws: laws()
        .filter((law) => law.group === group)
        .map((law) => ({
          ...law,
          name: own(law.name, language),
          plain: own(law.plain, language),
          events: law.dates.map(({ event, date }) => eventInWords(language, t, event, date)),
          refs: references.mark(law.sources),
        })),
    }))
    return site.page(
      language,
      'information/laws',
      { groups, sources: references.list() },
      {
        title: t('laws.browserTitle'),
        path: '/laws',
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, '/laws'),
      },
    )
  }
}

function eventInWords(
  language: string,
  t: Translate,
  event: (typeof EVENTS)[number],
  date: string | null,
): string {
  return date === null
    ? t(`laws.unknown.${event}`)
    : t(`laws.event.${event}`, { date: dateInWords(language, t, date) })
}

export function checkLaws(faults: Faults, read: Read, known: KnownIds): void {
  for (const law of faults.attempt('laws.json', () => readLaws(read)) ?? []) {
    const where = `laws.json: ${law.id}`
    faults.sameKeys(`${where}: name`, Object.keys(law.name), known.languages)
    faults.sameKeys(`${where}: plain`, Object.keys(law.plain), known.languages)
    unknownIds(faults, where, known.sources, law.sources)
  }
}
