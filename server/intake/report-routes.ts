// The report, one question a page. POST always answers 303 to a GET, also on an error: values and errors wait in the
// draft and the GET answers 422, so that the browser's Back never meets an answer to a POST.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { NO_ANSWERS } from '../report/report.js'
import { tellLimits } from '../sanitising/index.js'
import type { PrebuiltPages } from '../web/prebuilt-pages.js'
import { type Draft, type DraftToken, type ReportDraft, submissionKeyOf } from './draft.js'
import { fileOfDraft } from './files-to-seal.js'
import { isTrapped, readFields } from './form-body.js'
import { withPictures } from './keep-files.js'
import { questionsAbout } from './look-routes.js'
import {
  type FormFields,
  maySpeakAsMinor,
  parseReport,
  STEPS,
  type Step,
  takeFields,
} from './parse-report.js'
import type { IntakeParts } from './parts.js'
import { groupReceiptCode, makeReceiptCode, readReceiptCode } from './receipt.js'
import { receivedPage } from './received-page.js'
import {
  checkPage,
  filesPage,
  firstPage,
  neighbours,
  nowPage,
  roadOf,
  stepPage,
  titleOf,
} from './report-pages.js'
import { submitReport } from './submit-report.js'
import { changeVisit, renewCookie, requireOpen, sendPage, tokenOf } from './visit.js'

const QUESTIONS = STEPS.filter((step) => step !== 'files' && step !== 'check')
const SENDING = 'report'
const TRIES = 5

/** Registers the pages of a report in every language. `entry` holds the two pages that need no draft. */
export function registerReport(app: FastifyInstance, parts: IntakeParts, entry: PrebuiltPages): void {
  for (const { code } of parts.site.languages) {
    const base = `/${code}/report`
    app.get(base, (request, reply) => sendEntry(request, reply, parts, entry))
    for (const step of QUESTIONS) {
      app.get(`${base}/${step}`, (request, reply) => showStep(request, reply, parts, code, step, entry))
      app.post(`${base}/${step}`, (request, reply) => takeStep(request, reply, parts, code, step))
    }
    app.get(`${base}/now`, (request, reply) =>
      showDraft(request, reply, parts, code, 'now', (draft) => nowPage(parts.site, code, draft, parts)),
    )
    app.get(`${base}/first`, (request, reply) => showFirst(request, reply, parts, code))
    app.get(`${base}/files`, (request, reply) =>
      showDraft(request, reply, parts, code, 'files', async (draft, token) =>
        filesPage(parts.site, code, draft, {
          files: await withPictures(parts.drafts, token, draft.files),
          limits: tellLimits(parts.fileLimits),
        }),
      ),
    )
    app.get(`${base}/check`, (request, reply) =>
      showDraft(request, reply, parts, code, 'check', (draft) => checkPage(parts.site, code, draft)),
    )
    app.post(`${base}/code`, (request, reply) => makeCode(request, reply, parts, code))
    app.get(`${base}/code`, (request, reply) =>
      showDraft(request, reply, parts, code, 'code', (draft) => codePage(parts, code, draft)),
    )
    app.post(`${base}/send`, (request, reply) => send(request, reply, parts, code))
    // Somebody whose connection broke while sending finds this address in the browser: from there it goes on.
    app.get(`${base}/send`, (_request, reply) => reply.redirect(`${base}/check`, 303))
    app.get(`${base}/received`, (request, reply) => showReceived(request, reply, parts, code))
  }
}

/** The report of a draft, begun when there is none. */
export function reportOf(draft: Draft, randomId: () => string): ReportDraft {
  return (
    draft.report ?? {
      id: randomId(),
      answers: NO_ANSWERS,
      files: [],
      code: null,
      refused: [],
      covering: null,
      errors: {},
      looked: false,
    }
  )
}

async function sendEntry(
  request: FastifyRequest,
  reply: FastifyReply,
  { door }: IntakeParts,
  entry: PrebuiltPages,
): Promise<FastifyReply> {
  await requireOpen(door)
  reply.hijack()
  entry.send(request.raw, reply.raw, request.routeOptions.url)
  return reply
}

async function showStep(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
  step: Step,
  entry: PrebuiltPages,
): Promise<FastifyReply> {
  if (step === STEPS[0] && !(await parts.drafts.get(tokenOf(request, parts.cookie)))?.report) {
    return sendEntry(request, reply, parts, entry)
  }
  return showDraft(request, reply, parts, language, step, (draft) =>
    stepPage(parts.site, language, step, draft),
  )
}

/** Shows a page of the draft, 422 when errors wait at it; without a draft the neutral page, or what became of it. */
export async function showDraft(
  request: FastifyRequest,
  reply: FastifyReply,
  { drafts, cookie, storage }: IntakeParts,
  language: string,
  step: string,
  page: (draft: ReportDraft, token: DraftToken) => string | Promise<string>,
): Promise<FastifyReply> {
  const token = tokenOf(request, cookie)
  const report = (await drafts.get(token))?.report
  if (token && report) {
    const wrong =
      Object.keys(report.errors[step] ?? {}).length > 0 || (step === 'files' && report.refused.length > 0)
    return sendPage(request, reply, await page(report, token), wrong ? 422 : 200)
  }
  if (token && (await storage.wasSubmitted(submissionKeyOf(token, SENDING)))) {
    return reply.redirect(`/${language}/report/received`, 303)
  }
  throw new Problem('draft-gone')
}

