// What every answer carries besides its page, on every road an answer can take. The security headers are computed once
// from helmet's settings; here helmet itself says what they must be.
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { z } from 'zod'
import { readData } from '../../server/i18n/index.js'
import { createIntakeApp, type IntakeAppParts, intakeHelmet } from '../../server/intake/app.js'
import { loadSite } from '../../server/intake/site.js'
import { silentLog } from '../../server/log.js'
import { createSanitiser, DEFAULT_LIMITS } from '../../server/sanitising/index.js'
import { createSealer } from '../../server/sealing/index.js'
import { triageHelmet } from '../../server/triage/app.js'
import { viewerFileHelmet, viewerHelmet, workerHelmet } from '../../server/triage/code-routes.js'
import { startApps } from '../support/apps.js'
import { sendRaw } from '../support/raw-http.js'
import { multipartBody } from '../support/reporter.js'

const { intake, triage, intakeStorage, pepper } = await startApps(t)
const site = loadSite({ siteName: 'Baken', defaultLanguage: 'nl', demonstration: false })
const sealer = createSealer(1)
const sanitiser = createSanitiser()
t.teardown(() => Promise.all([sealer.close(), sanitiser.close()]))

/** What an answer may carry beside helmet's headers. */
const OTHERS = [
  'cache-control',
  'permissions-policy',
  'content-type',
  'content-length',
  'content-encoding',
  'vary',
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'location',
  'set-cookie',
  'clear-site-data',
  'retry-after',
]
const sourcesSchema = z.record(z.string(), z.looseObject({ url: z.string().nullable() }))
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

type Road = readonly [what: string, status: number, ask: () => Promise<Answer>]

t.test(
  'every answer of the public app carries what helmet would send, and nothing that tells more',
  async (t) => {
    const expected = await helmetsOwn(intakeHelmet(site, false))
    t.notOk(expected['strict-transport-security'], 'not over http, where it would mean nothing')
    for (const road of await publicRoads(intake, false)) await checkRoad(t, road, expected)
    const informing = await helmetsOwn(intakeHelmet(site, false, site.information, site.tools, site.leaflet))
    for (const road of informationRoads(intake)) await checkRoad(t, road, informing)
    const near = await helmetsOwn(intakeHelmet(site, false, site.near))
    await checkRoad(t, ['help in a municipality', 200, () => intake.inject('/en/help/utrecht')], near)
  },
)

t.test('over https the same, with the wish to stay on https', async (t) => {
  const secure = await createApp({ secure: true })
  const expected = await helmetsOwn(intakeHelmet(site, true))
  t.match(expected['strict-transport-security'], 'max-age=63072000')
  for (const road of await publicRoads(secure, true)) await checkRoad(t, road, expected)
  const away = await secure.inject('/exit')
  t.equal(away.headers['clear-site-data'], '"storage"', 'the way out clears what is kept')
})

t.test('failures, refusals for haste and a closed form carry the same', async (t) => {
  const expected = await helmetsOwn(intakeHelmet(site, false))
  const broken = await createApp({
    storage: { ...intakeStorage, getDraft: () => Promise.reject(new Error('canary of the database')) },
  })
  const closed = await createApp({ storage: { ...intakeStorage, findLiveDesk: async () => null } })
  const hasty = await createApp({ perMinute: 1 })
  await hasty.inject('/en/report/all')
  const cookie = `s=${'a'.repeat(32)}`
  await checkRoad(
    t,
    ['a failure', 500, () => broken.inject({ url: '/en/report/words', headers: { cookie } })],
    expected,
  )
  await checkRoad(t, ['a closed form', 503, () => closed.inject('/en/report')], expected)
  await checkRoad(t, ['not ready', 503, () => closed.inject('/readyz')], expected)
  await checkRoad(t, ['haste', 429, () => hasty.inject('/en/report/all')], expected)
})

