// Signing in. The browser derives an authentication value from the passphrase and sends that; the passphrase and
// the key it unlocks never come here.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import type { FoundMember } from '../../storage/triage/index.js'
import { base64, bodyOf, bytesSchema, forMembers, hashToken, makeToken, type TriageParts } from '../access.js'

const MOST_ATTEMPTS = 10
const SALT_BYTES = 16

/** No control characters: no name has one, and the database refuses a NUL. */
const nameSchema = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,100}$/u)
const beginSchema = z.strictObject({ name: nameSchema })
const signInSchema = z.strictObject({ name: nameSchema, authentication: bytesSchema(32, 32) })

/** Registers signing in and out. */
export function registerSignIn(app: FastifyInstance, parts: TriageParts): void {
  const { storage, cookie } = parts
  const keyed = async (use: string, name: string): Promise<Buffer> =>
    createHmac('sha256', await storage.readSignInSecret())
      .update(`${use} ${name.toLowerCase()}`)
      .digest()

  app.post('/sign-in/begin', async (request) => {
    const { name } = bodyOf(request, beginSchema)
    const member = await storage.findMemberByName(name)
    // An unknown name gets a salt too, always the same one: the answer does not tell who works here.
    const unknown = (await keyed('salt', name)).subarray(0, SALT_BYTES)
    return { salt: base64(member?.salt ?? unknown) }
  })

  app.post('/sign-in', async (request, reply) => {
    const { name, authentication } = bodyOf(request, signInSchema)
    const nameHash = await keyed('attempts', name)
    // Counted before it is checked, so that many tries at once are counted too.
    if ((await storage.countAttempt(nameHash)) > MOST_ATTEMPTS) throw new Problem('too-many-attempts')
    const member = await storage.findMemberByName(name)
    const given = createHash('sha256').update(authentication).digest()
    const expected = member?.authenticationHash ?? createHash('sha256').digest()
    if (!timingSafeEqual(given, expected) || !member) throw new Problem('not-signed-in')
    await storage.forgetAttempts(nameHash)
    const token = makeToken()
    await storage.beginSession(hashToken(token), member.member.id)
    await storage.addAuditLine({ act: 'member.signed-in', member: member.member.id })
    reply.header('set-cookie', cookie.set(token))
    return keysOf(member)
  })

  app.get(
    '/session',
    forMembers(parts, async (member) => keysOf(member)),
  )

  app.post(
    '/sign-out',
    forMembers(parts, async (member, request, reply) => {
      await storage.endSession(hashToken(cookie.read(request.headers.cookie) ?? ''))
      await storage.addAuditLine({ act: 'member.signed-out', member: member.member.id })
      return reply.header('set-cookie', cookie.clear()).code(204).send()
    }),
  )
}

function keysOf({ member, desk, wrappedIdentity, share }: FoundMember) {
  return { member, desk, wrappedIdentity: base64(wrappedIdentity), share: share && base64(share) }
}
