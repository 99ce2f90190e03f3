import { createHash } from 'node:crypto'
import { type ExifPart, exifBlock } from '../dirty-exif.js'
import {
  box,
  c2paStore,
  colourProfile,
  iptcRecords,
  photoshopResource,
  uint32,
  xmpPacket,
} from '../dirty-metadata.js'
import { CANARY, jpegWith, segment } from '../dirty-pictures.js'
import { lying } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const XMP = 'http://ns.adobe.com/xap/1.0/\0'
const XMP_MORE = 'http://ns.adobe.com/xmp/extension/\0'
/** Most that one segment of extended XMP holds here: less than the packet, so that it takes two. */
const XMP_PIECE_BYTES = 3000

async function jpeg(segments: readonly Uint8Array[], orientation = 1): Promise<Buffer> {
  const picture = await (await lying(orientation))
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .toBuffer()
  return Buffer.from(jpegWith(segments, picture))
}

/** A small JPEG of its own, whose comment holds the canary. */
async function smallJpeg(): Promise<Buffer> {
  const small = await (await lying()).resize(30, 40).jpeg().toBuffer()
  return Buffer.from(jpegWith([segment(0xfe, CANARY)], small))
}

function app(number: number, ...content: readonly (string | Uint8Array)[]): Uint8Array {
  return segment(0xe0 + number, Buffer.concat(content.map((part) => Buffer.from(part as Uint8Array))))
}

async function withExif(orientation: number, parts: readonly ExifPart[]): Promise<Buffer> {
  const exif = exifBlock({ canary: CANARY, orientation, thumbnail: await smallJpeg(), parts })
  return jpeg([app(1, 'Exif\0\0', exif)], orientation)
}

