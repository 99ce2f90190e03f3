import { deflateSync } from 'node:zlib'
import { exifBlock } from '../dirty-exif.js'
import { c2paStore, colourProfile, iptcRecords, uint32, xmpPacket } from '../dirty-metadata.js'
import { CANARY, pngChunk, pngWith } from '../dirty-pictures.js'
import { lying, pixels, SIZE } from './picture.js'
import { COMPRESSED, IN_PLAIN, type Row, tagged } from './row.js'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const RGB = 2
const PALETTE = 3

async function png(chunks: readonly Uint8Array[], orientation = 1): Promise<Buffer> {
  return Buffer.from(pngWith(chunks, await (await lying(orientation)).png().toBuffer()))
}

function chunk(type: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.from(pngChunk(type, Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)))))
}

function header(colourType: number, { width, height }: typeof SIZE = SIZE): Buffer {
  return chunk('IHDR', uint32(width), uint32(height), Uint8Array.of(8, colourType, 0, 0, 0))
}

/** A PNG of these chunks alone. */
function bare(...chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks, chunk('IEND')])
}

/** Rows of so many bytes a pixel, each behind the filter "none". */
function rows(bytes: Uint8Array, perPixel: number): Buffer {
  const length = SIZE.width * perPixel
  const filtered: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += length)
    filtered.push(Uint8Array.of(0), bytes.subarray(at, at + length))
  return Buffer.concat(filtered)
}

/** Compressed as little as zlib allows, so that what stands in the pixels stands in the bytes. */
function stored(bytes: Uint8Array): Buffer {
  return deflateSync(bytes, { level: 0 })
}

/** How ImageMagick keeps blocks of other formats: as hexadecimal text. */
function rawProfile(name: string, block: Uint8Array): Buffer {
  const text = `\n${name}\n${String(block.length).padStart(8)}\n${Buffer.from(block).toString('hex')}\n`
  return chunk('zTXt', `Raw profile type ${name}\0\0`, deflateSync(text))
}

/** A second frame whose pixels spell the canary. */
async function animated(): Promise<Buffer> {
  const control = (number: number) =>
    chunk(
      'fcTL',
      uint32(number),
      uint32(SIZE.width),
      uint32(SIZE.height),
      uint32(0),
      uint32(0),
      Buffer.from([0, 1, 0, 10, 0, 0]),
    )
  const hidden = Buffer.alloc(SIZE.width * SIZE.height * 3, CANARY)
  return bare(
    header(RGB),
    chunk('acTL', uint32(2), uint32(0)),
    control(0),
    chunk('IDAT', deflateSync(rows(await pixels(), 3))),
    control(1),
    chunk('fdAT', uint32(2), stored(rows(hidden, 3))),
  )
}

/** Colours that spell the canary: no pixel uses them, or the last line does and they are transparent. */
async function spelledColours(use: 'unused' | 'transparent'): Promise<Buffer> {
  const rgb = await pixels()
  const palette: number[] = []
  const indexed = Buffer.alloc(SIZE.width * SIZE.height)
  for (let at = 0; at < indexed.length; at++) {
    const colour = rgb.readUIntBE(at * 3, 3)
    if (!palette.includes(colour)) palette.push(colour)
    indexed[at] = palette.indexOf(colour)
  }
  const spelled = Buffer.from(CANARY.padEnd(Math.ceil(CANARY.length / 3) * 3))
  const spellings = Array.from({ length: spelled.length / 3 }, (_, i) => palette.length + i)
  if (use === 'transparent') indexed.fill(Uint8Array.from(spellings), indexed.length - SIZE.width)
  const opacity = [...palette.map(() => 255), ...spellings.map(() => 0)]
  return bare(
    header(PALETTE),
    chunk('PLTE', ...palette.map((colour) => uint32(colour).subarray(1)), spelled),
    ...(use === 'transparent' ? [chunk('tRNS', Uint8Array.from(opacity))] : []),
    chunk('IDAT', deflateSync(rows(indexed, 1))),
  )
}

