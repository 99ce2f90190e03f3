// On the page where parts of a picture are covered: drawing over it ticks the squares that are touched, or unticks
// them when it begins on one that is ticked. Without it every square is ticked for itself; nothing else depends on it.
const STEP = 6

const grid = document.querySelector<HTMLElement>('[data-cells]')
const hint = document.querySelector<HTMLElement>('[data-drag]')

if (grid && hint) {
  let first: HTMLInputElement | null = null
  let isDrag = false
  let ticks = false
  let changed: HTMLInputElement[] = []
  let [x, y] = [0, 0]

  const squareAt = (atX: number, atY: number) =>
    document.elementsFromPoint(atX, atY).find((one) => grid.contains(one) && one.matches('input')) as
      | HTMLInputElement
      | undefined
  const put = (square: HTMLInputElement) => {
    if (square.checked === ticks) return
    square.checked = ticks
    changed.push(square)
  }
  const end = () => {
    first = null
  }

  hint.hidden = false
  // A finger that goes up or down still scrolls the page, and two still enlarge it.
  grid.style.touchAction = 'pan-y pinch-zoom'

  grid.addEventListener('pointerdown', (event) => {
    first = (event.isPrimary && !event.button && squareAt(event.clientX, event.clientY)) || null
    isDrag = false
    ticks = !first?.checked
    changed = []
    ;[x, y] = [event.clientX, event.clientY]
  })
  addEventListener('pointermove', (event) => {
    if (!first || !event.isPrimary) return
    const [byX, byY] = [event.clientX - x, event.clientY - y]
    // A quick hand leaps over squares between two events.
    const steps = Math.ceil(Math.hypot(byX, byY) / STEP)
    for (let step = 1; step <= steps; step++) {
      const square = squareAt(x + (byX * step) / steps, y + (byY * step) / steps)
      if (square && square !== first) isDrag = true
      if (isDrag) for (const touched of [first, square]) if (touched) put(touched)
    }
    ;[x, y] = [event.clientX, event.clientY]
  })
  addEventListener('pointerup', end)
  // The browser took it for scrolling.
  addEventListener('pointercancel', () => {
    for (const square of changed) square.checked = !ticks
    end()
  })
  // Who comes back to where the drawing began did not press that square; the space bar (no detail) did.
  grid.addEventListener('click', (event) => isDrag && event.detail && event.preventDefault())
}

export {}
