// Coming back with a code: only whether there is a question, and the place to answer it. The report never shows. What
// else the code allows stands in addition-routes and added-file-routes.

import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import type { MailboxState } from '../report/case.js'
import { packJson } from '../report/envelope.js'
import { halfDayOf } from '../report/half-day.js'
import { LONGEST_TEXT } from '../report/report.js'
import type { FoundMailbox } from '../storage/intake/index.js'
import { cleanText } from './clean-text.js'
import { type Draft, type DraftToken, type MailboxVisit, submissionKeyOf } from './draft.js'
import { readFields } from './form-body.js'
import { dropKept } from './keep-files.js'
import { CLOSED_VISIT, openVisit, openVisitOfForm, takesMore } from './mailbox-visit.js'
import { openQuestion } from './open-mailbox.js'
import type { IntakeParts } from './parts.js'
import { type MailboxIdentity, readReceiptCode } from './receipt.js'
import { changeVisit, renewCookie, sendPage, tokenOf } from './visit.js'

/** Registers the mailbox in every language. */
export function registerReceipt(app: FastifyInstance, parts: IntakeParts): void {
  for (const { code } of parts.site.languages) {
    const base = `/${code}/return`
    app.get(base, (request, reply) => showCodeField(request, reply, parts, code))
    app.post(base, (request, reply) => takeCode(request, reply, parts, code))
    app.get(`${base}/messages`, (request, reply) => showMessages(request, reply, parts, code))
    app.post(`${base}/messages`, (request, reply) => takeAnswer(request, reply, parts, code))
    app.get(`${base}/leave`, (_request, reply) => reply.redirect(base, 303))
    app.post(`${base}/leave`, (request, reply) => leave(request, reply, parts, code))
  }
}

async function showCodeField(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, drafts, cookie }: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const visit = (await drafts.get(tokenOf(request, cookie)))?.mailbox ?? CLOSED_VISIT
  const t = site.translate(language)
  const title = visit.error ? `${t('error.title')}: ${t('return.browserTitle')}` : t('return.browserTitle')
  const html = site.page(
    language,
    'return',
    { typed: visit.typed, error: visit.error },
    { title, path: '/return' },
  )
  return sendPage(request, reply, html, visit.error ? 422 : 200)
}

async function takeCode(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const typed = cleanText(readFields(request).get('code')?.at(-1) ?? '').slice(0, 200)
  const code = readReceiptCode(typed)
  const setVisit = async (visit: MailboxVisit): Promise<void> => {
    let before: MailboxVisit | null = null
    const { token } = await changeVisit(request, reply, parts, (draft) => {
      before = draft.mailbox
      return { ...draft, mailbox: visit }
    })
    await dropFiles(parts, token, before)
  }
  if (!code) {
    await setVisit({ ...CLOSED_VISIT, typed, error: 'error.code' })
    return reply.redirect(`/${language}/return`, 303)
  }
  // Every well-formed code costs the whole derivation, so that time does not tell whether there is a mailbox.
  const keys = await parts.mailboxKeys(code)
  const mailbox = await parts.storage.findMailbox(keys.lookup)
  // One that its reporter ended is told like one that never was.
  const found = mailbox !== null && !mailbox.ended
  const open = { lookup: Buffer.from(keys.lookup).toString('base64'), identity: keys.identity }
  await setVisit(found ? { ...CLOSED_VISIT, open } : { ...CLOSED_VISIT, typed, error: 'error.codeUnknown' })
  return reply.redirect(found ? `/${language}/return/messages` : `/${language}/return`, 303)
}

