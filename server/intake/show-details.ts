// What the pages show of details: the questions as sentences with their choices, and the answers read back.
import { type DetailGroup, detailName } from '../report/details.js'
import type { Answers } from '../report/report.js'
import type { Site } from './site.js'
import { questionsFor } from './take-details.js'

/** A group with its texts; `asked` are the questions to show, by default those for this kind of reporter. */
export function showDetails(
  site: Site,
  language: string,
  group: DetailGroup,
  answers: Answers,
  asked = questionsFor(group, answers),
) {
  const t = site.translate(language)
  const texts = site.details(language)[group.id]
  const questions = asked.map((question) => {
    const { kind, options, vantages } = question
    const own = texts?.questions[question.id]
    const name = detailName(group, question)
    const unasked = vantages && !(answers.vantage && vantages.includes(answers.vantage))
    return {
      name,
      kind,
      chosen: answers.details[name] ?? [],
      question: own?.question,
      hint: own?.hint,
      /** whom it is for, where it also stands before somebody else */
      onlyFor: unasked ? vantages.map((vantage) => t(`who.${vantage}`)).join(', ') : null,
      options: options.map(({ id, drawing }) => ({ value: id, label: own?.options[id], drawing })),
    }
  })
  return { id: group.id, title: texts?.title, why: texts?.why, questions }
}

/** A group with what was answered about it, as sentences. */
export function summariseDetails(site: Site, language: string, group: DetailGroup, answers: Answers) {
  const { id, title, questions } = showDetails(site, language, group, answers)
  const rows = questions
    .filter(({ chosen }) => chosen.length > 0)
    .map(({ question, chosen, options }) => ({
      question,
      answers: chosen.map((given) => options.find(({ value }) => value === given)?.label ?? given),
    }))
  return { id, title, rows }
}
