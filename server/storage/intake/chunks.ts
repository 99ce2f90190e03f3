// What is large lies in several rows.
const CHUNK_BYTES = 1024 * 1024

/** Sealed bytes as rows take them: in their order, all but the last of the same length. */
export async function* inChunks(
  sealed: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<{ chunk: number; bytes: Uint8Array }, void, undefined> {
  let chunk = 0
  let held: Uint8Array[] = []
  let room = CHUNK_BYTES
  for await (const piece of sealed instanceof Uint8Array ? [sealed] : sealed) {
    let rest = piece
    for (; rest.length >= room; rest = rest.subarray(room), held = [], room = CHUNK_BYTES) {
      yield { chunk: chunk++, bytes: Buffer.concat([...held, rest.subarray(0, room)]) }
    }
    held.push(rest)
    room -= rest.length
  }
  if (room < CHUNK_BYTES) yield { chunk, bytes: Buffer.concat(held) }
}