/** What an editor of some telephones left behind when it cut a picture smaller: the rest of the old one. */
async function cutSmaller(): Promise<Buffer> {
  return Buffer.concat([await png([]), chunk('IDAT', stored(Buffer.alloc(600, CANARY))), chunk('IEND')])
}

export const PNG_ROWS: readonly Row[] = [
  {
    family: 'text (tEXt)',
    make: () => png([chunk('tEXt', `Author\0${CANARY}`)]),
    shown: tagged('PNG:Author'),
    told: ['author'],
  },
  {
    family: 'compressed text (zTXt)',
    make: () => png([chunk('zTXt', 'Description\0\0', deflateSync(CANARY))]),
    shown: tagged('PNG:Description'),
    told: ['words'],
  },
  {
    family: 'international text (iTXt)',
    make: () => png([chunk('iTXt', `Title\0\0\0nl\0Titel\0${CANARY}`)]),
    shown: tagged('PNG:Title-nl'),
    told: ['words'],
  },
  {
    family: 'international text, compressed',
    make: () => png([chunk('iTXt', 'Comment\0\x01\0\0\0', deflateSync(CANARY))]),
    shown: tagged('PNG:Comment'),
    told: ['words'],
  },
  {
    family: 'EXIF (eXIf)',
    make: () => png([chunk('eXIf', exifBlock({ canary: CANARY, orientation: 8, parts: ['camera'] }))], 8),
    shown: tagged('ExifIFD:SerialNumber'),
    told: ['device', 'time', 'author'],
  },
  {
    family: 'GPS',
    make: () => png([chunk('eXIf', exifBlock({ canary: CANARY, orientation: 6, parts: ['place'] }))], 6),
    shown: tagged('GPS:GPSAreaInformation'),
    told: ['place'],
  },
  {
    family: 'EXIF as text of ImageMagick',
    make: () =>
      png([
        rawProfile(
          'exif',
          Buffer.concat([Buffer.from('Exif\0\0'), exifBlock({ canary: CANARY, orientation: 1 })]),
        ),
      ]),
    shown: tagged('ExifIFD:SerialNumber'),
  },
  {
    family: 'IPTC as text of ImageMagick',
    make: () => png([rawProfile('iptc', iptcRecords(CANARY))]),
    shown: tagged('IPTC:By-line'),
  },
  {
    family: 'XMP',
    make: () => png([chunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0', xmpPacket(CANARY))]),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  {
    family: 'time (tIME)',
    make: () => png([chunk('tIME', Uint8Array.of(0x07, 0xea, 2, 3, 4, 5, 6))]),
    shown: tagged('PNG:ModifyDate', /2026:02:03 04:05:06/),
    told: ['time'],
  },
  {
    family: 'ICC profile',
    make: () => png([chunk('iCCP', 'p\0\0', deflateSync(colourProfile(CANARY)))]),
    shown: tagged('ICC_Profile:ProfileDescription'),
    told: ['profile'],
  },
  {
    family: 'name of the profile',
    make: () => png([chunk('iCCP', `${CANARY}\0\0`, deflateSync(colourProfile('sRGB')))]),
    shown: tagged('PNG:ProfileName'),
    told: ['profile'],
  },
  {
    family: 'suggested palette (sPLT)',
    make: () => png([chunk('sPLT', `${CANARY}\0\x08`, Uint8Array.of(1, 2, 3, 4, 0, 5))]),
    shown: IN_PLAIN,
  },
  { family: 'chunk of nobody', make: () => png([chunk('prVt', CANARY)]), shown: IN_PLAIN },
  {
    family: 'C2PA (caBX)',
    make: () => png([chunk('caBX', c2paStore(CANARY))]),
    shown: tagged('JSON:Claim_generator'),
  },
  { family: 'animation (APNG)', make: animated, colours: true, shown: COMPRESSED },
  {
    family: 'colours under transparency',
    make: () => spelledColours('transparent'),
    colours: true,
    shown: IN_PLAIN,
  },
  { family: 'colours nobody uses', make: () => spelledColours('unused'), colours: true, shown: IN_PLAIN },
  { family: 'a larger picture before it was cut', make: cutSmaller, colours: true, shown: COMPRESSED },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await png([]), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