async function showMessages(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const { visit, identity, mailbox } = await openVisit(request, parts)
  const question = await firstReadable(mailbox, identity)
  const state = stateOf(mailbox, question !== null)
  const t = parts.site.translate(language)
  const title = visit.answerError
    ? `${t('error.title')}: ${t('messages.browserTitle')}`
    : t('messages.browserTitle')
  const html = parts.site.page(
    language,
    'messages',
    {
      state,
      question,
      takesMore: takesMore(mailbox),
      withdrawn: mailbox.withdrawn,
      note: visit.received ?? (visit.answered ? 'answered' : null),
      answerTyped: visit.answerTyped,
      error: visit.answerError,
      longestText: LONGEST_TEXT,
    },
    { title, path: '/return/messages' },
  )
  return sendPage(request, reply, html, visit.answerError ? 422 : 200)
}

function stateOf({ closed, withdrawn }: FoundMailbox, hasQuestion: boolean): MailboxState {
  if (withdrawn) return 'withdrawn'
  if (closed) return 'closed'
  return hasQuestion ? 'question' : 'received'
}

/** The first question that opens: one that was sealed to another code by mistake must not hide the others. */
async function firstReadable(
  { id: mailbox, questions }: FoundMailbox,
  identity: MailboxIdentity,
): Promise<{ id: string; text: string } | null> {
  for (const { id, sealed } of questions) {
    const text = await openQuestion(identity, mailbox, sealed).catch(() => null)
    if (text !== null) return { id, text }
  }
  return null
}

async function takeAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const { token, visit, mailbox } = await openVisitOfForm(request, reply, parts)
  const fields = readFields(request)
  const text = cleanText(fields.get('answer')?.at(-1) ?? '')
  const wanted = fields.get('question')?.at(-1) ?? ''
  // Other words after Back are one answer more to the question this browser answered just now.
  const question = [...mailbox.questions.map(({ id }) => id), visit.answered].find((id) => id === wanted)
  const remember = (change: Partial<MailboxVisit>) =>
    parts.drafts.change(token, (draft: Draft) => ({
      ...draft,
      mailbox: draft.mailbox && { ...draft.mailbox, answerError: null, received: null, ...change },
    }))
  const back = async (change: Partial<MailboxVisit>): Promise<FastifyReply> => {
    await remember(change)
    return reply.redirect(`/${language}/return/messages`, 303)
  }
  if (text.trim() === '') return back({ answerError: 'error.answerEmpty' })
  if (text.length > LONGEST_TEXT) return back({ answerTyped: text, answerError: 'error.tooLong' })
  const content = createHash('sha256').update(text).digest('hex')
  const key = submissionKeyOf(token, `answer ${wanted} ${content}`)
  if (!question) {
    // Gone because this very answer came in: a second click, or a reload.
    if (await parts.storage.wasSubmitted(key)) return back({ answered: wanted, answerTyped: '' })
    return back({ answered: null, answerTyped: text, answerError: 'error.questionGone' })
  }

  const desk = await parts.storage.findLiveDesk()
  if (!desk) {
    await remember({ answerTyped: text })
    throw new Problem('form-closed')
  }
  const [sealed] = await parts.seal([packJson({ kind: 'answer', of: question }, { text })], desk.recipients)
  if (!sealed) throw new Error('sealing gave no answer')
  await parts.storage.storeAnswer(
    { id: parts.randomId(), question, sealed, halfDay: halfDayOf(parts.clock()) },
    key,
  )
  return back({ answered: question, answerTyped: '' })
}

/** Forgets what this browser opened; a report being written stays. */
async function leave(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const token = tokenOf(request, parts.cookie)
  const before = (await parts.drafts.get(token))?.mailbox ?? null
  if (token) {
    if (await parts.drafts.change(token, (draft) => ({ ...draft, mailbox: null })))
      renewCookie(reply, parts.cookie, token)
    await dropFiles(parts, token, before)
  }
  return reply.redirect(`/${language}/`, 303)
}

/** Files that were never sent go with the visit they were chosen in. */
async function dropFiles(
  { drafts }: Pick<IntakeParts, 'drafts'>,
  token: DraftToken,
  visit: MailboxVisit | null,
): Promise<void> {
  for (const file of visit?.files ?? []) await dropKept(drafts, token, file)
}
