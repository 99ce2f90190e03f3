// Questions for somebody who wonders about her own situation. Nothing is counted, stored or sent: the choices stand
// outside any form, and the page asks for nothing once it is there.
import { z } from 'zod'
import type { Site } from '../site.js'
import { trailTo } from './library-pages.js'
import { pickHelp } from './pick-help.js'
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

const ANSWERS = ['yes', 'no', 'unknown'] as const

const dataSchema = z.strictObject({
  answers: z.tuple([z.literal('yes'), z.literal('no'), z.literal('unknown')]),
  questions: z.array(z.strictObject({ id: said, signs: ids.min(1), sources: ids.min(1) })),
  /** there is no score, and there must never be one */
  scored: z.literal(false),
  choices: z.array(z.strictObject({ id: said, help: ids.min(1) })),
  also: ids,
  confidence: said,
  verified_on: verifiedOn,
  reviewed: z.boolean(),
  sources: ids,
})

const titled = z.strictObject({ title: said, text: paragraphs })
const textSchema = z.strictObject({
  browser_title: said,
  title: said,
  summary: said,
  intro: paragraphs,
  safety: titled.extend({ link: said, link_text: said }),
  answers: z.record(z.enum(ANSWERS), said),
  questions: z.record(z.string(), z.strictObject({ question: said, why: said })),
  after: z.strictObject({ any_yes: titled, no_yes: titled }),
  before_help: titled,
  choices: z.record(z.string(), titled.extend({ after: paragraphs })),
  young: titled,
  close: said,
})

export const readSelfCheck = (read: Read) => read('self-check.json', dataSchema)
export const readSelfCheckTexts = (read: Read, language: string) =>
  read(`${language}/self-check.json`, textSchema)

export function selfCheckPage(site: Site, read: Read): (language: string) => string {
  const data = once(() => readSelfCheck(read))
  const texts = keep((language) => readSelfCheckTexts(read, language))
  return (language) => {
    const { questions, choices, also, sources } = data()
    const words = texts(language)
    const references = createReferences(site.source)
    references.mark([...sources, ...questions.flatMap((question) => question.sources)])
    return site.page(
      language,
      'information/self-check',
      {
        texts: words,
        answers: ANSWERS,
        questions: questions.map(({ id }) => ({ id, ...own(words.questions, id) })),
        choices: choices.map(({ id, help }) => ({
          id,
          ...own(words.choices, id),
          rows: pickHelp(site, language, help),
        })),
        also: pickHelp(site, language, also),
        young: pickHelp(site, language, ['kindertelefoon', 'fier']),
        sources: references.list(),
      },
      {
        title: words.browser_title,
        path: '/self-check',
        indexable: true,
        own: site.tools,
        trail: trailTo(site, language, '/self-check'),
      },
    )
  }
}

export function checkSelfCheck(faults: Faults, read: Read, known: KnownIds): void {
  const data = faults.attempt('self-check.json', () => readSelfCheck(read))
  if (!data) return
  for (const { id, signs, sources } of data.questions) {
    unknownIds(faults, `self-check.json: ${id}`, known.signs, signs)
    unknownIds(faults, `self-check.json: ${id}`, known.sources, sources)
  }
  unknownIds(faults, 'self-check.json', known.sources, data.sources)
  unknownIds(faults, 'self-check.json', known.help, [
    ...data.choices.flatMap(({ help }) => help),
    ...data.also,
  ])
  for (const language of known.languages) {
    const where = `${language}/self-check.json`
    const texts = faults.attempt(where, () => readSelfCheckTexts(read, language))
    if (!texts) continue
    const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
    faults.sameKeys(`${where}: questions`, Object.keys(texts.questions), idsOf(data.questions))
    faults.sameKeys(`${where}: choices`, Object.keys(texts.choices), idsOf(data.choices))
    if (texts.safety.link !== `/${language}/safety`)
      faults.add(where, 'the link must lead to the safety page')
  }
}
