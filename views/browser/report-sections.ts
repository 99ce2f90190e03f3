import { type Details, detailSectionSchema } from '../../server/report/details.js'
import type { Section } from '../../server/report/envelope.js'
import { placeSchema, type ReportHeader, situationSchema } from '../../server/report/report.js'
import { api, type ReportAnswer } from './api.js'
import type { Desk } from './context.js'
import { element, facts } from './dom.js'
import { openJson } from './open-report.js'
import {
  codeText,
  detailText,
  formsText,
  languageTag,
  languageText,
  placeText,
  policeUnitText,
  signText,
  text,
} from './texts.js'

/** One section of a report as a card. A section that cannot be opened says so; the others are still shown. */
export async function drawSection(
  desk: Desk,
  report: ReportAnswer,
  kind: Section,
  header: ReportHeader | null,
  signal: AbortSignal,
): Promise<HTMLElement> {
  const part = report.parts.find((one) => one.kind === kind)
  const sealed = part ? await api.part(report.id, part.id, signal) : null
  const language = header?.language ?? null
  const content = sealed ? await open(desk, report.id, kind, sealed, language).catch(() => null) : null
  return element(
    'section',
    { class: `card section ${kind}`, 'aria-labelledby': `section-${kind}`, 'data-section': kind },
    element('h2', { id: `section-${kind}` }, text(`section.${kind}`)),
    kind === 'source' && element('p', { class: 'hint' }, text('section.source-warning')),
    ...(content ?? [element('p', { class: 'damage' }, text('problem.cannot-open'))]),
  )
}

async function open(
  desk: Desk,
  report: string,
  kind: Section,
  sealed: Uint8Array,
  language: string | null,
): Promise<HTMLElement[]> {
  const keys = desk.memory.deskKeys
  const expected = { kind, of: report }
  if (kind === 'situation') {
    const situation = await openJson(sealed, keys, expected, situationSchema)
    const when = [situation.when && codeText('when', situation.when)].filter(Boolean).join('')
    return [
      facts([
        [text('situation.forms'), formsText(situation.forms)],
        [text('situation.when'), when],
        [text('situation.danger'), situation.danger && codeText('danger', situation.danger)],
      ]),
      ...titled(situation.signs.length > 0 && signs(situation.signs), text('situation.signs')),
      ...titled(words(situation.whenWords, language), text('situation.when-words')),
      ...titled(words(situation.words, language), ownWords(language)),
    ]
  }
  if (kind === 'place') {
    const place = await openJson(sealed, keys, expected, placeSchema)
    const municipality = place.municipality && placeText(place.municipality, place.policeUnit)
    return [
      facts([
        [text('place.municipality'), municipality ?? text('place.unknown')],
        [text('place.unit'), policeUnitText(place.policeUnit)],
      ]),
      ...titled(words(place.description, language), text('place.description')),
      ...details(place.details, language),
    ]
  }
  const drawn = details((await openJson(sealed, keys, expected, detailSectionSchema)).details, language)
  return drawn.length > 0 ? drawn : [element('p', { class: 'quiet' }, text('section.empty'))]
}

/** The reporter's own words: in their own direction, with their line breaks, left alone by translators. */
export function words(written: string, language: string | null): HTMLElement | null {
  if (written.trim() === '') return null
  const lang = language && languageTag(language)
  // No <bdi> inside: what stands in one does not count when `dir=auto` looks for the direction.
  return element('p', { class: 'words', dir: 'auto', lang, translate: 'no' }, written)
}

function signs(ids: readonly string[]): HTMLElement {
  return element('ul', { class: 'signs' }, ...ids.map((id) => element('li', {}, signText(id))))
}

function ownWords(language: string | null): string {
  return language ? text('situation.words-in', { language: languageText(language) }) : text('situation.words')
}

function titled(content: HTMLElement | null | false, title: string): HTMLElement[] {
  return content ? [element('h3', {}, title), content] : []
}

/** Each answer as the sentence that was ticked, in the desk's language; a text as it was written. */
function details(given: Details, language: string | null): HTMLElement[] {
  return Object.entries(given).flatMap(([name, answers]) => {
    const known = answers.map((answer) => {
      const sentence = detailText(`${name}.${answer}`, '')
      return sentence === '' ? words(answer, language) : element('p', {}, sentence)
    })
    const drawn = known.filter((one) => one !== null)
    return drawn.length > 0 ? [element('h3', {}, detailText(name)), ...drawn] : []
  })
}
