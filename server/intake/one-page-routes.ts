// The whole report as one long page, without any cookie: nothing is kept until it is sent. Sent whole, it leads on to a
// page that says so; otherwise it answers directly, with everything typed still in it (only files have to be chosen
// again). A browser writes what was posted for a page it may show again into its session on disk: decision 20.

import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DetailGroup, DetailQuestion } from '../report/details.js'
import { type Answers, MOST_FILES, NO_ANSWERS } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import { tellLimits } from '../sanitising/index.js'
import { fileInMemory } from './files-to-seal.js'
import { isTrapped, readForm } from './form-body.js'
import { type HeldFiles, holdFiles } from './hold-files.js'
import { uploadBytes } from './keep-files.js'
import { questionsAbout } from './look-routes.js'
import { type Catalogue, type FieldErrors, type FormFields, parseReport, takeFields } from './parse-report.js'
import type { IntakeParts } from './parts.js'
import { groupReceiptCode, makeReceiptCode, type ReceiptCode, readReceiptCode } from './receipt.js'
import { receivedPage } from './received-page.js'
import { questionData } from './report-pages.js'
import { showDetails } from './show-details.js'
import type { Site } from './site.js'
import { submitReport } from './submit-report.js'
import { takeDetails } from './take-details.js'
import { requireOpen, sendPage } from './visit.js'

const TOKEN_BYTES = 24
/** Like 200 to everybody; but Chromium keeps only pages with 200 in memory for Back, with all that was typed. */
const NOT_KEPT = 203
const RECEIVED = '/report/all/received'

interface Shown {
  readonly answers: Answers
  readonly errors: FieldErrors
  readonly token: string
  readonly code: ReceiptCode
  readonly wantsCode: boolean
  readonly filesAgain: boolean
  /** what may give the reporter away, asked about once */
  readonly questions?: ReturnType<typeof questionsAbout>
}

/** Registers the one page in every language. */
export function registerOnePage(app: FastifyInstance, parts: IntakeParts): void {
  for (const { code: language } of parts.site.languages) {
    const path = `/${language}/report/all`
    app.get(path, async (request, reply) => {
      await requireOpen(parts.door)
      return sendPage(request, reply, onePage(parts, language, freshPage(parts)), NOT_KEPT)
    })
    app.get(`/${language}${RECEIVED}`, (request, reply) =>
      sendPage(request, reply, receivedPage(parts, language, RECEIVED, [])),
    )
    app.post(path, { bodyLimit: uploadBytes(parts.fileLimits) }, (request, reply) =>
      takeOnePage(request, reply, parts, language),
    )
  }
}

function freshPage({ random }: IntakeParts): Shown {
  return {
    answers: NO_ANSWERS,
    errors: {},
    token: Buffer.from(random(TOKEN_BYTES)).toString('base64url'),
    code: makeReceiptCode(random),
    wantsCode: false,
    filesAgain: false,
  }
}

function onePage(parts: IntakeParts, language: string, shown: Shown): string {
  const { site } = parts
  const t = site.translate(language)
  const wrong = Object.keys(shown.errors).length > 0
  return site.page(
    language,
    'one-page',
    {
      ...questionData(site, language, shown.answers, shown.errors),
      signs: site.signs(language),
      // No drawings here: all of them would weigh more than the rest of the page, and pictures can be understood over
      // somebody's shoulder in any language.
      draw: () => '',
      groups: site.catalogue.details.map((group) => showGroup(site, language, group, shown)),
      token: shown.token,
      codeGroups: groupReceiptCode(shown.code),
      codeProof: parts.proveCode(shown.code),
      wantsCode: shown.wantsCode,
      filesAgain: shown.filesAgain,
      questions: shown.questions ?? [],
      limits: tellLimits(parts.fileLimits),
      mostFiles: MOST_FILES,
    },
    {
      title: wrong ? `${t('error.title')}: ${t('all.browserTitle')}` : t('all.browserTitle'),
      path: '/report/all',
    },
  )
}

/** A subject of details is folded until something in it was filled in or is wrong. */
function showGroup(site: Site, language: string, group: DetailGroup, { answers, errors }: Shown) {
  const details = showDetails(site, language, group, answers, askedHere(group))
  return { ...details, open: details.questions.some(({ name, chosen }) => chosen.length > 0 || errors[name]) }
}

function askedHere({ questions }: DetailGroup): DetailQuestion[] {
  return questions.filter(({ onlyOnRoad }) => !onlyOnRoad)
}

