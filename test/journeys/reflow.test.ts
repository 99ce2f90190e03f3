// Every page of a reporter on the narrowest screen, with letters as they are and twice as large: nothing asks to
// scroll sideways, no text is cut off, leaves its box or lies over other text, and no mistake is told out of sight.
import t from 'tap'
import { startApps } from '../support/apps.js'
import { LARGE_LETTERS, launchBrowser, listen, NARROW, visit } from '../support/browser.js'
import { lookAtFocus } from '../support/keyboard.js'
import { faultsOfLayout } from '../support/layout.js'
import { openAs, reporterPages } from '../support/reporter-states.js'

/** Letters as they are need less room: there the language with the longest words is enough. */
const LOOKS = [
  { letters: '16px', options: [], languages: ['nl'] },
  { letters: '32px', options: LARGE_LETTERS, languages: ['nl', 'en'] },
]

t.setTimeout(180_000)

t.test('no page loses text or asks to scroll sideways, however narrow or large', async (t) => {
  const apps = await startApps(t, { demonstration: true })
  const origin = await listen(apps.intake)
  const pages = await reporterPages(apps)
  for (const { letters, options, languages } of LOOKS) {
    const noor = await visit(await launchBrowser(t, options), origin, { viewport: NARROW })
    const { page } = noor
    t.equal(await page.evaluate('getComputedStyle(document.documentElement).fontSize'), letters)
    for (const language of languages) {
      for (const wanted of pages) {
        await openAs(noor, wanted, `${origin}/${language}`)
        const wrong = [...(await lookAtFocus(page)).faults, ...(await faultsOfLayout(page))]
        t.same(wrong, [], `${wanted.name}, ${language}, letters of ${letters}`)
      }
    }
  }
})
