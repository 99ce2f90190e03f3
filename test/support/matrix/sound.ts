import { deflateSync } from 'node:zlib'
import { uint32, xmpPacket } from '../dirty-metadata.js'
import { CANARY, jpegWith, riffChunk, segment } from '../dirty-pictures.js'
import { sound } from './ffmpeg.js'
import { apeV2, ID3_FRAMES, id3Picture, id3PngPicture, id3v1, lyrics3 } from './id3.js'
import { oggComments, withSerial, withVendor } from './ogg.js'
import { lying } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const AT_END = { family: 'after the end', shown: IN_PLAIN }
const RIFF_BYTES = 12

function behind(file: Promise<Uint8Array>, ...more: readonly Uint8Array[]): Promise<Buffer> {
  return file.then((bytes) => Buffer.concat([bytes, ...more]))
}

function before(tag: Uint8Array, file: Promise<Uint8Array>): Promise<Buffer> {
  return file.then((bytes) => Buffer.concat([tag, bytes]))
}

/** The first place of `old` spelled with the start of the canary, at the same length. */
function spelled(bytes: Buffer, old: string): Buffer {
  const at = bytes.indexOf(old)
  if (at < 0) throw new Error(`no ${old}`)
  const changed = Buffer.from(bytes)
  changed.write(CANARY.slice(0, old.length), at)
  return changed
}

async function smallPicture(): Promise<Buffer> {
  const small = await (await lying()).resize(30, 40).jpeg().toBuffer()
  return Buffer.from(jpegWith([segment(0xfe, CANARY)], small))
}

/** The block that FLAC and Vorbis keep a picture in. */
async function pictureBlock(): Promise<Buffer> {
  const picture = await smallPicture()
  const text = (words: string) => Buffer.concat([uint32(words.length), Buffer.from(words)])
  return Buffer.concat([
    uint32(3),
    text('image/jpeg'),
    text(CANARY),
    ...[30, 40, 24, 0].map(uint32),
    uint32(picture.length),
    picture,
  ])
}

const mp3 = () => sound({ ending: 'mp3', words: ['-id3v2_version', '0', '-b:a', '128k'] })
const aac = () => sound({ ending: 'aac', words: ['-b:a', '128k'] })
const id3Rows = (file: () => Promise<Buffer>): Row[] => [
  ...Object.entries(ID3_FRAMES).map(([name, tag]) => ({
    family: `ID3v2: ${name}`,
    make: () => before(tag(), file()),
    shown: IN_PLAIN,
  })),
  {
    family: 'ID3v2: picture in PNG',
    make: async () => before(await id3PngPicture(), file()),
    shown: IN_PLAIN,
    told: ['preview'],
  },
  {
    family: 'ID3v2: picture',
    make: async () => before(await id3Picture(), file()),
    shown: IN_PLAIN,
    told: ['preview'],
  },
  { family: 'ID3v1', make: () => behind(file(), id3v1()), shown: tagged('ID3v1:Artist') },
  { family: 'APEv2', make: () => behind(file(), apeV2()), shown: IN_PLAIN },
  { ...AT_END, make: () => behind(file(), Buffer.from(CANARY)) },
]

export const MP3_ROWS: readonly Row[] = [
  ...id3Rows(mp3),
  { family: 'Lyrics3', make: () => behind(mp3(), lyrics3()), shown: IN_PLAIN },
  {
    family: 'name of the encoder (Xing, LAME)',
    make: async () =>
      spelled(await sound({ ending: 'mp3', words: ['-id3v2_version', '0'], asItIs: true }), 'Lavc59.37'),
    shown: { sign: CANARY.slice(0, 9) },
  },
]

export const AAC_ROWS: readonly Row[] = [
  ...id3Rows(aac),
  {
    family: 'name of the encoder (fill element)',
    make: async () => spelled(await sound({ ending: 'aac', asItIs: true }), 'Lavc59.37'),
    shown: { sign: CANARY.slice(0, 9) },
  },
]

const ogg = (codec: string, ...words: string[]) => sound({ ending: 'ogg', words: ['-c:a', codec, ...words] })
const vorbisPicture = async () => `METADATA_BLOCK_PICTURE=${(await pictureBlock()).toString('base64')}`

