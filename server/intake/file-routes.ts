// Files are stripped when they are uploaded and the original is dropped at once: what waits in the draft is what
// will be sent.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { MOST_FILES } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import type { ReportDraft } from './draft.js'
import { readFields, readForm } from './form-body.js'
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
    report: { ...reportOf(before, parts.randomId), refused: [], errors: {} },
  }))
  const changeReport = (change: (report: ReportDraft) => ReportDraft) =>
    parts.drafts.change(token, (before) => ({ ...before, report: before.report && change(before.report) }))

  let seen = draft.report?.files.length ?? 0
  let kept = seen
  await parts.uploadGate(() =>
    readForm(request, parts.maxFileBytes, async (original) => {
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
      const { type, pages, bytes } = result
      await changeReport((report) => ({
        ...report,
        files: [...report.files, { id, type, pages, bytes: bytes.length, chunks }],
      }))
    }),
  )
  if (seen === (draft.report?.files.length ?? 0)) {
    await changeReport((report) => ({
      ...report,
      errors: { ...report.errors, files: { files: 'error.noFile' } },
    }))
  }
}

/** The file made anew, or the reason why it is left out. `original` is null when it was too large to read. */
export async function stripFile(
  original: Uint8Array | null,
  kept: number,
  { sanitise }: Pick<IntakeParts, 'sanitise'>,
): Promise<StrippedFile | string> {
  if (kept >= MOST_FILES) return 'too-many-files'
  if (!original) return 'too-large'
  const result = await sanitise(original)
  return result.kind === 'refused' ? result.reason : result
}

async function removeFile(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const wanted = readFields(request).get('file')?.at(-1)
  const { token } = await changeVisit(request, reply, parts, (before) => {
    const report = reportOf(before, parts.randomId)
    return {
      ...before,
      report: { ...report, files: report.files.filter(({ id }) => id !== wanted), refused: [], errors: {} },
    }
  })
  if (wanted && /^[0-9a-f-]{36}$/.test(wanted)) await parts.drafts.dropFile(token, wanted)
}
