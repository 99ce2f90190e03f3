// Sam keeps the help directory right at the desk, and whoever looks for help sees it on the public site.
import type { BrowserContextOptions, Page } from 'playwright-core'
import t from 'tap'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, type Visit, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'

t.setTimeout(120_000)
const apps = await startApps(t)
const origin = await listen(apps.triage)
const browser = await launchBrowser(t)

/** The list, in Sam's hands. */
async function openList(look: BrowserContextOptions = { viewport: DESKTOP }): Promise<Visit> {
  const sam = await visit(browser, origin, look)
  const { page } = sam
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill('sam')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Help directory' }).click()
  await rowOf(page, 'entry-mma').waitFor()
  return sam
}

const rowOf = (page: Page, key: string) => page.locator(`[data-help="${key}"]`)
const said = (page: Page, words: string) => page.locator('.message').getByText(words).waitFor()
/** What the public site shows once it looked, as it does once a minute. */
async function publicPage(): Promise<string> {
  await apps.lookAtHelp()
  return (await apps.intake.inject('/en/help')).body
}
/** The acts since the last time, in order. */
async function newActs(): Promise<string[]> {
  const { rows } = await apps.database.owner.query<{ act: string; help: string; name: string }>(
    `select a.act, a.help, m.name from audit a join member m on m.id = a.member where a.help is not null
     order by a.number`,
  )
  const acts = rows.map(({ act, help, name }) => `${name} ${act} ${help}`.toLowerCase())
  return acts.slice(known.splice(0, 1, acts.length)[0])
}
const known = [0]

t.test('a number that is edited stands on the public page, under the same name', async (t) => {
  const { page, complaints } = await openList()
  t.match(await publicPage(), '0800-1814')
  t.match(await rowOf(page, 'entry-kmar').innerText(), 'To be looked at')
  await rowOf(page, 'entry-kmar').getByRole('link', { name: 'Edit' }).click()
  await page.getByRole('heading', { name: 'Edit an organisation' }).waitFor()
  await page.getByLabel('Telephone', { exact: true }).fill('0800-1815')
  await page.getByLabel('Website').fill('http://insecure.example')
  await page.getByRole('button', { name: 'Save' }).click()

  const summary = page.locator('.error-summary')
  await summary.waitFor()
  t.same(await summary.locator('a').allInnerTexts(), [
    'This is not the same number, or it cannot be dialled like this. Use for example 08007000 or +31334481186.',
    'Fill in an address that begins with https://',
  ])
  t.equal(await page.locator(':focus').getAttribute('class'), 'error-summary')
  t.same(await newActs(), [], 'nothing was saved')
  await page.getByLabel('Telephone, as it is dialled').fill('')
  await page.getByLabel('Website').fill('https://marechaussee.example/')
  await page.getByRole('button', { name: 'Save' }).click()
  await said(page, 'The row is saved.')
  const row = await rowOf(page, 'entry-kmar').innerText()
  for (const words of ['0800-1815', 'Changed here']) t.match(row, words)
  t.same(await newActs(), ['sam help.changed entry/kmar'])

  t.match((await apps.intake.inject('/en/help')).body, '0800-1814', 'until the public side looks')
  const shown = await publicPage()
  t.match(shown, 'href="tel:08001815"')
  t.notMatch(shown, '0800-1814')
  t.match(shown, 'https://marechaussee.example/')
  t.match((await apps.intake.inject('/nl/help')).body, '0800-1815')
  t.same(complaints, [])
})

t.test('a row that is taken out is gone from every public page, and comes back', async (t) => {
  const { page } = await openList()
  const before = await publicPage()
  t.match(before, '0900-0101')
  await rowOf(page, 'entry-slachtofferhulp').getByRole('button', { name: 'Take out' }).click()
  await said(page, 'was taken out of the directory')
  t.equal(await rowOf(page, 'entry-slachtofferhulp').count(), 0)
  t.notMatch(await publicPage(), '0900-0101')
  for (const path of ['/en/help', '/nl/help', '/en/', '/en/safety', '/en/professionals'])
    t.equal((await apps.intake.inject(path)).statusCode, 200, path)
  await page.getByLabel('What was taken out of the directory').check()
  await rowOf(page, 'entry-slachtofferhulp').getByRole('button', { name: 'Put back' }).click()
  await said(page, 'is in the directory again')
  t.match(await publicPage(), '0900-0101')
  t.same(await newActs(), [
    'sam help.retired entry/slachtofferhulp',
    'sam help.restored entry/slachtofferhulp',
  ])
})

