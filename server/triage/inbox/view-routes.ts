// Saved views of the inbox. What they are called and look for is sealed to the desk before it comes here.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { base64, bodyOf, bytesSchema, idOf, route, type TriageParts } from '../access.js'

const LARGEST_VIEW_BYTES = 64 * 1024
const viewSchema = z.strictObject({
  id: z.uuidv4(),
  shared: z.boolean(),
  sealed: bytesSchema(LARGEST_VIEW_BYTES),
})

export function registerViews(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /views', async ({ desk, member }) => {
    const views = await storage.listViews({ desk: desk.id, member: member.id })
    return { views: views.map((view) => ({ ...view, sealed: base64(view.sealed) })) }
  })

  route(app, parts, 'POST /views', async ({ desk, member }, request, reply) => {
    const isKept = await storage.saveView({ desk: desk.id, member: member.id }, bodyOf(request, viewSchema))
    if (!isKept) throw new Problem('conflict')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /views/:id/remove', async ({ desk, member, roles }, request, reply) => {
    const isLead = roles.includes('desk_lead')
    const isGone = await storage.removeView({ desk: desk.id, member: member.id }, idOf(request), isLead)
    if (!isGone) throw new Problem('not-found')
    return reply.code(204).send()
  })
}
