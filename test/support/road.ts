// The reporter's road, walked in a real browser from the home page to "received" as the texts of a language lead her,
// and the one page. Who walks (pointer or keyboard) and what is looked at on each page is up to the test.
import type { Locator, Page } from 'playwright-core'
import { type DetailGroup, detailName } from '../../server/report/details.js'
import { type Answers, NO_ANSWERS } from '../../server/report/report.js'
import { entryOf, formNames, questionTexts, signTexts, site } from './road-texts.js'

/** Pages of the road; those beside it are called `more-<subject>`. */
export type RoadStep = string

/** Whoever walks: finds things by what they are called, as people do. */
export interface Hand {
  follow(link: string): Promise<void>
  press(button: string): Promise<void>
  choose(question: string, option: string): Promise<void>
  write(field: string, text: string): Promise<void>
  /** opens a part that is folded */
  unfold(title: string): Promise<void>
}

/** A finger or a mouse. */
export function pointerHand(page: Page): Hand {
  return {
    follow: (link) => linkOf(page, link).click(),
    press: (button) => buttonOf(page, button).click(),
    choose: (question, option) => optionOf(page, question, option).check(),
    write: (field, text) => page.getByLabel(field, { exact: true }).fill(text),
    unfold: (title) => foldOf(page, title).click(),
  }
}

export function linkOf(page: Page, name: string): Locator {
  return page.locator('main').getByRole('link', { name, exact: true }).first()
}

export function buttonOf(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

export function foldOf(page: Page, title: string): Locator {
  return page.locator('summary', { hasText: title })
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

/** The same answers on the one page, which is open. Sends them. */
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
  for (const group of site.catalogue.details) {
    if (!Object.keys(answers.details).some((name) => name.startsWith(`${group.id}-`))) continue
    await hand.unfold(site.details(language)[group.id]?.title ?? '')
    await answerDetails(group, { language, answers, hand })
  }
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
    if (!Object.keys(answers.details).some((name) => name.startsWith(`${group.id}-`))) continue
    await hand.follow(t('details.add', { question: site.details(language)[group.id]?.title ?? '' }))
    await arrive(`more-${group.id}`, `/report/more/${group.id}`)
    await answerDetails(group, { language, answers, hand })
    await hand.press(t('details.save'))
    await page.waitForURL('**/report/check')
  }
}

async function answerDetails(
  group: DetailGroup,
  { language, answers, hand }: { language: string; answers: Answers; hand: Hand },
): Promise<void> {
  for (const question of group.questions) {
    const own = site.details(language)[group.id]?.questions[question.id]
    for (const value of answers.details[detailName(group, question)] ?? []) {
      if (question.kind === 'text') await hand.write(own?.question ?? '', value)
      else await hand.choose(own?.question ?? '', own?.options[value] ?? '')
    }
  }
}
