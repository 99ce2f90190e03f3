// The partner app, composed from top to bottom. It hands out sealed reports and takes sealed answers; it can open
// nothing.
import type { FastifyInstance } from 'fastify'
import type { Log } from '../log.js'
import type { TriageStorage } from '../storage/triage/index.js'
import { createCookie } from '../web/cookie.js'
import { createServer } from '../web/create-server.js'
import { helmetOptions, securityHeaders } from '../web/security-headers.js'
import type { TriageParts } from './access.js'
import { loadBrowserCode } from './browser-code.js'
import { registerMailboxes } from './cases/mailbox-routes.js'
import { registerReports } from './cases/report-routes.js'
import { registerCode, TRUSTED_TYPES } from './code-routes.js'
import { registerHelp } from './help/help-routes.js'
import { registerDivision } from './inbox/division-routes.js'
import { registerEvents } from './inbox/event-routes.js'
import { registerInbox } from './inbox/inbox-routes.js'
import { registerViews } from './inbox/view-routes.js'
import { registerKeys } from './keys/key-routes.js'
import { registerResealing } from './keys/reseal-routes.js'
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
      // The icon. Opened files are shown in a frame of their own, under a policy of its own.
      imgSrc: ['data:'],
      frameSrc: ["'self'"],
      workerSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'none'"],
      ...TRUSTED_TYPES,
      // The one policy there is lets pass the one worker's address: views/browser/trusted.ts.
      trustedTypes: ['baken-worker'],
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
  const code = loadBrowserCode()
  registerDeskPages(app, settings, code)
  await registerCode(app, code, secure)
  registerSignIn(app, parts)
  registerJoin(app, parts)
  registerAccount(app, parts)
  registerKeys(app, parts)
  registerResealing(app, parts)
  registerInbox(app, parts)
  registerDivision(app, parts)
  registerViews(app, parts)
  registerEvents(app, parts)
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
