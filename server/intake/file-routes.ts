// Files are stripped when they are uploaded and the original is dropped at once: what waits in the draft is what
// will be sent.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { type DraftFile, MOST_FILES } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import type { ReportDraft } from './draft.js'
import { readFields, readForm, type UnreadFile } from './form-body.js'
import type { IntakeParts } from './parts.js'
import { reportOf } from './report-routes.js'
import { changeVisit } from './visit.js'

/** Registers adding and removing files in every language. */
export function registerFiles(app: FastifyInstance, parts: IntakeParts): void {
  const bodyLimit = uploadBytes(parts.maxFileBytes)
  for (const { code } of parts.site.languages) {
    const page = `/${code}/report/files`
    app.post(page, { bodyLimit }, async (request, reply) => {
      await addFiles(request, reply, parts)
      return reply.redirect(page, 303)
    })
    app.get(`${page}/remove`, (_request, reply) => reply.redirect(page, 303))
    app.post(`${page}/remove`, async (request, reply) => {
      await removeFile(request, reply, parts)
      return reply.redirect(page, 303)
    })
  }
}

/** The largest body of a form with files. */
export function uploadBytes(maxFileBytes: number): number {
  return (MOST_FILES + 1) * maxFileBytes
}

async function addFiles(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const { token, draft } = await changeVisit(request, reply, parts, (before) => ({
    ...before,
    report: withoutFileErrors(reportOf(before, parts.randomId)),
  }))
  const changeReport = (change: (report: ReportDraft) => ReportDraft) =>
    parts.drafts.change(token, (before) => ({ ...before, report: before.report && change(before.report) }))

  let seen = draft.report?.files.length ?? 0
  let kept = seen
  await readForm(request, parts, async (original) => {
    const number = ++seen
    const result = await stripFile(original, kept, parts)
    if (typeof result === 'string') {
      await changeReport((report) => ({
        ...report,
        refused: [...report.refused, { number, reason: result }],
      }))
      return
    }
    kept++
    const id = parts.randomId()
    const chunks = await parts.drafts.putFile(token, id, result.bytes)
    if (chunks === null) throw new Problem('draft-gone')
    const { type, pages, bytes } = result
    const after = await changeReport((report) =>
      // Another tab may have filled the last place meanwhile.
      report.files.length < MOST_FILES
        ? { ...report, files: [...report.files, { id, type, pages, bytes: bytes.length, chunks }] }
        : { ...report, refused: [...report.refused, { number, reason: 'too-many-files' }] },
    )
    if (!after?.report?.files.some((file) => file.id === id)) await parts.drafts.dropFile(token, id)
  })
  if (seen === (draft.report?.files.length ?? 0)) {
    await changeReport((report) => ({
      ...report,
      errors: { ...report.errors, files: { files: 'error.noFile' } },
    }))
  }
}

/** The file made anew, or the reason why it is left out. */
export async function stripFile(
  original: Uint8Array | UnreadFile,
  kept: number,
  { sanitise }: Pick<IntakeParts, 'sanitise'>,
): Promise<StrippedFile | string> {
  if (kept >= MOST_FILES) return 'too-many-files'
  if (typeof original === 'string') return original
  const result = await sanitise(original)
  return result.kind === 'refused' ? result.reason : result
}

async function removeFile(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const wanted = readFields(request).get('file')?.at(-1)
  let removed: DraftFile | undefined
  const { token } = await changeVisit(request, reply, parts, (before) => {
    const report = withoutFileErrors(reportOf(before, parts.randomId))
    removed = report.files.find(({ id }) => id === wanted)
    return { ...before, report: { ...report, files: report.files.filter((file) => file !== removed) } }
  })
  if (removed) await parts.drafts.dropFile(token, removed.id)
}

/** What was wrong with files before is over; what is wrong at other questions stays there. */
function withoutFileErrors(report: ReportDraft): ReportDraft {
  return { ...report, refused: [], errors: { ...report.errors, files: {}, check: {} } }
}
