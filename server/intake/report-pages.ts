// What the pages of a report show: each question with its choices, and everything together before sending.

import type { HelpRow } from '../help/directory.js'
import { type DeskHours, describeHours, isReadingAt } from '../report/desk-hours.js'
import type { MadeType } from '../report/file-kinds.js'
import {
  type Answers,
  DANGERS,
  LONGEST_PLACE,
  LONGEST_TEXT,
  MOST_FILES,
  NO_ANSWERS,
  WHENS,
} from '../report/report.js'
import { helpOf } from '../report/routing.js'
import { signsFor, VANTAGES } from '../report/signs.js'
import { isCoverable, type LimitsInWords } from '../sanitising/index.js'
import type { ReportDraft } from './draft.js'
import { nameOf, type PicturedFile } from './keep-files.js'
import {
  type FieldErrors,
  isAboutMinor,
  maySpeakAsMinor,
  STEPS,
  type Step,
  stepOfField,
} from './parse-report.js'
import { summariseDetails } from './show-details.js'
import type { Site } from './site.js'

/** More numbers than one can choose from help nobody. */
const MOST_NUMBERS = 3

/** Pages of the road that ask nothing. */
const TELLING = ['now', 'first'] as const
export type Telling = (typeof TELLING)[number]
export type RoadPage = Step | Telling

/** The pages for these answers, in their order: danger comes before everything, help before reporting. */
export function roadOf(site: Site, answers: Pick<Answers, 'danger' | 'vantage'>): RoadPage[] {
  const [danger, who, ...others] = STEPS
  const isFirst = site.entry(site.settings.defaultLanguage, answers.vantage).first !== null
  return [
    danger,
    ...(answers.danger === 'yes' ? (['now'] as const) : []),
    who,
    ...(isFirst ? (['first'] as const) : []),
    ...others,
  ]
}

/** Where a page leads back and on to; null at the ends. */
export function neighbours(
  road: readonly RoadPage[],
  page: RoadPage,
): { before: RoadPage | null; after: RoadPage | null } {
  const at = road.indexOf(page)
  return { before: road[at - 1] ?? null, after: road[at + 1] ?? null }
}

/** Everything the question templates need, for one step or for all of them. */
export function questionData(site: Site, language: string, answers: Answers, errors: FieldErrors): object {
  return {
    ...limits(site, answers),
    answers,
    errors,
    entry: site.entry(language, answers.vantage),
    vantages: VANTAGES,
    dangers: DANGERS,
    whens: WHENS,
    drawn: site.drawings.choices,
    forms: site.forms(language),
    municipalities: site.catalogue.regions.municipalities.map(({ name }) => name),
  }
}

/** What the sentences of errors name. */
function limits(site: Site, { municipality }: Pick<Answers, 'municipality'>): object {
  const found = site.catalogue.regions.find(municipality)
  return {
    severalNames: found.kind === 'several' ? found.names.join(', ') : '',
    longestText: LONGEST_TEXT,
    longestPlace: LONGEST_PLACE,
  }
}

/** One question as a page. */
export function stepPage(site: Site, language: string, step: Step, draft: ReportDraft | null): string {
  const answers = draft?.answers ?? NO_ANSWERS
  const errors = draft?.errors[step] ?? {}
  const { before, after } = neighbours(roadOf(site, answers), step)
  const t = site.translate(language)
  return site.page(
    language,
    'step',
    {
      ...questionData(site, language, answers, errors),
      signs: signsFor(site.signs(language, answers.vantage), answers),
      step,
      backTo: before ? `/${language}/report/${before}` : `/${language}/report`,
      // A draft begins with the first answer, so the first question is skipped by choosing "rather not say".
      skipTo: before && after ? `/${language}/report/${after}` : null,
    },
    { title: titleOf(t(`${step}.browserTitle`), errors, t('error.title')), path: `/report/${step}` },
  )
}

/** Danger now: whom to call first, and whether anybody reads at this moment. */
export function nowPage(
  site: Site,
  language: string,
  draft: ReportDraft,
  { deskHours, clock }: { deskHours: DeskHours | null; clock: () => Date },
): string {
  const t = site.translate(language)
  const { before, after } = neighbours(roadOf(site, { ...draft.answers, danger: 'yes' }), 'now')
  const reads = deskHours && (isReadingAt(deskHours, clock()) ? 'now.readsNow' : 'now.readsLater')
  return site.page(
    language,
    'now',
    {
      hours: deskHours && describeHours(deskHours, language),
      reads: reads ?? 'now.readsUnknown',
      backTo: `/${language}/report/${before}`,
      onTo: `/${language}/report/${after}`,
    },
    { title: t('now.browserTitle'), path: '/report/now' },
  )
}

/** What this kind of reporter reads before the questions, with whom to call. */
export function firstPage(site: Site, language: string, { answers }: ReportDraft): string {
  const t = site.translate(language)
  const { before, after } = neighbours(roadOf(site, answers), 'first')
  return site.page(
    language,
    'first',
    {
      first: site.entry(language, answers.vantage).first,
      rows: helpFor(site, language, answers).slice(0, MOST_NUMBERS),
      backTo: `/${language}/report/${before ?? 'who'}`,
      onTo: `/${language}/report/${after ?? 'what'}`,
    },
    { title: t('first.browserTitle'), path: '/report/first' },
  )
}

