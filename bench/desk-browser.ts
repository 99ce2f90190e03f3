// What reading costs in a real browser: opening thousands of headers, and a report with many pictures. The floors are
// the age library alone, one part after the other in the page itself, on the same sealed bytes.
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { silentLog } from '../server/log.js'
import { packJson, packPart } from '../server/report/envelope.js'
import { connect } from '../server/storage/connect.js'
import { startEmbedded } from '../server/storage/embedded/index.js'
import { renewLoginRoles } from '../server/storage/login-roles.js'
import { migrate } from '../server/storage/migrate.js'
import { openTriageStorage } from '../server/storage/triage/index.js'
import { createTriageApp } from '../server/triage/app.js'
import { chromiumOptions, DESKTOP } from '../test/support/browser.js'
import { createTestDesk, PASSPHRASE, type TestDesk } from '../test/support/desk.js'
import { sealTo } from '../test/support/desk-client.js'
import { toUrl, withRole } from '../test/support/url.js'
import { percentile } from './load.js'

const HEADERS = 5_000
const PICTURES = 20
const PICTURE_PIXELS = 2_000
const ROUNDS = 3
const WITHIN_MS = 110_000

export interface DeskBrowser {
  readonly headers: { readonly seconds: number; readonly floorSeconds: number }
  /** longest time in which the page could answer no key, in milliseconds; 0 when it was never 50 */
  readonly blocks: { readonly beside: number; readonly inPage: number }
  readonly pictures: { readonly seconds: number; readonly floorSeconds: number; readonly megabytes: number }
}

interface Part {
  readonly id: string
  readonly kind: 'header' | 'situation' | 'place' | 'victims' | 'offenders' | 'source' | 'file'
  readonly sealed: Uint8Array
}

/** Times in seconds, blocks in milliseconds. */
interface Round {
  readonly seconds: number
  readonly floor: number
  readonly beside: number
  readonly inPage: number
  readonly shown: number
  readonly floorShown: number
}

/** Counts what the worker opens and how long the page is held up. Runs before any script of the page. */
const WATCH = `
  window.bench = { opened: 0, since: 0, until: 0, blocks: [] }
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) bench.blocks.push({ startTime, duration })
  }).observe({ type: 'longtask', buffered: true })
  const { postMessage } = Worker.prototype
  Worker.prototype.postMessage = function (...given) {
    if (!bench.since && given[0].sealed) {
      bench.since = performance.now()
      this.addEventListener('message', ({ data }) => {
        bench.opened += data.opened?.length ?? 0
        if (bench.opened >= ${HEADERS}) bench.until ||= performance.now()
      })
    }
    return postMessage.apply(this, given)
  }`

