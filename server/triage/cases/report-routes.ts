// One report: its sealed parts go out to the browser of the member who has it; a sealed assessment comes back.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import type { FoundMember, ReportFacts } from '../../storage/triage/index.js'
import { base64, bodyOf, bytesSchema, idOf, route, type TriageParts } from '../access.js'
import { sendSealed } from '../send-sealed.js'

const LARGEST_ASSESSMENT_BYTES = 256 * 1024
const assessmentSchema = z.strictObject({ sealed: bytesSchema(LARGEST_ASSESSMENT_BYTES) })

export function registerReports(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  /** The report, if this member may open it: the one who has it, or anybody of the desk once it is assessed. */
  const findOpen = async ({ desk, member }: FoundMember, id: string): Promise<ReportFacts> => {
    const report = await storage.findReport({ desk: desk.id, member: member.id }, id)
    if (!report) throw new Problem('not-found')
    if (report.state !== 'assessed' && report.member !== member.id) throw new Problem('not-allowed')
    return report
  }

  route(app, parts, 'GET /reports/:id', async (member, request) => {
    const { member: owner, assessment, ...facts } = await findOpen(member, idOf(request))
    await storage.addAuditLine({ act: 'report.opened', member: member.member.id, report: facts.id })
    if (facts.state === 'claimed') await storage.renewLease(member.member.id, facts.id)
    return { ...facts, mine: owner === member.member.id, assessment: assessment && base64(assessment) }
  })

  route(app, parts, 'GET /reports/:id/parts/:part', async (member, request, reply) => {
    const report = await findOpen(member, idOf(request))
    const part = report.parts.find(({ id }) => id === idOf(request, 'part'))
    if (!part) throw new Problem('not-found')
    if (part.kind === 'file') {
      await storage.addAuditLine({ act: 'report.file-opened', member: member.member.id, report: report.id })
      if (report.state === 'claimed') await storage.renewLease(member.member.id, report.id)
    }
    return sendSealed(reply, part.bytes, storage.readPart(report.id, part))
  })

  route(
    app,
    parts,
    'POST /reports/:id/assessment',
    async (member, request, reply) => {
      const { sealed } = bodyOf(request, assessmentSchema)
      const report = await findOpen(member, idOf(request))
      if (!(await storage.storeAssessment(member.member.id, report.id, sealed))) throw new Problem('conflict')
      return reply.code(204).send()
    },
    { bodyLimit: 2 * LARGEST_ASSESSMENT_BYTES },
  )
}
