// Runs in a worker thread: sealing is milliseconds of arithmetic per part, and the thread that answers pages must
// not wait for it.

import { parentPort } from 'node:worker_threads'
import { Encrypter } from 'age-encryption'
import type { StreamTask } from './stream.js'
import { sealStream } from './worker-stream.js'

export interface SealingTask {
  readonly recipients: readonly string[]
  readonly plaintexts: readonly Uint8Array[]
}

export type SealingResult = { sealed: Uint8Array[] } | { failed: true }

parentPort?.on('message', (task: SealingTask | StreamTask) => {
  // Streams lie between two pieces most of the time, and small parts are sealed meanwhile.
  void ('port' in task ? sealStream(task) : sealParts(task))
})

async function sealParts({ recipients, plaintexts }: SealingTask): Promise<void> {
  let result: SealingResult
  try {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    const sealed: Uint8Array[] = []
    for (const plaintext of plaintexts) sealed.push(await encrypter.encrypt(plaintext))
    result = { sealed }
  } catch {
    // The message of an error could carry what was to be sealed; that it failed is enough.
    result = { failed: true }
  } finally {
    for (const plaintext of plaintexts) plaintext.fill(0)
  }
  parentPort?.postMessage(
    result,
    'sealed' in result ? result.sealed.map(({ buffer }) => buffer as ArrayBuffer) : [],
  )
}
