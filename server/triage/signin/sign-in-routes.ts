// Signing in. The browser derives an authentication value from the passphrase and sends that; the passphrase and
// the key it unlocks never come here.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../../problem.js'
import type { Factors, FoundMember, Means, SignedInMember } from '../../storage/triage/index.js'
import {
  base64,
  bodyOf,
  hashToken,
  lacksSecondFactor,
  makeToken,
  openRoute,
  route,
  type TriageParts,
} from '../access.js'
import { checkMember, keyedName, shownSchema, staySignedIn } from './check-member.js'
import { askPasskey, assertionSchema, checkAssertion } from './passkeys.js'

const SALT_BYTES = 16

/** No control characters: no name has one, and the database refuses a NUL. */
const nameSchema = z
  .string()
  .trim()
  .regex(/^\P{Cc}{1,100}$/u)
const beginSchema = z.strictObject({ name: nameSchema })
const proveSchema = z.strictObject(shownSchema)
const passkeySchema = z.strictObject({ passkey: assertionSchema })
const languagesSchema = z.strictObject({
  languages: z.array(z.string().regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/)).max(50),
})
const signInSchema = z.strictObject({ name: nameSchema, ...shownSchema })
const nothingSchema = z.strictObject({})

/** Registers signing in and out, and showing again who one is. */
export function registerSignIn(app: FastifyInstance, parts: TriageParts): void {
  const { storage, cookie } = parts

  /** Begins a session; its cookie is set, and the proof of its page is given. */
  const begin = async (
    request: FastifyRequest,
    reply: FastifyReply,
    member: string,
    means: Means,
  ): Promise<string> => {
    const [token, proof] = [makeToken(), makeToken()]
    // The new cookie takes the place of the old one: nobody could go on with that session, nor end it.
    const earlier = cookie.read(request.headers.cookie)
    if (earlier) await storage.endSession(hashToken(earlier))
    await storage.beginSession({ token: hashToken(token), proof: hashToken(proof) }, member, means)
    await storage.addAuditLine({ act: 'member.signed-in', member })
    reply.header('set-cookie', cookie.set(token))
    return proof
  }

  /** Another proof, for this page: after a lock, or before something that asks for it. */
  const prove = async ({ session, member }: SignedInMember): Promise<string> => {
    const proof = makeToken()
    await storage.addProof(session.id, hashToken(proof))
    await storage.addAuditLine({ act: 'member.proved', member: member.id })
    return proof
  }

  openRoute(app, 'POST /sign-in/begin', async (request) => {
    const { name } = bodyOf(request, beginSchema)
    const member = await storage.findMemberByName(name)
    // An unknown name gets a salt too, always the same one: the answer does not tell who works here.
    const unknown = (await keyedName(parts, 'salt', name)).subarray(0, SALT_BYTES)
    return { salt: base64(member?.salt ?? unknown) }
  })

  openRoute(app, 'POST /sign-in', async (request, reply) => {
    const { name, ...shown } = bodyOf(request, signInSchema)
    const { member, factors, means } = await checkMember(parts, name, shown)
    const proof = await begin(request, reply, member.member.id, means)
    return { ...keysOf(member, factors, means), proof }
  })

  openRoute(app, 'POST /sign-in/passkey/begin', async (request) => {
    bodyOf(request, nothingSchema)
    return askPasskey(parts, { purpose: 'sign-in', member: null })
  })

  openRoute(app, 'POST /sign-in/passkey', async (request, reply) => {
    const { passkey: assertion } = bodyOf(request, passkeySchema)
    const passkey = await checkAssertion(parts, assertion, { purpose: 'sign-in', member: null })
    const member = passkey && (await storage.findMemberById(passkey.member))
    if (!member) throw new Problem('not-signed-in')
    const proof = await begin(request, reply, member.member.id, 'passkey')
    const factors = await storage.findFactors(member.member.id)
    return { ...keysOf(member, factors, 'passkey'), proof, wrappedByPasskey: ownWrapped(passkey) }
  })

  route(app, parts, 'POST /prove', async (member, request) => {
    await checkMember(parts, member.member.name, bodyOf(request, proveSchema)).catch(staySignedIn)
    return { proof: await prove(member) }
  })

  route(app, parts, 'POST /prove/passkey/begin', async ({ member }) =>
    askPasskey(parts, { purpose: 'prove', member: member.id }),
  )

  route(app, parts, 'POST /prove/passkey', async (member, request) => {
    const { passkey: assertion } = bodyOf(request, passkeySchema)
    const passkey = await checkAssertion(parts, assertion, { purpose: 'prove', member: member.member.id })
    if (!passkey) throw new Problem('not-allowed')
    return { proof: await prove(member), wrappedByPasskey: ownWrapped(passkey) }
  })

  route(app, parts, 'GET /session', async (member) =>
    keysOf(member, await storage.findFactors(member.member.id), member.session.means),
  )

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

function ownWrapped({ wrappedIdentity }: { wrappedIdentity: Uint8Array | null }): string | null {
  return wrappedIdentity && base64(wrappedIdentity)
}

/** The desk's key, sealed, only for who may open what it opens: words alone get none where the desk asks for more. */
function keysOf(found: FoundMember, { code, passkeys }: Factors, means: Means) {
  const { member, roles, readingLanguages, desk, wrappedIdentity, share, salt } = found
  const isNeeded = lacksSecondFactor(found, means)
  return {
    member: { ...member, roles, readingLanguages },
    desk: { ...desk, earlier: desk.earlier && base64(desk.earlier) },
    salt: base64(salt),
    secondFactor: { isNeeded, hasCode: code !== null, passkeys },
    wrappedIdentity: base64(wrappedIdentity),
    share: share && !isNeeded ? base64(share) : null,
  }
}