export const OGG_ROWS: readonly Row[] = [
  ...(['libvorbis', 'libopus', 'flac'] as const).map((codec) => ({
    family: `comments (${codec})`,
    make: () => ogg(codec, '-metadata', `artist=${CANARY}`),
    shown: IN_PLAIN,
    told: ['author'] as const,
  })),
  {
    family: 'place in comments',
    make: () => ogg('libopus', '-metadata', 'LOCATION=52.3700, 4.8900', '-metadata', `CONTACT=${CANARY}`),
    shown: IN_PLAIN,
    told: ['place'],
  },
  {
    family: 'picture in comments',
    make: async () => ogg('libvorbis', '-metadata', await vorbisPicture()),
    shown: { sign: 'METADATA_BLOCK_PICTURE=' },
    told: ['preview'],
  },
  {
    family: 'name of the encoder (Vorbis)',
    make: async () => withVendor(await ogg('libvorbis'), CANARY),
    shown: tagged('Vorbis:Vendor'),
  },
  {
    family: 'name of the encoder (Opus)',
    make: async () => withVendor(await ogg('libopus'), CANARY),
    shown: IN_PLAIN,
  },
  {
    family: 'padding behind the comments (Opus)',
    make: async () =>
      oggComments(await ogg('libopus'), (comments) => Buffer.concat([comments, Buffer.from(`\0${CANARY}`)])),
    shown: IN_PLAIN,
  },
  {
    family: 'number of the stream',
    make: async () => withSerial(await ogg('libvorbis'), CANARY.slice(0, 4)),
    shown: { sign: CANARY.slice(0, 4) },
  },
  { ...AT_END, make: () => behind(ogg('libvorbis'), Buffer.from(CANARY)) },
]

const flac = () => sound({ ending: 'flac' })
const FLAC_FIRST_BLOCK_END = 4 + 4 + 34

/** With one more metadata block right behind the first. */
async function flacWith(type: number, content: string | Uint8Array): Promise<Buffer> {
  const bytes = await flac()
  const body = Buffer.from(content as Uint8Array)
  const head = Buffer.concat([Uint8Array.of(type), uint32(body.length).subarray(1)])
  const start = Buffer.from(bytes.subarray(0, FLAC_FIRST_BLOCK_END))
  if (((start[4] ?? 0) & 0x80) !== 0) throw new Error('no second block')
  return Buffer.concat([start, head, body, bytes.subarray(FLAC_FIRST_BLOCK_END)])
}

function vorbisComment(vendor: string, ...comments: readonly string[]): Buffer {
  const le = (value: number) => uint32(value).reverse()
  const text = (words: string) => [le(words.length), Buffer.from(words)]
  return Buffer.concat([...text(vendor), le(comments.length), ...comments.flatMap(text)])
}

/** One track with one index, and the end. */
function cueSheet(): Buffer {
  const track = Buffer.alloc(36 + 12)
  track[8] = 1
  track[35] = 1
  track[36 + 8] = 1
  const end = Buffer.alloc(36)
  end[8] = 170
  const head = Buffer.alloc(128 + 8 + 1 + 258 + 1)
  head.write(CANARY)
  head[head.length - 1] = 2
  return Buffer.concat([head, track, end])
}

export const FLAC_ROWS: readonly Row[] = [
  {
    family: 'comments',
    make: () => flacWith(4, vorbisComment('x', `ARTIST=${CANARY}`, 'LOCATION=Dam 1', 'DATE=2026')),
    shown: tagged('Vorbis:Artist'),
    told: ['place', 'time', 'author'],
  },
  {
    family: 'name of the encoder',
    make: () => flacWith(4, vorbisComment(CANARY)),
    shown: IN_PLAIN,
  },
  {
    family: 'picture',
    make: async () => flacWith(6, await pictureBlock()),
    shown: tagged('FLAC:PictureDescription'),
    told: ['preview'],
  },
  { family: 'data of a program (APPLICATION)', make: () => flacWith(2, `NOOR${CANARY}`), shown: IN_PLAIN },
  { family: 'list of tracks (CUESHEET)', make: () => flacWith(5, cueSheet()), shown: IN_PLAIN },
  { family: 'padding', make: () => flacWith(1, CANARY), shown: IN_PLAIN },
  { family: 'block of nobody', make: () => flacWith(100, CANARY), shown: IN_PLAIN },
  {
    family: 'ID3v2 before it',
    make: () => before(ID3_FRAMES.artist(), flac()),
    shown: tagged('ID3v2_3:Artist'),
  },
  { family: 'ID3v1', make: () => behind(flac(), id3v1()), shown: IN_PLAIN },
  { ...AT_END, make: () => behind(flac(), Buffer.from(CANARY)) },
]