t.test('requests that are no requests are answered with the same headers', async (t) => {
  const expected = await helmetsOwn(intakeHelmet(site, false))
  const port = await listen(intake)
  const broken: Record<string, string> = {
    'no HTTP at all': 'canary\r\n\r\n',
    'an unknown method': 'CANARY /en/ HTTP/1.1\r\nHost: a\r\n\r\n',
    'two lengths': 'POST /en/return HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
    'a damaged address': 'GET /en/%zz HTTP/1.1\r\nHost: a\r\n\r\n',
    'headers without end': `GET /en/ HTTP/1.1\r\nHost: a\r\nX-Canary: ${'a'.repeat(20_000)}\r\n\r\n`,
  }
  for (const [what, bytes] of Object.entries(broken)) {
    const answer = await sendRaw(port, bytes)
    await checkRoad(t, [what, answer.statusCode, async () => answer], expected)
    t.ok([400, 431].includes(answer.statusCode), what)
    t.notMatch(answer.raw, /canary/i)
  }
})

t.test('every answer of the partner app carries what helmet would send', async (t) => {
  const expected = await helmetsOwn(triageHelmet(false))
  const roads: Road[] = [
    ['the page', 200, () => triage.inject('/en/')],
    ['its script', 200, () => triage.inject('/desk.js')],
    ['its style', 200, () => triage.inject('/desk.css')],
    ['the way to the page', 303, () => triage.inject('/')],
    ['the icon', 204, () => triage.inject('/favicon.ico')],
    ['no session', 401, () => triage.inject('/inbox')],
    ['nothing there', 404, () => triage.inject('/canary')],
    ['a damaged address', 400, () => triage.inject('/%zz')],
    [
      'a body that is no JSON',
      400,
      () =>
        triage.inject({
          method: 'POST',
          url: '/sign-in',
          payload: 'x',
          headers: { 'content-type': 'application/json' },
        }),
    ],
    ['health', 200, () => triage.inject('/healthz')],
    ['the hashes of its code', 200, () => triage.inject('/bundle-hashes.txt')],
  ]
  for (const road of roads) await checkRoad(t, road, expected)
})

t.test('the frame for files and the thread for headers may do less than the page of the desk', async (t) => {
  const road = (path: string): Road => [path, 200, () => triage.inject(path)]
  const worker = await helmetsOwn(workerHelmet(false))
  await checkRoad(t, road('/headers-worker.js'), worker)
  t.notMatch(worker['content-security-policy'], /self|blob|data|connect/, 'it can ask for nothing')
  const frame = await helmetsOwn(viewerHelmet(false))
  await checkRoad(t, road('/viewer'), frame)
  t.match(frame['content-security-policy'], /sandbox allow-scripts(;|$)/, 'no origin, wherever it is shown')
  t.notMatch(frame['content-security-policy'], /connect-src|frame-src|data:|allow-same-origin/)
  t.match(frame, { 'x-frame-options': 'SAMEORIGIN' })
  // Without an origin it is another site to its own files.
  for (const path of ['/viewer.js', '/viewer.css']) {
    const { headers } = await triage.inject(path)
    const expected = await helmetsOwn(viewerFileHelmet(false))
    t.match(headers, { ...expected, 'access-control-allow-origin': '*' }, path)
    t.match(expected, { 'cross-origin-resource-policy': 'cross-origin' })
  }
})

t.test('no text becomes code at the desk, and none of its own is inline', async (t) => {
  for (const path of ['/nl/', '/en/join', '/viewer', '/headers-worker.js']) {
    const { headers, body } = await triage.inject(path)
    const policy = String(headers['content-security-policy'])
    t.match(policy, /require-trusted-types-for 'script'/, path)
    t.match(
      policy,
      path.endsWith('/') || path.endsWith('join')
        ? /trusted-types baken-worker(;|$)/
        : /trusted-types 'none'/,
    )
    t.notMatch(policy, /unsafe|nonce|sha256|\*|https?:/, path)
    if (path.endsWith('.js')) continue
    t.notMatch(body, /<style|\son\w+=|\sstyle=/i, path)
    for (const [tag] of body.matchAll(
      /<(?:script(?! type="application\/json")|link rel="stylesheet")[^>]*>/g,
    ))
      t.match(tag, /integrity="sha256-[^"]{44}"/, `${path}: ${tag}`)
  }
})

t.test('sound and video play in the frame for files, out of its own memory, and nowhere else', async (t) => {
  const ofMedia = async (app: FastifyInstance, path: string) =>
    String((await app.inject(path)).headers['content-security-policy'])
      .split(';')
      .filter((directive) => directive.startsWith('media-src'))
  t.same(await ofMedia(triage, '/viewer'), ['media-src blob:'])
  t.same(await ofMedia(triage, '/en/'), [], 'not in the page with the key')
  t.same(await ofMedia(intake, '/en/'), [])
})

