// Every public and partner page, in the states people meet, on a phone and a desktop, light, dark and in forced
// colours: axe finds nothing, the HTML is valid, nothing is asked of another origin.

import t from 'tap'
import { startApps } from '../support/apps.js'
import { findings, OVERFLOWS } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, PHONE, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { createReporter } from '../support/reporter.js'
import {
  cookieAfterSending,
  draftInAllStates,
  draftOfMinor,
  mailboxInAllStates,
} from '../support/reporter-states.js'
import { sendReport } from '../support/send-report.js'
import { invalidHtml as invalid } from '../support/valid-html.js'
import { shownCode } from '../support/visitor.js'

const LOOKS = [
  { name: 'phone, light', viewport: PHONE, colorScheme: 'light', forcedColors: 'none' },
  { name: 'phone, dark', viewport: PHONE, colorScheme: 'dark', forcedColors: 'none' },
  { name: 'desktop, light', viewport: DESKTOP, colorScheme: 'light', forcedColors: 'none' },
  { name: 'desktop, forced colours', viewport: DESKTOP, colorScheme: 'dark', forcedColors: 'active' },
] as const

const ONION = 'http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'

const FIXED_PAGES = [
  '/',
  '/signs',
  '/signs/1',
  '/signs/7',
  '/help',
  '/help/nearby',
  '/safety',
  '/about',
  '/privacy',
  '/accessibility',
  '/clients',
  '/professionals',
  '/report',
  '/report/danger',
  '/report/all',
  '/return',
  '/nowhere',
]

/** What is folded away is looked at too. */
const UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true })"

const MAILBOX_PAGES = ['messages', 'add', 'files', 'files/cover', 'withdraw', 'end']
const DRAFT_PAGES = [
  'danger',
  'now',
  'who',
  'first',
  'what',
  'signs',
  'words',
  'where',
  'when',
  'files',
  'files/cover',
  'check',
  'code',
  'more/people',
  'more/behind',
  'more/spot',
  'more/know',
  'look',
]

t.setTimeout(400_000)

t.test('public pages', async (t) => {
  const apps = await startApps(t, { demonstration: true, onionAddress: ONION })
  const origin = await listen(apps.intake)
  const browser = await launchBrowser(t)
  const cookie = await draftInAllStates(apps)
  const [name = '', value = ''] = cookie.split('=')
  for (const look of LOOKS) {
    const { page, context, elsewhere, complaints } = await visit(browser, origin, look)
    // Every page in every look, each language in a light and a dark one.
    const language = LOOKS.indexOf(look) % 3 === 0 ? 'nl' : 'en'
    for (const path of FIXED_PAGES.map((one) => `/${language}${one}`)) {
      await page.goto(origin + path)
      await page.evaluate(UNFOLD)
      t.same(await findings(page), [], `${path}, ${look.name}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${path} fits, ${look.name}`)
    }
    const [, sent = ''] = (await cookieAfterSending(apps)).split('=')
    await context.addCookies([{ name, value: sent, url: origin }])
    const last = await page.goto(`${origin}/nl/report/received`)
    t.same(await findings(page), [], `received, ${look.name}`)
    t.notOk(await page.evaluate(OVERFLOWS), `received fits, ${look.name}`)
    if (look === LOOKS[0]) t.same(await invalid((await last?.text()) ?? ''), [], 'received is valid HTML')
    await context.addCookies([{ name, value, url: origin }])
    for (const path of [...DRAFT_PAGES.map((step) => `/nl/report/${step}`), '/nl/return']) {
      const answer = await page.goto(origin + path)
      t.same(await findings(page), [], `${path} with answers, ${look.name}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${path} fits, ${look.name}`)
      if (look === LOOKS[0]) t.same(await invalid((await answer?.text()) ?? ''), [], `${path} is valid HTML`)
    }
    const [, minor = ''] = (await draftOfMinor(apps)).split('=')
    await context.addCookies([{ name, value: minor, url: origin }])
    for (const path of ['/nl/report/check', '/nl/report/code']) {
      const answer = await page.goto(origin + path)
      t.same(await findings(page), [], `${path} for a minor, ${look.name}`)
      if (look === LOOKS[0]) t.same(await invalid((await answer?.text()) ?? ''), [], `${path} is valid HTML`)
    }
    const [, opened = ''] = (await mailboxInAllStates(apps)).split('=')
    await context.addCookies([{ name, value: opened, url: origin }])
    const visitMailbox = async (path: string): Promise<void> => {
      const answer = await page.goto(origin + path)
      t.same(await findings(page), [], `${path}, ${look.name}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${path} fits, ${look.name}`)
      if (look === LOOKS[0]) t.same(await invalid((await answer?.text()) ?? ''), [], `${path} is valid HTML`)
    }
    for (const act of MAILBOX_PAGES) await visitMailbox(`/nl/return/${act}`)
    await page.goto(`${origin}/nl/return/withdraw`)
    await page.getByRole('button', { name: 'Ja, trek mijn melding in' }).click()
    await visitMailbox('/nl/return/messages')
    await page.goto(`${origin}/nl/return/end`)
    await page.getByRole('button', { name: 'Ja, sluit de berichten voorgoed' }).click()
    await visitMailbox('/nl/return/ended')
    t.same(elsewhere, [], 'nothing is asked of another origin')
    t.same(
      complaints.filter((text) => !/status of 4\d\d/.test(text)),
      [],
      'the browser complains of nothing',
    )
    await context.close()
  }
  for (const path of FIXED_PAGES.flatMap((path) => [`/nl${path}`, `/en${path}`])) {
    t.same(await invalid((await apps.intake.inject(path)).body), [], `${path} is valid HTML`)
  }
})

