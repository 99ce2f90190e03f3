// Figures with their year, their source and what may not be concluded from them.
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
  keep,
  once,
  own,
  paragraphs,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

const period = z.string().regex(/^\d{4}(-\d{4}|(-\d{2}){0,2})$/)
const figureSchema = z.strictObject({
  id: said,
  value: z.number().nullable(),
  unit: z.enum([
    'people',
    'people_per_year',
    'ratio',
    'percent',
    'reports',
    'share',
    'municipalities',
    'coordinators',
  ]),
  /** what it is about; null when the source names no year */
  period: period.nullable(),
  published: period.nullable(),
  forms: ids,
  confidence: said,
  sources: ids.min(1),
  verified_on: verifiedOn,
  parts: z.array(z.strictObject({ code: said, value: z.number() })).optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  ratio: z.tuple([z.number(), z.number()]).optional(),
  change: z.number().optional(),
  change_percent: z.number().optional(),
  at_least: z.number().optional(),
  approximate: z.boolean().optional(),
  estimate: z.boolean().optional(),
  /** may only be named as what somebody says of itself */
  only_with_attribution: z.boolean().optional(),
})
export type Figure = z.infer<typeof figureSchema>

const textSchema = z.strictObject({
  title: said,
  browser_title: said,
  summary: said,
  intro: paragraphs,
  labels: z.strictObject({
    period: said,
    published: said,
    source: said,
    caution: said,
    unknown_period: said,
    not_verified: said,
    approximate: said,
    estimate: said,
  }),
  figures: z.record(z.string(), z.strictObject({ label: said, caution: said })),
})

export function readFigures(read: Read): readonly Figure[] {
  return read('figures.json', z.array(figureSchema))
}

export const readFigureTexts = (read: Read, language: string) => read(`${language}/figures.json`, textSchema)

/** The page with all figures, each under its own `#id`. */
export function figuresPage(site: Site, read: Read): (language: string) => string {
  const figures = once(() => readFigures(read))
  const texts = keep((language) => readFigureTexts(read, language))
  return (language) => {
    const t = site.translate(language)
    const words = texts(language)
    const references = createReferences(site.source)
    const shown = figures().map((figure) => ({
      ...figure,
      ...own(words.figures, figure.id),
      amount: amountInWords(language, t, words.labels, figure),
      period: figure.period && dateInWords(language, t, figure.period),
      published: figure.published && dateInWords(language, t, figure.published),
      refs: references.mark(figure.sources),
    }))
    return site.page(
      language,
      'information/figures',
      { texts: words, figures: shown, sources: references.list() },
      {
        title: words.browser_title,
        path: '/figures',
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, '/figures'),
      },
    )
  }
}

/** The number with its unit, or null where the sentence beside it says it all. */
function amountInWords(
  language: string,
  t: Translate,
  labels: { approximate: string; estimate: string },
  { value, unit, ratio, at_least, approximate, estimate }: Figure,
): string | null {
  const number = new Intl.NumberFormat(language)
  if (ratio) return t('figures.ratio', { part: number.format(ratio[0]), whole: number.format(ratio[1]) })
  if (value === null) return null
  const amount = t(`figures.unit.${unit}`, { value: number.format(value) })
  const before = at_least !== undefined ? t('figures.more') : approximate ? labels.approximate : ''
  return [before, amount, estimate ? `(${labels.estimate})` : ''].filter((part) => part !== '').join(' ')
}

export function checkFigures(faults: Faults, read: Read, known: KnownIds): void {
  const figures = faults.attempt('figures.json', () => readFigures(read)) ?? []
  for (const { id, sources, forms } of figures) {
    unknownIds(faults, `figures.json: ${id}`, known.sources, sources)
    unknownIds(faults, `figures.json: ${id}`, known.forms, forms)
  }
  for (const language of known.languages) {
    const where = `${language}/figures.json`
    const texts = faults.attempt(where, () => readFigureTexts(read, language))
    if (texts)
      faults.sameKeys(
        where,
        Object.keys(texts.figures),
        figures.map(({ id }) => id),
      )
  }
}
