// The page for people who share their phone does not stay open by itself when a script can empty it.
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startApps } from '../support/apps.js'
import { launchBrowser, listen, visit } from '../support/browser.js'

const TYPED = 'the blue door beside the bakery'
const SECOND = 1000
const MINUTE = 60 * SECOND

/** The page with a clock that the test moves, and a site that the way out arrives at. */
async function openOnePage(t: Test): Promise<Page> {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const { page, context } = await visit(await launchBrowser(t), origin)
  await context.route('https://weather.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><h1>Sunny</h1>' }),
  )
  await page.clock.install()
  await page.goto(`${origin}/en/report/all`)
  return page
}

t.test('nine quiet minutes bring a warning, a touch takes it away, ten empty the page', async (t) => {
  const page = await openOnePage(t)
  const warning = page.locator('[data-idle]')
  await page.locator('#words').fill(TYPED)
  await page.clock.fastForward(9 * MINUTE - SECOND)
  t.equal(await warning.innerText(), '')
  await page.clock.fastForward(2 * SECOND)
  t.match(await warning.innerText(), 'empties itself in one minute')
  await page.keyboard.press('Tab')
  t.equal(await warning.innerText(), '')
  t.equal(await page.locator('#words').inputValue(), TYPED)
  await page.clock.fastForward(9.5 * MINUTE)
  await page.locator('#words').press('x')
  t.equal(await warning.innerText(), '')
  await page.clock.fastForward(10 * MINUTE + SECOND)
  await page.getByRole('heading', { name: 'Sunny' }).waitFor()
  await page.goBack()
  await page.waitForLoadState()
  t.notMatch(await page.content(), TYPED)
})

t.test('a phone that slept longer empties the page when it wakes', async (t) => {
  const page = await openOnePage(t)
  await page.clock.setFixedTime(new Date(Date.now() + 11 * MINUTE))
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await page.getByRole('heading', { name: 'Sunny' }).waitFor()
  t.pass('it left')
})

t.test('other pages stay as they are', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const { page } = await visit(await launchBrowser(t), origin)
  await page.clock.install()
  await page.goto(`${origin}/en/report/danger`)
  await page.clock.fastForward(30 * MINUTE)
  t.equal(page.url(), `${origin}/en/report/danger`)
})
