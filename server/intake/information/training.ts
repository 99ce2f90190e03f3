// Six invented cases to practise on. Every choice explains itself when it is opened; nothing is counted or kept.
import { z } from 'zod'
import type { Site } from '../site.js'
import { trailTo } from './library-pages.js'
import { pageLink } from './page-link.js'
import { pickHelp } from './pick-help.js'
import { createReferences } from './references.js'
import { readSections } from './sections.js'
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

/** Known without reading anything, because addresses are: `/training/1` to `/training/6`. */
export const CASES = 6
const dataSchema = z
  .array(
    z.strictObject({
      id: said,
      form: said,
      audiences: ids.min(1),
      /** no case may be about somebody */
      invented: z.literal(true),
      steps: z
        .array(
          z.strictObject({
            id: said,
            signs: ids.min(1),
            choices: z.array(z.strictObject({ id: said, reasonable: z.boolean() })).min(2),
          }),
        )
        .min(1),
      help: ids.min(1),
      sources: ids.min(1),
      verified_on: verifiedOn,
      reviewed: z.boolean(),
    }),
  )
  .length(CASES)
type Case = z.infer<typeof dataSchema>[number]

const choiceText = z.strictObject({ text: said, why: said, person: said, you: said })
const textSchema = z.record(
  z.string(),
  z.strictObject({
    title: said,
    neutral_title: said,
    for_whom: said,
    invented: said,
    steps: z.record(
      z.string(),
      z.strictObject({
        scene: said,
        question: said,
        choices: z.record(z.string(), choiceText),
        unknown: said,
      }),
    ),
    closing: z.strictObject({ now: paragraphs, where: said }),
  }),
)

export const readTraining = (read: Read): readonly Case[] => read('training.json', dataSchema)
export const readTrainingTexts = (read: Read, language: string) =>
  read(`${language}/training.json`, textSchema)

/** Renders the overview, and a case by its number from 1. */
export function trainingPages(
  site: Site,
  read: Read,
): { overview(language: string): string; one(language: string, number: number): string } {
  const cases = once(() => readTraining(read))
  const texts = keep((language) => readTrainingTexts(read, language))
  return {
    overview(language) {
      const pages = readSections().find(({ id }) => id === 'training')?.pages ?? []
      const linksTo = (isMeant: (name: string) => boolean) =>
        pages.filter(isMeant).map((name) => pageLink(site, language, name))
      return site.page(
        language,
        'information/training',
        {
          cases: cases().map(({ id }, i) => ({ number: i + 1, ...own(texts(language), id) })),
          forTrainers: linksTo((name) => !isCard(name)),
          cards: linksTo(isCard),
        },
        {
          title: site.translate(language)('training.browserTitle'),
          path: '/training',
          indexable: true,
          own: site.tools,
          trail: trailTo(site, language, '/training'),
        },
      )
    },
    one(language, number) {
      const found = cases()[number - 1]
      if (!found) throw new Error(`no case ${number}`)
      const words = own(texts(language), found.id)
      const references = createReferences(site.source)
      references.mark(found.sources)
      return site.page(
        language,
        'information/training-case',
        {
          texts: words,
          steps: found.steps.map((step) => showStep(site, language, step, own(words.steps, step.id))),
          form: site.forms(language).find(({ code }) => code === found.form)?.number ?? null,
          rows: pickHelp(site, language, found.help),
          isReviewed: found.reviewed,
          next: number < CASES ? number + 1 : null,
          sources: references.list(),
        },
        {
          title: words.neutral_title,
          path: `/training/${number}`,
          indexable: true,
          own: site.tools,
          trail: [
            ...trailTo(site, language, '/training'),
            { href: '/training', title: site.translate(language)('training.title') },
          ],
        },
      )
    },
  }
}

/** A card of one profession; the other pages of this section are for who trains others. */
function isCard(name: string): boolean {
  return name.startsWith('card-')
}

type StepTexts = z.infer<typeof textSchema>[string]['steps'][string]

function showStep(site: Site, language: string, step: Case['steps'][number], words: StepTexts) {
  const signs = Object.fromEntries(site.signs(language).map(({ id, text }) => [id, text]))
  return {
    ...words,
    choices: step.choices.map(({ id, reasonable }) => ({ reasonable, ...own(words.choices, id) })),
    signs: step.signs.map((id) => ({ id, text: own(signs, id) })),
  }
}

export function checkTraining(faults: Faults, read: Read, known: KnownIds): void {
  const cases = faults.attempt('training.json', () => readTraining(read)) ?? []
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
  for (const { id, form, steps, help, sources } of cases) {
    const where = `training.json: ${id}`
    unknownIds(faults, where, known.forms, [form])
    unknownIds(faults, where, known.help, help)
    unknownIds(faults, where, known.sources, sources)
    unknownIds(
      faults,
      where,
      known.signs,
      steps.flatMap(({ signs }) => signs),
    )
    if (!steps.every(({ choices }) => choices.some(({ reasonable }) => reasonable)))
      faults.add(where, 'every step needs a choice that is reasonable')
  }
  for (const language of known.languages) {
    const where = `${language}/training.json`
    const texts = faults.attempt(where, () => readTrainingTexts(read, language))
    if (!texts) continue
    faults.sameKeys(where, Object.keys(texts), idsOf(cases))
    for (const { id, steps } of cases) {
      const own = texts[id]
      if (!own) continue
      faults.sameKeys(`${where}: ${id}`, Object.keys(own.steps), idsOf(steps))
      for (const { id: step, choices } of steps) {
        const found = Object.keys(own.steps[step]?.choices ?? {})
        faults.sameKeys(`${where}: ${id}/${step}`, found, idsOf(choices))
      }
    }
  }
}