t.test('no page of the public side leads or reaches anywhere else, but for help and sources', async (t) => {
  const helpers = new Set(
    ['nl', 'en'].flatMap((language) =>
      site.help(language).flatMap(({ website, email }) => [website, `mailto:${email}`]),
    ),
  )
  const sources = new Set(Object.values(readData('sources.json', sourcesSchema)).map(({ url }) => url))
  const seen = new Set<string>()
  const waiting = ['/nl/', '/en/']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const page = await intake.inject(path)
    if (page.statusCode !== 200) continue
    for (const { tag, name, address } of addressesIn(page.body)) {
      if (address.startsWith('#') || address.startsWith('tel:')) continue
      if (tag.startsWith('<link rel="alternate"')) continue
      if (address.startsWith('data:image/svg+xml')) {
        t.ok(tag.includes('rel="icon"'), `${path}: only the icon is data`)
      } else if (/^[a-z]+:|^\/\//i.test(address)) {
        t.ok(
          name === 'href' && tag.startsWith('<a ') && /rel="noreferrer"|href="mailto:/.test(tag),
          `${path}: ${tag}`,
        )
        t.ok(helpers.has(address) || sources.has(address), `${path}: ${address} is of help or a source`)
      } else {
        t.notMatch(address, /\?/, `${path}: nothing stands in an address`)
        if (name === 'href' && address !== '/exit') waiting.push(address.split('#')[0] ?? '')
      }
    }
    t.notMatch(
      page.body,
      /<meta http-equiv|<base|<iframe|<object|<embed|<link [^>]*rel="(?!icon|alternate)|@import|url\(/i,
    )
  }
  t.ok(seen.size > 40, `${seen.size} pages`)
})

