// Between arrival and sight lies time: reports become visible in shuffled batches at most two hours apart, so that
// nobody can tie a report to a visit. Urgent ones go at once. Run by the triage process.
import { randomInt } from 'node:crypto'
import { describeFailure, type Log } from '../log.js'

export interface ReleaseParts {
  readonly storage: {
    releaseArrivals(wholeBatch: boolean): Promise<void>
    sweep(): Promise<void>
    /** gives back what nobody works on */
    endLeases(): Promise<number>
  }
  readonly log: Log
  /** a batch comes at a random moment in each such stretch; 0 for a demonstration: at once */
  readonly batchMinutes: number
  /** removes what moved rows leave behind, where this process may */
  readonly vacuum?: () => Promise<void>
}

const URGENT_EVERY_MS = 2_000
const SWEEP_EVERY_MS = 60_000
const MINUTE_MS = 60_000

/** Starts releasing; returns a function that stops it after the round under way. */
export function startRelease({ storage, log, batchMinutes, vacuum }: ReleaseParts): () => Promise<void> {
  let stopped = false
  let underWay: Promise<void> = Promise.resolve()
  let nextBatch = Date.now() + batchDelay(batchMinutes)
  let nextSweep = 0

  const round = async (): Promise<void> => {
    const batch = Date.now() >= nextBatch
    try {
      await storage.releaseArrivals(batch)
      if (batch) {
        nextBatch = Date.now() + batchDelay(batchMinutes)
        await vacuum?.()
      }
    } catch (error) {
      log.event('release.failed', describeFailure(error))
    }
    if (Date.now() >= nextSweep) {
      nextSweep = Date.now() + SWEEP_EVERY_MS
      for (const task of [storage.sweep, storage.endLeases]) {
        await task().catch((error: unknown) => log.event('sweep.failed', describeFailure(error)))
      }
    }
  }
  const timer = setInterval(() => {
    underWay = underWay.then(() => (stopped ? undefined : round()))
  }, URGENT_EVERY_MS)
  return async () => {
    stopped = true
    clearInterval(timer)
    await underWay
  }
}

/** A random moment in the second half of the stretch, so that two batches lie at most a stretch apart. */
function batchDelay(minutes: number): number {
  if (minutes === 0) return 0
  return randomInt(Math.ceil((minutes * MINUTE_MS) / 2), minutes * MINUTE_MS)
}
