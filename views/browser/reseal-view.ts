// Sealing open work anew, for eyes and ears: how far it is, a way to stop, what came of it.
import { api, type KeyAnswer, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { type ResealProgress, resealOpenWork } from './reseal-work.js'
import { countText, sizeText, text } from './texts.js'

const SAY_EVERY_MS = 5_000

/** Null while the desk has only ever had one key. `update` tells how much is left; what runs goes on. */
export function drawReseal(
  desk: Desk,
  { keys }: KeyAnswer,
): { section: HTMLElement; update(answer: KeyAnswer): void } | null {
  if (keys.length < 2) return null
  const state = element('p')
  const place = element('div')
  const result = element('p', { role: 'status' })
  const update = ({ unchecked }: KeyAnswer): void => {
    const words = unchecked > 0 ? countText('key.unchecked', unchecked) : text('key.all-checked')
    if (state.textContent !== words) state.textContent = words
  }
  const start = button(
    text('key.reseal'),
    () =>
      desk.confirm(async (signal) => {
        result.replaceChildren()
        const progress = await withBar(signal, { place, result, control: start }, (ending, told) =>
          resealOpenWork(desk.memory.deskKeys, desk.memory.signedIn.desk, { signal: ending, told }),
        )
        update(await api.key(signal))
        signal.throwIfAborted()
        // Told last: whoever hears it may press again.
        result.replaceChildren(progress ? resultText(progress) : text('key.reseal-stopped'))
      }),
    { class: 'primary' },
  )
  const section = element(
    'section',
    { class: 'card', 'aria-labelledby': 'key-reseal' },
    element('h2', { id: 'key-reseal', tabindex: -1 }, text('key.reseal-title')),
    element('p', {}, text('key.reseal-why')),
    state,
    start,
    place,
    result,
    element('p', { class: 'hint' }, text('key.reseal-hint')),
  )
  return { section, update }
}

function resultText({ resealed, damaged }: ResealProgress): string {
  const done = countText('key.resealed', resealed)
  return damaged > 0 ? `${done} ${countText('key.damaged', damaged)}` : done
}

interface Shown {
  readonly place: HTMLElement
  /** a live region that is on the page already */
  readonly result: HTMLElement
  /** gets the focus back when the bar goes away with it */
  readonly control: HTMLElement
}

/** Does the work below a bar. Null when somebody stopped it. */
async function withBar(
  signal: AbortSignal,
  { place, result, control }: Shown,
  work: (ending: AbortSignal, told: (progress: ResealProgress) => void) => Promise<ResealProgress>,
): Promise<ResealProgress | null> {
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end)
  const words = element('p', { id: 'reseal-words' })
  const bar = element('progress', { max: 1, value: 0, 'aria-labelledby': words.id })
  const stop = button(text('key.reseal-stop'), end, { class: 'secondary' })
  let saidAt = 0
  const told = ({ reports, done, bytes }: ResealProgress): void => {
    if (!place.contains(bar)) place.replaceChildren(element('div', { class: 'fetching' }, words, bar, stop))
    bar.max = Math.max(reports, 1)
    bar.value = done
    words.textContent = text('key.reseal-progress', { done, reports, size: sizeText(bytes) })
    // What changes many times a second is for the eyes; the ears are told now and then.
    if (Date.now() - saidAt < SAY_EVERY_MS) return
    saidAt = Date.now()
    result.textContent = words.textContent
  }
  try {
    return await work(ending.signal, told)
  } catch (error) {
    result.replaceChildren()
    if (ending.signal.aborted && !signal.aborted) return null
    if (error instanceof Problem && error.code === 'not-allowed') throw new Problem('key-replaced')
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    end()
    if (place.contains(document.activeElement)) control.focus()
    place.replaceChildren()
  }
}
