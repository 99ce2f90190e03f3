/** Draws something anew and puts the focus back on the control with the same id, or on the heading when it is gone. */
export function keepingFocus(places: readonly HTMLElement[], draw: () => void): void {
  const focused = document.activeElement
  const id = focused && places.some((place) => place.contains(focused)) ? focused.id : null
  draw()
  if (id === null || document.activeElement === focused) return
  const again = (id !== '' && document.getElementById(id)) || document.querySelector('h1')
  ;(again as HTMLElement | null)?.focus({ preventScroll: true })
}