t.test('the first tab stop is the skip link, the second the way out, always in view', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const browser = await launchBrowser(t)
  const { page } = await visit(browser, origin, { viewport: { width: 320, height: 568 } })
  for (const path of ['/nl/', '/nl/report/danger', '/nl/signs/1', '/nl/help']) {
    await page.goto(origin + path)
    await page.keyboard.press('Tab')
    t.equal(await page.evaluate('document.activeElement.getAttribute("href")'), '#main', path)
    await page.keyboard.press('Tab')
    t.equal(await page.evaluate('document.activeElement.getAttribute("href")'), '/exit', path)
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)')
    t.ok(
      await page.evaluate('document.querySelector(".exit").getBoundingClientRect().top >= 0'),
      `the exit stays in view at the end of ${path}`,
    )
    t.ok(await page.evaluate('document.querySelector(".exit").getBoundingClientRect().height >= 44'))
    t.notOk(await page.evaluate(OVERFLOWS), `${path} fits in 320 pixels`)
  }
})

t.test('partner pages', async (t) => {
  const apps = await startApps(t, { demonstration: true })
  const origin = await listen(apps.triage)
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/danger', { danger: 'yes' })
  await noor.post('/nl/report/words', { words: 'some words' })
  await noor.post('/nl/report/code', {})
  const code = shownCode((await noor.get('/nl/report/code')).body)
  await noor.post('/nl/report/send', { with_code: 'yes', written: 'yes' })
  await noor.post('/nl/return', { code })
  await noor.post('/nl/return/add', { words: 'words that were added' })
  await noor.upload('/nl/return/files', [{ bytes: await dirtyPhoto() }])
  await noor.post('/nl/return/files/send', { go: 'yes' })
  await apps.release()
  const browser = await launchBrowser(t)
  for (const look of LOOKS) {
    const { page, context, elsewhere } = await visit(browser, origin, look)
    const looksGood = async (state: string): Promise<void> => {
      t.same(await findings(page), [], `${state}, ${look.name}`)
      t.notOk(await page.evaluate(OVERFLOWS), `${state} fits, ${look.name}`)
    }
    await page.goto(`${origin}/en/`)
    await page.getByLabel('Name').waitFor()
    await looksGood('sign in')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await looksGood('sign in with errors')
    await page.getByLabel('Name').fill('ilse')
    await page.getByLabel('Your six words').fill(PASSPHRASE)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /next report/i }).waitFor()
    await looksGood('inbox')
    await page
      .getByRole('button', { name: look === LOOKS[0] ? /next report/i : /^Open/ })
      .first()
      .click()
    await page.getByText('some words').waitFor()
    await page.getByText('words that were added').waitFor()
    await looksGood('report')
    await page.getByRole('button', { name: 'Open file 1' }).click()
    await page.locator('figure[data-sha256]').waitFor()
    await looksGood('report with a file that was added')
    for (const question of ['between_times', 'in_municipality', 'tell_more']) {
      await page.getByLabel('Choose a fixed question').selectOption(question)
      await page.getByRole('button', { name: 'Put this fixed question in the mailbox' }).click()
      await page.locator('.error-summary').waitFor()
      await looksGood(`question ${question} with errors`)
    }
    await page.getByRole('button', { name: 'Save the assessment' }).click()
    await looksGood('report with errors')
    await page.getByRole('button', { name: 'Lock now' }).click()
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    await looksGood('locked')
    t.notMatch(await page.content(), 'some words')
    t.same(elsewhere, [])
    await context.close()
  }
  for (const path of ['/nl/', '/en/join']) {
    t.same(await invalid((await apps.triage.inject(path)).body), [], `${path} is valid HTML`)
  }
})

t.test('a report that was withdrawn says so in the inbox, and first of all when it is opened', async (t) => {
  const apps = await startApps(t)
  const origin = await listen(apps.triage)
  const code = await sendReport(apps.intake, { words: 'some words', written: 'yes' })
  const noor = createReporter(apps.intake)
  await noor.post('/nl/return', { code })
  await noor.post('/nl/return/withdraw', { go: 'yes' })
  await apps.release()
  const { page } = await visit(await launchBrowser(t), origin, LOOKS[0])
  await page.goto(`${origin}/en/`)
  await page.getByLabel('Name').fill('sam')
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await page.getByText('Withdrawn by the reporter').waitFor()
  t.same(await findings(page), [])
  await page.getByRole('button', { name: /next report/i }).click()
  await page.getByRole('heading', { name: 'The reporter withdrew this report' }).waitFor()
  t.same(await findings(page), [])
  t.notOk(await page.evaluate(OVERFLOWS))
  t.equal(await page.getByLabel('Ask a question').count(), 0)
})
