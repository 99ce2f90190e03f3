import {
  ascii,
  bytesEntry,
  directory,
  directoryBytes,
  doubles,
  type Entry,
  long,
  rationals,
  short,
  shorts,
  tiffHeader,
  undefinedBytes,
} from '../dirty-exif.js'
import { colourProfile, iptcRecords, photoshopResource, xmpPacket } from '../dirty-metadata.js'
import { CANARY } from '../dirty-pictures.js'
import { lying } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const HEADER_BYTES = 8
const PHOTOSHOP_HEADER_BYTES = 'Photoshop 3.0\0'.length

interface Parts {
  /** further fields of the first directory */
  readonly fields?: readonly Entry[]
  /** a directory that a field of the first one points to */
  readonly pointer?: { readonly tag: number; readonly fields: readonly Entry[] }
  /** the fields of a second page, which shows one grey pixel */
  readonly second?: readonly Entry[]
  /** bytes that no field points to */
  readonly lost?: Uint8Array
  readonly orientation?: number
}

/** An uncompressed TIFF: header, pixels, what is lost, directories. */
async function tiff({
  fields = [],
  pointer,
  second,
  lost = Buffer.alloc(0),
  orientation = 1,
}: Parts): Promise<Buffer> {
  const { data, info } = await (await lying(orientation)).raw().toBuffer({ resolveWithObject: true })
  const firstAt = HEADER_BYTES + data.length + lost.length + (lost.length % 2)
  const firstFields = (pointerAt: number) =>
    [
      ...picture(info.width, info.height, HEADER_BYTES),
      short(0x0112, orientation),
      ...fields,
      ...(pointer ? [long(pointer.tag, pointerAt)] : []),
    ].sort((one, other) => one.tag - other.tag)
  const pointerAt = firstAt + directoryBytes(firstFields(0))
  const secondAt = pointerAt + (pointer ? directoryBytes(pointer.fields) : 0)
  return Buffer.concat([
    tiffHeader(firstAt),
    data,
    lost,
    Buffer.alloc(lost.length % 2),
    directory(firstFields(pointerAt), firstAt, second ? secondAt : 0),
    pointer ? directory(pointer.fields, pointerAt, 0) : Buffer.alloc(0),
    second ? directory([...picture(1, 1, HEADER_BYTES), ...second], secondAt, 0) : Buffer.alloc(0),
  ])
}

function picture(width: number, height: number, at: number): Entry[] {
  return [
    long(0x0100, width),
    long(0x0101, height),
    shorts(0x0102, [8, 8, 8]),
    short(0x0103, 1),
    short(0x0106, 2),
    long(0x0111, at),
    short(0x0115, 3),
    long(0x0116, height),
    long(0x0117, width * height * 3),
  ]
}

const GPS = [
  ascii(0x0001, 'N'),
  rationals(0x0002, [52, 22, 12]),
  ascii(0x0003, 'E'),
  rationals(0x0004, [4, 53, 43]),
  undefinedBytes(0x001c, `ASCII\0\0\0${CANARY}`),
]
/** The keys of GeoTIFF: the third one's words stand in GeoAsciiParams. */
const GEO = [
  doubles(0x830e, [0.0001, 0.0001, 0]),
  doubles(0x8482, [0, 0, 0, 4.895, 52.37, 0]),
  shorts(0x87af, [1, 1, 0, 2, 1024, 0, 1, 2, 1026, 0x87b1, CANARY.length + 1, 0]),
  ascii(0x87b1, `${CANARY}|`),
]

export const TIFF_ROWS: readonly Row[] = [
  {
    family: 'description, camera, author, program, date',
    make: () =>
      tiff({
        fields: [
          ascii(0x010e, CANARY),
          ascii(0x010f, CANARY),
          ascii(0x0131, CANARY),
          ascii(0x0132, '2026:02:03 04:05:06'),
          ascii(0x013b, CANARY),
          ascii(0x013c, CANARY),
        ],
        orientation: 6,
      }),
    shown: tagged('IFD0:Artist'),
    told: ['device', 'time', 'author', 'program', 'words'],
  },
  {
    family: 'EXIF',
    make: () => tiff({ pointer: { tag: 0x8769, fields: [ascii(0xa430, CANARY), ascii(0xa431, CANARY)] } }),
    shown: tagged('ExifIFD:SerialNumber'),
    told: ['device', 'author'],
  },
  {
    family: 'GPS',
    make: () => tiff({ pointer: { tag: 0x8825, fields: GPS }, orientation: 3 }),
    shown: tagged('GPS:GPSAreaInformation'),
    told: ['place'],
  },
  { family: 'GeoTIFF', make: () => tiff({ fields: GEO }), shown: tagged('GeoTiff:GTCitation') },
  {
    family: 'XMP',
    make: () => tiff({ fields: [bytesEntry(0x02bc, xmpPacket(CANARY))] }),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  {
    family: 'IPTC',
    make: () => tiff({ fields: [undefinedBytes(0x83bb, iptcRecords(CANARY))] }),
    shown: tagged('IPTC:By-line'),
    told: ['place', 'author'],
  },
  {
    family: 'Photoshop resource',
    make: () =>
      tiff({
        fields: [
          undefinedBytes(
            0x8649,
            photoshopResource(0x040b, Buffer.from(CANARY)).subarray(PHOTOSHOP_HEADER_BYTES),
          ),
        ],
      }),
    shown: tagged('Photoshop:URL'),
  },
  {
    family: 'ICC profile',
    make: () => tiff({ fields: [undefinedBytes(0x8773, colourProfile(CANARY))] }),
    shown: tagged('ICC_Profile:ProfileDescription'),
    told: ['profile'],
  },
  { family: 'field of nobody', make: () => tiff({ fields: [ascii(0xfde8, CANARY)] }), shown: IN_PLAIN },
  {
    family: 'second page',
    make: () => tiff({ second: [ascii(0x011d, CANARY)] }),
    shown: tagged('IFD1:PageName'),
    told: ['frames'],
  },
  {
    family: 'picture below the picture (SubIFD)',
    make: () =>
      tiff({ pointer: { tag: 0x014a, fields: [...picture(1, 1, HEADER_BYTES), ascii(0x011d, CANARY)] } }),
    shown: tagged('SubIFD:PageName'),
  },
  {
    family: 'bytes that nothing points to',
    make: () => tiff({ lost: Buffer.from(CANARY) }),
    shown: IN_PLAIN,
  },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await tiff({}), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
