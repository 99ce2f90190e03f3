// The door of sealing: one direction only. Nothing below this folder can open what it made.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { assertRecipients } from './recipients.js'
import { type StreamPort, sealThrough } from './stream.js'
import type { SealingResult, SealingTask } from './worker.js'

export interface Sealer {
  /**
   * Seals each plaintext to all recipients, as age files (age-encryption.org/v1). Throws when a recipient is not
   * fit; the plaintexts are overwritten with zeros.
   */
  seal(plaintexts: readonly Uint8Array[], recipients: readonly string[]): Promise<Uint8Array[]>
  /**
   * Seals one large plaintext, given in pieces of any length, as one age file that comes in pieces too. Nothing happens before
   * the first is asked for. The pieces are overwritten with zeros. Throws like `seal`, and when the source throws; whoever
   * stops asking ends the source and the sealing.
   */
  sealStream(
    pieces: AsyncIterable<Uint8Array>,
    recipients: readonly string[],
  ): AsyncGenerator<Uint8Array, void, undefined>
  close(): Promise<void>
}

interface Waiting {
  readonly task: SealingTask
  resolve(sealed: Uint8Array[]): void
  reject(error: Error): void
}

interface Thread {
  readonly worker: Worker
  sealing: Waiting | null
  /** large ones that it seals meanwhile */
  readonly streams: Set<StreamPort>
}

/** Starts the sealing threads: one per core, four at most. A thread that dies is replaced, its task fails. */
export function createSealer(threads = Math.min(4, availableParallelism())): Sealer {
  const queue: Waiting[] = []
  const idle: Thread[] = []
  const all = new Set<Thread>()
  let closed = false

  const start = (): Thread => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { env: {}, execArgv: [] })
    const thread: Thread = { worker, sealing: null, streams: new Set() }
    worker.unref()
    all.add(thread)
    worker.on('message', (result: SealingResult) => {
      const done = thread.sealing
      thread.sealing = null
      worker.unref()
      if ('sealed' in result) done?.resolve(result.sealed)
      else done?.reject(new Error('sealing failed'))
      takeNext(thread)
    })
    // However a thread ends, idle or busy, its exit is told; without this listener its error would end the process.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      all.delete(thread)
      if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1)
      thread.sealing?.reject(new Error('a sealing thread stopped'))
      for (const port of thread.streams) port.close()
      if (!closed && queue.length > 0) takeNext(start())
    })
    return thread
  }

  const takeNext = (thread: Thread): void => {
    const next = queue.shift()
    if (next) run(thread, next)
    else idle.push(thread)
  }

  const run = (thread: Thread, waiting: Waiting): void => {
    thread.sealing = waiting
    thread.worker.ref()
    thread.worker.postMessage(waiting.task)
  }

  /** The thread with the fewest streams. */
  const pickForStream = (): Thread => {
    const [best] = [...all].sort((one, other) => one.streams.size - other.streams.size)
    if (best && (best.streams.size === 0 || all.size >= threads)) return best
    const started = start()
    idle.push(started)
    return started
  }

  return {
    async *sealStream(pieces, recipients) {
      assertRecipients(recipients)
      if (closed) throw new Error('sealing has ended')
      const { worker, streams } = pickForStream()
      let own: StreamPort | null = null
      try {
        yield* sealThrough(worker, pieces, recipients, (port) => {
          own = port
          streams.add(port)
        })
      } finally {
        if (own) streams.delete(own)
      }
    },
    async seal(plaintexts, recipients) {
      assertRecipients(recipients)
      return new Promise<Uint8Array[]>((resolve, reject) => {
        const waiting = { task: { plaintexts, recipients }, resolve, reject }
        const thread = idle.pop() ?? (all.size < threads ? start() : undefined)
        if (thread) run(thread, waiting)
        else queue.push(waiting)
      }).finally(() => {
        for (const plaintext of plaintexts) plaintext.fill(0)
      })
    },
    async close() {
      closed = true
      for (const waiting of queue.splice(0)) waiting.reject(new Error('sealing has ended'))
      await Promise.all([...all].map(({ worker }) => worker.terminate()))
    },
  }
}
