// Hears from the server that something happened in the queue, and asks again by itself when the line does not stand.
import type { QueueWord } from './api.js'
import { api, Problem } from './api.js'
import { repeat } from './repeat.js'

const AGAIN_AFTER_MS = 5_000
const LOOK_EVERY_MS = 60_000

/** Calls `look` at every word, and once a minute whether or not the line stands, until the signal ends it. */
export function followQueue(look: (word: QueueWord) => Promise<void>, signal: AbortSignal): void {
  void keepLine(look, signal)
  repeat(() => look('work'), LOOK_EVERY_MS, signal)
}

async function keepLine(look: (word: QueueWord) => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await api.events(signal, (word) => void look(word))
    } catch (error) {
      // Whoever may not ask hears it at the next question; this loop would only ask on and on.
      if (signal.aborted || (error instanceof Problem && error.status > 0 && error.status < 500)) return
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS * (1 + chance())))
  }
}

/** Between 0 and 1: pages whose server was away do not all come back in one moment. */
function chance(): number {
  return (crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) / 256
}
