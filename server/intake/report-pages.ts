// What the pages of a report show: each question with its choices, and everything together before sending.
import {
  type Answers,
  DANGERS,
  LONGEST_PLACE,
  LONGEST_TEXT,
  MOST_FILES,
  NO_ANSWERS,
  WHENS,
} from '../report/report.js'
import { signsOfForms, VANTAGES } from '../report/signs.js'
import type { ReportDraft } from './draft.js'
import { type FieldErrors, STEPS, type Step, stepOfField } from './parse-report.js'
import type { Site } from './site.js'

const MEGABYTE = 1024 * 1024

/** Where a step leads back and on to; null at the ends. */
export function neighbours(step: Step): { before: Step | null; after: Step | null } {
  const at = STEPS.indexOf(step)
  return { before: STEPS[at - 1] ?? null, after: STEPS[at + 1] ?? null }
}

/** Everything the question templates need, for one step or for all of them. */
export function questionData(site: Site, language: string, answers: Answers, errors: FieldErrors): object {
  const found = site.catalogue.regions.find(answers.municipality)
  return {
    answers,
    errors,
    vantages: VANTAGES,
    dangers: DANGERS,
    whens: WHENS,
    forms: site.forms(language),
    municipalities: site.catalogue.regions.municipalities.map(({ name }) => name),
    severalNames: found.kind === 'several' ? found.names.join(', ') : '',
    longestText: LONGEST_TEXT,
    longestPlace: LONGEST_PLACE,
  }
}

/** One question as a page. */
export function stepPage(site: Site, language: string, step: Step, draft: ReportDraft | null): string {
  const answers = draft?.answers ?? NO_ANSWERS
  const errors = draft?.errors[step] ?? {}
  const { before, after } = neighbours(step)
  const t = site.translate(language)
  return site.page(
    language,
    'step',
    {
      ...questionData(site, language, answers, errors),
      signs: signsOfForms(site.signs(language), answers.forms),
      step,
      backTo: before ? `/${language}/report/${before}` : `/${language}/report`,
      // A draft begins with the first answer, so the first question is skipped by choosing "rather not say".
      skipTo: before && after ? `/${language}/report/${after}` : null,
    },
    { title: titleOf(t(`${step}.browserTitle`), errors, t('error.title')), path: `/report/${step}` },
  )
}

/** The page for files. */
export function filesPage(site: Site, language: string, draft: ReportDraft, maxFileBytes: number): string {
  const errors = draft.errors.files ?? {}
  const t = site.translate(language)
  return site.page(
    language,
    'files',
    {
      errors,
      files: draft.files,
      refused: draft.refused,
      mostFiles: MOST_FILES,
      megabytes: maxFileBytes / MEGABYTE,
      backTo: `/${language}/report/when`,
    },
    { title: titleOf(t('files.browserTitle'), errors, t('error.title')), path: '/report/files' },
  )
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
      errorLink: (field: string) => `/${language}/report/${stepOfField(field)}`,
      summary: summarise(site, language, draft),
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
  const signs = new Map(site.signs(language).map(({ id, text }) => [id, text]))
  const rows: Record<Exclude<Step, 'check'>, string[]> = {
    who: choice('who', answers.vantage),
    danger: choice('danger', answers.danger),
    what: answers.forms.map((code) => titles.get(code) ?? code),
    signs: answers.signs.map((id) => signs.get(id) ?? id),
    words: [answers.words],
    where: [answers.municipality, answers.place],
    when: [...choice('when', answers.when), answers.whenWords],
    files: files.length > 0 ? [t('check.fileCount', { count: files.length })] : [],
  }
  return Object.entries(rows).map(([step, given]) => ({
    step: step as Step,
    question: t(step === 'files' ? 'check.files' : `${step}.question`),
    answers: given.filter((answer) => answer.trim() !== ''),
  }))
}
