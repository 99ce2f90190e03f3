// Turns a HEIF picture the way telephones do, with an `irot` property (ISO/IEC 23008-12, 6.5.10), which heif-enc of
// Debian cannot write.
const FULL_BOX_BYTES = 12
const IROT = Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.from('irot'), Buffer.from([3])])
/** One more association in `ipma`. */
const ADDED = IROT.length + 1

interface Box {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** The picture with "turn three quarters against the clock" for its first item. */
export function withQuarterTurn(heif: Uint8Array): Uint8Array {
  const file = Buffer.from(heif)
  const meta = find(file, 0, file.length, 'meta')
  const iprp = find(file, meta.start + FULL_BOX_BYTES, meta.end, 'iprp')
  const ipco = find(file, iprp.start + 8, iprp.end, 'ipco')
  const ipma = find(file, iprp.start + 8, iprp.end, 'ipma')
  const iloc = find(file, meta.start + FULL_BOX_BYTES, meta.end, 'iloc')
  const property = boxes(file, ipco.start + 8, ipco.end).length + 1
  for (const box of [meta, iprp]) file.writeUInt32BE(box.end - box.start + ADDED, box.start)
  file.writeUInt32BE(ipco.end - ipco.start + IROT.length, ipco.start)
  file.writeUInt32BE(ipma.end - ipma.start + 1, ipma.start)
  moveData(file, iloc, ADDED)
  // version and flags, number of entries, the first one's item: then its number of associations.
  const countAt = ipma.start + FULL_BOX_BYTES + 4 + 2
  const count = file.readUInt8(countAt)
  file.writeUInt8(count + 1, countAt)
  const associationsEnd = countAt + 1 + count
  return Buffer.concat([
    file.subarray(0, ipco.end),
    IROT,
    file.subarray(ipco.end, associationsEnd),
    Buffer.from([0x80 | property]),
    file.subarray(associationsEnd),
  ])
}

/** Of version 1 with fields of 4 bytes: item, method, file, base, number of extents, then place and length of each. */
function moveData(file: Buffer, iloc: Box, by: number): void {
  const head = file.readUInt8(iloc.start + 8)
  if (head !== 1 || file.readUInt16BE(iloc.start + FULL_BOX_BYTES) !== 0x4440)
    throw new Error('an iloc that this test does not know')
  let at = iloc.start + FULL_BOX_BYTES + 4
  for (let items = file.readUInt16BE(at - 2); items > 0; items--) {
    const inFile = (file.readUInt16BE(at + 2) & 15) === 0
    at += 12
    for (let extents = file.readUInt16BE(at - 2); extents > 0; extents--) {
      if (inFile) file.writeUInt32BE(file.readUInt32BE(at) + by, at)
      at += 8
    }
  }
}

function boxes(file: Buffer, start: number, end: number): Box[] {
  const found: Box[] = []
  for (let at = start; at < end; ) {
    const length = file.readUInt32BE(at)
    if (length < 8) throw new Error('a box that this test does not know')
    found.push({ type: file.toString('latin1', at + 4, at + 8), start: at, end: at + length })
    at += length
  }
  return found
}

function find(file: Buffer, start: number, end: number, type: string): Box {
  const box = boxes(file, start, end).find((one) => one.type === type)
  if (!box) throw new Error(`no box ${type}`)
  return box
}
