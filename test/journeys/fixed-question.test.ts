// The desk picks a question in its own language, and the reporter reads it in theirs.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { DESKTOP, launchBrowser, listen, visit } from '../support/browser.js'
import { hiddenValue } from '../support/calm-page.js'
import { PASSPHRASE } from '../support/desk.js'
import { createReporter } from '../support/reporter.js'

t.setTimeout(120_000)

t.test(
  'a fixed question is picked in English, filled, seen in both languages and read in Dutch',
  async (t) => {
    const apps = await startApps(t)
    const origin = await listen(apps.triage)
    const noor = createReporter(apps.intake)
    const form = (await noor.get('/nl/report/all')).body
    const hidden = Object.fromEntries(
      ['token', 'code', 'code_proof'].map((name) => [name, hiddenValue(form, name)]),
    )
    await noor.post('/nl/report/all', { ...hidden, written: 'yes', words: 'een busje' })
    await apps.release()

    const { page, complaints } = await visit(await launchBrowser(t), origin, { viewport: DESKTOP })
    await page.goto(`${origin}/en/`)
    await page.getByLabel('Name').fill('sam')
    await page.getByLabel('Your six words').fill(PASSPHRASE)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /next report/i }).click()
    const send = page.getByRole('button', { name: 'Put this fixed question in the mailbox' })
    await send.click()
    await page.getByRole('link', { name: 'Choose a question first.' }).waitFor()
    await page.getByLabel('Choose a fixed question').selectOption('on_day')
    await send.click()
    await page.getByRole('link', { name: 'Fill in a day.' }).waitFor()
    await page.getByLabel('Day', { exact: true }).fill('2026-11-23')
    await page.getByText('Did you also see or hear something on Monday, November 23?').waitFor()
    const theirs = page.locator('[data-question="on_day"]')
    t.equal(await theirs.getAttribute('lang'), 'nl')
    t.equal(await theirs.innerText(), 'Zag of hoorde u op maandag 23 november ook iets?')
    await send.click()
    await page.getByText('The question is in the mailbox.').waitFor()
    t.match(
      (await noor.post('/nl/return', { code: hidden.code ?? '' })).body,
      'Zag of hoorde u op maandag 23 november ook iets?',
    )

    await page.getByLabel('Choose a fixed question').selectOption('tell_more')
    await page.getByText('Your own words are not translated.').first().waitFor()
    t.match(await page.locator('#question-hint').innerText(), /^Is not translated/)
    t.same(
      complaints.filter((text) => !/status of 4\d\d/.test(text)),
      [],
    )
  },
)
