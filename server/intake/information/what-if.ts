// What happens to me if: for each situation and each act who learns a name, who may come, whether it can be stopped and
// what can go wrong. Nothing is guessed: what is not verified says so, and who can tell instead stands beside it.
import { z } from 'zod'
import type { HelpRow } from '../../help/directory.js'
import type { Translate } from '../../i18n/index.js'
import type { Site } from '../site.js'
import { dateInWords } from './dates-in-words.js'
import { pickHelp } from './help-rows.js'
import { readLaws } from './laws.js'
import { trailTo } from './library-pages.js'
import { createReferences } from './references.js'
import {
  type Faults,
  ids,
  type KnownIds,
  keep,
  own,
  paragraphs,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

/** Known without reading anything, because addresses are: `/what-if/1` to `/what-if/8`. */
export const SITUATIONS = 8
const QUESTIONS = ['who_learns_name', 'who_may_come', 'can_stop', 'can_go_wrong'] as const

const dataSchema = z.strictObject({
  statuses: z
    .array(z.strictObject({ id: said, form_of_address: z.enum(['formal', 'informal']) }))
    .length(SITUATIONS),
  acts: z.array(z.strictObject({ id: said })).min(1),
  questions: z.array(z.enum(QUESTIONS)).length(QUESTIONS.length),
  /** who can tell, and the row of the help directory through which to reach them; null: none */
  who_can_tell: z.record(z.string(), said.nullable()),
  verified_on: verifiedOn,
  lawyer_checked: z.boolean(),
  cells: z.array(
    z.strictObject({
      status: said,
      act: said,
      law: z.array(z.strictObject({ law: said, date: z.iso.date().nullable(), sources: ids.min(1) })),
      sources: ids.min(1),
      not_verified: z.boolean(),
      not_verified_fields: z.array(z.enum(QUESTIONS)),
      who_can_tell: ids.min(1),
    }),
  ),
})
type Data = z.infer<typeof dataSchema>
type Cell = Data['cells'][number]

const textSchema = z.strictObject({
  title: said,
  browser_title: said,
  intro: paragraphs,
  danger: said,
  device: said,
  not_verified: said,
  not_verified_short: said,
  law_behind: said,
  law_none: said,
  law_date_unknown: said,
  law_since: said,
  statuses: z.record(z.string(), said),
  acts: z.record(z.string(), said),
  questions: z.record(z.enum(QUESTIONS), said),
  questions_note: z.strictObject({ who_may_come: said }),
  who_can_tell: z.record(z.string(), said),
  reviewed: z.boolean(),
  verified_on: verifiedOn,
  cells: z.record(z.string(), z.record(z.string(), z.record(z.enum(QUESTIONS), said))),
})
type WhatIfTexts = z.infer<typeof textSchema>

export const readWhatIf = (read: Read): Data => read('what-if.json', dataSchema)
export const readWhatIfTexts = (read: Read, language: string): WhatIfTexts =>
  read(`${language}/what-if.json`, textSchema)

/** Renders the overview, and the page of a situation by its number from 1. */
export function whatIfPages(
  site: Site,
  read: Read,
): { overview(language: string): string; situation(language: string, number: number): string } {
  const data = keep(() => readWhatIf(read))
  const texts = keep((language) => readWhatIfTexts(read, language))
  const laws = keep(() => new Map(readLaws(read).map((law) => [law.id, law])))
  return {
    overview(language) {
      const words = texts(language)
      const { statuses, acts, who_can_tell } = data('')
      return site.page(
        language,
        'information/what-if',
        {
          texts: words,
          statuses: statuses.map(({ id }, i) => ({ number: i + 1, title: own(words.statuses, id) })),
          acts: acts.map(({ id }) => own(words.acts, id)),
          questions: QUESTIONS.map((question) => own(words.questions, question)),
          rows: pickHelp(site, language, [
            ...new Set(Object.values(who_can_tell).filter((id) => id !== null)),
          ]),
        },
        {
          title: words.browser_title,
          path: '/what-if',
          indexable: true,
          own: site.tools,
          trail: trailTo(site, language, '/what-if'),
        },
      )
    },
    situation(language, number) {
      const words = texts(language)
      const { statuses, acts, cells, who_can_tell: ways } = data('')
      const status = statuses[number - 1]
      if (!status) throw new Error(`no situation ${number}`)
      const references = createReferences(site.source)
      const tell = new Map(
        Object.entries(ways).map(([id, row]) => [
          id,
          {
            name: own(words.who_can_tell, id),
            row: row ? (pickHelp(site, language, [row])[0] ?? null) : null,
          },
        ]),
      )
      const rows = acts.map(({ id }) => {
        const cell = findCell(cells, status.id, id)
        const answers = own(own(words.cells, status.id), id)
        return {
          id,
          title: own(words.acts, id),
          answers: QUESTIONS.map((question) => ({
            question: own(words.questions, question),
            text: own(answers, question),
            isVerified: !cell.not_verified_fields.includes(question),
          })),
          isVerified: !cell.not_verified,
          laws: cell.law.map(({ law, date, sources }) => ({
            id: law,
            name: own(laws('').get(law)?.name ?? {}, language),
            since: sinceInWords(language, site.translate(language), words, date),
            refs: references.mark(sources),
          })),
          who: cell.who_can_tell
            .map((who) => tell.get(who))
            .filter((who): who is Teller => who !== undefined),
          refs: references.mark(cell.sources),
        }
      })
      return site.page(
        language,
        'information/what-if-situation',
        {
          texts: words,
          title: own(words.statuses, status.id),
          questions: QUESTIONS.map((question) => own(words.questions, question)),
          rows,
          isYoung: status.form_of_address === 'informal',
          next: number < SITUATIONS ? number + 1 : null,
          sources: references.list(),
        },
        {
          title: `${words.browser_title} ${number}`,
          path: `/what-if/${number}`,
          indexable: true,
          own: site.tools,
          trail: [...trailTo(site, language, '/what-if'), { href: '/what-if', title: words.title }],
        },
      )
    },
  }
}

interface Teller {
  readonly name: string
  readonly row: HelpRow | null
}

function sinceInWords(language: string, t: Translate, words: WhatIfTexts, date: string | null): string {
  return date === null
    ? words.law_date_unknown
    : words.law_since.replace('{date}', dateInWords(language, t, date))
}

function findCell(cells: readonly Cell[], status: string, act: string): Cell {
  const cell = cells.find((one) => one.status === status && one.act === act)
  if (!cell) throw new Error(`no cell ${status}/${act}`)
  return cell
}

export function checkWhatIf(faults: Faults, read: Read, known: KnownIds): void {
  const data = faults.attempt('what-if.json', () => readWhatIf(read))
  if (!data) return
  const statuses = data.statuses.map(({ id }) => id)
  const acts = data.acts.map(({ id }) => id)
  const tellers = Object.keys(data.who_can_tell)
  const named = data.cells.map(({ status, act }) => `${status}/${act}`)
  const wanted = statuses.flatMap((status) => acts.map((act) => `${status}/${act}`))
  faults.sameKeys('what-if.json: cells', named, wanted)
  unknownIds(
    faults,
    'what-if.json',
    known.help,
    Object.values(data.who_can_tell).filter((id) => id !== null),
  )
  for (const { status, act, ...cell } of data.cells) {
    const where = `what-if.json: ${status}/${act}`
    unknownIds(
      faults,
      where,
      known.laws,
      cell.law.map(({ law }) => law),
    )
    unknownIds(faults, where, known.sources, [...cell.sources, ...cell.law.flatMap(({ sources }) => sources)])
    unknownIds(faults, where, new Set(tellers), cell.who_can_tell)
    if (cell.not_verified !== cell.not_verified_fields.length > 0)
      faults.add(where, 'not_verified and not_verified_fields contradict each other')
  }
  for (const language of known.languages) {
    const where = `${language}/what-if.json`
    const texts = faults.attempt(where, () => readWhatIfTexts(read, language))
    if (!texts) continue
    faults.sameKeys(`${where}: statuses`, Object.keys(texts.statuses), statuses)
    faults.sameKeys(`${where}: acts`, Object.keys(texts.acts), acts)
    faults.sameKeys(`${where}: who_can_tell`, Object.keys(texts.who_can_tell), tellers)
    const cells = Object.entries(texts.cells).flatMap(([status, row]) =>
      Object.keys(row).map((act) => `${status}/${act}`),
    )
    faults.sameKeys(`${where}: cells`, cells, wanted)
  }
}
