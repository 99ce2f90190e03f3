// `npm run screenshots`: pictures of the main pages for the README, into docs/screenshots.
import { mkdir } from 'node:fs/promises'
import { startApps, type TestApps } from './apps.js'
import { DESKTOP, launchBrowser, listen, PHONE, visit } from './browser.js'

const folder = process.argv[2] ?? 'docs/screenshots'
const teardowns: (() => unknown)[] = []
const scope = { teardown: (handler: () => unknown) => teardowns.unshift(handler) }

/** Public pages worth a picture: name and path. */
const PAGES: readonly (readonly [name: string, path: string])[] = [
  ['home', '/nl/'],
  ['report', '/nl/report'],
  ['who', '/nl/report/who'],
  ['sign', '/nl/signs/2'],
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

await mkdir(folder, { recursive: true })
try {
  await publicPages(await startApps(scope, { demonstration: true }))
} finally {
  for (const teardown of teardowns) await teardown()
}
process.exit(0)
