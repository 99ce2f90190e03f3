// The door of sealing: one direction only. Nothing below this folder can open what it made.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { assertRecipients } from './recipients.js'
import type { SealingResult, SealingTask } from './worker.js'

export interface Sealer {
  /**
   * Seals each plaintext to all recipients, as age files (age-encryption.org/v1). Throws when a recipient is not
   * fit; the plaintexts are overwritten with zeros.
   */
  seal(plaintexts: readonly Uint8Array[], recipients: readonly string[]): Promise<Uint8Array[]>
  close(): Promise<void>
}

interface Waiting {
  readonly task: Omit<SealingTask, 'id'>
  resolve(sealed: Uint8Array[]): void
  reject(error: Error): void
}

/** Starts the sealing threads: one per core, four at most. A thread that dies is replaced, its task fails. */
export function createSealer(threads = Math.min(4, availableParallelism())): Sealer {
  const queue: Waiting[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  let closed = false
  let lastId = 0

  const start = (): Worker => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { env: {}, execArgv: [] })
    worker.unref()
    all.add(worker)
    return worker
  }

  const takeNext = (worker: Worker): void => {
    const next = queue.shift()
    if (next) run(worker, next)
    else idle.push(worker)
  }

  const run = (worker: Worker, { task, resolve, reject }: Waiting): void => {
    const id = ++lastId
    const finish = (): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.unref()
    }
    const onMessage = (result: SealingResult): void => {
      finish()
      if ('sealed' in result) resolve(result.sealed)
      else reject(new Error('sealing failed'))
      takeNext(worker)
    }
    const onError = (): void => {
      finish()
      reject(new Error('a sealing thread stopped'))
      all.delete(worker)
      if (!closed) takeNext(start())
    }
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.ref()
    worker.postMessage({ ...task, id })
  }

  return {
    async seal(plaintexts, recipients) {
      assertRecipients(recipients)
      return new Promise<Uint8Array[]>((resolve, reject) => {
        const waiting = { task: { plaintexts, recipients }, resolve, reject }
        const worker = idle.pop() ?? (all.size < threads ? start() : undefined)
        if (worker) run(worker, waiting)
        else queue.push(waiting)
      }).finally(() => {
        for (const plaintext of plaintexts) plaintext.fill(0)
      })
    },
    async close() {
      closed = true
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
