// "Does this give you away?" Before sending, the reporter is asked about what in her own words may tell who she is.
// She decides about each; nothing is taken out unasked, and an empty list is no promise.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type FindGiveaways, type Giveaway, type Range, takeOut } from '../giveaway/index.js'
import { Problem } from '../problem.js'
import type { Answers } from '../report/report.js'
import type { ReportDraft } from './draft.js'
import { readFields } from './form-body.js'
import type { FormFields } from './parse-report.js'
import type { IntakeParts } from './parts.js'
import { changeVisit, sendPage, tokenOf } from './visit.js'

/** Fields in which a number or an address is asked for are not searched: there it belongs. */
const SEARCHED_DETAILS = [
  ...['people-person', 'people-secondPerson', 'people-thirdPerson', 'behind-offender'],
  ...['know-seen', 'know-heard', 'know-told'],
]
const CHOICES = ['out', 'keep', 'leave'] as const
/** Around a finding, so that it is recognised. */
const CONTEXT = 30

type Texts = Readonly<Record<string, string>>

function textsOf({ words, place, whenWords, details }: Answers): Texts {
  const more = SEARCHED_DETAILS.map((name) => [name, details[name]?.[0] ?? ''])
  return { words, place, whenWords, ...Object.fromEntries(more) }
}

/** What the reporter should be asked about, as a page shows it. */
export function questionsAbout(find: FindGiveaways, answers: Answers) {
  const texts = textsOf(answers)
  return find(texts).giveaways.map((giveaway) => ({
    name: nameOf(giveaway),
    kind: giveaway.kind,
    text: giveaway.text,
    before: (texts[giveaway.field] ?? '').slice(0, giveaway.start).slice(-CONTEXT),
    after: (texts[giveaway.field] ?? '').slice(giveaway.end).slice(0, CONTEXT),
  }))
}

function nameOf({ field, start, end }: Giveaway<string>): string {
  return `at-${field}-${start}-${end}`
}

/** Takes out what the reporter said is about her. A place that moved since the page was shown is left alone. */
export function takeOutChosen(find: FindGiveaways, answers: Answers, fields: FormFields): Answers {
  const texts = textsOf(answers)
  const chosen = find(texts).giveaways.filter(
    (giveaway) => fields.get(nameOf(giveaway))?.at(-1) === CHOICES[0],
  )
  const cleaned = (field: string): string => {
    const ranges: Range[] = chosen.filter((giveaway) => giveaway.field === field)
    return takeOut(texts[field] ?? '', ranges)
  }
  const details = SEARCHED_DETAILS.flatMap((name) =>
    answers.details[name] ? [{ [name]: [cleaned(name)] }] : [],
  )
  return {
    ...answers,
    words: cleaned('words'),
    place: cleaned('place'),
    whenWords: cleaned('whenWords'),
    details: Object.assign({}, answers.details, ...details) as Answers['details'],
  }
}

/** Registers the page in every language. */
export function registerLook(app: FastifyInstance, parts: IntakeParts): void {
  for (const { code } of parts.site.languages) {
    const page = `/${code}/report/look`
    app.get(page, (request, reply) => show(request, reply, parts, code))
    app.post(page, (request, reply) => decide(request, reply, parts, code))
  }
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const report = (await parts.drafts.get(tokenOf(request, parts.cookie)))?.report
  if (!report) throw new Problem('draft-gone')
  const questions = questionsAbout(parts.findGiveaways, report.answers)
  if (questions.length === 0) return reply.redirect(`/${language}/report/check`, 303)
  const title = parts.site.translate(language)('look.browserTitle')
  const data = { questions, choices: CHOICES, backTo: `/${language}/report/check` }
  return sendPage(request, reply, parts.site.page(language, 'look', data, { title, path: '/report/look' }))
}

async function decide(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const fields = readFields(request)
  let next = 'check'
  await changeVisit(request, reply, parts, (before) => {
    const { report } = before
    if (!report) return before
    // Somebody who has a code already was on the way to send with it.
    next = report.code ? 'code' : 'check'
    const answers = takeOutChosen(parts.findGiveaways, report.answers, fields)
    return { ...before, report: { ...report, answers, looked: true } satisfies ReportDraft }
  })
  return reply.redirect(`/${language}/report/${next}`, 303)
}
