// How far something is that comes over the line and may take long, for eyes and ears, with a way to stop it.
import type { Fetching } from './api.js'
import { button, element } from './dom.js'
import { shareText, text } from './texts.js'

/** What is there sooner needs no telling. */
const SHOW_AFTER_MS = 400
const SAY_EVERY_MS = 5_000

export interface Told {
  /** number of the file, for the texts */
  readonly number: number
  /** how many bytes will come */
  readonly bytes: number
  /** where the bar is drawn; emptied afterwards */
  readonly place: HTMLElement
  /** a live region that is on the page already */
  readonly status: HTMLElement
  /** gets the focus back when the bar goes away with it */
  readonly control: HTMLElement
}

/** Does the work and tells how far it is. Null when somebody stopped it; ends with the signal like everything of a view. */
export async function withProgress<T>(
  signal: AbortSignal,
  { number, bytes, place, status, control }: Told,
  work: (fetching: Fetching) => Promise<T>,
): Promise<T | null> {
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end)
  let came = 0
  let saidAt = Date.now()
  const words = element('p', { id: `progress-${number}` })
  const bar = element('progress', { max: 100, 'aria-labelledby': words.id })
  const stop = button(text('files.stop', { number }), end, { class: 'secondary' })
  const draw = () => {
    const share = Math.min(came / bytes, 1)
    const percent = Math.floor(share * 100)
    if (bar.value === percent && words.textContent !== '') return
    bar.value = percent
    words.textContent = text('files.fetching', { number, share: shareText(share) })
    // What changes many times a second is for the eyes; the ears are told now and then.
    if (!place.contains(bar) || Date.now() - saidAt < SAY_EVERY_MS) return
    saidAt = Date.now()
    status.textContent = words.textContent
  }
  const show = setTimeout(() => {
    draw()
    place.replaceChildren(element('div', { class: 'fetching' }, words, bar, stop))
    status.textContent = words.textContent
  }, SHOW_AFTER_MS)
  try {
    const arrived = (more: number) => {
      came += more
      draw()
    }
    const done = await work({ signal: ending.signal, arrived })
    status.textContent = place.contains(bar) ? text('files.fetched', { number }) : ''
    return done
  } catch (error) {
    status.textContent = ''
    if (ending.signal.aborted && !signal.aborted) return null
    throw error
  } finally {
    clearTimeout(show)
    signal.removeEventListener('abort', end)
    // Nobody reads on after a failure: what is still on the line would go on coming.
    end()
    if (place.contains(document.activeElement)) control.focus()
    if (place.contains(bar)) place.replaceChildren()
  }
}
