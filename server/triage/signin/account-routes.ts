// What members look after themselves: passkeys, codes, words and open sessions. What changes how somebody comes in asks
// again who is there.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import { CODE_SECRET_BYTES } from '../../report/second-factor.js'
import type { Removal, SignedInMember } from '../../storage/triage/index.js'
import { bodyOf, bytesSchema, idOf, lacksSecondFactor, route, type TriageParts } from '../access.js'
import { checkOwnWords, codeSchema } from './check-member.js'
import { openCodeSecret, sealCodeSecret, stepOfCode } from './codes.js'
import { askForNewPasskey, attestationSchema, checkNewPasskey } from './passkeys.js'

const LARGEST_WRAPPED_BYTES = 4096
const AUTHENTICATION = bytesSchema(32, 32)

const passkeySchema = z.strictObject({
  passkey: attestationSchema,
  name: z
    .string()
    .trim()
    .transform((name) => name.normalize('NFC'))
    .refine((name) => /^\P{C}{1,60}$/u.test(name)),
  wrappedIdentity: bytesSchema(LARGEST_WRAPPED_BYTES).nullable(),
})
const codesSchema = z.strictObject({
  authentication: AUTHENTICATION,
  secret: bytesSchema(CODE_SECRET_BYTES, CODE_SECRET_BYTES),
  code: codeSchema,
})
const wordsSchema = z.strictObject({
  oldAuthentication: AUTHENTICATION,
  authentication: AUTHENTICATION,
  salt: bytesSchema(64, 16),
  wrappedIdentity: bytesSchema(LARGEST_WRAPPED_BYTES),
})

export function registerAccount(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /account', async (member) => {
    const { code } = await storage.findFactors(member.member.id)
    return {
      passkeys: await storage.listPasskeys(member.member.id),
      code: code && { addedOn: code.addedOn },
      asksSecondFactor: member.asksSecondFactor,
      isNeeded: lacksSecondFactor(member, member.session.means),
    }
  })

  registerOwnSessions(app, parts)

  route(app, parts, 'POST /passkeys/begin', async (member) => askForNewPasskey(parts, member))

  route(app, parts, 'POST /passkeys', async (member, request, reply) => {
    const { passkey, name, wrappedIdentity } = bodyOf(request, passkeySchema)
    const made = await checkNewPasskey(parts, passkey, member.member.id)
    if (!made) throw new Problem('bad-request')
    if (!(await storage.addPasskey(byOf(member), { ...made, name, wrappedIdentity }))) {
      throw new Problem('conflict')
    }
    return reply.code(204).send()
  })

  route(app, parts, 'POST /passkeys/:id/remove', async ({ member }, request, reply) => {
    refuse(await storage.removePasskey(member.id, idOf(request)))
    return reply.code(204).send()
  })

  route(app, parts, 'POST /codes', async (member, request, reply) => {
    const { authentication, secret, code } = bodyOf(request, codesSchema)
    // What is sealed under other words could never be opened again.
    await checkOwnWords(parts, member.member.name, authentication)
    const step = stepOfCode(secret, code, parts.clock())
    if (step === null) throw new Problem('code-wrong')
    const sealed = sealCodeSecret(secret, authentication, member.member.id)
    await storage.setCodeApp(byOf(member), sealed, step)
    return reply.code(204).send()
  })

  route(app, parts, 'POST /codes/remove', async ({ member }, _request, reply) => {
    refuse(await storage.removeCodeApp(member.id))
    return reply.code(204).send()
  })

  route(app, parts, 'POST /words', async (member, request, reply) => {
    const body = bodyOf(request, wordsSchema)
    await checkOwnWords(parts, member.member.name, body.oldAuthentication)
    const { id } = member.member
    const { code } = await storage.findFactors(id)
    const secret = code && openCodeSecret(code.sealedSecret, body.oldAuthentication, id)
    await storage.changeWords(byOf(member), {
      salt: body.salt,
      authenticationHash: sha256(body.authentication),
      wrappedIdentity: body.wrappedIdentity,
      sealedSecret: secret && sealCodeSecret(secret, body.authentication, id),
    })
    return reply.code(204).send()
  })
}

function registerOwnSessions(app: FastifyInstance, parts: TriageParts): void {
  const { storage } = parts

  route(app, parts, 'GET /sessions', async ({ member, session }) => ({
    sessions: await storage.listSessions(member.id, session.id),
  }))

  route(app, parts, 'POST /sessions/:id/end', async ({ member }, request, reply) => {
    if (!(await storage.endOwnSession(member.id, idOf(request)))) throw new Problem('not-found')
    return reply.code(204).send()
  })

  route(app, parts, 'POST /sessions/end-others', async ({ member, session }, _request, reply) => {
    await storage.endOtherSessions(member.id, session.id)
    return reply.code(204).send()
  })
}

function byOf({ member, session }: SignedInMember): { member: string; session: string } {
  return { member: member.id, session: session.id }
}

function refuse(removal: Removal): void {
  if (removal === 'missing') throw new Problem('not-found')
  if (removal === 'last') throw new Problem('last-second-factor')
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
