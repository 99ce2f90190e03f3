import { z } from 'zod'
import { readData, type Texts } from '../i18n/index.js'
import { type QuestionTemplate, questionTemplateSchema, slotsIn } from '../report/question-template.js'

export interface WrittenQuestion extends QuestionTemplate {
  /** the sentence by language */
  readonly texts: Readonly<Record<string, string>>
}

/** The questions with their sentence in every language. Throws one list of what is missing, or has other gaps. */
export function loadQuestionTemplates(texts: Texts): WrittenQuestion[] {
  const templates = readData('questions.json', z.array(questionTemplateSchema))
  const written = texts.languages.map(
    ({ code }) => [code, texts.read(code, 'questions.json', z.record(z.string(), z.string()))] as const,
  )
  const wrong = written.flatMap(([code, own]) =>
    templates
      .filter(({ id, slots }) => {
        const gaps = slots.map(({ name }) => name).sort()
        return !own[id]?.trim() || slotsIn(own[id]).sort().join() !== gaps.join()
      })
      .map(({ id }) => `${code}/questions.json: ${id}`),
  )
  if (wrong.length > 0) throw new Error(`questions are missing or have other gaps:\n${wrong.join('\n')}`)
  return templates.map((template) => ({
    ...template,
    texts: Object.fromEntries(written.map(([code, own]) => [code, own[template.id] ?? ''])),
  }))
}
