// One large plaintext sealed by a thread piece by piece. The thread asks for a piece when it has room for one, and is
// given it when everything sealed so far was taken: so only a few pieces are ever in memory, however fast either side is.
import { on } from 'node:events'
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'

/** What the thread gets: whom to seal to, and the port over which the pieces come. */
export interface StreamTask {
  readonly recipients: readonly string[]
  readonly port: MessagePort
}

/** A piece of plaintext, or null after the last one. */
export type StreamPiece = Uint8Array | null

/** What the thread says: give the next piece; something was sealed; that was all; it went wrong. */
export type StreamAnswer = 'next' | { readonly sealed: Uint8Array } | 'done' | 'failed'

/** The side of a stream that this process holds; whoever closes it ends the stream. */
export type StreamPort = Pick<MessagePort, 'close'>

/**
 * Seals the pieces in this thread, as one age file. They are asked for one by one, and overwritten with zeros. Throws when the
 * source does, when the thread fails, and when somebody closes the port that `opened` gets; ended early, it
 * leaves nothing behind in the thread.
 */
export async function* sealThrough(
  worker: Worker,
  pieces: AsyncIterable<Uint8Array>,
  recipients: readonly string[],
  opened: (port: StreamPort) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { port1: port, port2: theirs } = new MessageChannel()
  const answers = on(port, 'message', { close: ['close'] }) as AsyncIterable<[StreamAnswer]>
  const source = pieces[Symbol.asyncIterator]()
  opened(port)
  try {
    const task: StreamTask = { recipients, port: theirs }
    worker.postMessage(task, [theirs])
    for await (const [answer] of answers) {
      if (answer === 'next') give(port, await source.next())
      else if (answer === 'done') return
      else if (answer === 'failed') throw new Error('sealing failed')
      else yield answer.sealed
    }
    throw new Error('a sealing thread stopped')
  } finally {
    port.close()
    await source.return?.()
  }
}

function give(port: MessagePort, { done, value }: IteratorResult<Uint8Array, unknown>): void {
  if (done === true) {
    port.postMessage(null)
    return
  }
  // A copy that moves to the thread leaves nothing here, and none in the memory of messages.
  const moved = new Uint8Array(value)
  value.fill(0)
  port.postMessage(moved, [moved.buffer])
}
