// The same layout as in envelope.ts, piece by piece: of a large part never more than a piece has to lie in memory.
import { beginPart, type PartLabel, readStart, SPACE } from './envelope.js'

const PADDING_BYTES = 256 * 1024

/**
 * The padded plaintext of one part as it comes, the body given by pieces of any length. Each piece is a new one, or one
 * that was given. Throws when the body is not as long as was said.
 */
export async function* packStream(
  label: PartLabel,
  length: number,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { line, padded } = beginPart(label, length)
  yield line
  let bodyLeft = length
  for await (const piece of body) {
    bodyLeft -= piece.length
    if (bodyLeft < 0) throw new Error('a file is longer than was said')
    yield piece
  }
  if (bodyLeft > 0) throw new Error('a file is shorter than was said')
  for (let left = padded - line.length - length; left > 0; left -= PADDING_BYTES) {
    yield new Uint8Array(Math.min(left, PADDING_BYTES)).fill(SPACE)
  }
}

/** What takes the body of a part, in pieces that it may keep. */
export type TakePiece = (piece: Uint8Array) => void

/**
 * Reads a part as it comes, in pieces of any length: `begin` gets its label and the length of its body, and what it
 * gives back gets the body. Resolves when everything came, the padding too. Throws when it is not a part of Baken, is
 * cut short, or `begin` throws; the body may have been taken in part by then.
 */
export async function unpackStream(
  packed: AsyncIterable<Uint8Array>,
  begin: (label: PartLabel, length: number) => TakePiece,
): Promise<void> {
  let head = new Uint8Array()
  let take: TakePiece | null = null
  let left = 0
  for await (const piece of packed) {
    let rest = piece
    if (!take) {
      head = joined(head, piece)
      const part = readStart(head)
      if (!part) continue
      take = begin(part.label, part.length)
      left = part.length
      rest = head.subarray(part.start)
    }
    // What follows the body is padding, whatever stands in it.
    const body = rest.subarray(0, left)
    left -= body.length
    if (body.length > 0) take(body)
  }
  if (!take) throw new Error('not a part of a report: no header line')
  if (left > 0) throw new Error('a part of a report is cut short')
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
