// Whoever takes the phone finds in the browser's own folder that this site was visited, and no more: no word, no code,
// no place, no name of a file. Searched after an ordinary end, and after a crash in the middle.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { listen } from '../support/browser.js'
import { type Canaries, createCanaries, PIECE, spellingsOfCode } from '../support/canaries.js'
import { databaseKind, type Teardown } from '../support/database.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { startElsewhere } from '../support/elsewhere.js'
import { openProfile, type Profile, SESSION_WRITTEN_MS } from '../support/profile.js'
import type { Place } from '../support/whole-database.js'

const MUNICIPALITY = 'Zoeterwoude'
/** All that may be told of which pages were visited; in some files other letters follow at once. */
const NEUTRAL =
  /^\/(en\/(report(\/(danger|who|words|where|when|files|check|code|send|received|all(\/received)?))?|return(\/(messages|add|leave))?)?|exit)?(?![/?#=&_-]|(?!http)[a-z]{2})/

interface Ordinary {
  readonly address: string
  /** what of it is in which part of a profile */
  readonly canaries: Record<'title' | 'text' | 'packed' | 'suggested' | 'posted', string>
}

/** Where the search finds what of an ordinary page. */
const PLANTED = [
  ['title', 'Session_'],
  ['text', 'Cache'],
  ['packed', 'Cache'],
  ['suggested', 'Web Data'],
  ['posted', 'Session_'],
] as const
/** Of a page that is visited shortly before a crash the history is not written yet. */
const PLANTED_LONG_BEFORE = [...PLANTED, ['title', 'History'] as const] as const

/** A page like any other, that a browser may keep: what the search finds of it, it would find of ours. */
async function startOrdinary(t: Teardown, { make }: Canaries): Promise<Ordinary> {
  const canaries = {
    title: make('title'),
    text: make('text'),
    packed: make('packed'),
    suggested: make('suggested'),
    posted: make('posted'),
  }
  const address = await startElsewhere(t, (request, response) => {
    response.setHeader('cache-control', 'max-age=600')
    if (request.url === '/packed') {
      response.setHeader('content-encoding', 'br')
      response.end(brotliCompressSync(`<!doctype html><p>${canaries.packed}</p>`.repeat(3)))
    } else {
      response.end(`<!doctype html><title>${canaries.title}</title><p>${canaries.text}</p>
        <form method="post"><input name="city"><textarea name="more"></textarea><button>Go</button></form>`)
    }
  })
  return { address, canaries }
}

async function visitOrdinary({ context }: Profile, { address, canaries }: Ordinary): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${address}/packed`)
  await page.goto(`${address}/`)
  await page.locator('input').fill(canaries.suggested)
  await page.locator('textarea').fill(canaries.posted)
  await page.getByRole('button').click()
  await page.waitForTimeout(SESSION_WRITTEN_MS)
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

function noorWith(canaries: Canaries, origin: string, photo: string) {
  const { make } = canaries
  canaries.watch('municipality', MUNICIPALITY)
  return {
    /** the road up to the check of all answers */
    async write(page: Page): Promise<void> {
      await page.goto(`${origin}/en/report/danger`)
      await page.getByLabel('No', { exact: true }).check()
      await press(page, 'Continue')
      await page.goto(`${origin}/en/report/words`)
      await page.locator('#words').pressSequentially(make('words'))
      await press(page, 'Continue')
      await page.locator('#municipality').fill(make('wrong place'))
      await press(page, 'Continue')
      await page.locator('#municipality').fill(MUNICIPALITY)
      await page.locator('#place').fill(make('place'))
      await press(page, 'Continue')
      await page.goto(`${origin}/en/report/files`)
      await page.locator('#files').setInputFiles(photo)
      await press(page, 'Add')
      await page.getByText('File 1: photo').waitFor()
      await page.goto(`${origin}/en/report/check`)
    },
    async makeCode(page: Page): Promise<string> {
      await press(page, 'First make a code')
      const code = (await page.locator('.code').innerText()).replace(/\D/g, '')
      canaries.watch('code', ...spellingsOfCode(code))
      return code
    },
    async send(page: Page): Promise<void> {
      await page.getByLabel('I wrote the code down').check()
      await press(page, 'Send the report with this code')
      await page.waitForURL('**/report/received')
    },
    async comeBack(page: Page, code: string): Promise<void> {
      await page.goto(`${origin}/en/return`)
      await page.locator('#code').fill(code.replace(/(\d{4})/g, '$1 '))
      await press(page, 'Look')
      await page.goto(`${origin}/en/return/add`)
      await page.locator('#words').fill(make('added'))
      await page.locator('main button').click()
      await page.waitForURL('**/return/messages')
      await page.locator('form[action$="/leave"] button').click()
      await page.waitForURL('**/en/')
    },
    async fillOnePage(page: Page, words: string): Promise<void> {
      await page.goto(`${origin}/en/report/all`)
      await page.locator('#words').fill(words)
      await page.locator('#municipality').fill(MUNICIPALITY)
      await page.locator('#files').setInputFiles(photo)
      await page.locator('details summary').last().click()
      const code = (await page.locator('.code').innerText()).replace(/\D/g, '')
      canaries.watch('code of the one page', ...spellingsOfCode(code))
      await page.getByLabel('Yes, I want to use the code').check()
    },
  }
}

/** What follows the address of this site wherever it stands. */
function pathsIn(places: readonly Place[], origin: string): Set<string> {
  const address = new RegExp(`${origin.replaceAll('.', '\\.')}(/[\\x21-\\x7e]*)`, 'g')
  const paths = places.flatMap(({ bytes }) =>
    [bytes.toString('latin1'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')].flatMap(
      (text) => [...text.matchAll(address)].map(([, path = '']) => path),
    ),
  )
  return new Set(paths)
}

async function foundNothing(
  t: Test,
  profile: Profile,
  {
    canaries,
    origin,
    planted,
  }: { canaries: Canaries; origin: string; planted: readonly (readonly [what: string, where: string])[] },
): Promise<void> {
  const places = profile.places()
  const found = canaries.findIn(places)
  const isPlanted = (finding: string) =>
    ['title', 'text', 'packed', 'suggested', 'posted', PIECE].some((name) => finding.endsWith(`: ${name}`))
  t.same(
    found.filter((finding) => !isPlanted(finding)),
    [],
    'nothing of her is there',
  )
  for (const [what, where] of planted) {
    t.ok(
      found.some((finding) => finding.includes(where) && finding.endsWith(`: ${what}`)),
      `the same search finds the ${what} of an ordinary page in ${where}`,
    )
  }
  const paths = [...pathsIn(places, origin)]
  t.ok(
    paths.some((path) => path.startsWith('/en/report/words')),
    'the history tells of the visit',
  )
  t.same(
    paths.filter((path) => !NEUTRAL.test(path)),
    [],
    'by neutral addresses alone',
  )
}

async function photoOnDisk(t: Teardown, { make }: Canaries): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-photo-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, `${make('file name')}.jpg`)
  await writeFile(path, await dirtyPhoto({ canary: make('inside photo') }))
  return path
}

t.setTimeout(120_000)

/** What a browser writes down is the same on every database. */
if (databaseKind === 'embedded') {
  const weather = await startElsewhere(t)
  const apps = await startApps(t, { quickExitUrl: `${weather}/` })
  const origin = await listen(apps.intake)

  t.test(
    'after a whole report, the mailbox, the one page and the way out the profile holds none of it',
    async (t) => {
      const canaries = createCanaries()
      const ordinary = await startOrdinary(t, canaries)
      const profile = await openProfile(t, false)
      const noor = noorWith(canaries, origin, await photoOnDisk(t, canaries))
      const page = await profile.context.newPage()
      await noor.write(page)
      const code = await noor.makeCode(page)
      await page.waitForTimeout(SESSION_WRITTEN_MS)
      await noor.send(page)
      await noor.comeBack(page, code)
      await noor.fillOnePage(page, canaries.make('words of the one page'))
      await press(page, 'Send the report')
      await page.waitForURL('**/report/all/received')
      await page.getByRole('link', { name: 'Leave this page' }).first().click()
      await page.waitForURL(`${weather}/**`)
      await visitOrdinary(profile, ordinary)
      await profile.close()
      await foundNothing(t, profile, { canaries, origin, planted: PLANTED_LONG_BEFORE })
    },
  )

  t.test('nor does it after a crash in the middle, with everything typed on the screen', async (t) => {
    const canaries = createCanaries()
    const ordinary = await startOrdinary(t, canaries)
    const profile = await openProfile(t, true)
    const noor = noorWith(canaries, origin, await photoOnDisk(t, canaries))
    const [road, one] = [await profile.context.newPage(), await profile.context.newPage()]
    await noor.fillOnePage(one, `${canaries.make('words of the one page')} 06 12345678`)
    await one.waitForTimeout(SESSION_WRITTEN_MS)
    await press(one, 'Send the report')
    await one.getByText('06 12345678').last().waitFor()
    await noor.write(road)
    await noor.makeCode(road)
    await road.goto(`${origin}/en/report/words`)
    await road.locator('#words').fill(canaries.make('words not sent'))
    await visitOrdinary(profile, ordinary)
    await profile.kill()
    await foundNothing(t, profile, { canaries, origin, planted: PLANTED })
  })
} else {
  t.pass('on the embedded database alone: a browser does the same on both')
}
