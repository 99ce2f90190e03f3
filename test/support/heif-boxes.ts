// Changes HEIF pictures (ISO/IEC 23008-12) in ways that heif-enc of Debian cannot: turned as telephones do it, with
// more items, with properties of their own.
import { box, uint32 } from './dirty-metadata.js'

const BOX_HEADER_BYTES = 8
const FULL_BOX_BYTES = 12
/** "Turn three quarters against the clock" (6.5.10). */
const QUARTER_TURN = box('irot', Uint8Array.of(3))

interface Part {
  readonly type: string
  /** with its header */
  readonly bytes: Buffer
}

export interface Item {
  /** four letters */
  readonly type: string
  /** of an item of type `mime` */
  readonly mediaType?: string
  readonly content: Uint8Array
}

/** The picture with "turn three quarters against the clock" for its first item. */
export function withQuarterTurn(heif: Uint8Array): Buffer {
  return withProperty(heif, QUARTER_TURN, true)
}

/** The picture with one more property of its first item. */
export function withProperty(heif: Uint8Array, property: Uint8Array, essential = false): Buffer {
  return withMeta(heif, (part) => {
    if (part.type !== 'iprp') return part.bytes
    const [ipco, ipma] = partsOf(part.bytes.subarray(BOX_HEADER_BYTES))
    if (ipco?.type !== 'ipco' || ipma?.type !== 'ipma')
      throw new Error('an iprp that this test does not know')
    const number = partsOf(ipco.bytes.subarray(BOX_HEADER_BYTES)).length + 1
    // version and flags, number of entries, the first one's item: then its number of associations.
    const countAt = FULL_BOX_BYTES + 4 + 2
    const count = ipma.bytes.readUInt8(countAt)
    const associationsEnd = countAt + 1 + count
    const associations = Buffer.concat([
      ipma.bytes.subarray(BOX_HEADER_BYTES, countAt),
      Uint8Array.of(count + 1),
      ipma.bytes.subarray(countAt + 1, associationsEnd),
      Uint8Array.of((essential ? 0x80 : 0) | number),
      ipma.bytes.subarray(associationsEnd),
    ])
    return box(
      'iprp',
      box('ipco', ipco.bytes.subarray(BOX_HEADER_BYTES), property),
      box('ipma', associations),
    )
  })
}

/** The picture with one more item, which describes the first one. */
export function withItem(heif: Uint8Array, { type, mediaType, content }: Item): Buffer {
  const id = 900
  const contentType = mediaType === undefined ? '' : `${mediaType}\0`
  const entry = box('infe', Buffer.from(`\x02\0\0\0\x03\x84\0\0${type}\0${contentType}`, 'latin1'))
  const describes = box('cdsc', Buffer.from([id >> 8, id & 255, 0, 1, 0, 1]))
  const changed = withMeta(heif, (part, isLast) => {
    if (part.type === 'iinf') return counted(part.bytes, FULL_BOX_BYTES, entry)
    if (part.type === 'iloc') {
      const place = Buffer.alloc(versionOf(part.bytes) === 1 ? 20 : 18)
      place.writeUInt16BE(id, 0)
      // Behind all that is there; where that is moves with everything else.
      place.writeUInt32BE(heif.length + BOX_HEADER_BYTES, place.length - 14)
      place.writeUInt16BE(1, place.length - 10)
      place.writeUInt32BE(content.length, place.length - 4)
      return counted(part.bytes, FULL_BOX_BYTES + 2, place)
    }
    if (part.type === 'iref') return box('iref', part.bytes.subarray(BOX_HEADER_BYTES), describes)
    return isLast ? Buffer.concat([part.bytes, box('iref', uint32(0), describes)]) : part.bytes
  })
  return Buffer.concat([changed, box('mdat', content)])
}

/** The picture whose auxiliary one (`auxC`) is said to be something else. */
export function withAuxiliary(heif: Uint8Array, name: string): Buffer {
  return withMeta(heif, (part) => {
    if (part.type !== 'iprp') return part.bytes
    const [ipco, ipma] = partsOf(part.bytes.subarray(BOX_HEADER_BYTES))
    if (ipco === undefined || ipma === undefined) throw new Error('an iprp that this test does not know')
    const properties = partsOf(ipco.bytes.subarray(BOX_HEADER_BYTES))
    const renamed = properties.map(({ type, bytes }) =>
      type === 'auxC' ? box('auxC', uint32(0), Buffer.from(`${name}\0`)) : bytes,
    )
    return box('iprp', box('ipco', ...renamed), ipma.bytes)
  })
}

/** Changes the boxes within `meta` and says anew where the items lie. */
function withMeta(heif: Uint8Array, change: (part: Part, isLast: boolean) => Buffer): Buffer {
  const parts = partsOf(Buffer.from(heif))
  const meta = parts.find(({ type }) => type === 'meta')
  if (meta === undefined) throw new Error('no box meta')
  const inner = partsOf(meta.bytes.subarray(FULL_BOX_BYTES))
  const changed = inner.map((part, i) => change(part, i === inner.length - 1))
  const length = changed.reduce((sum, bytes) => sum + bytes.length, 0)
  const moved = length - (meta.bytes.length - FULL_BOX_BYTES)
  const placed = changed.map((bytes) =>
    bytes.toString('latin1', 4, 8) === 'iloc' ? moveData(bytes, moved) : bytes,
  )
  const anew = box('meta', meta.bytes.subarray(BOX_HEADER_BYTES, FULL_BOX_BYTES), ...placed)
  return Buffer.concat(parts.map((part) => (part === meta ? anew : part.bytes)))
}

/** A list with one more entry; its count of two bytes stands at `countAt`. */
function counted(list: Buffer, countAt: number, entry: Uint8Array): Buffer {
  const longer = box(list.toString('latin1', 4, 8), list.subarray(BOX_HEADER_BYTES), entry)
  longer.writeUInt16BE(longer.readUInt16BE(countAt) + 1, countAt)
  return longer
}

/**
 * With fields of 4 bytes: item, method (in version 1 only), file, place, number of extents, then each one's place from
 * there and its length.
 */
function moveData(iloc: Buffer, by: number): Buffer {
  const version = versionOf(iloc)
  const moved = Buffer.from(iloc)
  let at = FULL_BOX_BYTES + 4
  for (let items = moved.readUInt16BE(at - 2); items > 0; items--) {
    const inFile = version === 0 || (moved.readUInt16BE(at + 2) & 15) === 0
    at += version === 1 ? 12 : 10
    if (inFile) moved.writeUInt32BE(moved.readUInt32BE(at - 6) + by, at - 6)
    at += 8 * moved.readUInt16BE(at - 2)
  }
  return moved
}

function versionOf(iloc: Buffer): number {
  const version = iloc.readUInt8(BOX_HEADER_BYTES)
  if (version > 1 || iloc.readUInt16BE(FULL_BOX_BYTES) !== 0x4440)
    throw new Error('an iloc that this test does not know')
  return version
}

function partsOf(bytes: Buffer): Part[] {
  const found: Part[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    if (length < BOX_HEADER_BYTES) throw new Error('a box that this test does not know')
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at, at + length) })
    at += length
  }
  return found
}
