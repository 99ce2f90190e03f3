// Opens sealed headers in a thread of its own, so that the page answers keys while thousands of them are opened. It has
// the desk's keys as long as it lives and no way to send anything anywhere: its content policy allows no request.
import './zod-settings.js'
import { Decrypter } from 'age-encryption'
import type { FromHeadersWorker, SealedHeader, ToHeadersWorker } from './open-headers.js'
import { openHeaderWith } from './open-report.js'

/** So many are opened at once and told together: few enough to show soon, enough to keep the thread busy. */
const AT_ONCE = 40

/** What a worker has of its global object; the types of the page and of a worker cannot be had together. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ToHeadersWorker>) => void) | null
  postMessage(message: FromHeadersWorker): void
}
const scope = globalThis as unknown as WorkerScope

// One for all headers: what it derives from a key it derives once.
const decrypter = new Decrypter()
const stopped = new Set<number>()

async function open(job: number, sealed: readonly SealedHeader[]): Promise<void> {
  for (let at = 0; at < sealed.length && !stopped.has(job); at += AT_ONCE) {
    const opened = sealed.slice(at, at + AT_ONCE).map(async ({ id, header }) => ({
      id,
      header: await openHeaderWith(decrypter, header, id).catch(() => null),
    }))
    scope.postMessage({ job, opened: await Promise.all(opened) })
  }
  stopped.delete(job)
  scope.postMessage({ job, opened: null })
}

scope.onmessage = ({ data }) => {
  if ('keys' in data) for (const key of data.keys) decrypter.addIdentity(key)
  else if ('stop' in data) stopped.add(data.stop)
  else void open(data.job, data.sealed)
}
