// The public pages' only script: the exit, faster. Without it the link works just as well. It stores nothing.
// Pages made ahead carry this inline, so every byte counts.
const LINK = 'a[data-exit]'
const PRESS_WITHIN_MS = 5_000

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
  const link = document.querySelector<HTMLAnchorElement>(LINK)
  document.documentElement.hidden = true
  document.body.replaceChildren()
  if (link) location.replace(link.href)
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

export {}
