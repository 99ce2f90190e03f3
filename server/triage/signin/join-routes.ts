// Joining a desk with a one-time link. Its token stands behind the # of the address, so it reaches this app only in
// the body of a request. The first member of a desk brings the desk's key, made in the browser.

import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import {
  bodyOf,
  bytesSchema,
  hashToken,
  idOf,
  openRoute,
  recipientSchema,
  route,
  type TriageParts,
} from '../access.js'

const LARGEST_SHARE_BYTES = 4096

const tokenSchema = z.string().regex(/^[\w-]{43}$/)
const beginSchema = z.strictObject({ token: tokenSchema })
const joinSchema = z.strictObject({
  token: tokenSchema,
  salt: bytesSchema(64, 16),
  authentication: bytesSchema(32, 32),
  recipient: recipientSchema,
  wrappedIdentity: bytesSchema(LARGEST_SHARE_BYTES),
  deskRecipient: recipientSchema.optional(),
  recoveryRecipient: recipientSchema.optional(),
  share: bytesSchema(LARGEST_SHARE_BYTES).optional(),
  vouch: bytesSchema(32, 32).optional(),
})
const shareSchema = z.strictObject({
  sealed: bytesSchema(LARGEST_SHARE_BYTES),
  vouch: bytesSchema(32, 32),
  key: z.uuid(),
})

/** Registers joining, and giving the desk's key to somebody who joined. */
export function registerJoin(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  openRoute(app, 'POST /join/begin', async (request) => {
    const invitation = await storage.findInvitation(hashToken(bodyOf(request, beginSchema).token))
    if (!invitation) throw new Problem('not-found')
    const { name, desk, roles } = invitation
    return { name, desk, roles }
  })

  openRoute(app, 'POST /join', async (request, reply) => {
    const body = bodyOf(request, joinSchema)
    const invitation = await storage.findInvitation(hashToken(body.token))
    if (!invitation) throw new Problem('not-found')
    const { deskRecipient, recoveryRecipient, share, vouch } = body
    const brings = [deskRecipient, recoveryRecipient, share, vouch].filter(
      (part) => part !== undefined,
    ).length
    if (brings !== 0 && brings !== 4) throw new Problem('bad-request')
    const memberId = randomUUID()
    const joined = await storage.enrol(invitation, {
      memberId,
      salt: body.salt,
      authenticationHash: createHash('sha256').update(body.authentication).digest(),
      recipient: body.recipient,
      wrappedIdentity: body.wrappedIdentity,
      deskKey:
        deskRecipient && recoveryRecipient && share && vouch
          ? { recipient: deskRecipient, recoveryRecipient, share, vouch }
          : null,
    })
    if (!joined) throw new Problem('conflict')
    return reply.code(204).send()
  })

  route(app, parts, 'GET /members/waiting', async ({ desk }) => ({
    members: await storage.listWaitingMembers(desk.id),
    gone: await storage.listGone(desk.id),
  }))

  route(app, parts, 'POST /members/:id/share', async (member, request, reply) => {
    const share = bodyOf(request, shareSchema)
    // Who was not given the key cannot give it.
    if (!member.share) throw new Problem('not-allowed')
    if (!(await storage.giveShare(member, idOf(request), share))) throw new Problem('conflict')
    return reply.code(204).send()
  })
}
