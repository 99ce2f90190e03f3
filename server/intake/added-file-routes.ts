// Adding files to a report that was sent, with its code. They go the road of all files (made anew when they are
// uploaded, kept encrypted under the cookie) and are sealed to the desk when the reporter sends them.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { halfDayOf } from '../report/half-day.js'
import { type DraftFile, MOST_FILES } from '../report/report.js'
import { tellLimits } from '../sanitising/index.js'
import type { LiveDesk, SealedAddition } from '../storage/intake/index.js'
import { sendMailboxPage } from './addition-routes.js'
import { type DraftToken, submissionKeyOf } from './draft.js'
import { fileOfDraft } from './files-to-seal.js'
import { readFields } from './form-body.js'
import { dropKept, findKept, keepFiles, type ShelfPlace, uploadBytes, withPictures } from './keep-files.js'
import { changeMailboxVisit, type OpenVisit, openVisit, openVisitOfForm, takesMore } from './mailbox-visit.js'
import { packFile } from './pack-file.js'
import type { IntakeParts } from './parts.js'
import { tellFiles } from './report-pages.js'

export const OF_MAILBOX: ShelfPlace = {
  find: ({ mailbox }) => mailbox,
  put: (draft, shelf) => ({ ...draft, mailbox: draft.mailbox && { ...draft.mailbox, ...shelf } }),
  tell: (draft, error) => ({
    ...draft,
    mailbox: draft.mailbox && { ...draft.mailbox, refused: [], filesError: error },
  }),
}

/** Registers adding, removing and sending files in every language. */
export function registerAddedFiles(app: FastifyInstance, parts: IntakeParts): void {
  const bodyLimit = uploadBytes(parts.fileLimits)
  for (const { code } of parts.site.languages) {
    const page = `/${code}/return/files`
    app.get(page, (request, reply) => showFiles(request, reply, parts, code))
    app.post(page, { bodyLimit }, async (request, reply) => {
      await addFiles(request, reply, parts)
      return reply.redirect(page, 303)
    })
    app.post(`${page}/remove`, async (request, reply) => {
      await removeFile(request, reply, parts)
      return reply.redirect(page, 303)
    })
    app.post(`${page}/send`, (request, reply) => sendFiles(request, reply, parts, code))
    for (const act of ['remove', 'send'])
      app.get(`${page}/${act}`, (_request, reply) => reply.redirect(page, 303))
  }
}

async function showFiles(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const { token, visit, mailbox } = await openVisit(request, parts)
  const { refused, filesError } = visit
  const files = tellFiles(parts.site, language, await withPictures(parts.drafts, token, visit.files))
  const open = takesMore(mailbox)
  const data = {
    open,
    files,
    refused,
    error: filesError,
    limits: tellLimits(parts.fileLimits),
    mostFiles: MOST_FILES,
  }
  const isWrong = filesError !== null || refused.length > 0
  return sendMailboxPage(request, reply, parts, { language, name: 'files', data, isWrong })
}

async function addFiles(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  // Asked before the files are read: whoever opened no mailbox has nothing unpacked here.
  const { token, mailbox } = await openVisitOfForm(request, reply, parts)
  if (!takesMore(mailbox)) return
  await changeMailboxVisit(parts, token, (visit) => ({ ...visit, refused: [], filesError: null }))
  if ((await keepFiles(request, parts, token, OF_MAILBOX)) > 0) return
  await changeMailboxVisit(parts, token, (visit) => ({ ...visit, filesError: 'error.noFile' }))
}

async function removeFile(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const { token, visit } = await openVisitOfForm(request, reply, parts)
  const wanted = readFields(request).get('file')?.at(-1)
  const removed = findKept(visit, wanted)
  await forgetFiles(parts, token, removed ? [removed] : [])
}

async function sendFiles(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  language: string,
): Promise<FastifyReply> {
  const opened = await openVisitOfForm(request, reply, parts)
  const { token, visit, mailbox } = opened
  const page = (name: string) => reply.redirect(`/${language}/return/${name}`, 303)
  // Nothing is left because these files came in: a second click, or a reload.
  if (visit.files.length === 0 && visit.received === 'files') return page('messages')
  if (visit.files.length === 0 || !takesMore(mailbox)) {
    const filesError = takesMore(mailbox) ? 'error.noFile' : null
    await changeMailboxVisit(parts, token, (before) => ({ ...before, filesError }))
    return page('files')
  }
  const desk = await parts.storage.findLiveDesk()
  if (!desk) throw new Problem('form-closed')
  const ids = visit.files.map(({ id }) => id)
  await parts.storage.storeAdditions(
    { mailbox: mailbox.id, halfDay: halfDayOf(parts.clock()), additions: sealFiles(parts, opened, desk) },
    submissionKeyOf(token, `files ${mailbox.id} ${ids.join(' ')}`),
  )
  await forgetFiles(parts, token, visit.files)
  await changeMailboxVisit(parts, token, (before) => ({ ...before, received: 'files' }))
  return page('messages')
}

/** Sealed while they are stored, so that only a piece of them lies in memory. */
function sealFiles(
  { drafts, sealStream, randomId }: IntakeParts,
  { token, visit, mailbox }: OpenVisit,
  desk: LiveDesk,
): SealedAddition[] {
  return visit.files.map((file) => {
    const packed = packFile({ kind: 'added_file', of: mailbox.id }, fileOfDraft(drafts, token, file))
    return { id: randomId(), kind: 'added_file', sealed: sealStream(packed, desk.recipients) }
  })
}

/** Takes files out of the visit, then their pieces away. */
async function forgetFiles(
  parts: IntakeParts,
  token: DraftToken,
  files: readonly DraftFile[],
): Promise<void> {
  const gone = new Set(files.map(({ id }) => id))
  await changeMailboxVisit(parts, token, (visit) => ({
    ...visit,
    files: visit.files.filter(({ id }) => !gone.has(id)),
    refused: [],
    filesError: null,
  }))
  for (const file of files) await dropKept(parts.drafts, token, file)
}
