// The public app, composed from top to bottom. It can seal and store; nothing below this folder can open a report.

import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { loadGiveaways } from '../giveaway/index.js'
import type { Log } from '../log.js'
import type { DeskHours } from '../report/desk-hours.js'
import type { Sanitiser } from '../sanitising/index.js'
import type { Sealer } from '../sealing/index.js'
import type { IntakeStorage } from '../storage/intake/index.js'
import { createCookie } from '../web/cookie.js'
import { createServer } from '../web/create-server.js'
import { prebuildPages } from '../web/prebuilt-pages.js'
import { cspHash, helmetOptions, securityHeaders } from '../web/security-headers.js'
import { registerAddedFiles } from './added-file-routes.js'
import { registerAdditions } from './addition-routes.js'
import type { FileLimits } from './arriving-file.js'
import { createAskers, giveTurns, limitByAddress } from './budget.js'
import { registerCover } from './cover-routes.js'
import { registerDetails } from './details-routes.js'
import { createDraftStore } from './draft.js'
import { registerFiles } from './file-routes.js'
import { largestFile, registerForms } from './form-body.js'
import { registerBasicLevel } from './information/basic-level.js'
import {
  MOST_PLACES_KEPT,
  placeAddresses,
  placeAddressFor,
  placePages,
  placesToFind,
  registerPlaces,
} from './information/place-pages.js'
import { helpEdition } from './information/places.js'
import { createSiteSearch, registerSearch } from './information/search-pages.js'
import { registerWellKnown } from './information/well-known.js'
import { registerLook } from './look-routes.js'
import { registerOnePage } from './one-page-routes.js'
import { problemPage, publicPages, reportEntryPages } from './page-routes.js'
import type { IntakeParts } from './parts.js'
import { createMailboxKeys } from './receipt.js'
import { registerReceipt } from './receipt-routes.js'
import { stepPage } from './report-pages.js'
import { registerReport } from './report-routes.js'
import { createRoom } from './room.js'
import type { PageAssets, Site } from './site.js'
import { ANYBODY, createTurns } from './turns.js'
import { tokenOf } from './visit.js'

const DOOR_KNOWN_MS = 2_000
/** Files being made anew, and those that are stored meanwhile. */
const FILES_AT_ONCE = 4
/** As many as the sanitiser makes anew at once: the others wait their turn in fairness, not in its queue. */
const SLOW_FILES_AT_ONCE = 2
const FILES_WAITING = 10_000
/** What all files that come in may take of memory together, in largest files. */
const ROOM_IN_FILES = 10
/** What those that are larger may take of the disk together, in largest files. */
const DISK_IN_FILES = 5
/** Each takes 32 MiB and a tenth of a second. */
const CODES_AT_ONCE = 2
const CODES_WAITING = 200
const EXIT_WAITS_MS = 500
const AT_ONCE = { config: { atOnce: true } }

export interface IntakeAppParts {
  readonly site: Site
  readonly storage: IntakeStorage
  readonly sealer: Sealer
  readonly sanitiser: Sanitiser
  readonly log: Log
  readonly pepper: Uint8Array
  /** whether the site is reached over https */
  readonly secure: boolean
  readonly quickExitUrl: string
  readonly fileLimits: FileLimits
  /** requests a minute and client when the app stands directly on the network; null behind a proxy */
  readonly perMinute: number | null
  readonly deskHours?: DeskHours | null
  /** `mailto:` or `https:`, for security.txt */
  readonly securityContact?: string | null
  /** whether a disk watermark is reached */
  readonly isFull?: () => Promise<boolean>
  readonly clock?: () => Date
}

