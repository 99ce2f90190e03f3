// The queue of the desk: what waits, who reads what, taking and handing back.
import type { FastifyInstance } from 'fastify'
import { Problem } from '../../problem.js'
import { base64, forMembers, idOf, type TriageParts } from '../access.js'

const ASSESSED_SHOWN = 200

export function registerInbox(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  app.get(
    '/inbox',
    forMembers(parts, async ({ desk, member }) => {
      const rows = await storage.listInbox(desk.id, ASSESSED_SHOWN)
      return {
        items: rows.map(({ header, member: owner, ...facts }) => ({
          ...facts,
          mine: owner === member.id,
          header: base64(header),
        })),
      }
    }),
  )

  app.post(
    '/claim-next',
    forMembers(parts, async ({ desk, member }) => ({
      report: await storage.claimNext(desk.id, member.id),
    })),
  )

  app.post(
    '/reports/:id/claim',
    forMembers(parts, async ({ desk, member }, request, reply) => {
      if (!(await storage.claim(desk.id, member.id, idOf(request)))) throw new Problem('conflict')
      return reply.code(204).send()
    }),
  )

  app.post(
    '/reports/:id/hand-back',
    forMembers(parts, async ({ member }, request, reply) => {
      if (!(await storage.handBack(member.id, idOf(request)))) throw new Problem('conflict')
      return reply.code(204).send()
    }),
  )
}
