// A report that somebody has in hand stays theirs while they work on it. When nobody does for long, it waits again; what
// was typed stays in this page, and taking the report again goes on with it.
import { api, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { text } from './texts.js'

const RENEW_EVERY_MS = 60_000
/** Somebody who touched nothing for so long is not at work. */
const AT_WORK_MS = 5 * 60_000

/** Renews the claim each minute while there is input, and tells in `place` when it is not this member's any more. */
export function keepLease(desk: Desk, report: string, place: HTMLElement): void {
  const { signal } = desk
  let lastInput = Date.now()
  for (const kind of ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart']) {
    addEventListener(kind, () => (lastInput = Date.now()), { passive: true, capture: true, signal })
  }
  const timer = setInterval(() => {
    if (Date.now() - lastInput > AT_WORK_MS) return
    void renew()
  }, RENEW_EVERY_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
  desk.queue.seeNotices((notices) => {
    const isGone = notices.some(
      ({ report: of, kind }) => of === report && (kind === 'taken-over' || kind === 'lease-ended'),
    )
    if (isGone) lose()
  }, signal)

  async function renew(): Promise<void> {
    try {
      await api.renew(report)
    } catch (error) {
      // A line that fails now is tried again; the claim holds for long enough.
      if (!signal.aborted && error instanceof Problem && error.status === 409) lose()
    }
  }

  function lose(): void {
    if (place.childElementCount > 0) return
    clearInterval(timer)
    place.replaceChildren(drawLost(desk, report))
    desk.page.say(text('lease.lost'), 'problem')
  }
}

/** What is shown for a report that is not this member's: it can be taken when it waits. */
export function drawLost(desk: Desk, report: string): HTMLElement {
  const take = () =>
    desk.run(async (signal) => {
      try {
        await api.claim(report)
      } catch (error) {
        if (!(error instanceof Problem && error.status === 409)) throw error
        desk.page.say(text('lease.not-waiting'), 'problem')
        return
      }
      signal.throwIfAborted()
      desk.enter(text('lease.again'))
    })
  return element(
    'section',
    { class: 'card notice', 'aria-labelledby': 'lease-title' },
    element('h2', { id: 'lease-title' }, text('lease.title')),
    element('p', {}, text('lease.lost')),
    element('p', {}, text('lease.typed')),
    button(text('lease.take'), take, { class: 'primary', id: 'take-again' }),
  )
}
