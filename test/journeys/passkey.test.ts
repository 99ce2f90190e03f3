// Coming in with more than words: passkeys with and without a secret of their own, codes of an app, words of one's own,
// and what a stolen cookie is worth. The device is Chromium's virtual one; how real ones behave is not tried here.
import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { FIRST_ROLES } from '../../server/report/roles.js'
import { createDesk, createInvitation } from '../../server/storage/owner.js'
import { startApps } from '../support/apps.js'
import { findings } from '../support/axe.js'
import { DESKTOP, launchBrowser, listen, visit } from '../support/browser.js'
import { PASSPHRASE } from '../support/desk.js'
import { sendReport } from '../support/send-report.js'

t.setTimeout(200_000)
const WORDS = 'the lights are never off'
const HALF_MINUTE = 30_000

let now = Date.now()
const apps = await startApps(t, { clock: () => new Date(now) })
const { owner } = apps.database
/** A passkey is made for a name, and this machine's is localhost. */
const origin = (await listen(apps.triage)).replace('127.0.0.1', 'localhost')
const browser = await launchBrowser(t)
await sendReport(apps.intake, { words: WORDS })
await apps.release()

interface Device {
  readonly page: Page
  /** everything that was sent to the server */
  readonly sent: string[]
  readonly complaints: string[]
  /** the number of passkeys on the device */
  passkeys(): Promise<number>
  /** takes the device away, with its passkeys */
  lose(): Promise<void>
}

/** A browser with a device that asks its owner for a finger, and gives secrets or not. */
async function device(hasPrf: boolean): Promise<Device> {
  const { page, context, complaints } = await visit(browser, origin, { viewport: DESKTOP })
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.postData() ?? ''))
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
  return {
    page,
    sent,
    complaints,
    passkeys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    lose: async () => {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}

async function signIn(page: Page, name: string, words = PASSPHRASE): Promise<void> {
  await page.goto(`${origin}/en/`)
  await fillWords(page, name, words)
}

async function fillWords(page: Page, name: string, words = PASSPHRASE): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Your six words').fill(words)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByLabel('What do you call this device?').fill(name)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
}

/** The words in the dialog that asks again who is there. */
async function confirmWords(page: Page, words = PASSPHRASE): Promise<void> {
  await page.getByRole('dialog').getByLabel('Your six words').fill(words)
  await page.getByRole('button', { name: 'Go on' }).click()
}

async function addCodes(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Add an app' }).click()
  await confirmWords(page)
  const secret = (await page.locator('#code-secret').innerText()).replace(/\s/g, '')
  await page.getByLabel('Code of your app').fill(codeOf(secret))
  await page.getByRole('button', { name: 'Check the code' }).click()
  return secret
}

/** What the app on the telephone shows next: a minute later than the last one. */
function codeOf(secret: string): string {
  now += 2 * HALF_MINUTE
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now })
}

/** What the device gave the page for itself, in the ways in which it could be written. */
const LISTEN = `
  const seen = (globalThis.givenSecrets = [])
  const hear = (name) => {
    const ask = navigator.credentials[name].bind(navigator.credentials)
    navigator.credentials[name] = async (options) => {
      const answer = await ask(options)
      const first = answer.getClientExtensionResults().prf?.results?.first
      if (first) seen.push([...new Uint8Array(first)])
      return answer
    }
  }
  if (navigator.credentials) ['get', 'create'].forEach(hear)
`

async function secretsIn(page: Page): Promise<string[]> {
  const given = (await page.evaluate('givenSecrets')) as number[][]
  return given.flatMap((bytes) => {
    const raw = Buffer.from(bytes)
    return [raw.toString('base64'), raw.toString('base64url'), raw.toString('hex'), bytes.join(',')]
  })
}

const inbox = (page: Page) => page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor()

async function begin(t: Test, asksSecondFactor: boolean): Promise<void> {
  await owner.query('update desk set asks_second_factor = $1', [asksSecondFactor])
  for (const table of ['passkey', 'code_app', 'session', 'sign_in_attempt']) {
    await owner.query(`delete from ${table}`)
  }
  t.teardown(() => owner.query('update desk set asks_second_factor = false'))
}

