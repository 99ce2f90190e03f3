// The security headers of helmet, computed once: the plugin builds them anew on each request, which costs a third
// of the throughput, and a test compares both lists.

import { createHash } from 'node:crypto'
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import Fastify from 'fastify'

export type Headers = Readonly<Record<string, string>>

/** A hash for a Content-Security-Policy, of exactly the bytes between the tags. */
export function cspHash(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`
}

/**
 * Helmet settings of both apps: nothing from elsewhere, no referrer, no framing; HSTS only where there is TLS. `opened`
 * is for a page that stands in a frame of this site, or for files that others may fetch.
 */
export function helmetOptions(
  directives: Readonly<Record<string, string[]>>,
  secure: boolean,
  opened: { framed?: boolean; fetched?: boolean } = {},
): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"], ...directives },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: secure && { maxAge: 63_072_000, includeSubDomains: true },
    xFrameOptions: { action: opened.framed ? 'sameorigin' : 'deny' },
    xXssProtection: false,
    xDownloadOptions: false,
    crossOriginResourcePolicy: { policy: opened.fetched ? 'cross-origin' : 'same-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
  }
}

/** What helmet would send for these options, plus what it does not know: no storing, no device features. */
export async function securityHeaders(options: FastifyHelmetOptions): Promise<Headers> {
  const app = Fastify()
  await app.register(helmet, options)
  app.get('/', () => '')
  const { headers } = await app.inject('/')
  await app.close()
  const own = ['content-length', 'content-type', 'date', 'connection', 'keep-alive']
  const computed = Object.entries(headers).filter(([name]) => !own.includes(name))
  return {
    ...(Object.fromEntries(computed) as Headers),
    'cache-control': 'no-store',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()',
  }
}
