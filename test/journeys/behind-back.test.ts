// What stands behind Back: on the way everything that was answered, after leaving or sending nothing of it.
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { type Behind, type Seen, watchBehind } from '../support/behind-back.js'
import { launchBrowser, listen, PHONE } from '../support/browser.js'
import { databaseKind } from '../support/database.js'
import { startElsewhere } from '../support/elsewhere.js'
import { sendReport } from '../support/send-report.js'

const TYPED = 'the blue door beside the bakery'
const GONE = 'There is nothing here any more'
const WAYS = [
  { script: 'without JavaScript', javaScriptEnabled: false },
  { script: 'with JavaScript', javaScriptEnabled: true },
]

/** The road of somebody in danger who is sent past a page for people like her, and what she answers. */
const ROAD: readonly (readonly [page: string, ...answers: string[]])[] = [
  ['danger', 'danger=yes'],
  ['now'],
  ['who', 'vantage=client'],
  ['first'],
  ['what', 'forms=sexual', 'forms=labour'],
  ['signs'],
  ['words', `words=${TYPED}`],
  ['where', 'municipality=Delft', 'place=by the water'],
  ['when', 'when=past', 'whenWords=in spring'],
  ['files'],
]

async function answer(page: Page, answers: readonly string[]): Promise<void> {
  for (const given of answers) {
    const [name, value] = given.split('=') as [string, string]
    const field = page.locator(`main [name="${name}"]`)
    if (/^(text|textarea)$/.test((await field.first().getAttribute('type')) ?? 'textarea'))
      await field.fill(value)
    else await page.locator(`main [name="${name}"][value="${value}"]`).check()
  }
}

const press = (page: Page, name: string) =>
  page
    .locator('main')
    .getByRole('button', { name, exact: true })
    .or(page.locator('main').getByRole('link', { name, exact: true }))
    .click()

async function goRoad(page: Page, origin: string, road = ROAD): Promise<void> {
  await page.goto(`${origin}/en/report/danger`)
  for (const [name, ...answers] of road) {
    await page.waitForURL(`**/report/${name}`)
    await answer(page, answers)
    await press(page, 'Continue')
  }
}

const sorted = (answers: readonly string[]): string[] => [...answers].sort()

/** A browser that was never here. */
async function comeAnew(browser: Browser, javaScriptEnabled: boolean) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: PHONE })
  const page = await context.newPage()
  return { context, page, behind: await watchBehind(page) }
}

/** Goes to every page of ours that Back leads to, the last one first. */
async function everythingBehind(behind: Behind, origin: string): Promise<Seen[]> {
  const seen: Seen[] = []
  const entries = await behind.entries()
  for (let entry = (await behind.position()) - 1; entry >= 0; entry--)
    if (entries[entry]?.startsWith(origin)) seen.push(await behind.go(entry))
  return seen
}

function tellsNothing(t: Test, seen: readonly Seen[], headings: RegExp): void {
  t.ok(seen.length > 0)
  for (const { path, heading, text, fields } of seen) {
    t.match(heading, headings, path)
    t.same(fields, [], path)
    t.notMatch(text, /blue door|bakery|Delft|Which street|\d{4} \d{4}/, path)
  }
}

async function leave(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Leave this page' }).first().click()
  await page.getByRole('heading', { name: 'Sunny' }).waitFor()
}

