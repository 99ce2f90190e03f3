// For which address passkeys are made. A device signs for a name and not for a number: on a machine of one's own that
// is `localhost`.
import type { FastifyInstance } from 'fastify'
import { isLoopbackHost } from '../../settings.js'

export interface RelyingParty {
  /** the name of the host, without a port */
  readonly id: string
  /** the address of the page, as the browser says it */
  readonly origin: string
}

/** The host that a page must be opened at for passkeys to work. */
export function passkeyHost(origin: string): string {
  const { hostname } = new URL(origin)
  return isLoopbackHost(hostname) ? 'localhost' : hostname
}

/** What a passkey must be made for. On a loopback address without a port of its own it is the one the app listens on. */
export function relyingPartyOf(app: FastifyInstance, origin: string): RelyingParty {
  const id = passkeyHost(origin)
  const { protocol, port } = new URL(origin)
  if (protocol === 'https:' || id !== 'localhost') return { id, origin: new URL(origin).origin }
  const listening = app.server.address()
  const own = port || (typeof listening === 'object' && listening ? String(listening.port) : '')
  return { id, origin: own === '' || own === '80' ? 'http://localhost' : `http://localhost:${own}` }
}
