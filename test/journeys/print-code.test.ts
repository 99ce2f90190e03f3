// A printed code must look like anything but what it is: six groups of digits on an empty sheet.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { launchBrowser, listen, PHONE, visit } from '../support/browser.js'
import { createReporter } from '../support/reporter.js'

t.test('printing the page of the code gives the six groups and nothing else', async (t) => {
  const { intake } = await startApps(t, { demonstration: true })
  const origin = await listen(intake)
  const noor = createReporter(intake)
  await noor.post('/nl/report/who', { vantage: 'affected' })
  await noor.post('/nl/report/signs', { signs: ['s16'] })
  await noor.post('/nl/report/code', {})
  const [name = '', value = ''] = noor.cookie().split('=')
  const { page, context } = await visit(await launchBrowser(t), origin, { viewport: PHONE })
  await context.addCookies([{ name, value, url: origin }])
  await page.goto(`${origin}/nl/report/code`)
  const whole = await page.locator('body').innerText()
  t.match(whole, 'Baken')
  await page.emulateMedia({ media: 'print' })
  const printed = (await page.locator('body').innerText()).trim()
  t.match(printed, /^\d{4}(\s+\d{4}){5}$/)
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  t.equal(pdf.match(/\/Type ?\/Page\b/g)?.length, 1, 'one sheet')
})
