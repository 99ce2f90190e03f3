// Changes MP4 and QuickTime files (ISO/IEC 14496-12) whose `moov` stands behind the samples, so that nothing moves.
import { box, uint32 } from '../dirty-metadata.js'

const HEADER_BYTES = 8

interface Box {
  readonly type: string
  readonly bytes: Buffer
}

/** The file with one more box at the end of the box that the path leads to, which is made where it is missing. */
export function withBox(file: Buffer, path: readonly string[], added: Uint8Array): Buffer {
  const [type, ...deeper] = path
  if (type === undefined) return Buffer.concat([file, added])
  const parts = boxesOf(file)
  const at = parts.findLastIndex((part) => part.type === type)
  const before = parts[at]?.bytes.subarray(HEADER_BYTES) ?? Buffer.alloc(0)
  const changed = box(type, withBox(before, deeper, added))
  if (at < 0) return Buffer.concat([file, changed])
  return Buffer.concat(parts.map(({ bytes }, i) => (i === at ? changed : bytes)))
}

/** A text of QuickTime's `udta`: its length, the language Dutch, the words. */
export function quickTimeText(type: string, words: string): Buffer {
  const length = Buffer.from([words.length >> 8, words.length & 255])
  return box(type, length, Buffer.from([0x15, 0xc7]), Buffer.from(words))
}

/** A text of 3GPP's `udta` (TS 26.244). */
export function mobileText(type: string, words: string): Buffer {
  return box(type, uint32(0), Buffer.from([0x15, 0xc7]), Buffer.from(`${words}\0`))
}

/** A place of 3GPP: name, role, longitude, latitude, height, body, notes. */
export function mobilePlace(name: string): Buffer {
  const place = [4.89, 52.37, 2].map((value) => uint32(Math.round(value * 65_536)))
  const start = Buffer.concat([
    uint32(0),
    Buffer.from([0x15, 0xc7]),
    Buffer.from(`${name}\0`),
    Uint8Array.of(0),
  ])
  return box('loci', start, ...place, Buffer.from('earth\0\0'))
}

/** The list of iTunes: each entry with one value; `type` 1 is text, 13 a JPEG. */
export function itemList(
  entries: Readonly<Record<string, readonly [type: number, value: Uint8Array]>>,
): Buffer {
  const items = Object.entries(entries).map(([name, [type, value]]) =>
    box(name, box('data', uint32(type), uint32(0), value)),
  )
  const handler = box('hdlr', Buffer.alloc(8), Buffer.from('mdirappl'), Buffer.alloc(9))
  return box('meta', uint32(0), handler, box('ilst', ...items))
}

function boxesOf(bytes: Buffer): Box[] {
  const found: Box[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (length < HEADER_BYTES) throw new Error('a box that this test does not know')
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at, at + length) })
    at += length
  }
  return found
}