/** The shortest way to a page with words on it, and on. */
async function writeWords(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/en/report/danger`)
  await answer(page, ['danger=no'])
  await press(page, 'Continue')
  await page.waitForURL('**/report/who')
  await page.goto(`${origin}/en/report/words`)
  await answer(page, [`words=${TYPED}`])
  await press(page, 'Continue')
  await page.waitForURL('**/report/where')
  await page.locator('#municipality').fill('Delft')
}

t.setTimeout(120_000)

/** What a browser does is the same on every database. */
if (databaseKind === 'embedded') {
  const apps = await startApps(t, { quickExitUrl: `${await startElsewhere(t)}/` })
  const origin = await listen(apps.intake)
  const keepingPages = await launchBrowser(t, [], { keepsPages: true })

  for (const { script, javaScriptEnabled } of WAYS) {
    t.test(`${script} Back and Forward show each step with its answers`, async (t) => {
      const { page, behind } = await comeAnew(keepingPages, javaScriptEnabled)
      await goRoad(page, origin)
      await page.waitForURL('**/report/check')
      const last = await behind.position()
      const steps = ROAD.map(([name, ...answers], step) => ({
        name,
        answers,
        entry: last - ROAD.length + step,
      }))
      for (const way of [[...steps].reverse(), steps.slice(1)]) {
        for (const { name, answers, entry } of way) {
          const seen = await behind.go(entry)
          t.equal(seen.path, `/en/report/${name}`)
          t.same(sorted(seen.fields), sorted(answers), name)
        }
      }
      t.match((await behind.go(last)).text, TYPED, 'and at the end all of it')
      t.same(behind.faults, [], 'no page is the answer to a POST')
    })

    t.test(`${script} nothing is behind Back after the way out`, async (t) => {
      const { page, context, behind } = await comeAnew(keepingPages, javaScriptEnabled)
      await writeWords(page, origin)
      await leave(page)
      tellsNothing(t, await everythingBehind(behind, origin), new RegExp(`${GONE}|Is there danger now`))
      t.same(await context.cookies(), [])
      t.same(behind.faults, [])
    })

    t.test(`${script} neither answers nor code are behind Back after sending`, async (t) => {
      const { page, behind } = await comeAnew(keepingPages, javaScriptEnabled)
      await writeWords(page, origin)
      await page.goto(`${origin}/en/report/check`)
      await press(page, 'First make a code')
      await page.getByLabel('I wrote the code down').check()
      await press(page, 'Send the report with this code')
      await page.waitForURL('**/report/received')
      tellsNothing(t, await everythingBehind(behind, origin), /^(Received|Is there danger now\?)$/)
      t.same(behind.faults, [])
    })

    t.test(`${script} nothing is behind Back an hour later`, async (t) => {
      // Without pages in memory: Chromium gives up after three minutes those that may not be stored.
      const { page, behind } = await comeAnew(await launchBrowser(t), javaScriptEnabled)
      await writeWords(page, origin)
      for (let round = 0; round < 6; round++) {
        await apps.database.owner.query(`update maintenance set last_run = now() - interval '11 minutes'`)
        await apps.intakeStorage.sweep()
      }
      tellsNothing(t, await everythingBehind(behind, origin), new RegExp(`${GONE}|Is there danger now`))
      t.same(behind.faults, [])
    })

    t.test(`${script} nothing of the mailbox is behind Back after leaving or ending it`, async (t) => {
      const code = await sendReport(apps.intake, { words: TYPED, written: 'yes' })
      for (const act of ['Leave the messages', 'end']) {
        const { page, behind, context } = await comeAnew(keepingPages, javaScriptEnabled)
        await page.goto(`${origin}/en/return`)
        await page.locator('#code').fill(code)
        await press(page, 'Look')
        await page.waitForURL('**/return/messages')
        await page.goto(`${origin}/en/return/add`)
        await page.locator('#words').fill(TYPED)
        await page.locator('main button').click()
        await page.waitForURL('**/return/messages')
        if (act === 'end') {
          await page.goto(`${origin}/en/return/end`)
          await page.locator('main button').click()
          await page.waitForURL('**/return/ended')
        } else {
          await page.locator('form[action$="/leave"] button').click()
          await page.waitForURL('**/en/')
        }
        tellsNothing(
          t,
          await everythingBehind(behind, origin),
          /nothing here any more|^Read your messages|code|closed/i,
        )
        t.same(behind.faults, [])
        await context.close()
      }
    })

    t.test(`${script} nothing typed on the one page is behind Back, whether sent or left`, async (t) => {
      for (const act of ['sent', 'left']) {
        const { page, behind, context } = await comeAnew(keepingPages, javaScriptEnabled)
        await page.goto(`${origin}/en/`)
        await page.goto(`${origin}/en/report/all`)
        await answer(page, ['danger=no', `words=${TYPED}`, 'municipality=Delft', 'when=past'])
        await page.locator('details summary').last().click()
        await page.getByLabel('Yes, I want to use the code').check()
        if (act === 'left') await leave(page)
        else {
          await press(page, 'Send the report')
          await page.waitForURL('**/report/all/received')
        }
        t.same(await context.cookies(), [], 'and there was no cookie')
        const seen = await everythingBehind(behind, origin)
        for (const one of seen) t.same([one.fields, one.text.includes('bakery')], [[], false], one.path)
        t.same(behind.faults, [])
      }
    })
  }

  t.test('the browser of these tests does keep pages in memory', async (t) => {
    const { page, behind } = await comeAnew(keepingPages, false)
    await page.goto(`${origin}/en/return`)
    await page.locator('#code').fill(TYPED)
    await page.locator('footer a').first().click()
    await page.waitForURL('**/help')
    t.same((await behind.go((await behind.position()) - 1)).fields, [`code=${TYPED}`])
    t.equal(behind.kind(), 'BackForwardCacheRestore')
  })

  t.test('every answer can be changed from the check of all answers', async (t) => {
    const { page, behind } = await comeAnew(keepingPages, false)
    await goRoad(page, origin)
    const links = await page
      .locator('a.change')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    t.equal(links.length, 8)
    for (const link of links) {
      await page.waitForURL('**/report/check')
      await page.locator(`a.change[href="${link}"]`).click()
      await page.waitForURL(`**${link}`)
      const seen = await behind.look()
      const [, ...answers] = ROAD.find(([name]) => link.endsWith(`/${name}`)) ?? ['']
      t.same(sorted(seen.fields), sorted(answers), link)
      await page.goto(`${origin}/en/report/check`)
    }
  })
} else {
  t.pass('on the embedded database alone: a browser does the same on both')
}