async function takeStep(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
  step: Step,
): Promise<FastifyReply> {
  const fields = readFields(request)
  const { draft } = await changeVisit(request, reply, parts, (before) => {
    const report = reportOf(before, parts.randomId)
    const { answers, errors } = takeFields(report.answers, fields, step, parts.site.catalogue)
    return {
      ...before,
      report: { ...report, answers, errors: { ...report.errors, [step]: errors, check: {} }, looked: false },
    }
  })
  const wrong = Object.keys(draft.report?.errors[step] ?? {}).length > 0
  const road = roadOf(parts.site, draft.report?.answers ?? NO_ANSWERS)
  const next = wrong ? step : (neighbours(road, step).after ?? 'check')
  return reply.redirect(`/${language}/report/${next}`, 303)
}

/** Nothing comes first for some: they go on to the first question. */
async function showFirst(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const answers = (await parts.drafts.get(tokenOf(request, parts.cookie)))?.report?.answers
  if (answers && !roadOf(parts.site, answers).includes('first')) {
    return reply.redirect(`/${language}/report/what`, 303)
  }
  return showDraft(request, reply, parts, language, 'first', (draft) =>
    firstPage(parts.site, language, draft),
  )
}

async function makeCode(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  await changeVisit(request, reply, parts, (before) => {
    const report = reportOf(before, parts.randomId)
    return { ...before, report: { ...report, code: report.code ?? makeReceiptCode(parts.random) } }
  })
  return reply.redirect(`/${language}/report/code`, 303)
}

function codePage({ site, proveCode }: IntakeParts, language: string, draft: ReportDraft): string {
  const code = readReceiptCode(draft.code ?? '')
  if (!code) throw new Problem('draft-gone')
  const errors = draft.errors.code ?? {}
  const t = site.translate(language)
  return site.page(
    language,
    'code',
    {
      errors,
      groups: groupReceiptCode(code),
      codeProof: proveCode(code),
      young: maySpeakAsMinor(draft.answers, site.catalogue),
    },
    { title: titleOf(t('code.browserTitle'), errors, t('error.title')), path: '/report/code' },
  )
}

/** What is wrong with sending under the code: not written down yet, or another one than the page showed. */
function codeError(fields: FormFields, report: ReportDraft, { proveCode }: IntakeParts): string | null {
  const code = readReceiptCode(report.code ?? '')
  const shown = fields.get('code_proof')?.at(-1)
  // A page that was left open shows the code of a draft that is gone: whoever wrote that one down must be told.
  if (!code || (shown !== undefined && shown !== proveCode(code))) return 'error.codeChanged'
  return fields.get('written')?.includes('yes') ? null : 'error.written'
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const fields = readFields(request)
  const withCode = fields.get('with_code')?.includes('yes') === true
  const token = tokenOf(request, parts.cookie)
  if (!token) throw new Problem('draft-gone')
  const key = submissionKeyOf(token, SENDING)
  const toReceived = () => {
    renewCookie(reply, parts.cookie, token)
    return reply.redirect(`/${language}/report/received`, 303)
  }

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const current = await parts.drafts.getForSending(token)
    const report = current?.draft.report
    if (!current || !report) {
      if (await parts.storage.wasSubmitted(key)) return toReceived()
      throw new Problem('draft-gone')
    }
    const refuse = async (page: string, errors: Record<string, string>): Promise<FastifyReply> => {
      await parts.drafts.change(token, ({ report: before, ...others }) => ({
        ...others,
        report: before && {
          ...before,
          code: withCode ? (before.code ?? makeReceiptCode(parts.random)) : before.code,
          errors: { ...before.errors, [page]: errors },
        },
      }))
      return reply.redirect(`/${language}/report/${page}`, 303)
    }
    const written = withCode ? codeError(fields, report, parts) : null
    if (written) return refuse('code', { written })

    if (isTrapped(fields)) return refuse('check', { website: 'error.leaveEmpty' })
    const parsed = parseReport(report.answers, report.files.length, language, parts.site.catalogue)
    if (parsed.kind === 'errors') return refuse('check', parsed.errors)
    if (!report.looked && questionsAbout(parts.findGiveaways, report.answers).length > 0) {
      return reply.redirect(`/${language}/report/look`, 303)
    }
    const files = report.files.map((file) => fileOfDraft(parts.drafts, token, file))
    const outcome = await submitReport(parts, {
      stripped: { report: parsed.report, files },
      key,
      code: withCode ? readReceiptCode(report.code ?? '') : null,
      draft: current.take,
    })
    if (outcome === 'received') return toReceived()
  }
  throw new Problem('conflict')
}

async function showReceived(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const token = tokenOf(request, parts.cookie)
  if (!token || !(await parts.storage.wasSubmitted(submissionKeyOf(token, SENDING))))
    throw new Problem('draft-gone')
  return sendPage(request, reply, receivedPage(parts, language, '/report/received'))
}
