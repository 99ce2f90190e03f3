// EXIF and TIFF directories (little-endian), each field holding the canary.

const FIELD_TYPES = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5, undefined: 7, double: 12 } as const
export type Entry = {
  readonly tag: number
  readonly type: keyof typeof FIELD_TYPES
  readonly count: number
  readonly data: Buffer
}

const ENTRY_BYTES = 12
const TIFF_HEADER_BYTES = 8

const EXIF_PARTS = ['camera', 'place', 'maker', 'small'] as const
/** `camera`: who, what and when; `place`: GPS; `maker`: the maker's own note; `small`: the thumbnail. */
export type ExifPart = (typeof EXIF_PARTS)[number]

export type ExifOptions = {
  readonly canary: string
  /** 1 to 8, as in the EXIF specification. */
  readonly orientation: number
  readonly thumbnail?: Uint8Array
  /** The parts it holds besides the orientation (default: all). */
  readonly parts?: readonly ExifPart[]
}

/** An EXIF block: camera, serial number, author, program, date, place, maker note, thumbnail. */
export function exifBlock({
  canary,
  orientation,
  thumbnail = new Uint8Array(),
  parts = EXIF_PARTS,
}: ExifOptions): Buffer {
  const part = (name: ExifPart, entries: readonly Entry[]) => (parts.includes(name) ? entries : [])
  const camera = (exifAt: number, gpsAt: number) => [
    ...part('camera', [
      ascii(0x010e, canary),
      ascii(0x010f, `Make ${canary}`),
      ascii(0x0110, `Model ${canary}`),
    ]),
    short(0x0112, orientation),
    ...part('camera', [
      ascii(0x0131, `Software ${canary}`),
      ascii(0x0132, '2026:02:03 04:05:06'),
      ascii(0x013b, `Artist ${canary}`),
    ]),
    ...(parts.includes('camera') || parts.includes('maker') ? [long(0x8769, exifAt)] : []),
    ...part('place', [long(0x8825, gpsAt)]),
  ]
  const shot = [
    ...part('camera', [ascii(0x9003, '2026:02:03 04:05:06')]),
    ...part('maker', [undefinedBytes(0x927c, `MakerNote ${canary}`)]),
    ...part('camera', [
      undefinedBytes(0x9286, `ASCII\0\0\0${canary}`),
      ascii(0xa430, `Owner ${canary}`),
      ascii(0xa431, `Serial ${canary}`),
    ]),
  ]
  const place = part('place', [
    ascii(0x0001, 'N'),
    rationals(0x0002, [52, 22, 12]),
    ascii(0x0003, 'E'),
    rationals(0x0004, [4, 53, 43]),
    undefinedBytes(0x001c, `ASCII\0\0\0${canary}`),
  ])
  const small = (at: number) =>
    part('small', [short(0x0103, 6), long(0x0201, at), long(0x0202, thumbnail.length)])

  const cameraAt = TIFF_HEADER_BYTES
  const shotAt = cameraAt + directoryBytes(camera(0, 0))
  const placeAt = shotAt + directoryBytes(shot)
  const smallAt = placeAt + directoryBytes(place)
  const pictureAt = smallAt + directoryBytes(small(0))
  return Buffer.concat([
    tiffHeader(cameraAt),
    directory(camera(shotAt, placeAt), cameraAt, parts.includes('small') ? smallAt : 0),
    directory(shot, shotAt, 0),
    directory(place, placeAt, 0),
    directory(small(pictureAt), smallAt, 0),
    thumbnail,
  ])
}

/** The first bytes of a TIFF whose first directory stands at `directoryAt`. */
export function tiffHeader(directoryAt: number): Buffer {
  const header = Buffer.from('II*\0\0\0\0\0', 'latin1')
  header.writeUInt32LE(directoryAt, 4)
  return header
}

export function ascii(tag: number, text: string): Entry {
  const data = Buffer.from(`${text}\0`)
  return { tag, type: 'ascii', count: data.length, data }
}

export function undefinedBytes(tag: number, text: string | Uint8Array): Entry {
  const data = Buffer.from(text)
  return { tag, type: 'undefined', count: data.length, data }
}

export function short(tag: number, value: number): Entry {
  return { tag, type: 'short', count: 1, data: Buffer.from([value & 255, value >> 8]) }
}

export function long(tag: number, value: number): Entry {
  const data = Buffer.alloc(4)
  data.writeUInt32LE(value)
  return { tag, type: 'long', count: 1, data }
}

export function rationals(tag: number, values: readonly number[]): Entry {
  const data = Buffer.alloc(values.length * 8)
  for (const [i, value] of values.entries()) {
    data.writeUInt32LE(value, i * 8)
    data.writeUInt32LE(1, i * 8 + 4)
  }
  return { tag, type: 'rational', count: values.length, data }
}

export function directoryBytes(entries: readonly Entry[]): number {
  const outside = entries.reduce((sum, { data }) => sum + (data.length > 4 ? data.length : 0), 0)
  return 2 + entries.length * ENTRY_BYTES + 4 + outside
}

/** The directory itself, to stand at `at` in the file; `next` is where the following one stands, or 0. */
export function directory(entries: readonly Entry[], at: number, next: number): Buffer {
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

export function doubles(tag: number, values: readonly number[]): Entry {
  const data = Buffer.alloc(values.length * 8)
  for (const [i, value] of values.entries()) data.writeDoubleLE(value, i * 8)
  return { tag, type: 'double', count: values.length, data }
}

export function bytesEntry(tag: number, data: Buffer): Entry {
  return { tag, type: 'byte', count: data.length, data }
}

export function shorts(tag: number, values: readonly number[]): Entry {
  const data = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) data.writeUInt16LE(value, i * 2)
  return { tag, type: 'short', count: values.length, data }
}
