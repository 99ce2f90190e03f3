// The desk's key: who has it, and a new one. What comes here is sealed or public; it only goes live when the operator
// accepts it, after a member said its check words by voice.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { base64, bodyOf, bytesSchema, idOf, recipientSchema, route, type TriageParts } from '../access.js'

const LARGEST_SHARE_BYTES = 4096
/** some hundreds of keys before this one */
const LARGEST_EARLIER_BYTES = 64 * 1024
const MOST_MEMBERS = 500
const LARGEST_PROPOSAL_BYTES = 4 * 1024 * 1024

const proposalSchema = z.strictObject({
  id: z.uuidv4(),
  replaces: z.uuid(),
  recipient: recipientSchema,
  recoveryRecipient: recipientSchema,
  earlier: bytesSchema(LARGEST_EARLIER_BYTES),
  shares: z
    .array(
      z.strictObject({
        member: z.uuid(),
        sealed: bytesSchema(LARGEST_SHARE_BYTES),
        vouch: bytesSchema(32, 32),
      }),
    )
    .min(1)
    .max(MOST_MEMBERS)
    .refine((shares) => new Set(shares.map(({ member }) => member)).size === shares.length),
})

export function registerKeys(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /key', async ({ desk }) => {
    const { members, proposal, ...state } = await storage.readKeyState(desk.id)
    return {
      ...state,
      members: members.map((one) => ({ ...one, vouch: one.vouch && base64(one.vouch) })),
      proposal: proposal && {
        ...proposal,
        earlier: base64(proposal.earlier),
        shares: proposal.shares.map(({ member, sealed }) => ({ member, sealed: base64(sealed) })),
      },
    }
  })

  route(
    app,
    parts,
    'POST /key/proposal',
    async ({ desk, member }, request, reply) => {
      const proposed = bodyOf(request, proposalSchema)
      // Whoever makes the key has it: otherwise nobody might.
      if (!proposed.shares.some((share) => share.member === member.id)) throw new Problem('bad-request')
      if (!(await storage.proposeKey({ desk: desk.id, member: member.id }, proposed)))
        throw new Problem('conflict')
      return reply.code(204).send()
    },
    { bodyLimit: LARGEST_PROPOSAL_BYTES },
  )

  route(app, parts, 'POST /key/proposal/:id/withdraw', async ({ desk, member }, request, reply) => {
    if (!(await storage.withdrawKey({ desk: desk.id, member: member.id }, idOf(request))))
      throw new Problem('not-found')
    return reply.code(204).send()
  })
}
