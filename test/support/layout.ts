// What is wrong with how a page lies on the screen: scrolling sideways, text that is cut off, runs out of its box or
// lies over other text. Measured on the lines of text as the browser laid them out, at the top of the page.
import type { Page } from 'playwright-core'

/** Runs in the page. Gives sentences. */
const FAULTS_OF_LAYOUT = `(() => {
  const faults = []
  const root = document.documentElement
  scrollTo(0, 0)
  if (root.scrollWidth > root.clientWidth) faults.push('scrolls sideways: ' + root.scrollWidth + ' of ' + root.clientWidth)
  const name = (text) => JSON.stringify(text.trim().replace(/\\s+/g, ' ').slice(0, 50))
  const isHidden = (element) =>
    element.closest('.away, .skip:not(:focus), script, style, datalist, details:not([open]) > :not(summary)') !== null ||
    !element.checkVisibility()
  const lines = []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode
    const element = node.parentElement
    if (node.data.trim() === '' || isHidden(element)) continue
    const range = document.createRange()
    // Addresses and numbers stand in bdi; they break where they can.
    for (const { index, 0: word } of node.data.matchAll(/\\p{L}{2,8}(?!\\p{L})(?<!\\p{L}{9})/gu)) {
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const rows = new Set([...range.getClientRects()].map(({ top }) => top))
      if (rows.size > 1 && !element.closest('bdi')) faults.push('has no room for a short word: ' + name(word))
    }
    range.selectNodeContents(node)
    const box = element.closest('a.button, .exit, button, .choice, .note, .errors, .cards > li, .code, .urgent, .demo, summary')
    const around = box && box.getBoundingClientRect()
    for (const line of range.getClientRects()) {
      if (line.width < 1) continue
      if (line.left < -1 || line.right > root.clientWidth + 1) faults.push('runs off the screen: ' + name(node.data))
      if (around && (line.left < around.left - 1 || line.right > around.right + 1 || line.top < around.top - 1 || line.bottom > around.bottom + 1))
        faults.push('runs out of its box: ' + name(node.data))
      // Letters are lower than their line: what counts as overlap is the middle of a line in another one.
      const spare = line.height / 4
      lines.push({ text: node.data, left: line.left + 1, right: line.right - 1, top: line.top + spare, bottom: line.bottom - spare })
    }
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY, textOverflow } = getComputedStyle(at)
      const clips = overflowX !== 'visible' || overflowY !== 'visible' || textOverflow !== 'clip'
      if (clips && (at.scrollWidth > at.clientWidth + 1 || at.scrollHeight > at.clientHeight + 1))
        faults.push('is cut off: ' + name(node.data))
    }
  }
  for (const control of document.querySelectorAll('button, a.button, .exit, summary'))
    if (!isHidden(control) && (control.scrollWidth > control.clientWidth + 1 || control.scrollHeight > control.clientHeight + 1))
      faults.push('does not fit its button: ' + name(control.textContent))
  lines.sort((a, b) => a.top - b.top)
  for (const [i, one] of lines.entries())
    for (let j = i + 1; j < lines.length && lines[j].top < one.bottom; j++)
      if (lines[j].left < one.right && one.left < lines[j].right)
        faults.push('lies over ' + name(lines[j].text) + ': ' + name(one.text))
  return [...new Set(faults)]
})()`

/** An empty list when all is well. */
export function faultsOfLayout(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FAULTS_OF_LAYOUT)
}
