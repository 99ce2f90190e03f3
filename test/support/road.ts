// The reporter's road, walked in a real browser from the home page to "received" as the texts of a language lead her:
// five kinds of reporter, what each of them answers, and every page on the way. Who walks (pointer or keyboard) and
// what is looked at on each page is up to the test.

import type { Locator, Page } from 'playwright-core'
import * as z from 'zod'
import { readData } from '../../server/i18n/index.js'
import { type Entry, entriesSchema } from '../../server/intake/entries.js'
import { loadSite, type Site } from '../../server/intake/site.js'
import { detailName } from '../../server/report/details.js'
import {
  type Answers,
  NO_ANSWERS,
  type Place,
  type ReportHeader,
  type Situation,
} from '../../server/report/report.js'
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

/** Pages of the road; those beside it are called `more-<subject>`. */
export type RoadStep = string

/** Whoever walks: finds things by what they are called, as people do. */
export interface Hand {
  follow(link: string): Promise<void>
  press(button: string): Promise<void>
  choose(question: string, option: string): Promise<void>
  write(field: string, text: string): Promise<void>
}

/** A finger or a mouse. */
export function pointerHand(page: Page): Hand {
  return {
    follow: (link) => linkOf(page, link).click(),
    press: (button) => buttonOf(page, button).click(),
    choose: (question, option) => optionOf(page, question, option).check(),
    write: (field, text) => page.getByLabel(field, { exact: true }).fill(text),
  }
}

export function linkOf(page: Page, name: string): Locator {
  return page.locator('main').getByRole('link', { name, exact: true }).first()
}

export function buttonOf(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

export function optionOf(page: Page, question: string, option: string): Locator {
  const group = page.getByRole('group', { name: question, exact: true })
  return group
    .getByRole('radio', { name: option, exact: true })
    .or(group.getByRole('checkbox', { name: option, exact: true }))
}

export interface Walk {
  readonly page: Page
  readonly origin: string
  readonly language: string
  readonly answers?: Answers
  readonly hand?: Hand
  /** called on each page, before it is answered; on the check of all answers when everything is in it */
  readonly look?: (step: RoadStep) => Promise<void>
}

/** From the home page to "received". Throws when the road does not go where it should. */
export async function walkRoad({
  page,
  origin,
  language,
  answers = NO_ANSWERS,
  ...more
}: Walk): Promise<void> {
  const { hand = pointerHand(page), look = async () => undefined } = more
  const t = site.translate(language)
  const questions = questionTexts(language, answers)
  const arrive = async (step: RoadStep, path = `/report/${step}`): Promise<void> => {
    await page.waitForURL(`${origin}/${language}${path}`)
    await look(step)
  }
  const goOn = async (answered: boolean): Promise<void> =>
    answered ? hand.press(t('step.continue')) : hand.follow(t('step.skip'))

  await page.goto(`${origin}/${language}/`)
  await arrive('home', '/')
  await hand.follow(t('home.report'))
  await arrive('start', '/report')
  await hand.follow(t('start.phoneNo'))

  await arrive('danger')
  if (answers.danger) await hand.choose(questions.danger, t(`danger.${answers.danger}`))
  await hand.press(t('step.continue'))
  if (answers.danger === 'yes') {
    await arrive('now')
    await hand.follow(t('step.continue'))
  }
  await arrive('who')
  if (answers.vantage) await hand.choose(questions.who, t(`who.${answers.vantage}`))
  await goOn(answers.vantage !== null)
  if (entryOf(language, answers.vantage).first) {
    await arrive('first')
    await hand.follow(t('step.continue'))
  }
  await arrive('what')
  for (const form of formNames(language, answers)) await hand.choose(questions.what, form)
  await goOn(answers.forms.length > 0)
  await arrive('signs')
  for (const sign of signTexts(language, answers)) await hand.choose(questions.signs, sign)
  await goOn(answers.signs.length > 0)
  await arrive('words')
  if (answers.words) await hand.write(questions.words, answers.words)
  await goOn(answers.words !== '')
  await arrive('where')
  if (answers.municipality) await hand.write(t('where.municipality'), answers.municipality)
  if (answers.place) await hand.write(t('where.place'), answers.place)
  await goOn(answers.municipality + answers.place !== '')
  await arrive('when')
  if (answers.when) await hand.choose(questions.when, t(`when.${answers.when}`))
  if (answers.whenWords) await hand.write(t('when.words'), answers.whenWords)
  await goOn(answers.when !== null || answers.whenWords !== '')
  await arrive('files')
  await hand.follow(t('step.continue'))
  await page.waitForURL('**/report/check')

  await walkBeside({ page, language, answers, hand, arrive })
  await arrive('check')
  await hand.press(t('check.send'))
  if (await asksToLook(page)) {
    await arrive('look')
    await hand.press(t('look.save'))
    await page.waitForURL('**/report/check')
    await hand.press(t('check.send'))
  }
  await arrive('received')
}

/** The same answers on the one page, which is open; details have no place there. Sends them. */
export async function fillOnePage({
  page,
  language,
  answers,
  hand = pointerHand(page),
}: Pick<Walk, 'page' | 'language' | 'hand'> & { readonly answers: Answers }): Promise<void> {
  const t = site.translate(language)
  // Nobody has said yet who she is: the signs and the story are asked of everybody alike.
  const questions = questionTexts(language, NO_ANSWERS)
  if (answers.danger) await hand.choose(questions.danger, t(`danger.${answers.danger}`))
  if (answers.vantage) await hand.choose(questions.who, t(`who.${answers.vantage}`))
  for (const form of formNames(language, answers)) await hand.choose(questions.what, form)
  for (const sign of signTexts(language, { ...answers, vantage: null }))
    await hand.choose(questions.signs, sign)
  if (answers.words) await hand.write(questions.words, answers.words)
  if (answers.municipality) await hand.write(t('where.municipality'), answers.municipality)
  if (answers.place) await hand.write(t('where.place'), answers.place)
  if (answers.when) await hand.choose(questions.when, t(`when.${answers.when}`))
  if (answers.whenWords) await hand.write(t('when.words'), answers.whenWords)
  await hand.press(t('check.send'))
}

/** Whether the site asks about words that may tell who the reporter is. */
async function asksToLook(page: Page): Promise<boolean> {
  await page.waitForURL(/\/report\/(look|received)$/)
  return page.url().endsWith('/look')
}

/** The pages beside the road, for which there are answers. */
async function walkBeside({
  page,
  language,
  answers,
  hand,
  arrive,
}: {
  page: Page
  language: string
  answers: Answers
  hand: Hand
  arrive: (step: RoadStep, path: string) => Promise<void>
}): Promise<void> {
  const t = site.translate(language)
  for (const group of site.catalogue.details) {
    const texts = site.details(language)[group.id]
    const asked = group.questions.filter((question) => answers.details[detailName(group, question)])
    if (!texts || asked.length === 0) continue
    await hand.follow(t('details.add', { question: texts.title }))
    await arrive(`more-${group.id}`, `/report/more/${group.id}`)
    for (const question of asked) {
      const own = texts.questions[question.id]
      for (const value of answers.details[detailName(group, question)] ?? []) {
        if (question.kind === 'text') await hand.write(own?.question ?? '', value)
        else await hand.choose(own?.question ?? '', own?.options[value] ?? '')
      }
    }
    await hand.press(t('details.save'))
    await page.waitForURL('**/report/check')
  }
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
