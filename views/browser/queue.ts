// Keeps every view up to date with the queue as long as the desk is unlocked: the urgent sign stands above whichever
// view there is; the inbox asks to be told of everything.
import { api, Problem, type QueueNotice, type QueueWord } from './api.js'
import type { Desk } from './context.js'
import { followQueue } from './inbox-events.js'
import { signalUrgent } from './inbox-signal.js'

export type HearQueue = (word: QueueWord) => Promise<void>
type SeeNotices = (notices: readonly QueueNotice[]) => void

export class QueueWatch {
  #hear: HearQueue | null = null
  #see: SeeNotices | null = null
  #following: AbortSignal | null = null

  /** Tells a view of every word until it is left. It then also looks for what is urgent. */
  listen(hear: HearQueue, signal: AbortSignal): void {
    this.#hear = hear
    signal.addEventListener('abort', () => {
      if (this.#hear === hear) this.#hear = null
    })
  }

  /** Tells a view other than the inbox what its member is told, until it is left. */
  seeNotices(see: SeeNotices, signal: AbortSignal): void {
    this.#see = see
    signal.addEventListener('abort', () => {
      if (this.#see === see) this.#see = null
    })
  }

  /** Begins to follow until the signal, of the desk's being open, ends it. */
  begin(desk: Desk, isOpen: AbortSignal): void {
    if (this.#following === isOpen) return
    this.#following = isOpen
    isOpen.addEventListener('abort', () => desk.page.alert(null))
    followQueue(async (word) => {
      // A hidden page would only keep the session alive for nobody; what is urgent is said all the same.
      if (document.hidden && word !== 'urgent') return
      const tell = () => (this.#hear ? this.#hear(word) : look(desk, isOpen, this.#see))
      const hear = this.#hear
      await tell()
      // A view that was left while it looked has drawn nothing of it.
      if (hear !== this.#hear && !isOpen.aborted) await tell()
    }, isOpen)
  }
}

/** Outside the inbox: the first page has everything urgent, unless a flood of it came. */
async function look(desk: Desk, signal: AbortSignal, see: SeeNotices | null): Promise<void> {
  try {
    const { items, notices } = await api.inbox(null, signal)
    if (signal.aborted) return
    signalUrgent(desk, items)
    see?.(notices)
  } catch (error) {
    // A line that fails is told by what somebody does themselves; being signed out at once.
    if (error instanceof Problem && error.status === 401) {
      await desk.run(() => Promise.reject(error))
    }
  }
}