/** A packet that says how many pictures follow, as Google's and Samsung's cameras write it. */
function container(more: string, items: readonly string[]): Buffer {
  const list = items.map((item) => `<rdf:li rdf:parseType="Resource"><Container:Item ${item}/></rdf:li>`)
  return Buffer.from(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"
 xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/" ${more}>
<Container:Directory><rdf:Seq>${list.join('')}</rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>`)
}

/** A clip that is small and whole as boxes, with a place and a word in its `udta`. */
function clip(): Buffer {
  const place = box('\xa9xyz', Buffer.from('\0\x12\x15\xc7+52.3700+004.8900/', 'latin1'))
  const words = box('\xa9nam', Buffer.from([0, CANARY.length, 0x15, 0xc7]), Buffer.from(CANARY))
  return Buffer.concat([
    box('ftyp', Buffer.from('mp42\0\0\0\0isommp42')),
    box('moov', box('udta', place, words)),
  ])
}

async function extendedXmp(): Promise<Buffer> {
  const more = Buffer.from(`${xmpPacket(CANARY).toString()}${' '.repeat(XMP_PIECE_BYTES)}`)
  const guid = createHash('md5').update(more).digest('hex').toUpperCase()
  const head = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guid}"/></rdf:RDF></x:xmpmeta>`
  const pieces: Uint8Array[] = []
  for (let at = 0; at < more.length; at += XMP_PIECE_BYTES)
    pieces.push(
      app(1, XMP_MORE, guid, uint32(more.length), uint32(at), more.subarray(at, at + XMP_PIECE_BYTES)),
    )
  return jpeg([app(1, XMP, head), ...pieces])
}

/** Two pictures in one file (CIPA DC-007): a directory of both in the first, the second after its end. */
async function multiPicture(): Promise<Buffer> {
  const second = await smallJpeg()
  const field = (tag: number, type: number, count: number, value: Uint8Array) => {
    const head = Buffer.alloc(8)
    head.writeUInt16BE(tag, 0)
    head.writeUInt16BE(type, 2)
    head.writeUInt32BE(count, 4)
    return Buffer.concat([head, value])
  }
  const entriesAt = 8 + 2 + 3 * 12 + 4
  const index = (firstBytes: number, secondAt: number) =>
    Buffer.concat([
      Buffer.from('MPF\0MM\0*\0\0\0\x08\0\x03', 'latin1'),
      field(0xb000, 7, 4, Buffer.from('0100')),
      field(0xb001, 4, 1, uint32(2)),
      field(0xb002, 7, 32, uint32(entriesAt)),
      uint32(0),
      ...[uint32(0x20030000), uint32(firstBytes), uint32(0), uint32(0)],
      ...[uint32(0), uint32(second.length), uint32(secondAt), uint32(0)],
    ])
  const first = await jpeg([app(2, index(0, 0))])
  // Places count from the byte order mark, after "MPF" and the marker with its length.
  const from = 2 + 4 + 4
  return Buffer.concat([await jpeg([app(2, index(first.length, first.length - from))]), second])
}

/** The trailer in which Samsung's telephones keep a clip, a name and the time. */
async function samsungTrailer(): Promise<Buffer> {
  const le = (value: number) => uint32(value).reverse()
  const type = Buffer.from([0, 0, 0x30, 0x0a])
  const name = Buffer.from('MotionPhoto_Data')
  const block = Buffer.concat([type, le(name.length), name, clip()])
  const directory = Buffer.concat([
    Buffer.from('SEFH'),
    le(106),
    le(1),
    type,
    le(block.length),
    le(block.length),
  ])
  return Buffer.concat([await jpeg([]), block, directory, le(directory.length), Buffer.from('SEFT')])
}

async function gainMap(): Promise<Buffer> {
  const map = jpegWith(
    [app(1, XMP, container(`hdrgm:Version="1.0" hdrgm:GainMapMax="${CANARY}"`, []))],
    await smallJpeg(),
  )
  const items = [
    'Item:Semantic="Primary" Item:Mime="image/jpeg"',
    `Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="${map.length}"`,
  ]
  return Buffer.concat([await jpeg([app(1, XMP, container('hdrgm:Version="1.0"', items))]), map])
}

async function motionPhoto(): Promise<Buffer> {
  const moving = clip()
  const items = [
    'Item:Semantic="Primary" Item:Mime="image/jpeg"',
    `Item:Semantic="MotionPhoto" Item:Mime="video/mp4" Item:Length="${moving.length}"`,
  ]
  const says = 'GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"'
  return Buffer.concat([await jpeg([app(1, XMP, container(says, items))]), moving])
}

async function photoshopThumbnail(): Promise<Buffer> {
  const small = await smallJpeg()
  const head = Buffer.concat([1, 30, 40, 90, 3600, small.length].map(uint32))
  const resource = photoshopResource(0x040c, Buffer.concat([head, Buffer.from([0, 24, 0, 1]), small]))
  return jpeg([app(13, resource)])
}

const jumbf = (store: Uint8Array) => Buffer.concat([Buffer.from('JP\0\x01\0\0\0\x01', 'latin1'), store])

/** All eight orientations stand in these rows. */
export const JPEG_ROWS: readonly Row[] = [
  {
    family: 'EXIF',
    make: () => withExif(6, ['camera']),
    shown: tagged('ExifIFD:SerialNumber'),
    told: ['device', 'time', 'author', 'program', 'words'],
  },
  {
    family: 'GPS',
    make: () => withExif(3, ['place']),
    shown: tagged('GPS:GPSAreaInformation'),
    told: ['place'],
  },
  { family: 'maker notes', make: () => withExif(8, ['maker']), shown: IN_PLAIN, told: ['device'] },
  {
    family: 'EXIF thumbnail',
    make: () => withExif(5, ['small']),
    shown: tagged('IFD1:ThumbnailImage', /Binary data/),
    told: ['preview'],
  },
  { family: 'EXIF, seen in a mirror', make: () => withExif(2, ['camera']), shown: tagged('IFD0:Make') },
  {
    family: 'EXIF, upside down in a mirror',
    make: () => withExif(4, ['camera']),
    shown: tagged('IFD0:Make'),
  },
  { family: 'EXIF, lying in a mirror', make: () => withExif(7, ['camera']), shown: tagged('IFD0:Make') },
  {
    family: 'XMP',
    make: () => jpeg([app(1, XMP, xmpPacket(CANARY))]),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  { family: 'extended XMP', make: extendedXmp, shown: tagged('XMP-dc:Creator') },
  {
    family: 'IPTC',
    make: () => jpeg([app(13, photoshopResource(0x0404, iptcRecords(CANARY)))]),
    shown: tagged('IPTC:By-line'),
    told: ['place', 'author'],
  },
  {
    family: 'Photoshop resource',
    make: () => jpeg([app(13, photoshopResource(0x040b, Buffer.from(CANARY)))]),
    shown: tagged('Photoshop:URL'),
  },
  {
    family: 'Photoshop thumbnail',
    make: photoshopThumbnail,
    shown: tagged('Photoshop:PhotoshopThumbnail', /Binary data/),
  },
  {
    family: 'ICC profile',
    make: () => jpeg([app(2, 'ICC_PROFILE\0\x01\x01', colourProfile(CANARY))]),
    shown: tagged('ICC_Profile:ProfileDescription'),
    told: ['profile'],
  },
  {
    family: 'second picture (MPF)',
    make: multiPicture,
    shown: tagged('MPF0:NumberOfImages', /^2$/),
    told: ['frames'],
  },
  { family: 'motion photo', make: motionPhoto, shown: IN_PLAIN },
  {
    family: 'motion photo of Samsung',
    make: samsungTrailer,
    shown: tagged('Samsung:EmbeddedVideoType', /MotionPhoto_Data/),
  },
  {
    family: 'gain map (Ultra HDR)',
    make: gainMap,
    shown: tagged('XMP-hdrgm:Version', /1/),
  },
  {
    family: 'comment',
    make: () => jpeg([segment(0xfe, CANARY)]),
    shown: tagged('File:Comment'),
    told: ['words'],
  },
  {
    family: 'JFXX thumbnail',
    make: async () =>
      jpeg([app(0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0'), app(0, 'JFXX\0\x10', await smallJpeg())]),
    shown: tagged('JFXX:ThumbnailImage', /Binary data/),
    told: ['preview'],
  },
  {
    family: 'C2PA',
    make: () => jpeg([app(11, jumbf(c2paStore(CANARY)))]),
    shown: tagged('JSON:Claim_generator'),
  },
  {
    family: 'picture info (APP12)',
    make: () => jpeg([app(12, `[picture info]\r\nType=${CANARY}\r\n[end]\r\n`)]),
    shown: tagged('PictureInfo:CameraType'),
  },
  { family: 'segment of nobody', make: () => jpeg([app(9, CANARY)]), shown: IN_PLAIN },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await jpeg([]), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
