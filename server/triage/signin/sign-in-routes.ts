// Signing in. The browser derives an authentication value from the passphrase and sends that; the passphrase and
// the key it unlocks never come here.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import type { FoundMember } from '../../storage/triage/index.js'
import {
  base64,
  bodyOf,
  bytesSchema,
  hashToken,
  makeToken,
  openRoute,
  route,
  type TriageParts,
} from '../access.js'

const MOST_ATTEMPTS = 10
const SALT_BYTES = 16

/** No control characters: no name has one, and the database refuses a NUL. */
const nameSchema = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,100}$/u)
const beginSchema = z.strictObject({ name: nameSchema })
const proveSchema = z.strictObject({ authentication: bytesSchema(32, 32) })
const languagesSchema = z.strictObject({
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/)).max(50),
})
const signInSchema = z.strictObject({ name: nameSchema, authentication: bytesSchema(32, 32) })

/** Registers signing in and out, and showing again who one is. */
export function registerSignIn(app: FastifyInstance, parts: TriageParts): void {
  const { storage, cookie } = parts
  const keyed = async (use: string, name: string): Promise<Buffer> =>
    createHmac('sha256', await storage.readSignInSecret())
      .update(`${use} ${name.toLowerCase()}`)
      .digest()

  /** The member who belongs to these words. Throws `too-many-attempts`, or `not-signed-in` for every other reason. */
  const check = async (name: string, authentication: Uint8Array): Promise<FoundMember> => {
    const nameHash = await keyed('attempts', name)
    // Counted before it is checked, so that many tries at once are counted too.
    if ((await storage.countAttempt(nameHash)) > MOST_ATTEMPTS) throw new Problem('too-many-attempts')
    const member = await storage.findMemberByName(name)
    const given = createHash('sha256').update(authentication).digest()
    const expected = member?.authenticationHash ?? createHash('sha256').digest()
    if (!timingSafeEqual(given, expected) || !member) throw new Problem('not-signed-in')
    await storage.forgetAttempts(nameHash)
    return member
  }

  openRoute(app, 'POST /sign-in/begin', async (request) => {
    const { name } = bodyOf(request, beginSchema)
    const member = await storage.findMemberByName(name)
    // An unknown name gets a salt too, always the same one: the answer does not tell who works here.
    const unknown = (await keyed('salt', name)).subarray(0, SALT_BYTES)
    return { salt: base64(member?.salt ?? unknown) }
  })

  openRoute(app, 'POST /sign-in', async (request, reply) => {
    const { name, authentication } = bodyOf(request, signInSchema)
    const member = await check(name, authentication)
    const [token, proof] = [makeToken(), makeToken()]
    const hashes = { token: hashToken(token), proof: hashToken(proof) }
    await storage.beginSession(hashes, member.member.id, 'words')
    await storage.addAuditLine({ act: 'member.signed-in', member: member.member.id })
    reply.header('set-cookie', cookie.set(token))
    return { ...keysOf(member), proof }
  })

  // Who shows again who they are gets another proof, for this page: after a lock, or before something that asks for it.
  route(app, parts, 'POST /prove', async (member, request) => {
    const { authentication } = bodyOf(request, proveSchema)
    await check(member.member.name, authentication).catch((error: unknown) => {
      // The session stays: it is the words that were wrong.
      throw error instanceof Problem && error.code === 'not-signed-in' ? new Problem('not-allowed') : error
    })
    const proof = makeToken()
    await storage.addProof(member.session.id, hashToken(proof))
    await storage.addAuditLine({ act: 'member.proved', member: member.member.id })
    return { proof }
  })

  route(app, parts, 'GET /session', async (member) => keysOf(member))

  route(app, parts, 'POST /sign-out', async (member, request, reply) => {
    await storage.endSession(hashToken(cookie.read(request.headers.cookie) ?? ''))
    await storage.addAuditLine({ act: 'member.signed-out', member: member.member.id })
    return reply.header('set-cookie', cookie.clear()).code(204).send()
  })

  route(app, parts, 'POST /reading-languages', async (member, request, reply) => {
    await storage.setReadingLanguages(member.member.id, bodyOf(request, languagesSchema).languages)
    return reply.code(204).send()
  })
}

function keysOf({ member, roles, readingLanguages, desk, wrappedIdentity, share }: FoundMember) {
  return {
    member: { ...member, roles, readingLanguages },
    desk: { ...desk, earlier: desk.earlier && base64(desk.earlier) },
    wrappedIdentity: base64(wrappedIdentity),
    share: share && base64(share),
  }
}
