// The partner app, composed from top to bottom. It hands out sealed reports and takes sealed answers; it can open
// nothing.
import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.js'
import type { TriageStorage } from '../storage/triage/index.js'
import { createCookie } from '../web/cookie.js'
import { createServer } from '../web/create-server.js'
import { helmetOptions, securityHeaders } from '../web/security-headers.js'
import type { TriageParts } from './access.js'
import { registerMailboxes } from './cases/mailbox-routes.js'
import { registerReports } from './cases/report-routes.js'
import { registerHelp } from './help/help-routes.js'
import { registerInbox } from './inbox/inbox-routes.js'
import { type DeskSettings, LOOPBACK, registerDeskPages } from './page-routes.js'
import { registerPeople } from './people/people-routes.js'
import { registerTrail } from './people/trail-routes.js'
import { registerAccount } from './signin/account-routes.js'
import { registerJoin } from './signin/join-routes.js'
import { relyingPartyOf } from './signin/relying-party.js'
import { registerSignIn } from './signin/sign-in-routes.js'

export interface TriageAppParts {
  readonly storage: TriageStorage
  readonly log: Log
  readonly settings: DeskSettings
  readonly secure: boolean
  readonly clock?: () => Date
}

/** The settings from which the partner app's security headers come. */
export function triageHelmet(secure: boolean) {
  return helmetOptions(
    {
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ['blob:', 'data:'],
      // Opened sound and video, out of the page's own memory.
      mediaSrc: ['blob:'],
      connectSrc: ["'self'"],
      formAction: ["'none'"],
    },
    secure,
  )
}

/** Builds the partner app; it listens when the caller says so. */
export async function createTriageApp({
  storage,
  log,
  settings,
  secure,
  clock = () => new Date(),
}: TriageAppParts): Promise<FastifyInstance> {
  const headers = await securityHeaders(triageHelmet(secure))
  const app = createServer({
    log,
    headers,
    uploads: false,
    problemPage: (problem) => ({
      type: 'application/json; charset=utf-8',
      body: JSON.stringify({ problem }),
    }),
  })
  const parts: TriageParts = {
    storage,
    cookie: createCookie('desk', secure),
    relyingParty: () => relyingPartyOf(app, settings.origin ?? LOOPBACK),
    clock,
  }
  registerDeskPages(app, settings)
  registerSignIn(app, parts)
  registerJoin(app, parts)
  registerAccount(app, parts)
  registerInbox(app, parts)
  registerReports(app, parts)
  registerMailboxes(app, parts)
  registerHelp(app, parts)
  registerPeople(app, parts)
  registerTrail(app, parts)
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok'))
  app.get('/readyz', async (_request, reply) => {
    const ready = await storage.hasLiveDesk().catch(() => false)
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ok' : 'not ready')
  })
  return app
}
