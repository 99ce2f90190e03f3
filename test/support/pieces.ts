// Bytes that come in pieces, as they do over a line or out of a draft.

/** The bytes in pieces of these lengths, over and over; each a copy that its reader may overwrite. */
export async function* inPieces(
  bytes: Uint8Array,
  lengths: readonly number[],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? bytes.length
    yield new Uint8Array(bytes.subarray(at, at + length))
    at += length
  }
}

/** All pieces together. */
export async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