/** Builds the public app; it listens when the caller says so. */
export async function createIntakeApp(given: IntakeAppParts): Promise<FastifyInstance> {
  const { site, storage, log, pepper, secure } = given
  const headers = await securityHeaders(intakeHelmet(site, secure))
  const ofInformation = await securityHeaders(
    intakeHelmet(site, secure, site.information, site.tools, site.leaflet),
  )
  const ofCover = await securityHeaders(intakeHelmet(site, secure, site.cover))
  // Only over https: the process behind the onion service is another one, and that page is there already. Pages of a
  // draft never tell it: its cookie does not go along.
  const onion = secure ? (site.settings.onionAddress ?? null) : null
  const ofPlaces = await securityHeaders(intakeHelmet(site, secure, site.near))
  const edition = (): string => helpEdition(site)
  const pages = prebuildPages(publicPages(site), ofInformation, onion, { edition })
  const places = prebuildPages(placePages(site), ofPlaces, onion, { edition, most: MOST_PLACES_KEPT })
  const entry = prebuildPages(
    reportEntryPages(site, (language) => stepPage(site, language, 'danger', null)),
    headers,
    onion,
  )
  const search = createSiteSearch(site, () => publicPages(site), {
    places: () => placesToFind(site),
    edition,
  })
  site.directory.onChange(() => {
    search.clear()
    pages.clear()
    places.clear()
    entry.clear()
  })
  const cookie = createCookie('s', secure)
  const askerOf = createAskers(cookie)
  const codeTurns = createTurns({ atOnce: CODES_AT_ONCE, room: CODES_WAITING })
  const app = createServer({
    log,
    headers,
    uploads: true,
    problemPage: (problem, path) => problemPage(site, problem, path),
    sendDirectly: (request, response) => pages.send(request, response) || places.send(request, response),
  })
  if (given.perMinute !== null) await limitByAddress(app, askerOf, given.perMinute)
  await registerForms(app)
  const { takeTurn } = giveTurns(app, askerOf)
  const parts: IntakeParts = {
    site,
    storage,
    drafts: createDraftStore(storage),
    cookie,
    seal: given.sealer.seal,
    sealStream: given.sealer.sealStream,
    sanitise: given.sanitiser.sanitise,
    cover: given.sanitiser.cover,
    show: given.sanitiser.show,
    mailboxKeys: createMailboxKeys(pepper, (task) => codeTurns.run(ANYBODY, task)),
    proveCode: (code) => createHmac('sha256', pepper).update(`code ${code}`).digest('base64url'),
    askerOf,
    takeTurn,
    fileTurns: createTurns({ atOnce: FILES_AT_ONCE, room: FILES_WAITING }),
    slowFileTurns: createTurns({ atOnce: SLOW_FILES_AT_ONCE, room: FILES_WAITING }),
    fileRooms: {
      memory: createRoom(ROOM_IN_FILES * given.fileLimits.maxInputBytes, () => performance.now()),
      disk: createRoom(DISK_IN_FILES * largestFile(given.fileLimits), () => performance.now()),
    },
    door: rememberBriefly(async () => {
      if ((await storage.findLiveDesk()) === null) return 'closed'
      return (await given.isFull?.()) ? 'full' : 'open'
    }),
    fileLimits: given.fileLimits,
    clock: given.clock ?? (() => new Date()),
    random: randomBytes,
    randomId: randomUUID,
    quickExitUrl: given.quickExitUrl,
    informationPolicy: ofInformation['content-security-policy'] ?? '',
    coverPolicy: ofCover['content-security-policy'] ?? '',
    findGiveaways: loadGiveaways(),
    deskHours: given.deskHours ?? null,
  }

  // One route for all pages, and not one each: a router takes longer to start with every route. What comes here is the
  // address of a page in other letters (a query, an escape); a page asked for by its own was sent before the framework.
  app.get('/*', (request, reply) => {
    const path = `/${(request.params as { '*': string })['*']}`
    const known = [pages, places].find((one) => one.has(path))
    const elsewhere = known ? null : placeAddressFor(site, path)
    if (elsewhere) return reply.redirect(elsewhere, 303)
    if (!known) return reply.callNotFound()
    reply.hijack()
    known.send(request.raw, reply.raw, path)
    return reply
  })
  registerPlaces(app, parts)
  registerReport(app, parts, entry)
  registerDetails(app, parts)
  registerLook(app, parts)
  registerFiles(app, parts)
  registerCover(app, parts)
  registerOnePage(app, parts)
  registerReceipt(app, parts)
  registerAdditions(app, parts)
  registerAddedFiles(app, parts)
  registerSearch(app, parts, search)
  const { securityContact = null } = given
  registerWellKnown(app, { site, clock: parts.clock, securityContact }, () => [
    ...publicPages(site).keys(),
    ...placeAddresses(site).flatMap((path) => site.languages.map(({ code }) => `/${code}${path}`)),
  ])
  registerBasicLevel(app, parts)
  registerSmall(app, parts, secure)
  return app
}

/**
 * The settings from which the public side's security headers come; a test compares them with helmet's own answer.
 * `more` are the style and the script that one page has besides.
 */
export function intakeHelmet({ style, script }: PageAssets, secure: boolean, ...more: PageAssets[]) {
  const styleSrc = [style, ...more.map((own) => own.style)].map(cspHash)
  const scriptSrc = [script, ...more.map((own) => own.script)].filter((own) => own !== undefined).map(cspHash)
  return helmetOptions({ styleSrc, scriptSrc, imgSrc: ['data:'], formAction: ["'self'"] }, secure)
}

function registerSmall(
  app: FastifyInstance,
  { site, cookie, drafts, quickExitUrl, door }: IntakeParts,
  secure: boolean,
): void {
  app.get('/', (_request, reply) => reply.redirect(`/${site.settings.defaultLanguage}/`, 303))
  for (const { code } of site.languages)
    app.get(`/${code}`, (_request, reply) => reply.redirect(`/${code}/`, 303))
  app.get('/favicon.ico', (_request, reply) => reply.code(204).send())
  app.get('/exit', AT_ONCE, async (request, reply) => {
    const token = tokenOf(request, cookie)
    // The way out must work, and at once, even when the database does not: a draft that nobody dropped ages away.
    if (token) await Promise.race([drafts.drop(token).catch(() => undefined), pause(EXIT_WAITS_MS)])
    // Set and taken away at once, also where there was none: of a page that may not be stored Chromium keeps what was
    // typed in memory, for Back, until a cookie is set; taking one away is not always enough.
    reply.header('set-cookie', [cookie.set('gone'), cookie.clear()])
    // Without "cookies", which undoes the line before, and without "cache": no page of ours may be cached, and emptying a
    // large cache would hold up the way out. Only over https: elsewhere Chromium ignores it, and with it the cookie's end.
    if (secure) reply.header('clear-site-data', '"storage"')
    return reply.redirect(quickExitUrl, 303)
  })
  app.get('/healthz', AT_ONCE, (_request, reply) => reply.type('text/plain').send('ok'))
  app.get('/readyz', AT_ONCE, async (_request, reply) => {
    const ready = (await door().catch(() => 'closed')) === 'open'
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ok' : 'not ready')
  })
}

function rememberBriefly<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null
  return () => {
    if (!known) {
      const asked = ask()
      known = asked
      setTimeout(() => {
        if (known === asked) known = null
      }, DOOR_KNOWN_MS).unref()
      asked.catch(() => {
        known = null
      })
    }
    return known
  }
}
