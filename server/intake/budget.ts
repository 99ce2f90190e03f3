// How much the public side does at once, and for whom next. The one place that may look at an address is here, and only
// as a keyed hash in memory whose key changes every hour.

import { createHmac, randomBytes } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import type { CookieJar } from '../web/cookie.js'
import { formBytes } from './form-body.js'
import { type Asker, createTurns } from './turns.js'

const KEY_LIFETIME_MS = 3_600_000
/** Enough to keep the sealing threads and the database busy; more would only make everybody wait. */
const TURNS_AT_ONCE = 16
/** What those who wait may take of memory together: their forms, and this much for each of them. */
const WAITING_BYTES = 96 * 1024 * 1024
const REQUEST_BYTES = 64 * 1024

export type AskerOf = (request: FastifyRequest) => Asker

declare module 'fastify' {
  interface FastifyContextConfig {
    /** answered without a turn: the way out, and what a watchdog asks */
    atOnce?: boolean
  }
}

/** Names who asks, under a key of this process that changes every hour. */
export function createAskers(cookie: CookieJar): AskerOf {
  let key = randomBytes(32)
  setInterval(() => {
    key = randomBytes(32)
  }, KEY_LIFETIME_MS).unref()
  const hash = (text: string): string => createHmac('sha256', key).update(text).digest('base64')
  return (request) => ({
    network: hash(networkOf(request.socket.remoteAddress ?? '')),
    // Behind a proxy or an onion service everybody has one address; whoever began a report still has a line of her own.
    visitor: hash(cookie.read(request.headers.cookie) ?? ''),
  })
}

/** A home or telephone has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  return address.includes('.') ? address : address.split(':').slice(0, 4).join(':')
}

/**
 * Lets every request wait for its turn before it is worked on, and gives the turn back with the answer. Forms with
 * files come in first: their handler awaits `takeTurn` itself.
 */
export function giveTurns(
  app: FastifyInstance,
  askerOf: AskerOf,
): { takeTurn: (request: FastifyRequest) => Promise<void> } {
  const turns = createTurns({ atOnce: TURNS_AT_ONCE, room: WAITING_BYTES })
  const taken = new WeakMap<FastifyRequest, () => void>()
  const takeTurn = async (request: FastifyRequest): Promise<void> => {
    if (taken.has(request)) return
    taken.set(request, await turns.take(askerOf(request), REQUEST_BYTES + formBytes(request)))
  }
  const giveBack = async (request: FastifyRequest): Promise<void> => taken.get(request)?.()
  app.addHook('preHandler', async (request) => {
    if (!request.routeOptions.config.atOnce && !request.isMultipart()) await takeTurn(request)
  })
  // Not only when the answer has gone out: somebody who does not read it must not keep the turn.
  app.addHook('onSend', giveBack)
  app.addHook('onResponse', giveBack)
  return { takeTurn }
}

/**
 * Limits each network when the app stands directly on the internet. Behind a proxy every client has the proxy's
 * address, so there the proxy limits in its own memory and this is left out.
 */
export async function limitByAddress(
  app: FastifyInstance,
  askerOf: AskerOf,
  perMinute: number,
): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => askerOf(request).network,
    errorResponseBuilder: () => new Problem('too-many-attempts'),
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
  })
}
