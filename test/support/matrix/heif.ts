// HEIC and AVIF are the same boxes around other pictures. Debian's heif-enc makes the picture; what telephones put
// beside it is written here. Not in the table: a gain map as an item `tmap`, which nothing here can write, and moving
// pictures (`hevc`, `avis`), whose frames no still picture reader takes.
import sharp from 'sharp'
import { exifBlock } from '../dirty-exif.js'
import { box, c2paStore, colourProfile, uint32, xmpPacket } from '../dirty-metadata.js'
import { CANARY, jpegWith, segment } from '../dirty-pictures.js'
import { withAuxiliary, withItem, withProperty, withQuarterTurn } from '../heif-boxes.js'
import { inHeif } from '../programs.js'
import { lying, pixels, SIZE } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')
const CANON_BOX = Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex')
const XMP_BOX = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex')
/** What stands in the file for a further picture that is shown. */
const SECOND_PICTURE = { heic: 'infe\x02\0\0\0\0\x02\0\0hvc1', avif: 'infe\x02\0\0\0\0\x02\0\0av01' }
const DEPTH = { heic: 'urn:mpeg:hevc:2015:auxid:2', avif: 'urn:mpeg:mpegB:cicp:systems:auxiliary:depth' }
const GAIN_MAP = 'urn:com:apple:photo:2020:aux:hdrgainmap'

async function asPng(orientation = 1): Promise<{ bytes: Buffer; ending: 'png' }> {
  return { bytes: await (await lying(orientation)).png().toBuffer(), ending: 'png' }
}

export function heifRows(kind: 'heic' | 'avif'): readonly Row[] {
  let ready: Promise<Buffer> | undefined
  const plain = (): Promise<Buffer> => {
    ready ??= asPng().then((picture) => inHeif(kind, [picture]))
    return ready
  }
  let readyTurned: Promise<Buffer> | undefined
  const turned = (): Promise<Buffer> => {
    readyTurned ??= asPng(6).then((picture) => withQuarterTurn(inHeif(kind, [picture])))
    return readyTurned
  }
  const withBox = async (type: string, ...content: Uint8Array[]) =>
    Buffer.concat([await plain(), box(type, ...content)])
  /** Apple's telephones say the turn twice, in EXIF and as a property; the property counts. */
  const withExif = async (part: 'camera' | 'place' | 'maker') => {
    const exif = exifBlock({ canary: CANARY, orientation: 6, parts: [part] })
    return withItem(await turned(), { type: 'Exif', content: Buffer.concat([uint32(0), exif]) })
  }
  const withBeside = async (name: string) => {
    const grey = Buffer.from(Array.from({ length: SIZE.width * SIZE.height }, (_, i) => i % 200))
    const bytes = await sharp(await pixels(), { raw: { ...SIZE, channels: 3 } })
      .joinChannel(grey, { raw: { ...SIZE, channels: 1 } })
      .png()
      .toBuffer()
    return withAuxiliary(inHeif(kind, [{ bytes, ending: 'png' }]), name)
  }
  return [
    {
      family: 'EXIF item',
      make: () => withExif('camera'),
      shown: tagged('ExifIFD:SerialNumber'),
      told: ['device', 'time', 'author', 'program', 'words'],
    },
    {
      family: 'GPS',
      make: () => withExif('place'),
      shown: tagged('GPS:GPSAreaInformation'),
      told: ['place'],
    },
    { family: 'maker notes', make: () => withExif('maker'), shown: IN_PLAIN, told: ['device'] },
    {
      family: 'XMP item',
      make: async () =>
        withItem(await plain(), {
          type: 'mime',
          mediaType: 'application/rdf+xml',
          content: xmpPacket(CANARY),
        }),
      shown: tagged('XMP-dc:Creator'),
      told: ['place', 'author', 'program'],
    },
    {
      family: 'item of nobody',
      make: async () =>
        withItem(await plain(), { type: 'mime', mediaType: 'text/plain', content: Buffer.from(CANARY) }),
      shown: IN_PLAIN,
    },
    {
      family: 'thumbnail item',
      make: async () => inHeif(kind, [await asPng()], '-t', '64'),
      shown: { sign: 'thmb' },
    },
    { family: 'depth', make: () => withBeside(DEPTH[kind]), shown: { sign: DEPTH[kind] } },
    { family: 'gain map of Apple', make: () => withBeside(GAIN_MAP), shown: { sign: GAIN_MAP } },
    {
      family: 'second picture',
      make: async () => inHeif(kind, [await asPng(), await asPng(3)]),
      shown: { sign: SECOND_PICTURE[kind] },
    },
    {
      family: 'ICC profile',
      make: async () => {
        const jpeg = await (await lying()).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
        const profile = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), colourProfile(CANARY)])
        return inHeif(kind, [{ bytes: Buffer.from(jpegWith([segment(0xe2, profile)], jpeg)), ending: 'jpg' }])
      },
      shown: tagged('ICC_Profile:ProfileDescription'),
      told: ['profile'],
    },
    {
      family: 'description (udes)',
      make: async () =>
        withProperty(
          await plain(),
          box('udes', uint32(0), Buffer.from(`nl\0${CANARY}\0${CANARY}\0${CANARY}\0`)),
        ),
      shown: IN_PLAIN,
    },
    {
      family: 'user data (udta)',
      make: () => withBox('udta', box('name', Buffer.from(CANARY))),
      shown: IN_PLAIN,
    },
    {
      family: 'uuid box of a maker',
      make: () => withBox('uuid', CANON_BOX, Buffer.from(CANARY)),
      shown: IN_PLAIN,
    },
    { family: 'uuid box with XMP', make: () => withBox('uuid', XMP_BOX, xmpPacket(CANARY)), shown: IN_PLAIN },
    {
      family: 'C2PA',
      make: () =>
        withBox('uuid', C2PA_BOX, uint32(0), Buffer.from('manifest\0'), Buffer.alloc(8), c2paStore(CANARY)),
      shown: IN_PLAIN,
    },
    { family: 'free space', make: () => withBox('free', Buffer.from(CANARY)), shown: IN_PLAIN },
    {
      family: 'bytes that nothing points to',
      make: () => withBox('mdat', Buffer.from(CANARY)),
      shown: IN_PLAIN,
    },
  ]
}

export const HEIC_ROWS = heifRows('heic')
export const AVIF_ROWS = heifRows('avif')
