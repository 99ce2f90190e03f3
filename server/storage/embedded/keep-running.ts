// A server that ends unasked (killed for want of memory, a full disk) is started again, for as long as it takes. The
// pages that need no database go on meanwhile, and whoever sends something sees the page with telephone numbers:
// that helps people more than a Baken that ends as well.
import { setTimeout as wait } from 'node:timers/promises'
import type { Postmaster } from './postmaster.js'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000
/** Who ran so long did not end because of its start. */
const SETTLED_MS = 60_000

export interface KeptServer {
  /** stops the server that runs by now, and starts no other */
  stop(): Promise<void>
}

/** Watches over a running server. `start` gives another one or throws; `tell` hears what an operator should know. */
export function keepRunning(
  first: Postmaster,
  start: () => Promise<Postmaster>,
  tell: (sentence: string) => void,
): KeptServer {
  const stopping = new AbortController()
  let current = first
  let pauseMs = FIRST_PAUSE_MS

  const startAgain = async (): Promise<void> => {
    for (;;) {
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      try {
        current = await start()
        return
      } catch (error) {
        tell(error instanceof Error ? error.message : 'The database server did not start.')
      }
    }
  }

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const since = Date.now()
      await current.gone
      if (stopping.signal.aborted) return
      if (Date.now() - since > SETTLED_MS) pauseMs = FIRST_PAUSE_MS
      tell('The database server ended by itself. Baken starts it again; until then nothing can be sent.')
      await startAgain()
      if (!stopping.signal.aborted) tell('The database server runs again.')
    }
  }
  const watching = watch()

  return {
    async stop() {
      stopping.abort()
      await current.stop()
      await watching
      // One that was just being started.
      await current.stop()
    },
  }
}
