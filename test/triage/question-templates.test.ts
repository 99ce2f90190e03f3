import t from 'tap'
import { z } from 'zod'
import { loadTexts, readData } from '../../server/i18n/index.js'
import { questionTemplateSchema } from '../../server/report/question-template.js'
import { loadQuestionTemplates } from '../../server/triage/question-templates.js'
import { alteredTexts } from '../support/altered-texts.js'

type I18n = { loadTexts: typeof loadTexts }
const templates = readData('questions.json', z.array(questionTemplateSchema))

t.test('there are at least twelve questions, each with one id, and free words are the exception', (t) => {
  t.ok(templates.length >= 12)
  t.equal(new Set(templates.map(({ id }) => id)).size, templates.length)
  const withWords = templates.filter(({ slots }) => slots.some(({ kind }) => kind === 'words'))
  t.equal(withWords.length, 1)
  t.end()
})

t.test('no question asks who the reporter is or how to reach them', (t) => {
  const texts = loadTexts()
  const asking = /uw naam|hoe heet|uw adres|uw telefoon|e-mail|your name|your address|your phone|who are you/i
  for (const { code } of texts.languages)
    for (const [id, text] of Object.entries(
      texts.read(code, 'questions.json', z.record(z.string(), z.string())),
    ))
      t.notMatch(text, asking, `${code} ${id}`)
  t.end()
})

t.test('a question that is missing in a language, or has other gaps there, stops the start', async (t) => {
  const altered = await alteredTexts(t)
  await altered.change('en/questions.json', (text) =>
    text.replace('{day}', '{plate}').replace('"how_many": "', '"how_many": "", "old": "'),
  )
  const { loadTexts } = await altered.load<I18n>('i18n/index.js')
  const texts = loadTexts()
  t.throws(() => loadQuestionTemplates(texts), {
    message: /:\nen\/questions\.json: on_day\nen\/questions\.json: how_many$/,
  })
})
