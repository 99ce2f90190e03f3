// What happens to me if: for each situation and each act who learns a name, who may come, whether it can be stopped and
// what can go wrong. Nothing is guessed: what is not verified says so, and who can tell instead stands beside it.
import type { HelpRow } from '../../help/directory.js'
import type { Translate } from '../../i18n/index.js'
import type { Site } from '../site.js'
import { dateInWords } from './dates-in-words.js'
import { readLaws } from './laws.js'
import { trailTo } from './library-pages.js'
import { pickHelp } from './pick-help.js'
import { createReferences } from './references.js'
import { keep, once, own, type Read } from './tool-data.js'
import {
  type Cell,
  QUESTIONS,
  readWhatIf,
  readWhatIfTexts,
  SITUATIONS,
  type WhatIfTexts,
} from './what-if-data.js'

/** Renders the overview, and the page of a situation by its number from 1. */
export function whatIfPages(
  site: Site,
  read: Read,
): { overview(language: string): string; situation(language: string, number: number): string } {
  const data = once(() => readWhatIf(read))
  const texts = keep((language) => readWhatIfTexts(read, language))
  const laws = once(() => new Map(readLaws(read).map((law) => [law.id, law])))
  return {
    overview(language) {
      const words = texts(language)
      const { statuses, acts, who_can_tell } = data()
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
      const { statuses, acts, cells, who_can_tell: ways } = data()
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
            name: own(laws().get(law)?.name ?? {}, language),
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
