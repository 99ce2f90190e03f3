// What a reporter can do with a code beside answering: add words, ask the desk not to use the report, end the mailbox.
// The public side can only put these in, sealed; the desk sees them with the next batch.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { type AdditionKind, packJson } from '../report/envelope.js'
import { halfDayOf } from '../report/half-day.js'
import { LONGEST_TEXT } from '../report/report.js'
import { cleanText } from './clean-text.js'
import { submissionKeyOf } from './draft.js'
import { readFields } from './form-body.js'
import { dropKept } from './keep-files.js'
import {
  CLOSED_VISIT,
  changeMailboxVisit,
  type OpenVisit,
  openVisit,
  openVisitOfForm,
  takesMore,
} from './mailbox-visit.js'
import type { IntakeParts } from './parts.js'
import { sendPage, tokenOf } from './visit.js'

/** Registers adding words, withdrawing and ending in every language. */
export function registerAdditions(app: FastifyInstance, parts: IntakeParts): void {
  for (const { code } of parts.site.languages) {
    const base = `/${code}/return`
    app.get(`${base}/add`, (request, reply) => showWords(request, reply, parts, code))
    app.post(`${base}/add`, (request, reply) => takeWords(request, reply, parts, code))
    app.get(`${base}/withdraw`, (request, reply) => showStep(request, reply, parts, code, 'withdraw'))
    app.post(`${base}/withdraw`, (request, reply) => withdraw(request, reply, parts, code))
    app.get(`${base}/end`, (request, reply) => showStep(request, reply, parts, code, 'end'))
    app.post(`${base}/end`, (request, reply) => end(request, reply, parts, code))
    app.get(`${base}/ended`, (request, reply) => showEnded(request, reply, parts, code))
  }
}

async function showWords(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const { visit, mailbox } = await openVisit(request, parts)
  const { typed, error } = visit.added
  const data = { typed, error, open: takesMore(mailbox), longestText: LONGEST_TEXT }
  return sendMailboxPage(request, reply, parts, { language, name: 'add', data, isWrong: error !== null })
}

async function takeWords(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const opened = await openVisitOfForm(request, reply, parts)
  const text = cleanText(readFields(request).get('words')?.at(-1) ?? '')
  const refuse = async (error: string): Promise<FastifyReply> => {
    const added = { typed: text, error }
    await changeMailboxVisit(parts, opened.token, (visit) => ({ ...visit, added }))
    return reply.redirect(`/${language}/return/add`, 303)
  }
  if (text.trim() === '') return refuse('error.addEmpty')
  if (text.length > LONGEST_TEXT) return refuse('error.tooLong')
  const content = createHash('sha256').update(text).digest('hex')
  const key = submissionKeyOf(opened.token, `addition ${opened.mailbox.id} ${content}`)
  // A second click that came after the mailbox was closed is still the words that were received.
  if (!takesMore(opened.mailbox) && !(await parts.storage.wasSubmitted(key))) return refuse('error.addClosed')
  const isStored = await storeSealed(parts, opened, 'addition', { text }, key)
  const added = { typed: isStored ? '' : text, error: null }
  await changeMailboxVisit(parts, opened.token, (visit) => ({
    ...visit,
    added,
    received: isStored ? 'words' : visit.received,
  }))
  if (!isStored) throw new Problem('form-closed')
  return reply.redirect(`/${language}/return/messages`, 303)
}

async function withdraw(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const opened = await openVisitOfForm(request, reply, parts)
  const key = submissionKeyOf(opened.token, `withdrawal ${opened.mailbox.id}`)
  if (!(opened.mailbox.withdrawn || (await storeSealed(parts, opened, 'withdrawal', {}, key))))
    throw new Problem('form-closed')
  return reply.redirect(`/${language}/return/messages`, 303)
}

async function end(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const ended = () => reply.redirect(`/${language}/return/ended`, 303)
  if (await hasEnded(request, parts)) return ended()
  const opened = await openVisitOfForm(request, reply, parts)
  const key = submissionKeyOf(opened.token, `ending ${opened.mailbox.id}`)
  if (!(await storeSealed(parts, opened, 'ending', {}, key))) throw new Problem('form-closed')
  await changeMailboxVisit(parts, opened.token, () => ({ ...CLOSED_VISIT, ended: true }))
  for (const file of opened.visit.files) await dropKept(parts.drafts, opened.token, file)
  return ended()
}

/** Seals to the desk and puts it in the queue, once; false when no desk could open it. */
async function storeSealed(
  parts: IntakeParts,
  { mailbox }: OpenVisit,
  kind: AdditionKind,
  content: object,
  key: Uint8Array,
): Promise<boolean> {
  const desk = await parts.storage.findLiveDesk()
  if (!desk) return false
  const [sealed] = await parts.seal([packJson({ kind, of: mailbox.id }, content)], desk.recipients)
  if (!sealed) throw new Error('sealing gave no addition')
  const addition = { id: parts.randomId(), kind, sealed }
  const halfDay = halfDayOf(parts.clock())
  await parts.storage.storeAdditions({ mailbox: mailbox.id, halfDay, additions: [addition] }, key)
  return true
}

/** The page that says what an act does and does not, before it is done. */
async function showStep(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
  name: 'withdraw' | 'end',
): Promise<FastifyReply> {
  if (await hasEnded(request, parts)) return reply.redirect(`/${language}/return/ended`, 303)
  const { mailbox } = await openVisit(request, parts)
  if (name === 'withdraw' && mailbox.withdrawn) return reply.redirect(`/${language}/return/messages`, 303)
  return sendMailboxPage(request, reply, parts, { language, name, data: {} })
}

async function showEnded(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  if (!(await hasEnded(request, parts))) throw new Problem('draft-gone')
  return sendMailboxPage(request, reply, parts, { language, name: 'ended', data: {} })
}

async function hasEnded(request: FastifyRequest, { drafts, cookie }: IntakeParts): Promise<boolean> {
  return (await drafts.get(tokenOf(request, cookie)))?.mailbox?.ended === true
}

/** One page of the mailbox, 422 when something on it has to be corrected. */
export async function sendMailboxPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { site }: IntakeParts,
  page: { language: string; name: string; data: object; isWrong?: boolean },
): Promise<FastifyReply> {
  const { language, name, data, isWrong = false } = page
  const t = site.translate(language)
  const title = t('messages.browserTitle')
  const html = site.page(language, `mailbox/${name}`, data, {
    title: isWrong ? `${t('error.title')}: ${title}` : title,
    path: `/return/${name}`,
  })
  return sendPage(request, reply, html, isWrong ? 422 : 200)
}
