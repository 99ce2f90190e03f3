// Every page of a reporter as a screen reader speaks it, in every language: what test/journeys/trees holds.
// `node dist/test/support/speak-pages.js` writes these files anew; look at the difference before you commit it.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startApps } from './apps.js'
import { launchBrowser, listen, visit } from './browser.js'
import type { Teardown } from './database.js'
import { openAs, reporterPages } from './reporter-states.js'
import { site } from './road-texts.js'
import { faultsOfSpeech, partOf, readAloud, toLines } from './screen-reader-tree.js'

export const TREES = fileURLToPath(new URL('../../../test/journeys/trees/', import.meta.url))

export interface SpokenPage {
  /** `<language>/<page>.yml` */
  readonly file: string
  readonly tree: string
  readonly faults: readonly string[]
}

/** Pages that are mostly texts of locales/; their words are looked after there. */
const TEXTS = ['help', 'safety']

export async function speakPages(t: Teardown): Promise<SpokenPage[]> {
  const apps = await startApps(t)
  const origin = await listen(apps.intake)
  const noor = await visit(await launchBrowser(t), origin, { javaScriptEnabled: false })
  const spoken: SpokenPage[] = []
  const pages = (await reporterPages(apps)).filter(({ name }) => !TEXTS.includes(name))
  for (const { code } of site.languages) {
    for (const wanted of pages) {
      await openAs(noor, wanted, `${origin}/${code}`)
      const aloud = await readAloud(noor.page)
      // Around the main part every page is the same: the home page shows it for all.
      const lines = toLines(wanted.name === 'home' ? aloud.body : partOf(aloud, 'main'))
      const tree = [`- title "${aloud.title}"`, ...lines, '']
        .join('\n')
        .replace(/- \d{4}$/gm, '- four digits of the code')
      spoken.push({ file: `${code}/${wanted.name}.yml`, tree, faults: faultsOfSpeech(aloud) })
    }
  }
  return spoken
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  t.setTimeout(0)
  const teardowns: (() => unknown)[] = []
  try {
    const spoken = await speakPages({ teardown: (handler) => teardowns.unshift(handler) })
    rmSync(TREES, { recursive: true, force: true })
    for (const { file, tree } of spoken) {
      mkdirSync(dirname(join(TREES, file)), { recursive: true })
      writeFileSync(join(TREES, file), tree)
    }
  } finally {
    for (const teardown of teardowns) await teardown()
    t.end()
  }
}