t.test('checked today: the row leaves the list of what must be looked at', async (t) => {
  const { page } = await openList()
  await page.getByLabel('What must be looked at').check()
  const today = new Date().toISOString().slice(0, 10)
  await page.locator('#verify-coordinator-hvo-querido').focus()
  await page.keyboard.press('Enter')
  await said(page, 'HVO-Querido was checked today.')
  t.equal(await rowOf(page, 'coordinator-hvo-querido').count(), 0)
  t.same(await newActs(), ['sam help.verified coordinator/hvo-querido'])
  await apps.lookAtHelp()
  const { rows } = await apps.database.owner.query('select verified_on::text, revision from help_coordinator')
  t.same(rows, [{ verified_on: today, revision: 1 }])
})

t.test('a coordinator of several regions is added; nobody is overwritten unseen', async (t) => {
  const { page } = await openList()
  await page.getByRole('link', { name: 'Add a coordinator' }).click()
  await page.getByLabel('Short code').fill('zorg-utrecht')
  await page.getByLabel('Name of the organisation or person').fill('Zorg Utrecht')
  await page.locator('#area_level').selectOption('municipality')
  await page.getByLabel('Names of the regions').fill('Utrecht\nAtlantis')
  await page.getByLabel('Sources').fill('letter of the region')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('.error-summary').getByText('There is no such region: Atlantis.').waitFor()
  await page.getByLabel('Names of the regions').fill('Utrecht\nzeist')
  await page.getByRole('button', { name: 'Save' }).click()
  await said(page, 'The row is saved.')
  t.match(await rowOf(page, 'coordinator-zorg-utrecht').innerText(), 'Utrecht, Zeist')
  const { rows } = await apps.database.owner.query(
    `select level, name from help_coordinator_area where coordinator = 'zorg-utrecht' order by name`,
  )
  t.same(rows, [
    { level: 'municipality', name: 'GM0344' },
    { level: 'municipality', name: 'GM0355' },
  ])

  const other = await openList()
  await other.page.getByRole('button', { name: 'Checked today: Zorg Utrecht' }).click()
  await said(other.page, 'Zorg Utrecht was checked today.')
  await rowOf(page, 'coordinator-zorg-utrecht').getByRole('button', { name: 'Take out' }).click()
  await said(page, 'Somebody else just changed this row')
  t.same(await newActs(), [
    'sam help.added coordinator/zorg-utrecht',
    'sam help.verified coordinator/zorg-utrecht',
  ])
  await page.getByRole('link', { name: 'Add a coordinator' }).click()
  await page.getByLabel('Short code').fill('moviera')
  await page.getByLabel('Sources').fill('x')
  await page.getByRole('button', { name: 'Save' }).click()
  await said(page, 'the code exists already')
  t.same(await newActs(), [])
})

t.test('what was typed survives a lock', async (t) => {
  const { page } = await openList()
  await page.getByRole('link', { name: 'Add an organisation' }).click()
  await page.getByLabel('Short code').fill('half-typed')
  await page.getByLabel('Talking').check()
  await page.getByRole('button', { name: 'Lock now' }).click()
  t.notMatch(await page.content(), 'half-typed')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByLabel('Short code').waitFor()
  t.equal(await page.getByLabel('Short code').inputValue(), 'half-typed')
  t.ok(await page.getByLabel('Talking').isChecked())
})

t.test(
  'list and form look right on a phone in the dark, in forced colours and from right to left',
  async (t) => {
    for (const look of [
      { name: 'narrow, dark', viewport: NARROW, colorScheme: 'dark' },
      { name: 'desktop, forced colours', viewport: DESKTOP, forcedColors: 'active' },
    ] as const) {
      const { page, context } = await openList(look)
      for (const view of ['list', 'form']) {
        if (view === 'form') await rowOf(page, 'entry-comensha').getByRole('link', { name: 'Edit' }).click()
        if (view === 'form') await page.getByLabel('Sources').waitFor()
        t.same(await findings(page), [], `${view}, ${look.name}`)
        for (const direction of ['ltr', 'rtl']) {
          await page.evaluate(`document.documentElement.dir = '${direction}'`)
          t.notOk(await page.evaluate(OVERFLOWS), `${view} fits, ${direction}, ${look.name}`)
        }
      }
      await context.close()
    }
  },
)

t.test('the emergency number cannot be taken out', async (t) => {
  const { page } = await openList()
  t.equal(await rowOf(page, 'entry-emergency').getByRole('button').count(), 1)
  await page.evaluate(
    `fetch('/help/retire', { method: 'POST', headers: { 'content-type': 'application/json' },
       body: JSON.stringify({ kind: 'entry', id: 'emergency', seen: 0, retired: true }) })
     .then((answer) => { document.title = 'answered ' + answer.status })`,
  )
  await page.waitForFunction(`document.title === 'answered 403'`)
  t.same(await newActs(), [])
})

t.test('without a session nothing is told or changed', async (t) => {
  t.equal((await apps.triage.inject('/help')).statusCode, 401)
  for (const url of ['/help/save', '/help/verify', '/help/retire'])
    t.equal((await apps.triage.inject({ method: 'POST', url, payload: { kind: 'entry' } })).statusCode, 401)
})
