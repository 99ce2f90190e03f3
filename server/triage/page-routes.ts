// The one page of the partner app. All texts come with it; everything else is JSON, or code (code-routes.ts).

import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { loadTexts, readData } from '../i18n/index.js'
import { loadRegions } from '../regions/index.js'
import { type DetailTexts, detailTextsSchema } from '../report/details.js'
import { formSchema } from '../report/signs.js'
import { requireLanguage } from '../settings.js'
import { createRender } from '../web/views.js'
import { type CodeFile, integrityOf, listHashes, shortHash } from './browser-code.js'
import { loadQuestionTemplates } from './question-templates.js'
import { passkeyHost } from './signin/relying-party.js'

const textsSchema = z.record(z.string(), z.string())

export interface DeskSettings {
  readonly siteName: string
  readonly defaultLanguage: string
  readonly demonstration: boolean
  /** the address that people reach the partner app at; without one, this machine */
  readonly origin?: string
}

export const LOOPBACK = 'http://127.0.0.1'

/** Registers the page in each language; gives the paths it stands at. */
export function registerDeskPages(
  app: FastifyInstance,
  settings: DeskSettings,
  code: readonly CodeFile[],
): string[] {
  const pages = renderPages(settings, code)
  for (const [path, html] of pages) {
    app.get(path, (_request, reply) => reply.type('text/html; charset=utf-8').send(html))
  }
  app.get('/', (_request, reply) => reply.redirect(`/${settings.defaultLanguage}/`, 303))
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send())
  app.get('/robots.txt', (_request, reply) => reply.type('text/plain').send('User-agent: *\nDisallow: /\n'))
  return [...pages.keys()]
}

/** By path, the page in each language. The same settings and code give the same bytes: `baken doctor` compares them. */
function renderPages(
  { siteName, defaultLanguage, demonstration, origin = LOOPBACK }: DeskSettings,
  code: readonly CodeFile[],
): Map<string, string> {
  const texts = loadTexts()
  requireLanguage(defaultLanguage, texts.languages)
  const render = createRender()
  const forms = readData('forms.json', z.array(formSchema))
  const { municipalities } = loadRegions()
  const questions = loadQuestionTemplates(texts)
  const integrity = integrityOf(code)
  const codeHash = shortHash(listHashes(code))
  const pages = new Map<string, string>()
  for (const { code, dir } of texts.languages) {
    const formTexts = texts.read(
      code,
      'forms.json',
      z.record(z.string(), z.looseObject({ title: z.string() })),
    )
    const data = {
      language: code,
      demonstration,
      codeHash,
      siteName,
      passkeyHost: passkeyHost(origin),
      texts: texts.read(code, 'desk.json', textsSchema),
      signs: texts.read(code, 'signs.json', textsSchema),
      details: sentencesOf(texts.read(code, 'details.json', detailTextsSchema)),
      forms: Object.fromEntries(forms.map((form) => [form.code, formTexts[form.code]?.title ?? form.code])),
      municipalities: Object.fromEntries(
        municipalities.map((municipality) => [municipality.code, municipality.name]),
      ),
      questions,
      siteLanguages: Object.fromEntries(texts.languages.map((language) => [language.code, language.name])),
    }
    const html = render('triage/desk', {
      lang: code,
      dir,
      siteName,
      demonstration,
      integrity,
      t: texts.translate(code),
      // "<" cannot end the element it stands in when it is written as an escape.
      data: JSON.stringify(data).replaceAll('<', '\\u003c'),
    })
    pages.set(`/${code}/`, html)
    pages.set(`/${code}/join`, html)
  }
  return pages
}

/** `group-question` and `group-question.answer` with their sentences: the same that the reporter ticked. */
function sentencesOf(texts: DetailTexts): Record<string, string> {
  const sentences = Object.entries(texts).flatMap(([group, { questions }]) =>
    Object.entries(questions).flatMap(([id, { question, options }]) => [
      [`${group}-${id}`, question],
      ...Object.entries(options).map(([option, sentence]) => [`${group}-${id}.${option}`, sentence]),
    ]),
  )
  return Object.fromEntries(sentences)
}
