// The way out: it works without a script, is faster with one, and leaves nothing of what was typed.
import t, { type Test } from 'tap'
import { startApps, type TestApps } from '../support/apps.js'
import { launchBrowser, listen, type Visit, visit } from '../support/browser.js'

const ELSEWHERE = 'https://weather.example/'
const TYPED = 'the blue door beside the bakery'

/** A neutral site that answers, so that the exit arrives somewhere. */
async function withWeather({ context }: Visit): Promise<void> {
  await context.route(`${ELSEWHERE}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Weather</title><h1>Sunny</h1>' }),
  )
}

async function typeSomething({ page }: Visit, origin: string): Promise<void> {
  await page.goto(`${origin}/en/report/danger`)
  await page.getByLabel('No', { exact: true }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.goto(`${origin}/en/report/words`)
  await page.locator('#words').fill(TYPED)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Where is it?' }).waitFor()
}

async function leftNothing(t: Test, apps: TestApps, { page, context }: Visit, origin: string): Promise<void> {
  t.equal(page.url(), ELSEWHERE)
  t.same(
    (await context.cookies(origin)).map(({ name }) => name),
    [],
    'the cookie is gone',
  )
  t.equal((await apps.database.owner.query('select from draft')).rowCount, 0, 'the draft is gone')
  await page.goto(`${origin}/en/report/words`)
  t.notMatch(await page.content(), TYPED)
  t.match(await page.locator('h1').innerText(), 'There is nothing here any more')
}

t.setTimeout(120_000)

t.test('the link works without JavaScript and ends the draft', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const noor = await visit(await launchBrowser(t), origin, { javaScriptEnabled: false })
  await withWeather(noor)
  await typeSomething(noor, origin)
  await noor.page.getByRole('link', { name: 'Leave this page' }).click()
  await noor.page.getByRole('heading', { name: 'Sunny' }).waitFor()
  await leftNothing(t, apps, noor, origin)
})

t.test('with JavaScript the page left is no longer behind Back', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const noor = await visit(await launchBrowser(t), origin)
  await withWeather(noor)
  await typeSomething(noor, origin)
  await noor.page.getByRole('link', { name: 'Leave this page' }).click()
  await noor.page.getByRole('heading', { name: 'Sunny' }).waitFor()
  await noor.page.goBack()
  await noor.page.waitForLoadState()
  t.notMatch(await noor.page.content(), TYPED)
  t.notMatch(await noor.page.content(), 'Where is it?', 'Back meets nothing of the question that was left')
  await noor.page.goto(ELSEWHERE)
  await leftNothing(t, apps, noor, origin)
})

t.test('behind tor, where a browser may see no secure place, the cookie is gone as well', async (t) => {
  const apps = await startApps(t)
  const { port } = new URL(await listen(apps.intake))
  const browser = await launchBrowser(t, ['--host-resolver-rules=MAP reports.test 127.0.0.1'])
  const origin = `http://reports.test:${port}`
  const noor = await visit(browser, origin)
  await withWeather(noor)
  await typeSomething(noor, origin)
  t.equal(await noor.page.evaluate('isSecureContext'), false)
  await noor.page.getByRole('link', { name: 'Leave this page' }).click()
  await noor.page.getByRole('heading', { name: 'Sunny' }).waitFor()
  await leftNothing(t, apps, noor, origin)
})

t.test('Shift three times leaves; a capital letter in between does not', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const noor = await visit(await launchBrowser(t), origin, { viewport: { width: 1000, height: 700 } })
  await withWeather(noor)
  await typeSomething(noor, origin)
  const { keyboard } = noor.page
  await keyboard.press('Shift')
  await keyboard.press('Shift')
  t.match(await noor.page.locator('[data-exit-progress]').innerText(), 'Once more')
  await keyboard.press('Shift+A')
  t.equal(await noor.page.locator('[data-exit-progress]').innerText(), '')
  await keyboard.press('Shift')
  t.match(noor.page.url(), '/en/report/where')
  await keyboard.press('Shift')
  await keyboard.press('Shift')
  await noor.page.getByRole('heading', { name: 'Sunny' }).waitFor()
  await leftNothing(t, apps, noor, origin)
})
