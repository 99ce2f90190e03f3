// Back and Forward in Chromium, entry by entry, as its own buttons go: also to pages that it kept in memory, which
// Playwright's goBack does not know.
import type { Page } from 'playwright-core'

/** What somebody sees on a page, with what stands in its fields. */
export interface Seen {
  readonly path: string
  readonly heading: string
  readonly text: string
  /** `name=value` of what is ticked or typed */
  readonly fields: readonly string[]
}

export interface Behind {
  /** addresses of all entries, the oldest first */
  entries(): Promise<string[]>
  /** where in the entries the browser stands */
  position(): Promise<number>
  look(): Promise<Seen>
  /** goes to another entry and gives what is seen there when all is quiet */
  go(entry: number): Promise<Seen>
  /** how the last page came: loaded, or as it was kept in memory */
  readonly kind: () => string
  /** pages that were the answer to a POST, and pages that the browser could not show */
  readonly faults: readonly string[]
}

const LOOK = `JSON.stringify({
  isReady: document.readyState === 'complete',
  path: location.pathname,
  heading: document.querySelector('h1')?.innerText ?? '',
  text: document.body.innerText,
  fields: [...document.querySelectorAll('main :is(input:not([type=hidden]), textarea)')]
    .filter((field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value !== ''))
    .map((field) => field.name + '=' + field.value),
})`
const QUIET_MS = 60

/** Watches what the browser does with its history from now on. */
export async function watchBehind(page: Page): Promise<Behind> {
  const devtools = await page.context().newCDPSession(page)
  const faults: string[] = []
  const methods = new Map<string, string>()
  let kind = ''
  let changedAt = 0
  devtools.on('Page.frameNavigated', (event) => {
    kind = event.type
    changedAt = Date.now()
  })
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    methods.set(requestId, request.method)
  })
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Document' && methods.get(requestId) !== 'GET') faults.push(`POST made ${response.url}`)
  })
  devtools.on('Network.loadingFailed', ({ type, errorText }) => {
    if (type === 'Document') faults.push(errorText)
  })
  await devtools.send('Page.enable')
  await devtools.send('Network.enable')

  const tryToLook = async (): Promise<(Seen & { isReady: boolean }) | null> => {
    const { result } = await devtools.send('Runtime.evaluate', { expression: LOOK })
    return typeof result.value === 'string' ? JSON.parse(result.value) : null
  }
  /** A script may load the page anew at once; what is seen is what stays. */
  const look = async (since = -1): Promise<Seen> => {
    for (let tries = 0; tries < 700; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 15))
      if (changedAt <= since || Date.now() - changedAt < QUIET_MS) continue
      // Between two pages there is none.
      const seen = await tryToLook().catch(() => null)
      if (seen?.isReady) return seen
    }
    throw new Error('the browser shows no page')
  }
  const history = () => devtools.send('Page.getNavigationHistory')
  return {
    entries: async () => (await history()).entries.map(({ url }) => url),
    position: async () => (await history()).currentIndex,
    look: () => look(),
    go: async (entry) => {
      const { entries } = await history()
      const wanted = entries[entry]
      if (!wanted) throw new Error(`there is no entry ${entry} among ${entries.length}`)
      const before = changedAt
      await devtools.send('Page.navigateToHistoryEntry', { entryId: wanted.id })
      return look(before)
    },
    kind: () => kind,
    faults,
  }
}
