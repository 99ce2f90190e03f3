// The page's content policy refuses every text where code could stand (Trusted Types): markup, the source of a script,
// the address of a worker. This is the one exception, for the one worker there is; nothing else can be added to it.

const WORKERS = ['/headers-worker.js'] as const
export type WorkerPath = (typeof WORKERS)[number]

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(path: string): string },
  ): {
    createScriptURL(path: string): string
  }
}

const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('baken-worker', {
  createScriptURL(path) {
    if (!WORKERS.some((known) => known === path)) throw new TypeError('no worker of this page')
    return path
  },
})

/** The address of a worker as this browser wants it: a text where it knows no Trusted Types. */
export function workerAddress(path: WorkerPath): string {
  return policy?.createScriptURL(path) ?? path
}
