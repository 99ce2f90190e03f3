// A desk comes to life: its first member makes the key in a browser, a second one joins and is given it, and both
// open what Noor reports. The server never sees a passphrase or a key.
import { createHash, randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import t from 'tap'
import { FIRST_ROLES } from '../../server/report/roles.js'
import { createDesk, createInvitation } from '../../server/storage/owner.js'
import { startApps, type TestApps } from '../support/apps.js'
import { DESKTOP, launchBrowser, listen, visit } from '../support/browser.js'
import { createReporter } from '../support/reporter.js'

const WORDS = 'the lights are never off'

async function invite(apps: TestApps, desk: string, name: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const tokenHash = createHash('sha256').update(token).digest()
  await createInvitation(apps.database.owner, { desk, name, roles: FIRST_ROLES, tokenHash })
  return token
}

/** Follows the page's own instructions; returns the six words. */
async function join(page: Page, address: string, isFirst: boolean): Promise<string> {
  await page.goto(address)
  await page.getByRole('heading', { name: 'Your six words' }).waitFor()
  const words = (await page.locator('#new-passphrase li').allInnerTexts()).join(' ').trim()
  await page.getByLabel('Type your six words from the paper').fill(words.toUpperCase())
  if (isFirst) await page.getByLabel('The recovery sheet is printed').check()
  await page.getByRole('button', { name: 'Make my key' }).click()
  await page.getByText('You are a member.').waitFor()
  return words
}

async function signIn(page: Page, name: string, words: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(words)
  await page.keyboard.press('Enter')
}

t.setTimeout(120_000)

t.test('the first member makes the desk key, the second is given it, both read', async (t) => {
  const apps = await startApps(t)
  await apps.database.owner.query('update desk set closed = true')
  const desk = await createDesk(apps.database.owner, 'Front desk', { asksSecondFactor: false })
  const origin = await listen(apps.triage)
  const browser = await launchBrowser(t)
  const noor = createReporter(apps.intake)
  t.equal((await noor.get('/nl/report')).statusCode, 503, 'a desk without a key takes no reports')

  const posted: string[] = []
  const first = await visit(browser, origin, { viewport: DESKTOP })
  first.page.on('request', (request) => posted.push(request.postData() ?? ''))
  const words = await join(first.page, `${origin}/en/join#${await invite(apps, desk, 'Robin')}`, true)
  t.equal(words.split(/\s+/).length, 6)
  await signIn(first.page, 'robin', words)
  await first.page.getByRole('button', { name: /next report/i }).waitFor()

  const second = await visit(browser, origin, { viewport: DESKTOP })
  second.page.on('request', (request) => posted.push(request.postData() ?? ''))
  const otherWords = await join(second.page, `${origin}/en/join#${await invite(apps, desk, 'Ilse2')}`, false)
  await first.page.reload()
  await signIn(first.page, 'robin', words)
  await first.page.getByRole('button', { name: 'Give Ilse2 the key' }).click()
  await first.page.getByText('Ilse2 has the key.').waitFor()

  await new Promise((resolve) => setTimeout(resolve, 2_100)) // the public app knows a few seconds old whether a desk is live
  await noor.post('/nl/report/words', { words: WORDS })
  t.match((await noor.post('/nl/report/send', {})).body, 'Ontvangen')
  await apps.release()

  await signIn(second.page, 'ilse2', otherWords)
  await second.page.getByRole('button', { name: /next report/i }).click()
  await second.page.getByText(WORDS).waitFor()
  const sent = posted.join('\n')
  t.notMatch(sent, 'AGE-SECRET-KEY', 'no key was sent')
  for (const secret of [words, otherWords]) {
    const list = secret.split(/\s+/)
    // A word alone may be the name of a field: two in a row, or one as a whole value, are a leak.
    const pairs = list.slice(1).map((word, at) => [list[at], word].join('\\W?'))
    t.notMatch(
      sent,
      new RegExp([...pairs, ...list.map((word) => `: ?"${word}"`)].join('|'), 'i'),
      'no word was sent',
    )
  }
  const used = await visit(browser, origin)
  await used.page.goto(`${origin}/en/join#${'A'.repeat(43)}`)
  await used.page.getByText('This invitation does not work').waitFor()
  t.same(first.elsewhere.concat(second.elsewhere), [])
})
