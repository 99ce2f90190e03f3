// Hands out the browser's code, each file under the policy of its place. What runs in the frame for files or beside the
// page may do less than the page itself.
import type { FastifyInstance } from 'fastify'
import { type Headers, helmetOptions, securityHeaders } from '../web/security-headers.js'
import { type CodeFile, type CodeUse, listHashes } from './browser-code.js'

/** No text may become code anywhere: markup, source, address of a script. */
export const TRUSTED_TYPES = { requireTrustedTypesFor: ["'script'"], trustedTypes: ["'none'"] }

/** The settings from which the headers of the frame for files come: no origin, no request, no window. */
export function viewerHelmet(secure: boolean) {
  return helmetOptions(
    {
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      // Of bytes that the frame was given.
      imgSrc: ['blob:'],
      mediaSrc: ['blob:'],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
      sandbox: ['allow-scripts'],
      ...TRUSTED_TYPES,
    },
    secure,
    { framed: true },
  )
}

/** Of the files of that frame: it has no origin, so to a browser it is another site that asks for them. */
export function viewerFileHelmet(secure: boolean) {
  return helmetOptions({}, secure, { fetched: true })
}

/** Of a thread beside the page: it computes. */
export function workerHelmet(secure: boolean) {
  return helmetOptions({ ...TRUSTED_TYPES }, secure)
}

export async function registerCode(
  app: FastifyInstance,
  files: readonly CodeFile[],
  secure: boolean,
): Promise<void> {
  const headersOf: Record<CodeUse, Headers> = {
    // The app's own.
    desk: {},
    worker: await securityHeaders(workerHelmet(secure)),
    // Public code: that another site can read it, or run it without anything to open, tells nothing.
    viewer: {
      ...(await securityHeaders(viewerFileHelmet(secure))),
      'access-control-allow-origin': '*',
    },
    'viewer-page': await securityHeaders(viewerHelmet(secure)),
  }
  for (const { path, type, use, body } of files) {
    app.get(path, (_request, reply) => reply.headers(headersOf[use]).type(type).send(body))
  }
  const list = listHashes(files)
  app.get('/bundle-hashes.txt', (_request, reply) => reply.type('text/plain; charset=utf-8').send(list))
}
