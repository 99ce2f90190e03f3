// What each of the five kinds of reporter reads and answers on the road, and what the desk must read of it. The words
// come from the texts themselves, not as the site hands them out.
import * as z from 'zod'
import { readData } from '../../server/i18n/index.js'
import { type Entry, entriesSchema } from '../../server/intake/entries.js'
import { parseReport } from '../../server/intake/parse-report.js'
import { loadSite, type Site } from '../../server/intake/site.js'
import { sketchReport } from '../../server/intake/sketch-report.js'
import { detailName } from '../../server/report/details.js'
import type { Answers, Place, ReportHeader, Situation } from '../../server/report/report.js'
import type { Sign } from '../../server/report/signs.js'

const ownWords = (language: string, file: string): Record<string, string> =>
  readData(`${language}/${file}`, z.record(z.string(), z.string()))

/** What a kind of reporter should read, from the texts themselves: not as the site hands them out. */
export function entryOf(language: string, vantage: Answers['vantage']): Entry {
  const entry = readData(`${language}/entries.json`, entriesSchema)[vantage ?? 'other']
  if (!entry) throw new Error(`no entry for ${vantage}`)
  return entry
}

/** The signs in the words of this reporter: the person affected reads of herself. */
export function signsOf(language: string, vantage: Answers['vantage']): (Sign & { text: string })[] {
  const texts = {
    ...ownWords(language, 'signs.json'),
    ...(vantage === 'affected' && ownWords(language, 'signs-self.json')),
  }
  return site.catalogue.signs.map((sign) => ({ ...sign, text: texts[sign.id] ?? '' }))
}

export const site: Site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })

export const ENTRIES = ['citizen', 'client', 'sex_worker', 'professional', 'affected'] as const
export type EntryName = (typeof ENTRIES)[number]

/** What each kind of reporter answers; nothing in it points to herself. */
export const ROADS: Readonly<Record<EntryName, Answers>> = {
  citizen: {
    vantage: 'citizen',
    danger: 'no',
    forms: ['labour'],
    signs: ['l1', 'l10'],
    words: 'A white van stops at the barn.\nSix people get out and nobody speaks.',
    municipality: 'Someren',
    place: 'The old barn behind the canal',
    when: 'now',
    whenWords: 'Mostly on working days',
    details: { 'spot-kind': ['workplace', 'vehicle'], 'spot-sleeps': ['moved'], 'spot-address': ['Barn 3'] },
  },
  client: {
    vantage: 'client',
    danger: 'unknown',
    forms: ['sexual'],
    signs: ['s4', 's6'],
    words: 'Somebody else answered the telephone and set the price.',
    municipality: 'Utrecht',
    place: 'A flat above a shop',
    when: 'past',
    whenWords: 'In the spring',
    details: {
      'behind-role': ['agency', 'group'],
      'behind-control': ['debt'],
      'behind-offender': ['A man in a blue coat'],
    },
  },
  sex_worker: {
    vantage: 'sex_worker',
    danger: 'no',
    forms: ['sexual', 'financial_fraud'],
    signs: ['s7', 's14'],
    words: 'She must hand over all money and the debt only grows.',
    municipality: 'Rotterdam',
    place: 'The third window',
    when: 'planned',
    whenWords: 'They want to move her',
    details: { 'know-how': ['seen', 'told'], 'know-only': ['no'], 'know-risks': ['lookout'] },
  },
  professional: {
    vantage: 'professional',
    danger: 'no',
    forms: ['labour', 'services'],
    signs: ['l11', 'l13'],
    words: 'The boss does all the talking.\nThe person looks at the floor.',
    municipality: 'Utrecht',
    place: 'Seen at the surgery',
    when: 'recent',
    whenWords: 'Several times',
    details: {
      'people-count': ['few'],
      'people-age': ['teen', 'adult'],
      'people-person': ['Speaks Hungarian'],
      'people-consent': ['pseudonym'],
    },
  },
  affected: {
    vantage: 'affected',
    danger: 'yes',
    forms: ['labour'],
    signs: ['l3', 'l4'],
    words: 'The boss keeps all papers. There is no way to leave.',
    municipality: '',
    place: '',
    when: null,
    whenWords: '',
    details: { 'people-papers': ['other'], 'people-free': ['no'] },
  },
}

/** How each question is asked of this reporter. */
export function questionTexts(language: string, { vantage }: Answers) {
  const t = site.translate(language)
  const { signs, words } = entryOf(language, vantage)
  return {
    danger: t('danger.question'),
    who: t('who.question'),
    what: t('what.question'),
    signs: signs.question,
    words: words.question,
    where: t('where.question'),
    when: t('when.question'),
  }
}

/** The chosen forms as their boxes are called. */
export function formNames(language: string, { forms }: Answers): string[] {
  return site
    .forms(language)
    .filter(({ code }) => forms.includes(code))
    .map(({ title, short }) => `${title} ${short}`)
}

/** The chosen signs in the words of this reporter. */
export function signTexts(language: string, { signs, vantage }: Answers): string[] {
  return signsOf(language, vantage)
    .filter(({ id }) => signs.includes(id))
    .map(({ text }) => text)
}

/** What the desk must read of these answers, section by section. */
export function sealedSections(language: string, answers: Answers) {
  const { vantage, danger, forms, signs, words, when, whenWords } = answers
  const parsed = parseReport(answers, 0, language, site.catalogue)
  const found = site.catalogue.regions.find(answers.municipality)
  const place = found.kind === 'found' ? found.municipality : null
  const details = (section: string) => ({
    details: Object.fromEntries(
      site.catalogue.details
        .filter((group) => group.section === section)
        .flatMap((group) => group.questions.map((question) => detailName(group, question)))
        .flatMap((name) => (answers.details[name] ? [[name, answers.details[name]]] : [])),
    ),
  })
  const header: ReportHeader = {
    language,
    vantage,
    municipality: place?.code ?? null,
    forms,
    signs: signs.length,
    danger,
    minor: answers.details['people-age']?.includes('teen') === true,
    when,
    mailbox: null,
    alike: parsed.kind === 'parsed' ? sketchReport(parsed.report) : null,
  }
  const situation: Situation = { forms, signs, words, when, whenWords, danger }
  const whereabouts: Place = {
    municipality: place?.code ?? null,
    policeUnit: place?.policeUnit ?? 'national',
    description: answers.place,
    ...details('place'),
  }
  return {
    header,
    situation,
    place: whereabouts,
    victims: details('victims'),
    offenders: details('offenders'),
    source: details('source'),
  }
}
