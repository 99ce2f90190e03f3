// Dividing the work: giving a report to a colleague, following it, being told, the desk's targets, who has how much.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { targetsSchema } from '../../report/ageing.js'
import { ASSIGN_REASONS, NOTICES } from '../../report/case.js'
import { bodyOf, idOf, route, type TriageParts } from '../access.js'

const assignSchema = z.strictObject({ member: z.uuid(), reason: z.enum(ASSIGN_REASONS) })
const watchSchema = z.strictObject({ on: z.boolean() })
const heardSchema = z.strictObject({ report: z.uuid(), kind: z.enum(NOTICES) })

export function registerDivision(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /triagers', async ({ desk }) => ({ members: await storage.listTriagers(desk.id) }))

  route(app, parts, 'POST /reports/:id/assign', async ({ desk, member, roles }, request, reply) => {
    const { member: to, reason } = bodyOf(request, assignSchema)
    const report = idOf(request)
    const isLead = roles.includes('desk_lead')
    const outcome = await storage.assign({ desk: desk.id, report, by: member.id, to, reason, isLead })
    if (outcome !== 'done') throw new Problem(outcome)
    return reply.code(204).send()
  })

  route(app, parts, 'POST /reports/:id/watch', async ({ desk, member }, request, reply) => {
    const { on } = bodyOf(request, watchSchema)
    const isThere = await storage.setWatch({ desk: desk.id, member: member.id }, idOf(request), on)
    if (!isThere) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /notices/heard', async ({ member }, request, reply) => {
    await storage.hearNotice(member.id, bodyOf(request, heardSchema))
    return reply.code(204).send()
  })

  route(app, parts, 'GET /workload', async ({ desk }) => ({
    ...(await storage.readWorkload(desk.id)),
    targets: await storage.readTargets(desk.id),
  }))

  route(app, parts, 'POST /targets', async ({ desk, member }, request, reply) => {
    await storage.setTargets({ desk: desk.id, member: member.id }, bodyOf(request, targetsSchema))
    return reply.code(204).send()
  })
}