t.test('the cookie is the only one, has no end, and no script or other site can use it', async (t) => {
  const begin = (app: FastifyInstance) =>
    app.inject({ method: 'POST', url: '/en/report/danger', headers: FORM, payload: 'danger=no' })
  const plain = await begin(intake)
  t.match(plain.headers['set-cookie'], /^s=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/)
  const secure = await begin(await createApp({ secure: true }))
  t.match(secure.headers['set-cookie'], /^__Host-s=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
})

async function publicRoads(app: FastifyInstance, secure: boolean): Promise<Road[]> {
  const begun = await app.inject({
    method: 'POST',
    url: '/en/report/danger',
    headers: FORM,
    payload: 'danger=no',
  })
  const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
  const get =
    (url: string, headers: Record<string, string> = {}) =>
    () =>
      app.inject({ url, headers })
  const post =
    (url: string, payload: string, headers: Record<string, string> = {}) =>
    () =>
      app.inject({ method: 'POST', url, payload, headers: { ...FORM, ...headers } })
  const upload = multipartBody([{ bytes: Buffer.from('no picture') }], {})
  const onIts = { cookie }
  return [
    ['how a report begins', 200, get('/en/report')],
    ['the way to a language', 303, get('/')],
    ['a step without a draft', 404, get('/en/report/words')],
    ['a step', 200, get('/en/report/words', onIts)],
    ['an answer', 303, post('/en/report/words', 'words=x', onIts)],
    ['an unknown place', 303, post('/en/report/where', 'municipality=Atlantis', onIts)],
    ['a page with an error', 422, get('/en/report/where', onIts)],
    ['the one page', 203, get('/en/report/all')],
    ['what was sent from it', 200, get('/en/report/all/received')],
    ['the one page with an error', 422, post('/en/report/all', 'municipality=Atlantis&words=x')],
    [
      'an upload',
      303,
      () =>
        app.inject({
          method: 'POST',
          url: '/en/report/files',
          payload: upload.body,
          headers: { ...onIts, 'content-type': upload.type },
        }),
    ],
    ['a malformed code', 303, post('/en/return', 'code=1')],
    ['the mailbox without a code', 404, get('/en/return/messages')],
    ['nothing there', 404, get('/en/canary')],
    ['another method', 404, () => app.inject({ method: 'DELETE', url: '/en/return' })],
    ['a damaged address', 400, get('/en/%zz')],
    ['too much', 413, post('/en/report/words', `words=${'x'.repeat(3 * 1024 * 1024)}`)],
    ['too many fields', 413, post('/en/report/words', 'a=1&'.repeat(1000))],
    ['no form', 415, () => app.inject({ method: 'POST', url: '/en/report/words', payload: {} })],
    ['the icon', 204, get('/favicon.ico')],
    ['what robots may', 200, get('/robots.txt')],
    ['health', 200, get('/healthz')],
    ['ready', 200, get('/readyz')],
    ['the way out', 303, get('/exit', secure ? {} : onIts)],
  ]
}

/** The pages that inform have styles of their own. */
function informationRoads(app: FastifyInstance): Road[] {
  const get =
    (url: string, headers: Record<string, string> = {}) =>
    () =>
      app.inject({ url, headers })
  const post = (url: string, payload: string) => () =>
    app.inject({ method: 'POST', url, payload, headers: FORM })
  return [
    ['a page', 200, get('/en/')],
    ['a page in brotli', 200, get('/en/', { 'accept-encoding': 'br' })],
    ['a page in gzip', 200, get('/en/', { 'accept-encoding': 'gzip' })],
    ['a page with a query', 200, get('/en/?canary')],
    ['the head of a page', 200, () => app.inject({ method: 'HEAD', url: '/en/' })],
    ['a search', 200, post('/en/search', 'q=canary')],
    ['a list that was filled in', 200, post('/en/basic-level', 'act=result')],
    ['help in no municipality', 422, post('/en/help/nearby', 'place=canary')],
  ]
}

async function checkRoad(
  t: Tap,
  [what, status, ask]: Road,
  expected: Readonly<Record<string, string>>,
): Promise<void> {
  const { statusCode, headers, body } = await ask()
  t.equal(statusCode, status, what)
  const carried = Object.fromEntries(Object.keys(expected).map((name) => [name, headers[name]]))
  t.same(carried, expected, `${what}: the headers of helmet`)
  t.same(
    Object.keys(headers).filter((name) => !(name in expected) && !OTHERS.includes(name)),
    [],
    `${what}: and no others`,
  )
  t.equal(headers['cache-control'], 'no-store', `${what}: may not be kept`)
  t.ok(headers.vary === undefined || headers.vary === 'accept-encoding', `${what}: differs by nothing else`)
  if (!/answer|place|upload|code|way out/.test(what)) t.notOk(headers['set-cookie'], `${what}: no cookie`)
  if (statusCode === 204) t.equal(body, '', `${what}: empty`)
}

interface Tap {
  equal(found: unknown, wanted: unknown, message: string): void
  same(found: unknown, wanted: unknown, message: string): void
  ok(value: unknown, message: string): void
  notOk(value: unknown, message: string): void
}

/** What helmet sends itself, on an app of its own. */
async function helmetsOwn(options: FastifyHelmetOptions): Promise<Record<string, string>> {
  const bare = Fastify()
  bare.get('/', () => '')
  const without = Object.keys((await bare.inject('/')).headers)
  const app = Fastify()
  await app.register(helmet, options)
  app.get('/', () => '')
  const { headers } = await app.inject('/')
  await Promise.all([app.close(), bare.close()])
  const own = Object.entries(headers).filter(([name]) => !without.includes(name))
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]))
}

async function createApp(change: Partial<IntakeAppParts>): Promise<FastifyInstance> {
  const app = await createIntakeApp({
    site,
    storage: intakeStorage,
    sealer,
    sanitiser,
    log: silentLog,
    pepper,
    secure: false,
    quickExitUrl: 'https://weather.example/',
    fileLimits: DEFAULT_LIMITS,
    perMinute: null,
    ...change,
  })
  t.teardown(() => app.close())
  return app
}

async function listen(app: FastifyInstance): Promise<number> {
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
}

function addressesIn(html: string): { tag: string; name: string; address: string }[] {
  return [...html.matchAll(/<[a-z][^>]*>/g)].flatMap(([tag]) =>
    [...tag.matchAll(/\b(href|src|action|srcset|poster|formaction|ping|cite|background)="([^"]*)"/g)].map(
      ([, name = '', address = '']) => ({ tag, name, address: address.replaceAll('&amp;', '&') }),
    ),
  )
}
