// One browser's passage through the public app: its cookie and its draft, and nothing that outlives them.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import type { CookieJar } from '../web/cookie.js'
import { chooseEncoding, encodeBody } from '../web/encode-body.js'
import { type Draft, type DraftToken, readDraftToken } from './draft.js'
import type { IntakeParts } from './parts.js'

/** The token of this browser's draft, or null when it has none. */
export function tokenOf(request: FastifyRequest, cookie: CookieJar): DraftToken | null {
  return readDraftToken(cookie.read(request.headers.cookie))
}

/**
 * Sets the cookie of this browser once more, as it is. Chromium keeps the page of a form in memory for Back, although
 * it may not be stored, until a cookie of the site is set: without a script nothing else makes it ask us whether there
 * still is something to show. Only for a cookie of our making.
 */
export function renewCookie(reply: FastifyReply, cookie: CookieJar, token: DraftToken): void {
  reply.header('set-cookie', cookie.set(token))
}

/**
 * Changes the draft of this browser, beginning one (and setting the cookie) when it has none. Only a POST may call
 * this: before somebody sends something there is no cookie. Throws `form-full` instead of beginning one when the disk
 * watermark is reached.
 */
export async function changeVisit(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie, drafts, door }: Pick<IntakeParts, 'cookie' | 'drafts' | 'door'>,
  change: (draft: Draft) => Draft,
): Promise<{ token: DraftToken; draft: Draft }> {
  const existing = tokenOf(request, cookie)
  const changed = existing && (await drafts.change(existing, change))
  if (existing && changed) {
    renewCookie(reply, cookie, existing)
    return { token: existing, draft: changed }
  }
  if ((await door()) === 'full') throw new Problem('form-full')
  const token = await drafts.begin()
  reply.header('set-cookie', cookie.set(token))
  const draft = await drafts.change(token, change)
  if (!draft) throw new Error('a fresh draft went away')
  return { token, draft }
}

/** Throws `form-closed` or `form-full` when nobody may begin a report now. */
export async function requireOpen(door: IntakeParts['door']): Promise<void> {
  const state = await door()
  if (state !== 'open') throw new Problem(`form-${state}`)
}

/** Sends a page made for this visitor. */
export async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  html: string,
  status = 200,
): Promise<FastifyReply> {
  const encoding = chooseEncoding(request.headers['accept-encoding'])
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply
    .code(status)
    .header('vary', 'accept-encoding')
    .type('text/html; charset=utf-8')
    .send(await encodeBody(html, encoding, false))
}
