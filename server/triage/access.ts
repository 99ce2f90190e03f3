// Who may do what: every route but signing in and joining needs a session; the cookie is the only thing looked at.

import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem } from '../problem.js'
import type { FoundMember, TriageStorage } from '../storage/triage/index.js'
import type { CookieJar } from '../web/cookie.js'

const TOKEN_BYTES = 32

export interface TriageParts {
  readonly storage: TriageStorage
  readonly cookie: CookieJar
}

/**
 * A handler that gets the member who is signed in; without a session it answers `not-signed-in`. What changes something
 * must come as JSON: a page on another port or under the same domain makes a browser send the cookie along, with a form,
 * a text or nothing, but JSON only after asking, and nobody here says yes.
 */
export function forMembers<T>(
  { storage, cookie }: TriageParts,
  handle: (member: FoundMember, request: FastifyRequest, reply: FastifyReply) => Promise<T>,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<T> => {
    const token = cookie.read(request.headers.cookie)
    const member = token ? await storage.continueSession(hashToken(token)) : null
    if (!member) throw new Problem('not-signed-in')
    if (request.method === 'POST' && !isJson(request.body)) throw new Problem('wrong-content-type')
    return handle(member, request, reply)
  }
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
