// Looking after the people of the desk. Whoever does it reads no report and holds no key, and nothing here gives one.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { isRoleSet, ROLES } from '../../report/roles.js'
import type { SignedInMember } from '../../storage/triage/index.js'
import { bodyOf, hashToken, idOf, makeToken, route, type TriageParts } from '../access.js'

const rolesSchema = z.array(z.enum(ROLES)).refine(isRoleSet)
/** Like a sign-in name, without signs that are not seen. */
const nameSchema = z
  .string()
  .trim()
  .transform((name) => name.normalize('NFC'))
  .refine((name) => /^\P{C}{1,100}$/u.test(name))
const inviteSchema = z.strictObject({ name: nameSchema, roles: rolesSchema })
const changeSchema = z.strictObject({ roles: rolesSchema })

export function registerPeople(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /members', async ({ desk }) => storage.listPeople(desk.id))

  route(app, parts, 'POST /members/invite', async ({ desk, member }, request) => {
    const { name, roles } = bodyOf(request, inviteSchema)
    const token = makeToken()
    const invited = { name, roles, tokenHash: hashToken(token) }
    if (!(await storage.invite({ desk: desk.id, member: member.id }, invited))) throw new Problem('conflict')
    return { token }
  })

  route(app, parts, 'POST /invitations/:id/withdraw', async ({ desk, member }, request, reply) => {
    const withdrawn = await storage.withdrawInvitation({ desk: desk.id, member: member.id }, idOf(request))
    if (!withdrawn) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /members/:id/roles', async (member, request, reply) => {
    const { roles } = bodyOf(request, changeSchema)
    const between = betweenOf(member, request)
    if (!(await storage.changeRoles(between, roles))) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /members/:id/end-sessions', async (member, request, reply) => {
    if (!(await storage.endColleagueSessions(betweenOf(member, request)))) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /members/:id/leave', async (member, request, reply) => {
    if (!(await storage.leave(betweenOf(member, request)))) throw new Problem('not-found')
    return reply.code(204).send()
  })
}

/** Nobody changes what they may do themselves, or leaves without a colleague who sees to it. */
function betweenOf({ desk, member }: SignedInMember, request: FastifyRequest) {
  const colleague = idOf(request)
  if (colleague === member.id) throw new Problem('not-allowed')
  return { desk: desk.id, member: member.id, colleague }
}
