// The queue of the desk: what waits, who reads what, taking and handing back.
import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.js'
import { base64, idOf, route, type TriageParts } from '../access.js'

const ASSESSED_SHOWN = 200

export function registerInbox(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /inbox', async ({ desk, member }) => {
    const rows = await storage.listInbox(desk.id, ASSESSED_SHOWN)
    return {
      items: rows.map(({ header, member: owner, ...facts }) => ({
        ...facts,
        mine: owner === member.id,
        header: base64(header),
      })),
    }
  })

  route(app, parts, 'POST /claim-next', async ({ desk, member }) => ({
    report: await storage.claimNext(desk.id, member.id),
  }))

  route(app, parts, 'POST /reports/:id/claim', async ({ desk, member }, request, reply) => {
    if (!(await storage.claim(desk.id, member.id, idOf(request)))) throw new Problem('conflict')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /reports/:id/hand-back', async ({ member }, request, reply) => {
    if (!(await storage.handBack(member.id, idOf(request)))) throw new Problem('conflict')
    return reply.code(204).send()
  })
}
