// Kim looks after the people of the desk and Noa sees the trail: neither reads a report. What Kim does is asked again.
import type { BrowserContextOptions, Page } from 'playwright-core'
import t from 'tap'
import { actorIn } from '../support/access.js'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, NARROW, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { signIn } from '../support/desk-client.js'

t.setTimeout(120_000)
const apps = await startApps(t)
const origin = await listen(apps.triage)
const browser = await launchBrowser(t)
await actorIn(apps, 'administrator')
await actorIn(apps, 'auditor')

async function openAs(name: string, look: BrowserContextOptions = { viewport: DESKTOP }): Promise<Page> {
  const { page } = await visit(browser, origin, look)
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.locator('nav').first().waitFor()
  return page
}

const said = (page: Page, words: string) => page.locator('.message').getByText(words).waitFor()
const person = (page: Page, name: string) => page.locator(`[data-person="${name}"]`)

t.test('the administrator begins at the people, sees no reports, and invites somebody', async (t) => {
  const page = await openAs('only administrator')
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  const links = await page.locator('nav a').allInnerTexts()
  t.notOk(links.includes('Reports') || links.includes('Trail'))
  await page.evaluate(`location.hash = 'inbox'`)
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()

  await page.getByRole('button', { name: 'Make the link' }).click()
  t.same(await page.locator('.error-summary a').allInnerTexts(), [
    'Fill in a name.',
    'Choose at least one role. Auditor and administrator go with no other role.',
  ])
  await page.getByLabel('Name to sign in with').fill('Fatima')
  const boxes = page.locator('#invite-title').locator('..')
  await boxes.getByLabel(/^Triager/).check()
  await boxes.getByLabel(/^Administrator/).check()
  await page.getByRole('button', { name: 'Make the link' }).click()
  t.same(await page.locator('.error-summary a').count(), 1)
  t.equal(await page.getByLabel('Name to sign in with').inputValue(), 'Fatima', 'what was typed stays')
  await boxes.getByLabel(/^Administrator/).uncheck()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.locator('.invitation').innerText()
  t.match(link, new RegExp(`^${origin}/en/join#[\\w-]{43}$`))
  await page.getByRole('heading', { name: 'Invited' }).waitFor()

  const fatima = await visit(browser, origin)
  await fatima.page.goto(link)
  await fatima.page.getByRole('heading', { name: 'Your six words' }).waitFor()
  t.same(await findings(page), [])
  await page.getByRole('button', { name: 'Withdraw the invitation of Fatima' }).click()
  await said(page, 'The link for Fatima works no more.')
  t.equal(await page.getByRole('heading', { name: 'Invited' }).count(), 0)
})

t.test('an act that matters is asked again when the words were given long ago', async (t) => {
  const page = await openAs('only administrator')
  const ilse = await signIn(apps.triage, 'ilse')
  await apps.database.owner.query(`update session_proof set proved_at = now() - interval '11 minutes'`)
  const open = async () => {
    const card = person(page, 'ilse')
    if ((await card.getByRole('button', { name: 'End the sessions of ilse' }).count()) === 0)
      await card.getByText('End sessions', { exact: true }).click()
    await card.getByRole('button', { name: 'End the sessions of ilse' }).click()
    await page.getByRole('dialog', { name: 'Is this still you?' }).waitFor()
  }
  await open()
  t.same(await findings(page), [])
  await page.getByRole('button', { name: 'Do not do it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  t.equal((await ilse.get('/session')).statusCode, 200, 'nothing was done')

  await open()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your six words').fill('canal lemon orbit velvet paper dusk')
  await page.keyboard.press('Enter')
  await dialog.getByRole('link', { name: 'These are not your six words.' }).waitFor()
  t.equal((await ilse.get('/session')).statusCode, 200)
  await dialog.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await said(page, 'The sessions of ilse were ended.')
  t.equal((await ilse.get('/session')).statusCode, 401)

  await person(page, 'ilse').getByText('Leaves the desk', { exact: true }).click()
  await person(page, 'ilse').getByRole('button', { name: 'ilse leaves the desk' }).click()
  await said(page, 'ilse left the desk.')
  t.match(await person(page, 'ilse').innerText(), 'Left the desk')
  t.equal(await person(page, 'ilse').getByRole('button').count(), 0)
  t.match(await person(page, 'only administrator').innerText(), 'This is you')
})

t.test('the auditor sees who did what, and no report', async (t) => {
  const page = await openAs('only auditor', { viewport: NARROW })
  await page.getByRole('heading', { name: 'Trail', level: 1 }).waitFor()
  t.same(await page.locator('nav a').allInnerTexts(), ['Trail'])
  const row = page.locator('tr', { hasText: 'Ended a membership' })
  t.match(await row.innerText(), /only administrator/)
  t.match(await row.innerText(), /ilse/)
  t.notOk(await page.evaluate<boolean>(OVERFLOWS), 'the table moves in its own frame')
  t.same(await findings(page), [])
})
