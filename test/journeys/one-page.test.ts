// The one page on a phone without JavaScript: subjects folded away, opened by a tap, and read by the desk in Dutch.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { DESKTOP, launchBrowser, listen, PHONE, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'

t.setTimeout(120_000)

t.test('details ticked in English on the one page are read by the demonstration desk in Dutch', async (t) => {
  const apps = await startApps(t, { demonstration: true })
  const [site, desk] = [await listen(apps.intake), await listen(apps.triage)]
  const browser = await launchBrowser(t)
  const noor = await visit(browser, site, { viewport: PHONE, javaScriptEnabled: false })
  const { page } = noor
  await page.goto(`${site}/en/report/all`)
  t.notOk(await page.getByText('Only with somebody else').isVisible(), 'folded at first')
  await page.getByRole('heading', { name: 'Who is in trouble?' }).click()
  await page.getByText('Only with somebody else').click()
  await page.getByText('12 to 17 years').click()
  await page.getByRole('heading', { name: 'Who is behind it?' }).click()
  await page.getByText('With a debt').click()
  await page.getByLabel('What do you know about them?').fill('They call him Max')
  await page.getByLabel('Municipality or city').fill('Atlantis')
  await page.getByRole('button', { name: 'Send the report' }).click()
  await page.getByRole('heading', { name: 'Something is not right yet' }).waitFor()
  t.ok(await page.getByLabel('12 to 17 years').isChecked(), 'kept, in a subject that is open now')
  t.equal(await page.getByLabel('What do you know about them?').inputValue(), 'They call him Max')
  t.notOk(await page.getByText('Where do people sleep?').isVisible(), 'the others stay folded')
  t.notOk(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'))
  await page.getByLabel('Municipality or city').fill('Utrecht')
  await page.getByRole('button', { name: 'Send the report' }).click()
  await page.getByRole('heading', { name: 'Received', exact: true }).waitFor()
  t.same(await noor.context.cookies(), [])
  await noor.context.close()
  await apps.release()

  const sam = await visit(browser, desk, { viewport: DESKTOP })
  await sam.page.goto(`${desk}/nl/`)
  await sam.page.locator('input').first().fill('sam')
  await sam.page.locator('input').nth(1).fill(PASSPHRASE)
  await sam.page.keyboard.press('Enter')
  await sam.page.getByRole('button', { name: 'Neem de volgende melding' }).click()
  for (const text of ['Alleen met iemand erbij', '12 tot en met 17 jaar', 'They call him Max'])
    await sam.page.getByText(text).first().waitFor()
  t.same(sam.complaints, [])
})
