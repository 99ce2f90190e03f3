// Adding files to a report that is being written, and taking them away again.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DraftFile } from '../report/report.js'
import type { ReportDraft } from './draft.js'
import { readFields } from './form-body.js'
import { dropKept, findKept, keepFiles, type ShelfPlace, uploadBytes } from './keep-files.js'
import type { IntakeParts } from './parts.js'
import { reportOf } from './report-routes.js'
import { changeVisit } from './visit.js'

export const OF_REPORT: ShelfPlace = {
  find: ({ report }) => report,
  put: (draft, shelf) => ({ ...draft, report: draft.report && { ...draft.report, ...shelf } }),
  tell: ({ report, ...others }, error) => ({ ...others, report: report && withFileError(report, error) }),
}

/** Registers adding and removing files in every language. */
export function registerFiles(app: FastifyInstance, parts: IntakeParts): void {
  const bodyLimit = uploadBytes(parts.fileLimits)
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

async function addFiles(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const { token } = await changeVisit(request, reply, parts, (before) => ({
    ...before,
    report: withFileError(reportOf(before, parts.randomId), null),
  }))
  if ((await keepFiles(request, parts, token, OF_REPORT)) > 0) return
  await parts.drafts.change(token, (draft) => OF_REPORT.tell(draft, 'error.noFile'))
}

async function removeFile(request: FastifyRequest, reply: FastifyReply, parts: IntakeParts): Promise<void> {
  const wanted = readFields(request).get('file')?.at(-1)
  let removed: DraftFile | undefined
  const { token } = await changeVisit(request, reply, parts, (before) => {
    const report = withFileError(reportOf(before, parts.randomId), null)
    removed = findKept(report, wanted)
    return { ...before, report: { ...report, files: report.files.filter((file) => file !== removed) } }
  })
  if (removed) await dropKept(parts.drafts, token, removed)
}

/** What was wrong with files before is over; what is wrong at other questions stays there. */
function withFileError(report: ReportDraft, error: string | null): ReportDraft {
  const files: Record<string, string> = error ? { files: error } : {}
  return { ...report, refused: [], errors: { ...report.errors, files, check: {} } }
}
