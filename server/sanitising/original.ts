/** A file as it came. */
export interface Original {
  /** in bytes */
  readonly size: number
  /** its first kilobyte at least, or all of it */
  readonly head: Uint8Array
  /** all of it, from the start, however often it is asked for */
  pieces(): AsyncIterable<Uint8Array>
}

/** A file that lies in memory whole. */
export function wholeOf(bytes: Uint8Array): Original {
  return {
    size: bytes.length,
    head: bytes,
    async *pieces() {
      yield bytes
    },
  }
}

/** All of a file, in memory. */
export async function wholeBytes({ size, head, pieces }: Original): Promise<Uint8Array> {
  if (head.length === size) return head
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of pieces()) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
