// What axe says of a page: the rules of WCAG 2.2 AA, those of best practice, and contrast of 7:1.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const AXE_RUN = `axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'cat.color'],
  rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } }
}).then((found) => found.violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.target.join(' ')).join(', ')))`

/** Content never wider than the window, also on the narrowest one. */
export const OVERFLOWS = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

/** An empty list when all is well. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate<string[]>(AXE_RUN)
}