async function takeOnePage(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const held = holdFiles(request, parts)
  try {
    const fields = await readForm(request, parts, held.take)
    await parts.takeTurn(request)
    return await takeForm(request, reply, parts, { language, fields, held })
  } finally {
    held.leave()
  }
}

async function takeForm(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  { language, fields, held }: { language: string; fields: FormFields; held: HeldFiles },
): Promise<FastifyReply> {
  const stripped = held.settle()
  const refused = held.leftOut()
  const { answers, errors } = takeEverything(fields, parts.site.catalogue)
  const fresh = freshPage(parts)
  const code = issuedCode(fields, parts)
  const asksForCode = fields.get('written')?.includes('yes') === true
  const shown: Shown = {
    ...fresh,
    answers,
    token: readToken(fields) ?? fresh.token,
    code: code ?? fresh.code,
    wantsCode: code !== null && asksForCode,
    filesAgain: stripped.length + refused.length > 0,
  }
  const again = (wrong: FieldErrors, status = 422): Promise<FastifyReply> =>
    sendPage(request, reply, onePage(parts, language, { ...shown, errors: wrong }), status)

  const parsed = parseReport(answers, stripped.length, language, parts.site.catalogue)
  const wrong: FieldErrors = {
    ...(parsed.kind === 'errors' && parsed.errors),
    ...errors,
    ...(isTrapped(fields) && { website: 'error.leaveEmpty' }),
    // Never sent without the code somebody wrote down: it would be taken to work.
    ...(asksForCode && !code && { written: 'error.codeChanged' }),
  }
  if (parsed.kind === 'errors' || Object.keys(wrong).length > 0) return again(wrong)
  const questions = questionsAbout(parts.findGiveaways, answers)
  if (questions.length > 0 && !fields.get('looked')?.includes('yes')) {
    return sendPage(request, reply, onePage(parts, language, { ...shown, questions }), 422)
  }
  if ((await parts.door()) === 'closed') return again({ forms: 'error.closed' }, 503)
  const files = stripped.map((file) => fileInMemory(parts.randomId(), file))
  const outcome = await submitReport(parts, {
    stripped: { report: parsed.report, files },
    key: submissionKey(shown.token, fields, stripped),
    code: shown.wantsCode ? shown.code : null,
    draft: null,
  })
  if (outcome === 'code-closed') {
    const closed = { ...shown, code: fresh.code, wantsCode: false, errors: { written: 'error.codeChanged' } }
    return sendPage(request, reply, onePage(parts, language, closed), 422)
  }
  if (refused.length === 0) return reply.redirect(`/${language}${RECEIVED}`, 303)
  return sendPage(request, reply, receivedPage(parts, language, RECEIVED, refused))
}

/**
 * The fields of all questions, those beside the road too. What only some are asked is taken from everybody, so that
 * it still stands on the page when it is shown again; parsing leaves out what was not asked.
 */
function takeEverything(fields: FormFields, catalogue: Catalogue): { answers: Answers; errors: FieldErrors } {
  let taken = takeFields(NO_ANSWERS, fields, 'all', catalogue)
  for (const group of catalogue.details) {
    const { answers, errors } = takeDetails(taken.answers, fields, group, askedHere(group))
    taken = { answers, errors: { ...taken.errors, ...errors } }
  }
  return taken
}

/**
 * A repeat carries the same token and the same content. Somebody who goes back and writes something else carries
 * the same token with other content: that is another report, and must not be taken for a repeat.
 */
function submissionKey(token: string, fields: FormFields, files: readonly StrippedFile[]): Uint8Array {
  const hash = createHash('sha256').update(token)
  for (const [name, values] of fields) hash.update(`\n${name}\n${JSON.stringify(values)}`)
  for (const { bytes } of files) hash.update('\nfile\n').update(createHash('sha256').update(bytes).digest())
  return hash.digest()
}

function readToken(fields: FormFields): string | null {
  const token = fields.get('token')?.at(-1) ?? ''
  return /^[\w-]{32}$/.test(token) ? token : null
}

/** The code of the page, if it was this site that made it: nobody chooses a code for somebody else. */
function issuedCode(fields: FormFields, { proveCode }: IntakeParts): ReceiptCode | null {
  const code = readReceiptCode(fields.get('code')?.at(-1) ?? '')
  return code && fields.get('code_proof')?.at(-1) === proveCode(code) ? code : null
}
