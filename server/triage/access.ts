// Lets a member's request in, or not: the session by its cookie, the role by the access table, and the proof that this
// very page was opened by the member.

import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../problem.js'
import type { FoundMember, Means, SignedInMember, TriageStorage } from '../storage/triage/index.js'
import type { CookieJar } from '../web/cookie.js'
import { type Access, accessOf, type RouteName } from './access-table.js'
import type { RelyingParty } from './signin/relying-party.js'

const TOKEN_BYTES = 32

export interface TriageParts {
  readonly storage: TriageStorage
  readonly cookie: CookieJar
  /** for which address passkeys are made */
  readonly relyingParty: () => RelyingParty
  readonly clock: () => Date
}

/** The header that tells which key of the desk is live, by its id. */
const KEY_HEADER = 'x-baken-key'

type Handle<Who, T> = (member: Who, request: FastifyRequest, reply: FastifyReply) => Promise<T>

/**
 * Registers a route for members by its line in the access table, which says who may ask. Without a session the answer is
 * `not-signed-in`; in another role `not-allowed`, whatever the address is about; without a proof of this page
 * `proof-needed`, with an old one, where a new one is asked, `fresh-proof-needed`. With words alone, where the desk asks
 * for more, it is `second-factor-needed`.
 */
export function route<T>(
  app: FastifyInstance,
  parts: TriageParts,
  name: RouteName,
  handle: Handle<SignedInMember, T>,
  options: { readonly bodyLimit?: number } = {},
): void {
  register(app, name, options, async (request, reply) => {
    const member = await admit(parts, accessOf(name), request)
    // A page that works with another key than the desk has by now fetches the new one before it goes on.
    if (member.desk.key !== null) reply.header(KEY_HEADER, member.desk.key)
    return handle(member, request, reply)
  })
}

/** Registers a route that needs no session. */
export function openRoute<T>(
  app: FastifyInstance,
  name: RouteName,
  handle: (request: FastifyRequest, reply: FastifyReply) => Promise<T>,
  options: { readonly bodyLimit?: number } = {},
): void {
  if (accessOf(name).roles !== 'anyone') throw new Error(`${name} is not open to anyone`)
  register(app, name, options, handle)
}

function register(
  app: FastifyInstance,
  name: RouteName,
  options: object,
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  const [method = '', url = ''] = name.split(' ')
  app.route({ method, url, ...options, handler })
}

/**
 * The member who asks, if the table lets them. What changes something must come as JSON: a page on another port or under
 * the same domain makes a browser send the cookie along, with a form, a text or nothing, but JSON only after asking, and
 * nobody here says yes.
 */
async function admit(
  { storage, cookie }: TriageParts,
  access: Access,
  request: FastifyRequest,
): Promise<SignedInMember> {
  const token = cookie.read(request.headers.cookie)
  const proof = request.headers['x-baken-proof']
  const member = token
    ? await storage.continueSession(hashToken(token), typeof proof === 'string' ? hashToken(proof) : null)
    : null
  if (!member) throw new Problem('not-signed-in')
  if (request.method === 'POST' && !isJson(request.body)) throw new Problem('wrong-content-type')
  if (!access.withWordsAlone && lacksSecondFactor(member, member.session.means))
    throw new Problem('second-factor-needed')
  const { roles } = access
  const mayAsk =
    roles === 'everyone' || (roles !== 'anyone' && roles.some((role) => member.roles.includes(role)))
  if (!mayAsk) throw new Problem('not-allowed')
  if (access.proof !== 'none' && member.session.proof === 'none') throw new Problem('proof-needed')
  if (access.proof === 'fresh' && member.session.proof !== 'fresh') throw new Problem('fresh-proof-needed')
  return member
}

/** Whether somebody came in with words alone where the desk asks for more: then they may only add what is missing. */
export function lacksSecondFactor({ asksSecondFactor }: FoundMember, means: Means): boolean {
  return asksSecondFactor && means === 'words'
}

/** Only JSON is parsed to an object; a text stays one. */
function isJson(body: unknown): boolean {
  return typeof body === 'object' && body !== null
}

export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}

/** The id in an address such as /reports/:id; anything but a UUID is not there. */
export function idOf(request: FastifyRequest, name = 'id'): string {
  const value = (request.params as Record<string, unknown>)[name]
  const parsed = z.uuid().safeParse(value)
  if (!parsed.success) throw new Problem('not-found')
  return parsed.data
}

/** The body of a request by its schema. Throws `bad-request` on any other shape, telling nothing of it. */
export function bodyOf<T>(request: FastifyRequest, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) throw new Problem('bad-request')
  return parsed.data
}

/** Bytes in JSON: base64, at most so many. */
export function bytesSchema(most: number, least = 1) {
  return z
    .base64()
    .max(Math.ceil(most / 3) * 4)
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .refine((bytes) => bytes.length >= least)
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** What an age X25519 recipient looks like. */
export const recipientSchema = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/)
