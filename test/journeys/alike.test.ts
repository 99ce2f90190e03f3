// After a flood of nearly equal reports Sam's list stays short: they stand together, the urgent one among them in
// full and first, and each of the others can still be reached, by keyboard too.
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, type Visit, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { sendReport } from '../support/send-report.js'

const flood = (name: string): string =>
  `Every night at three a white van stops behind the old shed. ${name} gets out with two young women, and they go in ` +
  'by the back door. They never come outside, and he keeps their telephones and their papers.'
const NAMES = ['Abe', 'Ben', 'Cor', 'Dirk', 'Eef', 'Flip', 'Gert', 'Henk', 'Ivo', 'Jaap', 'Koos']
const OTHERS = [
  'In the restaurant at the corner a man sleeps in the cellar between the boxes. He works all day and gets no money.',
  'In the villa a girl from abroad does the household. She may not go outside and her passport lies in a safe.',
  'A boy of the football club suddenly has a new telephone and expensive shoes, and stays away from school for days.',
]

t.setTimeout(120_000)
const apps = await startApps(t)
const origin = await listen(apps.triage)
const browser = await launchBrowser(t)
await sendFlood()

/** Eleven calm reports and an urgent one with nearly the same words, three others, and two with the same ticks alone. */
async function sendFlood(): Promise<void> {
  for (const name of NAMES) await sendReport(apps.intake, { words: flood(name) })
  await sendReport(apps.intake, { words: flood('Lars'), danger: 'yes' })
  for (const words of OTHERS) await sendReport(apps.intake, { words })
  const ticks = { signs: ['s6', 's7'], municipality: 'Utrecht' }
  for (const fields of [ticks, ticks]) await sendReport(apps.intake, fields)
  await apps.release()
}

/** Sam's list, with its groups made. */
async function openInbox(look: BrowserContextOptions): Promise<Visit> {
  const sam = await visit(browser, origin, look)
  await sam.page.goto(`${origin}/en/`)
  await sam.page.getByLabel('Name').fill('sam')
  await sam.page.getByLabel('Your six words').fill(PASSPHRASE)
  await sam.page.keyboard.press('Enter')
  await sam.page.locator('.alike').first().waitFor()
  return sam
}

const section = (page: Page, name: string) =>
  page.locator('section.group', { has: page.locator('h2', { hasText: name }) })
const rowsIn = (page: Page, name: string) => section(page, name).locator('.row')
const countOf = (page: Page, name: string) => section(page, name).locator('h2 .count').innerText()
const reportsOf = (rows: Locator): Promise<string[]> =>
  rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-report') ?? ''))
/** The report whose row, or the group whose fold, has the focus. */
const FOCUS = `document.activeElement.closest('.row')?.dataset.report ?? document.activeElement.tagName`

t.test('a flood takes the room of one report, and nothing urgent hides in it', async (t) => {
  const { page, complaints } = await openInbox({ viewport: DESKTOP })
  const group = page.getByRole('listitem', { name: '12 reports with nearly the same words' })
  t.equal(await rowsIn(page, 'Urgent').count(), 1, 'the urgent one of them is seen in full')
  t.match(await rowsIn(page, 'Urgent').innerText(), 'Danger now')
  t.match(await group.innerText(), '1 of them is urgent')
  t.equal(await countOf(page, 'Urgent'), '1')
  t.equal(await countOf(page, 'Waiting'), '16')
  t.match(await section(page, 'Waiting').innerText(), '11 of these stand above')
  t.equal(
    await rowsIn(page, 'Waiting').count(),
    5,
    'three others and two with the same ticks stand by themselves',
  )
  t.match(await page.locator('.lede').innerText(), '17 reports are waiting.')
  t.notMatch(await page.locator('main').innerText(), /fake|spam|duplicate|double|abuse/i)

  await page.getByText('The other 11 reports of this group').click()
  await group.locator('.fold .row').nth(10).waitFor()
  const { rows } = await apps.database.owner.query<{ id: string }>('select id from report')
  t.same(
    (await reportsOf(page.locator('.row'))).sort(),
    rows.map(({ id }) => id).sort(),
    'each is there once',
  )

  const setting = page.getByLabel('Put reports with nearly the same words together')
  await setting.uncheck()
  t.equal(await page.locator('.alike').count(), 0)
  t.equal(await rowsIn(page, 'Waiting').count(), 16)
  await setting.check()
  t.equal(await group.locator('.fold .row').count(), 11, 'what was unfolded still is')
  t.same(complaints, [])
})

