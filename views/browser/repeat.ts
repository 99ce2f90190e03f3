/** Does the work again and again, one at a time, while the page is in view and until the signal ends it. */
export function repeat(work: () => Promise<void>, everyMs: number, signal: AbortSignal): void {
  let timer = 0
  let isWorking = false
  const act = async () => {
    clearTimeout(timer)
    // A hidden page would only keep the session alive for nobody.
    if (!document.hidden && !isWorking) {
      isWorking = true
      await work()
      isWorking = false
    }
    if (!signal.aborted) timer = setTimeout(() => void act(), everyMs)
  }
  document.addEventListener('visibilitychange', () => !document.hidden && void act(), { signal })
  signal.addEventListener('abort', () => clearTimeout(timer))
  timer = setTimeout(() => void act(), everyMs)
}