t.test('join, add a passkey, lock, unlock, and sign in and read without any words', async (t) => {
  await begin(t, true)
  await owner.query('update desk set closed = true')
  const desk = await createDesk(owner, 'Front desk')
  const token = randomBytes(32).toString('base64url')
  await createInvitation(owner, {
    desk,
    name: 'Robin',
    roles: FIRST_ROLES,
    tokenHash: createHash('sha256').update(token).digest(),
  })
  const { page, sent, complaints } = await device(true)
  await page.addInitScript(LISTEN)
  await page.goto(`${origin}/en/join#${token}`)
  const words = 'paarse olifant danst tango'
  await page.getByLabel('My own words').check()
  const takeWords = async (own: string) => {
    await page.getByLabel('Your own words', { exact: true }).fill(own)
    await page.getByLabel('Type your own words once more').fill(own)
    await page.getByRole('button', { name: 'Make my key' }).click()
  }
  await takeWords('Robin Front desk')
  await page.getByRole('link', { name: 'your name, the desk or the site' }).waitFor()
  t.same(await findings(page), [])
  await page.getByLabel('The recovery sheet is printed').check()
  await takeWords(words)
  await page.getByText('You are a member.').waitFor()
  await fillWords(page, 'robin', words)

  await page.getByText('Your desk asks for a second proof').waitFor()
  t.equal(await page.getByRole('navigation').getByRole('link').count(), 0, 'nothing else is open')
  t.same(await findings(page), [])
  await addPasskey(page, 'Telephone')
  await page.getByText('It opens your key as well.').waitFor()
  await inbox(page)
  await owner.query('update report set desk = $1', [desk])

  await page.getByRole('button', { name: 'Lock now' }).click()
  await page.getByRole('heading', { name: 'Locked' }).waitFor()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await inbox(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await inbox(page)
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('Yes, without words').waitFor()
  await page.getByText('A passkey', { exact: true }).waitFor()
  t.same(await findings(page), [])
  const secrets = await secretsIn(page)
  t.ok(secrets.length > 0, 'the device gave a secret')
  const all = sent.join('\n')
  t.notMatch(
    all,
    /AGE-SECRET-KEY|"prf"|"clientExtensionResults"|olifant|danst/i,
    'no key and no word was sent',
  )
  t.same(
    secrets.filter((secret) => all.includes(secret.replace(/=+$/, ''))),
    [],
    'nor what opens it',
  )
  t.same(complaints, [])
  await owner.query('update report set desk = $1', [apps.desk.id])
  await owner.query('update desk set closed = true where id = $1', [desk])
  await owner.query('update desk set closed = false where id = $1', [apps.desk.id])
})

t.test('a report is read after a passkey that gives no secret, with the words after it', async (t) => {
  await begin(t, true)
  const { page, passkeys } = await device(false)
  await signIn(page, 'ilse')
  await addPasskey(page, 'Key ring')
  await page.getByText('After this passkey you fill in your words too.').waitFor()
  await inbox(page)
  t.equal(await passkeys(), 1)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('heading', { name: 'Now your words' }).waitFor()
  await page.getByLabel('Your six words').fill('other words than hers are these')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByRole('link', { name: 'These are not your six words.' }).waitFor()
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await inbox(page)
  await page.getByRole('button', { name: 'Take the next report' }).click()
  await page.getByText(WORDS).waitFor()

  // Words alone are not enough beside it: the passkey is the second proof.
  await page.getByRole('button', { name: 'Sign out' }).click()
  await fillWords(page, 'ilse')
  await page.getByRole('button', { name: 'Go on with the passkey' }).click()
  await inbox(page)
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('Words and a passkey').waitFor()
  await page.getByText('Take this passkey away').click()
  await page.getByRole('button', { name: 'Take Key ring away' }).click()
  await page.getByText('This is your only second proof').waitFor()
  t.equal((await owner.query('select from passkey')).rowCount, 1)
})

t.test('a code of an app, a lost passkey, and new words of one’s own', async (t) => {
  await begin(t, true)
  const { page, sent, lose } = await device(true)
  await signIn(page, 'sam')
  const secret = await addCodes(page)
  await inbox(page)
  t.equal((await owner.query('select from code_app')).rowCount, 1)
  await page.getByRole('link', { name: 'Your account' }).click()
  await addPasskey(page, 'Telephone')
  await page.getByText('It opens your key as well.').waitFor()
  await lose()
  await page.getByRole('button', { name: 'Sign out' }).click()

  await fillWords(page, 'sam')
  const code = page.getByLabel('Code of your app')
  await code.waitFor()
  t.equal(await page.getByLabel('Your six words').inputValue(), PASSPHRASE, 'what was typed stays')
  t.equal(await code.evaluate((field) => field.matches(':focus')), true)
  await code.fill('12')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Fill in the six digits' }).waitFor()
  const spent = codeOf(secret)
  await code.fill(`${spent.slice(0, 3)} ${spent.slice(3)}`)
  await page.keyboard.press('Enter')
  await inbox(page)
  await page.getByRole('button', { name: 'Lock now' }).click()
  await page.getByLabel('Your six words').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Unlock' }).click()
  await code.fill(spent)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'This code is not right, or was used already.' }).waitFor()
  await code.fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await inbox(page)

  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByRole('button', { name: 'Change my words' }).click()
  await confirmWords(page)
  await page.getByRole('dialog').getByLabel('Code of your app').fill(codeOf(secret))
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByLabel('My own words').check()
  const own = page.getByLabel('Your own words', { exact: true })
  const take = async (words: string) => {
    await own.fill(words)
    await page.getByLabel('Type your own words once more').fill(words)
    await page.getByRole('button', { name: 'Take these words' }).click()
  }
  for (const [weak, reason] of [
    ['korter', 'This is too short.'],
    ['Sam Test desk Baken', 'your name, the desk or the site'],
    ['welkom welkom welkom', 'something comes back'],
    ['geheim wachtwoord', 'words or names that many people choose'],
  ] as const) {
    await take(weak)
    await page.getByRole('link', { name: reason }).waitFor()
  }
  const strong = 'Wintertaart met 17 lantaarns'
  await own.fill(strong)
  await page.getByText('This is hard to guess.').waitFor()
  t.same(await findings(page), [])
  await take(strong)
  await page.getByText('Your words are changed.').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await fillWords(page, 'sam', 'wintertaart met 17 lantaarns')
  await code.fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await inbox(page)
  t.notMatch(sent.join('\n'), /lantaarns|korter|wachtwoord|AGE-SECRET-KEY/i, 'no words went to the server')
})

