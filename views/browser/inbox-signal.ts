// Something urgent is new: a calm sign in place, a mark in the tab's title, a soft sound when it was asked for. It is
// there until this member says to have heard it, whoever else reads the report meanwhile. Nothing moves or flashes.
import type { InboxItem } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { countText, text } from './texts.js'

/** Only in memory: a new page starts silent. */
export const sound = { isOn: false }

let audio: AudioContext | null = null

/** Looks at what is open: shows, changes or takes away the sign. */
export function signalUrgent(desk: Desk, items: readonly InboxItem[]): void {
  const { heard, sounded } = desk.memory.inbox
  const open = items.filter(({ urgent, state }) => urgent && state !== 'assessed')
  // What somebody has in hand they know of.
  for (const { id, mine } of open) if (mine) heard.add(id)
  const unheard = open.filter(({ id }) => !heard.has(id)).map(({ id }) => id)
  const isNew = unheard.some((id) => !sounded.has(id))
  for (const id of unheard) sounded.add(id)
  show(desk, unheard)
  if (isNew && sound.isOn) playSoftly()
}

/** Who opens a report as their own has heard of it. */
export function hearReport(desk: Desk, report: string): void {
  const { heard, unheard } = desk.memory.inbox
  heard.add(report)
  show(
    desk,
    unheard.filter((id) => id !== report),
  )
}

function show(desk: Desk, unheard: readonly string[]): void {
  desk.memory.inbox.unheard = unheard
  if (unheard.length === 0) {
    desk.page.alert(null)
    return
  }
  const hear = () => {
    for (const id of unheard) desk.memory.inbox.heard.add(id)
    show(desk, [])
    document.querySelector('h1')?.focus()
    desk.page.say(text('signal.heard-now'))
  }
  desk.page.alert({
    key: unheard.join(),
    content: element(
      'div',
      { class: 'urgent-sign' },
      element('p', { class: 'urgent-words' }, countText('signal.new', unheard.length)),
      element(
        'div',
        { class: 'actions' },
        element('a', { href: '#inbox', class: 'bar-link' }, text('signal.show')),
        button(text('signal.heard'), hear, { class: 'secondary', id: 'signal-heard' }),
      ),
    ),
  })
}

/** Two soft notes, made here: no file is fetched. A browser that plays nothing has shown the sign all the same. */
export function playSoftly(): void {
  try {
    audio ??= new AudioContext()
    void audio.resume()
    for (const [pitch, after] of [
      [523, 0],
      [659, 0.3],
    ] as const) {
      const [note, volume] = [audio.createOscillator(), audio.createGain()]
      const start = audio.currentTime + after
      note.type = 'sine'
      note.frequency.value = pitch
      volume.gain.setValueAtTime(0, start)
      volume.gain.linearRampToValueAtTime(0.08, start + 0.08)
      volume.gain.linearRampToValueAtTime(0, start + 0.5)
      note.connect(volume).connect(audio.destination)
      note.start(start)
      note.stop(start + 0.5)
    }
  } catch {
    // No sound here.
  }
}
