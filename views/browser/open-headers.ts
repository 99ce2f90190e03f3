// Opening many headers at once, in a thread beside the page.
import type { ReportHeader } from '../../server/report/report.js'
import { Problem } from './api.js'
import { workerAddress } from './trusted.js'

export interface SealedHeader {
  /** the report's */
  readonly id: string
  readonly header: Uint8Array
}

export interface OpenedHeader {
  readonly id: string
  /** null when it was not sealed to these keys, is damaged, or is of another report */
  readonly header: ReportHeader | null
}

/** What goes to the thread: its keys first, then jobs, each under a number. */
export type ToHeadersWorker =
  | { readonly keys: readonly string[] }
  | { readonly job: number; readonly sealed: readonly SealedHeader[] }
  | { readonly stop: number }

/** What comes back: some headers of a job, and null when there are no more. */
export interface FromHeadersWorker {
  readonly job: number
  readonly opened: readonly OpenedHeader[] | null
}

export interface HeaderOpener {
  /**
   * Gives the headers in portions, in the order in which they were given, as they are opened. Ends with the signal's
   * reason when it is aborted. Throws Problem `locked` after `close`, `no-connection` when the thread's code does not
   * come over the line.
   */
  open(sealed: readonly SealedHeader[], signal: AbortSignal): AsyncIterable<readonly OpenedHeader[]>
  /** Ends the thread at once, with the keys and everything opened that it holds. */
  close(): void
}

interface Job {
  readonly waiting: (readonly OpenedHeader[])[]
  isDone: boolean
  failure: unknown
  wake(): void
}

/** The thread is started at the first header and serves until `close`. */
export function createHeaderOpener(deskKeys: readonly string[]): HeaderOpener {
  const jobs = new Map<number, Job>()
  let worker: Worker | null = null
  let isClosed = false
  let last = 0

  function end(failure: unknown): void {
    worker?.terminate()
    worker = null
    for (const job of jobs.values()) {
      job.failure = failure
      job.wake()
    }
  }

  function start(): Worker {
    const started = new Worker(workerAddress('/headers-worker.js'))
    started.onmessage = ({ data }: MessageEvent<FromHeadersWorker>) => {
      const job = jobs.get(data.job)
      if (!job) return
      if (data.opened) job.waiting.push(data.opened)
      else job.isDone = true
      job.wake()
    }
    // Opening fails header by header, never as a whole: what ends up here is code that did not come. The next job tries
    // again.
    started.onerror = (event) => {
      event.preventDefault()
      end(new Problem('no-connection'))
    }
    started.postMessage({ keys: deskKeys } satisfies ToHeadersWorker)
    return started
  }

  return {
    async *open(sealed, signal) {
      signal.throwIfAborted()
      if (isClosed) throw new Problem('locked')
      if (sealed.length === 0) return
      last += 1
      const number = last
      const job: Job = { waiting: [], isDone: false, failure: null, wake: () => undefined }
      jobs.set(number, job)
      const stop = () => job.wake()
      signal.addEventListener('abort', stop)
      try {
        worker ??= start()
        worker.postMessage({ job: number, sealed } satisfies ToHeadersWorker)
        for (;;) {
          signal.throwIfAborted()
          if (job.failure) throw job.failure
          const opened = job.waiting.shift()
          if (opened) yield opened
          else if (job.isDone) return
          else
            await new Promise<void>((resolve) => {
              job.wake = resolve
            })
        }
      } finally {
        signal.removeEventListener('abort', stop)
        jobs.delete(number)
        if (!job.isDone) worker?.postMessage({ stop: number } satisfies ToHeadersWorker)
      }
    },
    close() {
      isClosed = true
      end(new Problem('locked'))
    },
  }
}
