// The thread's side of sealing a large plaintext: see stream.ts.
import { Encrypter } from 'age-encryption'
import type { StreamAnswer, StreamPiece, StreamTask } from './stream.js'

/** age seals its payload in chunks of 64 KiB, each 16 bytes longer than what it seals. */
const AGE_CHUNK_BYTES = 64 * 1024
const AGE_TAG_BYTES = 16

/** Seals what comes over the port; it ends when the port closes at the latest. */
export async function sealStream({ recipients, port }: StreamTask): Promise<void> {
  const given = new GivenPieces()
  const say = (answer: StreamAnswer): void => port.postMessage(answer)
  let arrived = (): void => undefined
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      port.on('message', (piece: StreamPiece) => {
        if (piece) controller.enqueue(given.keep(piece))
        else controller.close()
        arrived()
      })
      port.once('close', () => controller.error(new Error('nobody waits for this')))
    },
    // One at a time, and only when the one before was taken: the stream holds one piece at most.
    pull: () => {
      say('next')
      return new Promise<void>((resolve) => {
        arrived = resolve
      })
    },
  })
  try {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    const sealed = await encrypter.encrypt(source)
    const beforePayload = sealed.size(0) - AGE_TAG_BYTES
    let made = -beforePayload
    for await (const piece of sealed) {
      made += piece.length
      given.forget(Math.floor(made / (AGE_CHUNK_BYTES + AGE_TAG_BYTES)) * AGE_CHUNK_BYTES)
      say({ sealed: piece })
    }
    say('done')
  } catch {
    // The message of an error could carry what was to be sealed; that it failed is enough.
    say('failed')
  } finally {
    given.forget(Number.POSITIVE_INFINITY)
    port.close()
  }
}

/** Plaintext that came and is overwritten as soon as the age chunks made of it are out: then it was read for certain. */
class GivenPieces {
  readonly #kept: { readonly piece: Uint8Array; readonly end: number }[] = []
  #bytes = 0

  keep(piece: Uint8Array): Uint8Array {
    this.#bytes += piece.length
    this.#kept.push({ piece, end: this.#bytes })
    return piece
  }

  forget(sealedBytes: number): void {
    while (this.#kept[0] && this.#kept[0].end <= sealedBytes) this.#kept.shift()?.piece.fill(0)
  }
}
