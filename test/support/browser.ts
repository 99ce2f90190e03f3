// Real Chromium, Debian's. It never leaves the loopback: requests to other origins are refused and counted.
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import type { Teardown } from './database.js'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const PHONE = { width: 360, height: 740 }
/** As narrow as a page may have to be, which is also a window of 1280 pixels at 400 % (WCAG 1.4.10). */
export const NARROW = { width: 320, height: 568 }
export const DESKTOP = { width: 1280, height: 900 }

/** What somebody gets who set the letters of the browser to 200 %. */
export const LARGE_LETTERS = ['--blink-settings=defaultFontSize=32,defaultFixedFontSize=26']

export interface BrowserOptions {
  /** keeps pages in memory for Back, as browsers of people do; Playwright switches that off */
  readonly keepsPages?: boolean
}

/** What Chromium is started with. */
export function chromiumOptions(more: readonly string[], { keepsPages = false }: BrowserOptions) {
  return {
    executablePath: '/usr/bin/chromium',
    args: [...ARGUMENTS, ...more],
    ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  }
}

export async function launchBrowser(
  t: Teardown,
  more: readonly string[] = [],
  options: BrowserOptions = {},
): Promise<Browser> {
  const browser = await chromium.launch(chromiumOptions(more, options))
  t.teardown(() => browser.close())
  return browser
}

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
  /** requests that went, or wanted to go, to another origin than `origin` */
  readonly elsewhere: string[]
  /** everything the page complained about: exceptions, refused by the content policy */
  readonly complaints: string[]
}

/** A fresh profile in the browser. */
export async function visit(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: PHONE, ...options })
  const page = await context.newPage()
  const elsewhere: string[] = []
  const complaints: string[] = []
  await context.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin) || url.startsWith('data:') || url.startsWith('blob:')) return route.continue()
    elsewhere.push(url)
    return route.abort()
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { context, page, elsewhere, complaints }
}

/** The address a listening app is reached at. */
export async function listen(app: {
  listen(options: { host: string; port: number }): Promise<string>
}): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}