/** The library alone, as a text for the page. */
async function bareLibrary(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { Decrypter } from 'age-encryption'
        const open = (key, sealed) => {
          const decrypter = new Decrypter()
          decrypter.addIdentity(key)
          return decrypter.decrypt(sealed)
        }
        const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
        window.bare = {
          async headers(key, sealed) {
            const given = sealed.map(bytes)
            bench.blocks.length = 0
            const since = performance.now()
            for (const one of given) await open(key, one)
            return performance.now() - since
          },
          async parts(key, paths, proof) {
            const since = performance.now()
            for (const path of paths) {
              const answer = await fetch(path, { headers: { 'x-baken-proof': proof } })
              await open(key, new Uint8Array(await answer.arrayBuffer()))
            }
            return performance.now() - since
          },
        }`,
      resolveDir: fileURLToPath(new URL('../../', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
  })
  return outputFiles[0]?.text ?? ''
}

function makeHeader(): object {
  return {
    language: 'nl',
    vantage: 'citizen',
    municipality: 'GM0518',
    forms: ['labour'],
    signs: 3,
    danger: 'no',
    minor: false,
    when: 'now',
    mailbox: randomUUID(),
    alike: { by: 'words', sketch: randomBytes(32).toString('hex') },
  }
}

/** Puts reports in as the public app does; one of them, the first in the queue, has pictures. */
async function seed(
  owner: ReturnType<typeof connect>,
  { id: desk, keys }: TestDesk,
): Promise<{ headers: string[]; files: string[]; report: string; bytes: number }> {
  const seal = (packed: Uint8Array) => sealTo([keys.recipient, keys.recoveryRecipient], packed)
  const insert = async (report: string, urgent: boolean, files: number, parts: readonly Part[]) => {
    await owner.query(
      `with made as (insert into arrival values ($1, $2, 'national', $3, '2026-11-23 pm', $4) returning id)
       insert into arrival_part select part, 0, made.id, kind, sealed
       from made, unnest($5::uuid[], $6::text[], $7::bytea[]) as given (part, kind, sealed)`,
      [
        report,
        desk,
        urgent,
        files,
        parts.map(({ id }) => id),
        parts.map(({ kind }) => kind),
        parts.map(({ sealed }) => Buffer.from(sealed)),
      ],
    )
  }
  const json = async (of: string, kind: Exclude<Part['kind'], 'file'>, value: unknown): Promise<Part> => ({
    id: randomUUID(),
    kind,
    sealed: await seal(packJson({ kind, of }, value)),
  })
  const headers: string[] = []
  for (let i = 1; i < HEADERS; i++) {
    const of = randomUUID()
    const header = await json(of, 'header', makeHeader())
    headers.push(Buffer.from(header.sealed).toString('base64'))
    await insert(of, false, 0, [header])
  }
  const report = randomUUID()
  const picture = await sharp(randomBytes(PICTURE_PIXELS * PICTURE_PIXELS * 3), {
    raw: { width: PICTURE_PIXELS, height: PICTURE_PIXELS, channels: 3 },
  })
    .blur(4)
    .jpeg({ quality: 85 })
    .toBuffer()
  const file = async (): Promise<Part> => ({
    id: randomUUID(),
    kind: 'file',
    sealed: await seal(packPart({ kind: 'file', of: report, type: 'image/jpeg' }, picture)),
  })
  const files = await Promise.all(Array.from({ length: PICTURES }, file))
  const sections = [
    json(report, 'header', makeHeader()),
    json(report, 'situation', {
      forms: [],
      signs: [],
      words: 'words',
      when: null,
      whenWords: '',
      danger: null,
    }),
    json(report, 'place', { municipality: null, policeUnit: 'national', description: '', details: {} }),
    ...(['victims', 'offenders', 'source'] as const).map((kind) => json(report, kind, { details: {} })),
  ]
  await insert(report, true, PICTURES, [...(await Promise.all(sections)), ...files])
  const paths = files.map(({ id }) => `/reports/${report}/parts/${id}`)
  return { headers, files: paths, report, bytes: picture.length * PICTURES }
}

/** Asks again and again: the page's policy lets nobody wait inside it. */
async function untilIn(page: Page, condition: string): Promise<void> {
  const end = Date.now() + WITHIN_MS
  while (!(await page.evaluate<boolean>(condition))) {
    if (Date.now() > end) throw new Error(`waited too long for ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The longest task since then, in milliseconds. */
const longestBlock = (page: Page, since = 'bench.since') =>
  page.evaluate<number>(
    `Math.max(0, ...bench.blocks.filter((one) => one.startTime >= ${since}).map(({ duration }) => duration))`,
  )

/** Ends by itself; Chromium and a database of its own run meanwhile. */
export async function deskBrowser(): Promise<DeskBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-bench-desk-'))
  const embedded = await startEmbedded(folder)
  const owner = connect({ target: toUrl(embedded.owner), connections: 2 })
  await migrate(owner)
  const desk = await createTestDesk(owner)
  const roles = await renewLoginRoles(owner)
  const { headers, files, bytes } = await seed(owner, desk)
  const storage = openTriageStorage({ target: withRole(toUrl(embedded.owner), roles.triage) })
  await storage.releaseArrivals(true)
  const settings = { siteName: 'Baken', defaultLanguage: 'en', demonstration: false }
  const app = await createTriageApp({ storage, log: silentLog, settings, secure: false })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch(chromiumOptions([], {}))
  const library = await bareLibrary()
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage({ viewport: DESKTOP })
    page.setDefaultTimeout(WITHIN_MS)
    await page.addInitScript(WATCH)
    let proof = ''
    page.on('request', (request) => {
      proof = request.headers()['x-baken-proof'] ?? proof
    })
    await page.goto(`${origin}/en/`)
    await page.getByLabel('Name').fill('sam')
    await page.getByLabel('Your six words').fill(PASSPHRASE)
    await page.keyboard.press('Enter')
    await untilIn(page, 'bench.until > 0')
    const seconds = (await page.evaluate<number>('bench.until - bench.since')) / 1000
    const beside = await longestBlock(page)

    const opening = round === 0 ? page.getByRole('button', { name: /next report/i }) : null
    await (opening ?? page.getByRole('button', { name: /^Open/ }).first()).click()
    await page.getByRole('button', { name: `Open file ${PICTURES}`, exact: true }).waitFor()
    const since = performance.now()
    await page.evaluate(
      `document.querySelectorAll('.file > .actions > :first-child').forEach((one) => one.click())`,
    )
    await page
      .getByRole('button', { name: /^Blur picture/ })
      .nth(PICTURES - 1)
      .waitFor()
    const shown = (performance.now() - since) / 1000

    await page.evaluate(library)
    const bare = (what: string, ...given: unknown[]) =>
      page.evaluate<number>(`bare.${what}(${given.map((one) => JSON.stringify(one)).join()})`)
    const floorShown = (await bare('parts', desk.keys.identity, files, proof)) / 1000
    const from = await page.evaluate<number>('performance.now()')
    const floor = ((await bare('headers', desk.keys.identity, headers)) * HEADERS) / headers.length / 1000
    rounds.push({ seconds, floor, beside, inPage: await longestBlock(page, String(from)), shown, floorShown })
    await page.close()
  }
  await browser.close()
  await app.close()
  await storage.close()
  await owner.end()
  await embedded.stop()
  await rm(folder, { recursive: true, force: true })
  const middle = (read: (round: Round) => number) => percentile(rounds.map(read), 0.5)
  return {
    headers: { seconds: middle(({ seconds }) => seconds), floorSeconds: middle(({ floor }) => floor) },
    blocks: { beside: middle(({ beside }) => beside), inPage: middle(({ inPage }) => inPage) },
    pictures: {
      seconds: middle(({ shown }) => shown),
      floorSeconds: middle(({ floorShown }) => floorShown),
      megabytes: bytes / 1e6,
    },
  }
}

export function deskBrowserTable({ headers, blocks, pictures }: DeskBrowser): string {
  const n = (value: number, digits = 0): string => value.toFixed(digits)
  return `## Reading at the desk
In Chromium, on the machine that also runs the server. The floor is the age library alone in the page, one part after
the other, without checking or showing anything; of the pictures with fetching them.

| | Baken | floor | ratio |
|---|---|---|---|
| ${HEADERS} headers of the list opened, s | ${n(headers.seconds, 2)} | ${n(headers.floorSeconds, 2)} | ${n(headers.seconds / headers.floorSeconds, 2)} |
| a report with ${PICTURES} pictures (${n(pictures.megabytes, 1)} MB) opened and shown, s | ${n(pictures.seconds, 2)} | ${n(pictures.floorSeconds, 2)} | ${n(pictures.seconds / pictures.floorSeconds, 2)} |

Longest time in which the page answered no key while headers were opened: ${n(blocks.beside)} ms (0 stands for under 50).
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(deskBrowserTable(await deskBrowser()))
  process.exit(0)
}
