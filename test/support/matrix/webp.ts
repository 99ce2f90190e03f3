import { exifBlock } from '../dirty-exif.js'
import { c2paStore, colourProfile, xmpPacket } from '../dirty-metadata.js'
import { CANARY, riffChunk, riffFile } from '../dirty-pictures.js'
import { lying } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

/** What the header says is inside. */
const HAS = { animation: 0x02, xmp: 0x04, exif: 0x08, profile: 0x20 }
const RIFF_BYTES = 12

interface Around {
  readonly before?: readonly Uint8Array[]
  readonly after?: readonly Uint8Array[]
  readonly orientation?: number
}

async function coded(orientation = 1): Promise<{ chunks: Uint8Array; width: number; height: number }> {
  const { data, info } = await (await lying(orientation))
    .webp({ quality: 95 })
    .toBuffer({ resolveWithObject: true })
  return { chunks: data.subarray(RIFF_BYTES), width: info.width, height: info.height }
}

/** A WebP in the extended layout with these chunks before and behind the picture. */
async function webp(flags: number, { before = [], after = [], orientation = 1 }: Around): Promise<Buffer> {
  const { chunks, ...size } = await coded(orientation)
  return Buffer.from(riffFile(Buffer.concat([extended(flags, size), ...before, chunks, ...after])))
}

function extended(flags: number, { width, height }: { width: number; height: number }): Uint8Array {
  const header = Buffer.alloc(10)
  header[0] = flags
  header.writeUIntLE(width - 1, 4, 3)
  header.writeUIntLE(height - 1, 7, 3)
  return riffChunk('VP8X', header)
}

/** Two frames; in the second one stands a chunk of nobody. */
async function animated(): Promise<Buffer> {
  const { chunks, ...size } = await coded()
  const frame = (...more: Uint8Array[]) => {
    const head = Buffer.alloc(16)
    head.writeUIntLE(size.width - 1, 6, 3)
    head.writeUIntLE(size.height - 1, 9, 3)
    head.writeUIntLE(90, 12, 3)
    return riffChunk('ANMF', Buffer.concat([head, chunks, ...more]))
  }
  const second = frame(riffChunk('priv', Buffer.from(CANARY)))
  const parts = [extended(HAS.animation, size), riffChunk('ANIM', Buffer.alloc(6)), frame(), second]
  return Buffer.from(riffFile(Buffer.concat(parts)))
}

const exif = (orientation: number, part: 'camera' | 'place' | 'maker') =>
  webp(HAS.exif, {
    after: [riffChunk('EXIF', exifBlock({ canary: CANARY, orientation, parts: [part] }))],
    orientation,
  })

export const WEBP_ROWS: readonly Row[] = [
  {
    family: 'EXIF',
    make: () => exif(6, 'camera'),
    shown: tagged('ExifIFD:SerialNumber'),
    told: ['device', 'time', 'author', 'program', 'words'],
  },
  { family: 'GPS', make: () => exif(3, 'place'), shown: tagged('GPS:GPSAreaInformation'), told: ['place'] },
  { family: 'maker notes', make: () => exif(5, 'maker'), shown: IN_PLAIN, told: ['device'] },
  {
    family: 'XMP',
    make: () => webp(HAS.xmp, { after: [riffChunk('XMP ', xmpPacket(CANARY))] }),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  {
    family: 'ICC profile',
    make: () => webp(HAS.profile, { before: [riffChunk('ICCP', colourProfile(CANARY))] }),
    shown: tagged('ICC_Profile:ProfileDescription'),
    told: ['profile'],
  },
  { family: 'animation', make: animated, shown: IN_PLAIN, told: ['frames'] },
  { family: 'C2PA', make: () => webp(0, { after: [riffChunk('C2PA', c2paStore(CANARY))] }), shown: IN_PLAIN },
  {
    family: 'chunk of nobody',
    make: () => webp(0, { after: [riffChunk('priv', Buffer.from(CANARY))] }),
    shown: IN_PLAIN,
  },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await webp(0, {}), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
