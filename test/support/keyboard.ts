// Hands that have only a keyboard: Tab, Shift+Tab, Space, Enter, arrows and letters. At every stop they note what a
// person who sees the page would miss: where the focus is, and whether something lies over it or over the way out.
import type { Locator, Page } from 'playwright-core'
import { buttonOf, foldOf, type Hand, linkOf, optionOf } from './road.js'

const MOST_STOPS = 150
const MOST_CHOICES = 20

/** Runs in the page. Names the element that has the focus, and says what is wrong with it or with the way out. */
const LOOK_AT_FOCUS = `(() => {
  const faults = []
  const element = document.activeElement
  if (element === document.body) return { stop: 'nothing', faults }
  const name = element.tagName.toLowerCase() + ' ' + (element.id || element.name || element.textContent.trim().slice(0, 40))
  const bar = document.querySelector('.bar')
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2 || /, 0\\)$/.test(outlineColor)) faults.push(name + ' does not show its focus')
  const box = element.getBoundingClientRect()
  const edge = bar.contains(element) ? 0 : bar.getBoundingClientRect().bottom
  const room = innerHeight - edge
  // Of a block of text the browser brings the line to write on into view, not its end.
  const isBlock = element.tagName === 'TEXTAREA' && box.top < innerHeight - 44
  if (box.height <= room && (box.top < edge - 1 || (box.bottom > innerHeight + 1 && !isBlock)))
    faults.push(name + ' is not wholly in view: ' + [box.top, box.bottom].map(Math.round) + ' between ' + Math.round(edge) + ' and ' + innerHeight)
  if (box.height > room && (box.top > innerHeight - 44 || box.bottom < edge + 44)) faults.push(name + ' is hardly in view')
  if (box.left < -1 || box.right > document.documentElement.clientWidth + 1) faults.push(name + ' runs off the screen')
  const isSeen = (seen, x, y) => {
    const top = document.elementFromPoint(x, y)
    return top !== null && (seen.contains(top) || top.contains(seen))
  }
  for (const { left, right, top, bottom, width } of element.getClientRects()) {
    const [middle, first, last] = [(left + right) / 2, Math.max(top, edge) + 3, Math.min(bottom, innerHeight) - 3]
    if (width > 4 && last > first && ![first, (first + last) / 2, last].every((y) => isSeen(element, middle, y)))
      faults.push(name + ' lies under something')
  }
  for (const { left, right, top, bottom } of document.querySelector('.exit').getClientRects())
    for (const x of [left + 8, (left + right) / 2, right - 8])
      if (!isSeen(document.querySelector('.exit'), x, (top + bottom) / 2)) faults.push('the way out lies under something while ' + name + ' has the focus')
  return { stop: element.getAttribute('href') || element.name || element.tagName.toLowerCase(), faults }
})()`

/** The stops a keyboard must have: every link and control in view; the radio buttons of a group are one. */
const COUNT_STOPS = `(() => {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter((stop) => stop.tabIndex >= 0 && stop.type !== 'hidden' && (stop.checkVisibility() || stop.matches('.skip')))
  return new Set(stops.map((stop) => (stop.type === 'radio' ? stop.name : stop))).size
})()`

export interface Keyboard extends Hand {
  /** goes through the whole page with Tab, then back with Shift+Tab; gives what is wrong */
  sweep(): Promise<string[]>
  /** what was wrong at the stops of the way so far */
  readonly faults: string[]
}

/** What has the focus (`nothing` when nothing has), and what is wrong with it or with the way out. */
export function lookAtFocus(page: Page): Promise<{ stop: string; faults: string[] }> {
  return page.evaluate<{ stop: string; faults: string[] }>(LOOK_AT_FOCUS)
}

export function keyboardHand(page: Page): Keyboard {
  const faults: string[] = []
  const { keyboard } = page
  /** presses a key that moves the focus, and gives where it went */
  const move = async (key: string): Promise<string> => {
    await keyboard.press(key)
    const { stop, faults: wrong } = await lookAtFocus(page)
    faults.push(...wrong)
    return stop
  }
  const reach = async (wanted: Locator): Promise<void> => {
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      if (await hasFocus(wanted)) return
      await move('Tab')
    }
    throw new Error(`Tab never reaches ${wanted}`)
  }
  const use = async (wanted: Locator): Promise<void> => {
    await reach(wanted)
    await keyboard.press('Enter')
  }
  return {
    faults,
    follow: (link) => use(linkOf(page, link)),
    press: (button) => use(buttonOf(page, button)),
    unfold: (title) => use(foldOf(page, title)),
    async choose(question, option) {
      const wanted = optionOf(page, question, option)
      if ((await wanted.getAttribute('type')) === 'radio') {
        // A group of radio buttons is one stop; arrows go from button to button and choose.
        await reach(page.getByRole('group', { name: question, exact: true }).locator('input:focus'))
        for (let steps = 0; steps < MOST_CHOICES && !(await hasFocus(wanted)); steps++)
          await move('ArrowDown')
        if (!(await wanted.isChecked())) await keyboard.press('Space')
        return
      }
      await reach(wanted)
      await keyboard.press('Space')
    },
    async write(field, text) {
      await reach(page.getByLabel(field, { exact: true }))
      for (const [i, line] of text.split('\n').entries()) {
        if (i > 0) await keyboard.press('Enter')
        await keyboard.type(line)
      }
    },
    async sweep() {
      const before = faults.length
      const wanted = await page.evaluate<number>(COUNT_STOPS)
      const stops: string[] = []
      for (let i = 0; i < wanted; i++) stops.push(await move('Tab'))
      if (stops[0] !== '#main') faults.push(`the first stop is ${stops[0]}`)
      if (stops[1] !== '/exit') faults.push(`the second stop is ${stops[1]}`)
      if (stops.includes('nothing'))
        faults.push(`only ${stops.indexOf('nothing')} of ${wanted} stops are met`)
      let last = stops.at(-1)
      for (let i = 1; i < wanted; i++) last = await move('Shift+Tab')
      if (last !== '#main') faults.push(`the way back ends at ${last}`)
      return [...new Set(faults.slice(before))]
    },
  }
}

async function hasFocus(wanted: Locator): Promise<boolean> {
  return (await wanted.and(wanted.page().locator(':focus')).count()) > 0
}