/** Whom these answers point to, by the rules of routes.json; 112 stands on every page already. */
export function helpFor(site: Site, language: string, answers: Answers): HelpRow[] {
  const { danger, vantage, forms } = answers
  const minor = isAboutMinor(answers, site.catalogue)
  const border = answers.details['spot-kind']?.includes('border') === true
  const ids = helpOf(site.routes, {
    danger,
    vantage,
    forms,
    minor,
    border,
    onlySource: isOnlySource(answers),
  })
  const rows = site.help(language)
  return ids.flatMap((id) => rows.filter((row) => row.id === id && row.id !== 'emergency' && row.phone))
}

function isOnlySource({ details }: Pick<Answers, 'details'>): boolean {
  return ['yes', 'maybe'].includes(details['know-only']?.[0] ?? 'no')
}

/** The page for files. */
export function filesPage(
  site: Site,
  language: string,
  draft: ReportDraft,
  { files, limits }: { files: readonly PicturedFile[]; limits: LimitsInWords },
): string {
  const errors = draft.errors.files ?? {}
  const t = site.translate(language)
  return site.page(
    language,
    'files',
    {
      errors,
      files: tellFiles(site, language, files),
      refused: draft.refused,
      limits,
      mostFiles: MOST_FILES,
      backTo: `/${language}/report/when`,
    },
    { title: titleOf(t('files.browserTitle'), errors, t('error.title')), path: '/report/files' },
  )
}

/** Files as their list shows them: what was hidden in each as a sentence. */
export function tellFiles(site: Site, language: string, files: readonly PicturedFile[]) {
  const t = site.translate(language)
  const listing = new Intl.ListFormat(language)
  return files.map(({ hidden, ...file }, index) => ({
    ...file,
    title: t(`files.${subjectOf(file.type)}`, {
      number: index + 1,
      pages: file.pages,
      length: lengthText(file.seconds),
    }),
    name: nameOf(file),
    coverable: isCoverable(file.type),
    told: hidden.length
      ? t('files.hidden', { list: listing.format(hidden.map((kind) => t(`hidden.${kind}`))) })
      : t('files.hiddenNone'),
  }))
}

function subjectOf(type: MadeType): 'pdf' | 'sound' | 'video' | 'photo' {
  if (type === 'application/pdf') return 'pdf'
  if (type === 'audio/webm') return 'sound'
  return type === 'video/webm' ? 'video' : 'photo'
}

/** Minutes and seconds, as players show them in every language. */
function lengthText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** All answers together, each with a way to change it. */
export function checkPage(site: Site, language: string, draft: ReportDraft): string {
  const errors = draft.errors.check ?? {}
  const t = site.translate(language)
  return site.page(
    language,
    'check',
    {
      errors,
      ...limits(site, draft.answers),
      // The link to an error leads to the page that asks; what belongs to no question stands on this one.
      errorLink: (field: string) => {
        const page = field.includes('-') ? `more/${field.split('-')[0]}` : stepOfField(field)
        return page === 'check' ? `#${field}` : `/${language}/report/${page}`
      },
      summary: summarise(site, language, draft),
      more: site.catalogue.details.map((group) => summariseDetails(site, language, group, draft.answers)),
      rows: helpFor(site, language, draft.answers).slice(0, MOST_NUMBERS),
      isOnlySource: isOnlySource(draft.answers),
      young: maySpeakAsMinor(draft.answers, site.catalogue),
      backTo: `/${language}/report/files`,
    },
    { title: titleOf(t('check.browserTitle'), errors, t('error.title')), path: '/report/check' },
  )
}

/** The title of the tab; on a page with errors it says so first. */
export function titleOf(title: string, errors: FieldErrors, errorTitle: string): string {
  return Object.keys(errors).length > 0 ? `${errorTitle}: ${title}` : title
}

type SummaryRow = { step: Step; question: string; answers: string[] }

function summarise(site: Site, language: string, { answers, files }: ReportDraft): SummaryRow[] {
  const t = site.translate(language)
  const choice = (step: string, value: string | null): string[] => (value ? [t(`${step}.${value}`)] : [])
  const titles = new Map<string, string>(site.forms(language).map(({ code, title }) => [code, title]))
  const signs = new Map(site.signs(language, answers.vantage).map(({ id, text }) => [id, text]))
  const rows: Record<Exclude<Step, 'check'>, string[]> = {
    danger: choice('danger', answers.danger),
    who: choice('who', answers.vantage),
    what: answers.forms.map((code) => titles.get(code) ?? code),
    signs: answers.signs.map((id) => signs.get(id) ?? id),
    words: [answers.words],
    where: [answers.municipality, answers.place],
    when: [...choice('when', answers.when), answers.whenWords],
    files: files.length > 0 ? [t('check.fileCount', { count: files.length })] : [],
  }
  const entry = site.entry(language, answers.vantage)
  const questions: Readonly<Record<string, string>> = {
    signs: entry.signs.question,
    words: entry.words.question,
    files: t('check.files'),
  }
  return Object.entries(rows).map(([step, given]) => ({
    step: step as Step,
    question: questions[step] ?? t(`${step}.question`),
    answers: given.filter((answer) => answer.trim() !== ''),
  }))
}