t.test('a stolen cookie opens nothing on another device, and the first one goes on', async (t) => {
  await begin(t, false)
  const first = await visit(browser, origin, { viewport: DESKTOP })
  await signIn(first.page, 'ilse')
  await inbox(first.page)
  const thief = await visit(browser, origin, { viewport: DESKTOP })
  await thief.context.addCookies(await first.context.cookies())
  await thief.page.goto(`${origin}/en/#inbox`)
  await thief.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const ask = (method: string, path: string, proof = '') =>
    thief.page.evaluate(
      async ([method = '', path = '', proof = '']) => {
        const isPost = method === 'POST'
        const answer = await fetch(path, {
          method,
          headers: { 'x-baken-proof': proof, ...(isPost && { 'content-type': 'application/json' }) },
          ...(isPost && { body: JSON.stringify({ authentication: btoa('x'.repeat(32)) }) }),
        })
        return `${answer.status} ${await answer.text()}`
      },
      [method, path, proof],
    )
  for (const path of ['/session', '/inbox', '/account', '/sessions', '/help']) {
    t.equal(await ask('GET', path), '403 {"problem":"proof-needed"}', path)
    t.equal(
      await ask('GET', path, 'A'.repeat(43)),
      '403 {"problem":"proof-needed"}',
      `${path}, a made-up proof`,
    )
  }
  t.equal(await ask('POST', '/prove'), '403 {"problem":"not-allowed"}', 'guessed words')
  await first.page.getByText('Settings of this list').click()
  await first.page.getByRole('button', { name: 'Refresh now' }).click()
  await first.page.getByRole('link', { name: 'Your account' }).click()
  await first.page.getByText('This page').waitFor()

  const second = await visit(browser, origin, { viewport: DESKTOP })
  await signIn(second.page, 'ilse')
  await inbox(second.page)
  await first.page.reload()
  await signIn(first.page, 'ilse')
  await inbox(first.page)
  await first.page.getByRole('link', { name: 'Your account' }).click()
  await first.page.getByRole('button', { name: 'End all others' }).click()
  await first.page.getByText('All others are signed out.').waitFor()
  await second.page.getByRole('link', { name: 'Help directory' }).click()
  await second.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await first.page.getByLabel('English').check()
  await first.page.getByLabel('Other languages').fill('ti AM')
  await first.page.getByRole('button', { name: 'Save the languages' }).click()
  await first.page.getByText('Your languages are saved.').waitFor()
  const { rows } = await owner.query(`select reading_languages from member where name = 'ilse'`)
  t.same(rows[0].reading_languages.slice().sort(), ['am', 'en', 'ti'])
})

t.test('on an address in numbers the page offers no passkey and says why', async (t) => {
  const numbers = origin.replace('localhost', '127.0.0.1')
  const { page } = await visit(browser, numbers)
  await page.goto(`${numbers}/en/`)
  await page.getByText('Passkeys work only when you open this page at the address localhost.').waitFor()
  t.equal(await page.getByRole('button', { name: 'Use a passkey' }).count(), 0)
})