const wav = () => sound({ ending: 'wav' })

/** With these chunks before the sound. */
async function wavWith(...chunks: readonly Uint8Array[]): Promise<Buffer> {
  const bytes = await wav()
  const body = Buffer.concat([...chunks, bytes.subarray(RIFF_BYTES)])
  const head = Buffer.from('RIFF\0\0\0\0WAVE')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

function list(type: string, chunk: string, content: string): Uint8Array {
  return riffChunk('LIST', Buffer.concat([Buffer.from(type), riffChunk(chunk, Buffer.from(`${content}\0`))]))
}

function broadcastExtension(): Buffer {
  const bext = Buffer.alloc(602)
  bext.write(CANARY)
  bext.write(CANARY, 256)
  bext.write('2026-02-0304:05:06', 320)
  return bext
}

export const WAV_ROWS: readonly Row[] = [
  {
    family: 'LIST-INFO',
    make: () => wavWith(list('INFO', 'IART', CANARY)),
    shown: tagged('RIFF:Artist'),
    told: ['author'],
  },
  {
    family: 'broadcast extension (bext)',
    make: () => wavWith(riffChunk('bext', broadcastExtension())),
    shown: tagged('RIFF:Originator'),
    told: ['time', 'program', 'words'],
  },
  {
    family: 'iXML',
    make: () => wavWith(riffChunk('iXML', Buffer.from(`<BWFXML><PROJECT>${CANARY}</PROJECT></BWFXML>`))),
    shown: IN_PLAIN,
  },
  {
    family: 'axml',
    make: () => wavWith(riffChunk('axml', Buffer.from(`<a>${CANARY}</a>`))),
    shown: IN_PLAIN,
  },
  { family: 'ID3', make: () => wavWith(riffChunk('id3 ', ID3_FRAMES.artist())), shown: IN_PLAIN },
  {
    family: 'XMP (_PMX)',
    make: () => wavWith(riffChunk('_PMX', xmpPacket(CANARY))),
    shown: tagged('XMP-dc:Creator'),
  },
  {
    family: 'label of a mark',
    make: () => wavWith(list('adtl', 'labl', `\x01\0\0\0${CANARY}`)),
    shown: IN_PLAIN,
  },
  { family: 'filling (JUNK)', make: () => wavWith(riffChunk('JUNK', Buffer.from(CANARY))), shown: IN_PLAIN },
  {
    family: 'chunk of nobody',
    make: () => wavWith(riffChunk('priv', deflateSync(CANARY))),
    shown: { word: 'compressed text' },
  },
  { ...AT_END, make: () => behind(wav(), Buffer.from(CANARY)) },
]

/** Debian's ffmpeg cannot write AMR: these are the header and frames of 12.2 kbit/s (type 7) that sound like noise. */
function amr(frames = 50): Buffer {
  const parts: Uint8Array[] = [Buffer.from('#!AMR\n')]
  for (let i = 0; i < frames; i++)
    parts.push(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0x3c : (i * 37 + at * 101) & 255)))
  return Buffer.concat(parts)
}

/** The format has no place for anything but sound. */
export const AMR_ROWS: readonly Row[] = [
  { ...AT_END, make: () => Buffer.concat([amr(), Buffer.from(CANARY)]), onlyOpens: true },
  {
    family: 'in frames of no speech',
    make: () =>
      Buffer.concat([
        amr(),
        ...[...(CANARY.match(/.{1,4}/g) ?? [])].map((piece) =>
          Buffer.from(`\x44${piece.padEnd(5)}`, 'latin1'),
        ),
        amr(20).subarray(6),
      ]),
    shown: { sign: CANARY.slice(0, 4) },
    onlyOpens: true,
  },
]
