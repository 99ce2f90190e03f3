/** Builds the blocks in which files carry what their maker never sees, each holding the canary. */

const FIELD_TYPES = { ascii: 2, short: 3, long: 4, rational: 5, undefined: 7 } as const
type Entry = {
  readonly tag: number
  readonly type: keyof typeof FIELD_TYPES
  readonly count: number
  readonly data: Buffer
}

const ENTRY_BYTES = 12
const TIFF_HEADER_BYTES = 8

export type ExifOptions = {
  readonly canary: string
  /** 1 to 8, as in the EXIF specification. */
  readonly orientation: number
  readonly thumbnail?: Uint8Array
}

/** An EXIF block (little-endian TIFF): camera, serial number, author, program, date, place, maker note, thumbnail. */
export function exifBlock({ canary, orientation, thumbnail = new Uint8Array() }: ExifOptions): Buffer {
  const camera = (exifAt: number, gpsAt: number) => [
    ascii(0x010e, canary),
    ascii(0x010f, `Make ${canary}`),
    ascii(0x0110, `Model ${canary}`),
    short(0x0112, orientation),
    ascii(0x0131, `Software ${canary}`),
    ascii(0x0132, '2026:02:03 04:05:06'),
    ascii(0x013b, `Artist ${canary}`),
    long(0x8769, exifAt),
    long(0x8825, gpsAt),
  ]
  const shot = [
    ascii(0x9003, '2026:02:03 04:05:06'),
    undefinedBytes(0x927c, `MakerNote ${canary}`),
    undefinedBytes(0x9286, `ASCII\0\0\0${canary}`),
    ascii(0xa430, `Owner ${canary}`),
    ascii(0xa431, `Serial ${canary}`),
  ]
  const place = [
    ascii(0x0001, 'N'),
    rationals(0x0002, [52, 22, 12]),
    ascii(0x0003, 'E'),
    rationals(0x0004, [4, 53, 43]),
    undefinedBytes(0x001c, `ASCII\0\0\0${canary}`),
  ]
  const small = (at: number) => [short(0x0103, 6), long(0x0201, at), long(0x0202, thumbnail.length)]

  const cameraAt = TIFF_HEADER_BYTES
  const shotAt = cameraAt + directoryBytes(camera(0, 0))
  const placeAt = shotAt + directoryBytes(shot)
  const smallAt = placeAt + directoryBytes(place)
  const pictureAt = smallAt + directoryBytes(small(0))
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 42, 0, cameraAt, 0, 0, 0]),
    directory(camera(shotAt, placeAt), cameraAt, smallAt),
    directory(shot, shotAt, 0),
    directory(place, placeAt, 0),
    directory(small(pictureAt), smallAt, 0),
    thumbnail,
  ])
}

/** An XMP packet with author, document number and place. */
export function xmpPacket(canary: string): Buffer {
  return Buffer.from(`<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmp:CreatorTool="${canary}" xmpMM:DocumentID="${canary}" exif:GPSLatitude="52,22.2N">
<dc:creator><rdf:Seq><rdf:li>${canary}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`)
}

/** A Photoshop block with IPTC by-line and city. */
export function photoshopBlock(canary: string): Buffer {
  const field = (dataset: number, text: string) => {
    const value = Buffer.from(text)
    return Buffer.concat([Buffer.from([0x1c, 2, dataset, 0, value.length]), value])
  }
  const iptc = Buffer.concat([field(80, canary), field(90, `City ${canary}`)])
  const padding = Buffer.alloc(iptc.length % 2)
  return Buffer.concat([Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0'), uint32(iptc.length), iptc, padding])
}

/** A colour profile close to sRGB whose description and copyright hold the canary. */
export function colourProfile(canary: string): Buffer {
  const xyz = (x: number, y: number, z: number) =>
    Buffer.concat([
      Buffer.from('XYZ \0\0\0\0'),
      ...[x, y, z].map((value) => uint32(Math.round(value * 65536))),
    ])
  const text = Buffer.from(`text\0\0\0\0${canary}\0`)
  const description = Buffer.concat([
    Buffer.from('desc\0\0\0\0'),
    uint32(canary.length + 1),
    Buffer.from(`${canary}\0`),
    Buffer.alloc(78),
  ])
  const curve = Buffer.concat([Buffer.from('curv\0\0\0\0'), uint32(1), Buffer.from([0x02, 0x33])])
  const tags: [string, Buffer][] = [
    ['desc', description],
    ['cprt', text],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rXYZ', xyz(0.4361, 0.2225, 0.0139)],
    ['gXYZ', xyz(0.3851, 0.7169, 0.0971)],
    ['bXYZ', xyz(0.1431, 0.0606, 0.7139)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]
  const table: Buffer[] = [uint32(tags.length)]
  const values: Buffer[] = []
  let at = 128 + 4 + tags.length * 12
  for (const [name, value] of tags) {
    const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)])
    table.push(Buffer.from(name), uint32(at), uint32(value.length))
    values.push(padded)
    at += padded.length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at, 0)
  header.writeUInt32BE(0x02100000, 8)
  header.write('mntrRGB XYZ ', 12, 'latin1')
  header.writeUInt16BE(2026, 24)
  header.write('acsp', 36, 'latin1')
  xyz(0.9642, 1, 0.8249).copy(header, 68, 8)
  return Buffer.concat([header, ...table, ...values])
}

/** Four bytes, highest first. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

function ascii(tag: number, text: string): Entry {
  const data = Buffer.from(`${text}\0`)
  return { tag, type: 'ascii', count: data.length, data }
}

function undefinedBytes(tag: number, text: string): Entry {
  const data = Buffer.from(text)
  return { tag, type: 'undefined', count: data.length, data }
}

function short(tag: number, value: number): Entry {
  return { tag, type: 'short', count: 1, data: Buffer.from([value & 255, value >> 8]) }
}

function long(tag: number, value: number): Entry {
  const data = Buffer.alloc(4)
  data.writeUInt32LE(value)
  return { tag, type: 'long', count: 1, data }
}

function rationals(tag: number, values: readonly number[]): Entry {
  const data = Buffer.alloc(values.length * 8)
  for (const [i, value] of values.entries()) {
    data.writeUInt32LE(value, i * 8)
    data.writeUInt32LE(1, i * 8 + 4)
  }
  return { tag, type: 'rational', count: values.length, data }
}

function directoryBytes(entries: readonly Entry[]): number {
  const outside = entries.reduce((sum, { data }) => sum + (data.length > 4 ? data.length : 0), 0)
  return 2 + entries.length * ENTRY_BYTES + 4 + outside
}

function directory(entries: readonly Entry[], at: number, next: number): Buffer {
  const table = Buffer.alloc(2 + entries.length * ENTRY_BYTES + 4)
  const outside: Buffer[] = []
  let outsideAt = at + table.length
  table.writeUInt16LE(entries.length, 0)
  for (const [i, { tag, type, count, data }] of entries.entries()) {
    const row = 2 + i * ENTRY_BYTES
    table.writeUInt16LE(tag, row)
    table.writeUInt16LE(FIELD_TYPES[type], row + 2)
    table.writeUInt32LE(count, row + 4)
    if (data.length <= 4) data.copy(table, row + 8)
    else {
      table.writeUInt32LE(outsideAt, row + 8)
      outside.push(data)
      outsideAt += data.length
    }
  }
  table.writeUInt32LE(next, table.length - 4)
  return Buffer.concat([table, ...outside])
}
