import { button, element } from './dom.js'
import { choice } from './forms.js'
import { playSoftly, sound } from './inbox-signal.js'
import { shortcuts } from './shortcuts.js'
import { text } from './texts.js'

/** Only in memory: a new page starts with these. */
const chosen = { refreshesItself: true, putsTogether: true }

/** The inbox's own settings: a list that changes by itself can be stopped, and single keys work only when asked for. */
export function settings(actions: { refresh(): Promise<void>; draw(): void }): {
  content: HTMLElement
  refreshesItself(): boolean
  /** whether reports that say nearly the same stand together */
  putsTogether(): boolean
} {
  const refreshing = checkbox('setting-refresh', chosen.refreshesItself, (on) => {
    chosen.refreshesItself = on
  })
  const alike = checkbox('setting-alike', chosen.putsTogether, (on) => {
    chosen.putsTogether = on
    actions.draw()
  })
  alike.setAttribute('aria-describedby', 'setting-alike-hint')
  const keys = checkbox('setting-keys', shortcuts.isOn, (on) => {
    shortcuts.isOn = on
  })
  keys.setAttribute('aria-describedby', 'setting-keys-hint')
  const sounding = checkbox('setting-sound', sound.isOn, (on) => {
    sound.isOn = on
    // Heard once now, so that it is known later; browsers also allow sound only after somebody did something.
    if (on) playSoftly()
  })
  sounding.setAttribute('aria-describedby', 'setting-sound-hint')
  const content = element(
    'section',
    { class: 'settings', 'aria-labelledby': 'settings-title' },
    element('h2', { id: 'settings-title' }, text('settings.title')),
    choice(refreshing, text('settings.refresh')),
    choice(alike, text('settings.alike')),
    element('p', { class: 'hint', id: 'setting-alike-hint' }, text('settings.alike-hint')),
    choice(sounding, text('settings.sound')),
    element('p', { class: 'hint', id: 'setting-sound-hint' }, text('settings.sound-hint')),
    choice(keys, text('settings.keys')),
    element('p', { class: 'hint', id: 'setting-keys-hint' }, text('settings.keys-hint')),
    button(text('settings.refresh-now'), actions.refresh, { class: 'secondary' }),
  )
  return {
    content,
    refreshesItself: () => chosen.refreshesItself,
    putsTogether: () => chosen.putsTogether,
  }
}

function checkbox(id: string, isOn: boolean, change: (isOn: boolean) => void): HTMLInputElement {
  const box = element('input', { type: 'checkbox', id, checked: isOn })
  box.addEventListener('change', () => change(box.checked))
  return box
}