t.test('a group looks right: on a phone in the dark, in forced colours, from right to left', async (t) => {
  for (const look of [
    { name: 'narrow, dark', viewport: NARROW, colorScheme: 'dark' },
    { name: 'desktop, forced colours', viewport: DESKTOP, forcedColors: 'active' },
  ] as const) {
    const { page, context } = await openInbox(look)
    t.notOk(await page.evaluate(OVERFLOWS), `folded it fits, ${look.name}`)
    await page.locator('.fold summary').click()
    await page.locator('.fold .row').last().waitFor()
    t.same(await findings(page), [], look.name)
    for (const direction of ['ltr', 'rtl']) {
      await page.evaluate(`document.documentElement.dir = '${direction}'`)
      t.notOk(await page.evaluate(OVERFLOWS), `unfolded it fits, ${direction}, ${look.name}`)
    }
    await context.close()
  }
})

t.test('by keyboard each report of a group is reached, and taken', async (t) => {
  const { page } = await openInbox({ viewport: DESKTOP })
  const press = async (key: string, times = 1): Promise<string[]> => {
    const passed: string[] = []
    for (let i = 0; i < times; i++) {
      await page.keyboard.press(key)
      passed.push(await page.evaluate<string>(FOCUS))
    }
    return passed
  }
  await page.getByLabel('Keyboard shortcuts').check()
  await page.getByRole('heading', { level: 1 }).focus()
  const folded = await press('j', 7)
  t.equal(folded[1], 'SUMMARY', 'after the urgent one comes the fold')
  t.equal(new Set(folded).size, 7, 'then the reports that stand by themselves')
  await press('k', 5)
  await page.keyboard.press('Enter')
  await page.locator('.fold .row').first().waitFor()
  const others = await press('j', 11)
  t.same(others, await reportsOf(page.locator('.fold .row')), 'unfolded, each of the others')

  // Another one of them comes, and the list is drawn anew: not by a click, which would take the focus along.
  await sendReport(apps.intake, { words: flood('Mats') })
  await apps.release()
  await page.getByRole('button', { name: 'Refresh now' }).dispatchEvent('click')
  await page.getByText('13 reports with nearly the same words').waitFor()
  t.equal(await page.evaluate(FOCUS), others.at(-1), 'nobody is moved away from where they were')

  await page.keyboard.press('Enter')
  await page.getByText('keeps their telephones').waitFor()
  await page.getByRole('link', { name: /back/i }).click()
  await page.getByText('12 reports with nearly the same words').waitFor()
  t.same(await reportsOf(rowsIn(page, 'With you')), [others.at(-1)], 'what is being read stands by itself')
  t.equal(await page.locator('.fold .row').count(), 11, 'the group is still unfolded')
})

t.test('a group that forms around the row somebody is at does not fold it away', async (t) => {
  const { page } = await openInbox({ viewport: DESKTOP })
  const alone = await reportsOf(rowsIn(page, 'Waiting').filter({ hasNotText: 'Utrecht' }))
  for (const words of OTHERS) await sendReport(apps.intake, { words, danger: 'yes' })
  await apps.release()
  const held = page.locator(`#act-${alone[0]}`)
  await held.focus()
  await page.getByRole('button', { name: 'Refresh now' }).dispatchEvent('click')
  await page.locator('.alike').nth(1).waitFor()
  t.equal(await page.evaluate(FOCUS), alone[0])
})

t.test('a group of very many is unfolded in portions', async (t) => {
  const words = OTHERS[0] ?? ''
  await Promise.all(Array.from({ length: 60 }, () => sendReport(apps.intake, { words })))
  await apps.release()
  const { page } = await openInbox({ viewport: DESKTOP })
  const group = page.getByRole('listitem', { name: '62 reports with nearly the same words' })
  await group.locator('summary').click()
  await group.locator('.fold .row').nth(49).waitFor()
  t.equal(await group.locator('.fold .row').count(), 50)
  await group.getByRole('button', { name: 'Show more of this group' }).click()
  await group.locator('.fold .row').nth(60).waitFor()
  t.equal(await page.evaluate(FOCUS), (await reportsOf(group.locator('.fold .row')))[50], 'the first new one')
  t.notOk(await group.getByRole('button', { name: 'Show more of this group' }).isVisible())
})
