// How much the public side does at once. Nobody is refused because of who they are: work waits for its turn, and
// only a full waiting room answers "busy". The one place that may look at an address is here, and only as a keyed
// hash in memory whose key changes every hour.

import { createHmac, randomBytes } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'

const KEY_LIFETIME_MS = 3_600_000

/** Runs at most `atOnce` tasks, lets `waiting` more wait; beyond that throws `busy`. */
export function createGate(atOnce: number, waiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const queue: (() => void)[] = []
  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new Problem('busy')
      await new Promise<void>((go) => queue.push(go))
    } else running++
    try {
      return await task()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }
}

/**
 * Limits each client when the app stands directly on the network. Behind a proxy every client has the proxy's
 * address, so there the proxy limits in its own memory and this is left out.
 */
export async function limitByAddress(app: FastifyInstance, perMinute: number): Promise<void> {
  let key = randomBytes(32)
  setInterval(() => {
    key = randomBytes(32)
  }, KEY_LIFETIME_MS).unref()
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => {
      const address = request.socket.remoteAddress ?? ''
      // A home or telephone has a whole /64 of IPv6 addresses.
      const network = address.includes('.') ? address : address.split(':').slice(0, 4).join(':')
      return createHmac('sha256', key).update(network).digest('base64')
    },
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
