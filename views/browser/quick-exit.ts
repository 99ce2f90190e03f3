// The public pages' only script: the exit, faster, and less that stays behind Back. Without it the link works just as
// well. It stores nothing. On a page for people who share their phone it also takes the exit by itself when nobody
// touches the page for ten minutes. Pages made ahead carry this inline, so every byte counts.
const LINK = 'a[data-exit]'
const PRESS_WITHIN_MS = 5_000
const IDLE_MS = 600_000
const WARN_MS = 60_000

let presses = 0
let isShiftAlone = false
let timer = 0

/** Says how far the presses are, in the words that the page carries for it. */
const tell = () => {
  const progress = document.querySelector<HTMLElement>('[data-exit-progress]')
  if (progress) progress.textContent = ['', progress.dataset.one, progress.dataset.two][presses] ?? ''
}

const reset = () => {
  clearTimeout(timer)
  presses = 0
  tell()
}

/** Empties the page in the same moment, then puts the exit in its place, so that Back does not lead here. */
const exit = () => {
  document.documentElement.remove()
  location.replace('/exit')
}

/** Phone keyboards press Shift by themselves. */
const isTypingOnTouch = ({ target }: Event) =>
  (target as Element).matches?.('input, textarea') && matchMedia('(pointer: coarse)').matches

addEventListener('click', (event) => {
  if ((event.target as Element).closest(LINK)) {
    event.preventDefault()
    exit()
  }
})
addEventListener('keydown', (event) => {
  // A held Shift repeats; another key makes it a Shift for capitals.
  if (event.key === 'Shift') isShiftAlone = isShiftAlone || !event.repeat
  else {
    isShiftAlone = false
    reset()
  }
})
addEventListener('keyup', (event) => {
  if (event.key !== 'Shift' || !isShiftAlone || isTypingOnTouch(event)) return
  isShiftAlone = false
  clearTimeout(timer)
  if (++presses > 2) return exit()
  tell()
  timer = setTimeout(reset, PRESS_WITHIN_MS)
})
addEventListener('pageshow', (event) => event.persisted && location.reload())
// Chromium writes what was posted for a page into its session on disk, to be able to ask for it again. After this it
// asks for the address alone.
history.replaceState(0, '')

const idle = document.querySelector<HTMLElement>('[data-idle]')
if (idle) {
  let warning = 0
  let leaving = 0
  let touched = 0
  const stir = () => {
    // A phone that slept gives its timers back late.
    if (touched && Date.now() - touched > IDLE_MS) return exit()
    touched = Date.now()
    clearTimeout(warning)
    clearTimeout(leaving)
    idle.textContent = ''
    warning = setTimeout(() => {
      idle.textContent = idle.dataset.idle ?? ''
    }, IDLE_MS - WARN_MS)
    leaving = setTimeout(exit, IDLE_MS)
  }
  for (const kind of ['input', 'keydown', 'pointerdown', 'scroll', 'focus'])
    addEventListener(kind, stir, true)
  document.addEventListener('visibilitychange', () => document.hidden || stir())
  stir()
}

export {}
