// `npm run screenshots`: pictures of the main pages for the README, into docs/screenshots.
import { mkdir } from 'node:fs/promises'
import t from 'tap'
import { startApps, type TestApps } from './apps.js'
import { DESKTOP, launchBrowser, listen, PHONE, visit } from './browser.js'
import { PASSPHRASE } from './desk.js'
import { dirtyPhoto } from './dirty-files.js'
import { createReporter } from './reporter.js'

const folder = process.argv[2] ?? 'docs/screenshots'
// The support folder brings tap along, which would end this after half a minute.
t.setTimeout(0)
const teardowns: (() => unknown)[] = []
const scope = { teardown: (handler: () => unknown) => teardowns.unshift(handler) }

/** Public pages worth a picture: name and path. */
const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['home', '/nl/'],
  ['report', '/nl/report'],
  ['danger', '/nl/report/danger'],
  ['sign', '/nl/signs/2'],
  ['signs', '/nl/signs/all'],
  ['what-if', '/nl/what-if/1'],
  ['nearby', '/nl/help/utrecht'],
  ['search', '/nl/search'],
  ['leaflet', '/nl/leaflet/view-neighbours'],
  ['basic-level', '/nl/basic-level'],
  ['help', '/nl/help'],
  ['all', '/en/report/all'],
  ['return', '/nl/return'],
]

async function publicPages(apps: TestApps): Promise<void> {
  const browser = await launchBrowser(scope)
  const origin = await listen(apps.intake)
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of [
      ['phone', PHONE],
      ['desktop', DESKTOP],
    ] as const) {
      const { page, context } = await visit(browser, origin, {
        viewport,
        colorScheme,
        javaScriptEnabled: false,
      })
      for (const [name, path] of PAGES) {
        await page.goto(origin + path)
        await page.screenshot({
          path: `${folder}/${name}-${size}-${colorScheme}.png`,
          fullPage: size === 'phone',
        })
      }
      await context.close()
    }
  }
}

/** The desk: the list and an opened report, with a photo that Noor sent. */
async function deskPages(apps: TestApps): Promise<void> {
  const noor = createReporter(apps.intake)
  await noor.post('/nl/report/danger', { danger: 'yes' })
  await noor.post('/nl/report/what', { forms: ['labour'] })
  await noor.post('/nl/report/signs', { signs: ['l1', 'l6'] })
  await noor.post('/nl/report/words', {
    words: 'Elke ochtend om vijf uur haalt een wit busje zes mensen op.',
  })
  await noor.post('/nl/report/where', { municipality: 'Someren', place: 'Achter de oude loods' })
  await noor.upload('/nl/report/files', [{ bytes: await dirtyPhoto() }])
  await noor.post('/nl/report/code', {})
  await noor.post('/nl/report/send', { with_code: 'yes', written: 'yes' })
  const again = createReporter(apps.intake)
  await again.post('/en/report/signs', { signs: ['s6'] })
  await again.post('/en/report/send', {})
  await apps.release()
  const browser = await launchBrowser(scope)
  const origin = await listen(apps.triage)
  let first = true
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
    ] as const) {
      const { page, context } = await visit(browser, origin, { viewport, colorScheme })
      const picture = (name: string) =>
        page.screenshot({ path: `${folder}/desk-${name}-${size}-${colorScheme}.png`, fullPage: true })
      await page.goto(`${origin}/nl/`)
      await page.locator('input').first().waitFor()
      await picture('sign-in')
      await page.locator('input').first().fill('sam')
      await page.locator('input').nth(1).fill(PASSPHRASE)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Neem de volgende melding' }).waitFor()
      await page.locator('.row').getByText('Arbeidsuitbuiting').first().waitFor()
      await picture('inbox')
      const open = first
        ? page.getByRole('button', { name: 'Neem de volgende melding' })
        : page.locator('.row').getByRole('button', { name: /^Open/ }).first()
      await open.click()
      first = false
      await page.locator('.words').getByText('wit busje').first().waitFor()
      await picture('report')
      await context.close()
    }
  }
}

await mkdir(folder, { recursive: true })
try {
  const apps = await startApps(scope, { demonstration: true })
  await publicPages(apps)
  await deskPages(apps)
} finally {
  for (const teardown of teardowns) await teardown()
  // The database server that the support folder started ends with tap.
  t.end()
}
