// Damages files in the ways that break readers: wrong numbers, pieces gone, doubled or from another file. The same
// seed always gives the same file.

export interface Chance {
  /** a whole number from 0 up to but not including `end` */
  below(end: number): number
  of<T>(list: readonly T[]): T
}

/** Numbers that look like chance and can be had again (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    of: (list) => {
      const one = list[below(list.length)]
      if (one === undefined) throw new RangeError('nothing to choose from')
      return one
    },
  }
}

const HEAD_BYTES = 600
const MOST_CHANGES = 3
const LONGEST_PIECE_BYTES = 300
/** Numbers at which sums overflow. */
const EDGES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff] as const

type Change = (bytes: Buffer, chance: Chance, others: readonly Uint8Array[]) => Buffer

const CHANGES: readonly Change[] = [
  function setByte(bytes, chance) {
    bytes[place(bytes, chance)] = chance.below(256)
    return bytes
  },
  function flipBit(bytes, chance) {
    const at = place(bytes, chance)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8))
    return bytes
  },
  function setNumber(bytes, chance) {
    if (bytes.length < 4) return bytes
    const at = Math.min(place(bytes, chance), bytes.length - 4)
    if (chance.below(2) === 0) bytes.writeUInt32BE(chance.of(EDGES), at)
    else bytes.writeUInt32LE(chance.of(EDGES), at)
    return bytes
  },
  function cutPiece(bytes, chance) {
    const { from, to } = piece(bytes, chance)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  function cutEnd(bytes, chance) {
    return bytes.subarray(0, chance.below(bytes.length))
  },
  function doublePiece(bytes, chance) {
    const { from, to } = piece(bytes, chance)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)])
  },
  function blankPiece(bytes, chance) {
    const { from, to } = piece(bytes, chance)
    return bytes.fill(chance.of([0, 0xff]), from, to)
  },
  function pushIn(bytes, chance) {
    const at = place(bytes, chance)
    const pushed = Buffer.from(Array.from({ length: 1 + chance.below(40) }, () => chance.below(256)))
    return Buffer.concat([bytes.subarray(0, at), pushed, bytes.subarray(at)])
  },
  function mixWithOther(bytes, chance, others) {
    const other = Buffer.from(chance.of(others))
    const { from, to } = piece(other, chance)
    const at = place(bytes, chance)
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)])
  },
]

/** One of the files, damaged. */
export function damaged(files: readonly Uint8Array[], chance: Chance): Buffer {
  let bytes: Buffer = Buffer.from(chance.of(files))
  for (let left = 1 + chance.below(MOST_CHANGES); left > 0 && bytes.length > 0; left--)
    bytes = chance.of(CHANGES)(bytes, chance, files)
  return bytes
}

/** A third of all damage is done to the head, where the numbers stand that the rest hangs on. */
function place(bytes: Buffer, chance: Chance): number {
  return chance.below(chance.below(3) === 0 ? Math.min(bytes.length, HEAD_BYTES) : bytes.length)
}

function piece(bytes: Buffer, chance: Chance): { from: number; to: number } {
  const from = place(bytes, chance)
  return { from, to: Math.min(bytes.length, from + 1 + chance.below(LONGEST_PIECE_BYTES)) }
}
