// MP4 stands for M4A, MOV and 3GP too. Not in the table: H.264 made by a telephone with texts in its own stream beyond
// the encoder's (SEI), and the blocks of GPS that cameras of cars hide in `free`: `free` itself is there.
import { box, c2paStore, uint32, xmpPacket } from '../dirty-metadata.js'
import { CANARY, jpegWith, segment } from '../dirty-pictures.js'
import { film, sound } from './ffmpeg.js'
import { itemList, mobilePlace, mobileText, quickTimeText, withBox } from './mp4-boxes.js'
import { lying } from './picture.js'
import { IN_PLAIN, type Row, tagged } from './row.js'

const XMP_BOX = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex')
const CANON_BOX = Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex')
const C2PA_BOX = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')
const UDTA = ['moov', 'udta']
const TIME = '2026-02-03T04:05:06Z'
const SUBTITLES = `1\n00:00:00,000 --> 00:00:00,350\n${CANARY}\n`
const CHAPTERS = `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=350\ntitle=${CANARY}\n`
const TRACKS = ['-map', '0:v', '-map', '1:a']

const mp4 = (...words: string[]) => film({ ending: 'mp4', words })
const mov = (...words: string[]) => film({ ending: 'mov', words })
const threeGp = () => film({ ending: '3gp' })
const m4a = () => sound({ ending: 'm4a' })

async function smallPicture(): Promise<Buffer> {
  const small = await (await lying()).resize(30, 40).jpeg().toBuffer()
  return Buffer.from(jpegWith([segment(0xfe, CANARY)], small))
}

/** The first place of `old` overwritten. */
function overwritten(bytes: Buffer, old: string, by: string): Buffer {
  const at = bytes.indexOf(old, 0, 'latin1')
  if (at < 0) throw new Error(`no ${old}`)
  const changed = Buffer.from(bytes)
  changed.write(by, at, 'latin1')
  return changed
}

/** A film that lies on its side, with what a telephone writes so that players turn it: a matrix of the track. */
async function turned(): Promise<Buffer> {
  const file = Buffer.from(await film({ ending: 'mov', turned: 6 }))
  const one = 0x10000
  const plain = Buffer.concat([one, 0, 0, 0, one, 0, 0, 0, 0x40000000].map(uint32))
  const quarter = Buffer.concat([0, one, 0, -one, 0, 0, 120 * one, 0, 0x40000000].map(uint32))
  quarter.copy(file, file.indexOf(plain, file.indexOf('tkhd')))
  return file
}

/** A track of text, changed into one of measurements: other names of its format, and what a GoPro writes as its sample. */
async function telemetry(): Promise<Buffer> {
  const name = Buffer.from(CANARY)
  const device = Buffer.concat([Buffer.from('DVNMc\x01\0'), Uint8Array.of(name.length), name])
  const sample = Buffer.concat([Buffer.from('DEVC\0\x01\0'), Uint8Array.of(device.length), device])
  const words = 'x'.repeat(sample.length - 2)
  const subtitles = SUBTITLES.replace(CANARY, words)
  const file = await film({
    ending: 'mp4',
    input: 's.srt',
    words: [...TRACKS, '-map', '2:s', '-c:s', 'mov_text'],
    files: { 's.srt': subtitles },
  })
  const at = file.indexOf(words) - 2
  const changed = Buffer.from(file)
  sample.copy(changed, at)
  return overwritten(overwritten(changed, 'tx3g', 'gpmd'), 'sbtl', 'meta')
}

export const MP4_ROWS: readonly Row[] = [
  {
    family: 'place (©xyz)',
    make: async () => withBox(await mp4(), UDTA, quickTimeText('\xa9xyz', '+52.3700+004.8900/')),
    shown: tagged('UserData:GPSCoordinates', /52/),
    told: ['place'],
  },
  {
    family: 'name (©nam)',
    make: async () => withBox(await mp4(), UDTA, quickTimeText('\xa9nam', CANARY)),
    shown: tagged('UserData:Title'),
    told: ['words'],
  },
  {
    family: 'maker and model (udta)',
    make: async () => withBox(await mov(), UDTA, quickTimeText('\xa9mod', CANARY)),
    shown: tagged('UserData:Model'),
    told: ['device'],
  },
  {
    family: 'list of iTunes',
    make: async () =>
      withBox(
        await mp4(),
        UDTA,
        itemList({ '\xa9ART': [1, Buffer.from(CANARY)], '\xa9day': [1, Buffer.from(TIME)] }),
      ),
    shown: tagged('ItemList:Artist'),
    told: ['author', 'time'],
  },
  {
    family: 'M4A: name and cover',
    make: async () =>
      withBox(
        await m4a(),
        UDTA,
        itemList({ '\xa9nam': [1, Buffer.from(CANARY)], covr: [13, await smallPicture()] }),
      ),
    shown: tagged('ItemList:Title'),
    told: ['words', 'preview'],
  },
  {
    family: 'MOV: keys of Apple',
    make: () =>
      mov(
        ...['-movflags', 'use_metadata_tags', '-metadata', `com.apple.quicktime.model=${CANARY}`],
        ...['-metadata', 'com.apple.quicktime.location.ISO6709=+52.3700+004.8900+002.000/'],
        ...['-metadata', `com.apple.quicktime.creationdate=${TIME}`],
      ),
    shown: tagged('Keys:Model'),
    told: ['place', 'device', 'time'],
  },
  {
    family: 'times of making',
    make: () => mp4('-metadata', `creation_time=${TIME}`),
    shown: tagged('QuickTime:CreateDate', /2026:02:03 04:05:06/),
    told: ['time'],
  },
  {
    family: 'names of handlers',
    make: () => mp4('-metadata:s:v', `handler_name=${CANARY}`),
    shown: tagged('Track1:HandlerDescription'),
    told: ['program'],
  },
  { family: 'turned', make: turned, shown: tagged('Composite:Rotation', /^90$/) },
  {
    family: 'uuid box with XMP',
    make: async () => withBox(await mp4(), [], box('uuid', XMP_BOX, xmpPacket(CANARY))),
    shown: tagged('XMP-dc:Creator'),
  },
  {
    family: 'uuid box of a maker',
    make: async () => withBox(await mp4(), ['moov'], box('uuid', CANON_BOX, Buffer.from(CANARY))),
    shown: IN_PLAIN,
  },
  {
    family: 'C2PA',
    make: async () =>
      withBox(
        await mp4(),
        [],
        box('uuid', C2PA_BOX, uint32(0), Buffer.from('manifest\0'), Buffer.alloc(8), c2paStore(CANARY)),
      ),
    shown: IN_PLAIN,
  },
  { family: 'telemetry (gpmd)', make: telemetry, shown: tagged('Track3:DeviceName'), told: ['tracks'] },
  {
    family: 'timed text (tx3g)',
    make: () =>
      film({
        ending: 'mp4',
        input: 's.srt',
        words: [...TRACKS, '-map', '2:s', '-c:s', 'mov_text'],
        files: { 's.srt': SUBTITLES },
      }),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'chapters',
    make: () =>
      film({
        ending: 'mp4',
        input: 'c.txt',
        words: [...TRACKS, '-map_chapters', '2'],
        files: { 'c.txt': CHAPTERS },
      }),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'time code (tmcd)',
    make: () => mov('-timecode', '01:02:03:04', '-metadata:s:v', `reel_name=${CANARY}`),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'second sound track',
    make: () => mp4(...TRACKS, '-map', '1:a', '-metadata:s:a:1', `handler_name=${CANARY}`),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'second picture track',
    make: () => mp4(...TRACKS, '-map', '0:v', '-metadata:s:v:1', `handler_name=${CANARY}`),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'settings of the encoder (x264)',
    make: async () => overwritten(await mp4(), 'x264 - core 164 r3095', CANARY.slice(0, 20)),
    shown: IN_PLAIN,
  },
  {
    family: 'name of the program',
    make: async () =>
      overwritten(await film({ ending: 'mp4', asItIs: true }), 'Lavf59.27.100', CANARY.slice(0, 13)),
    shown: { sign: CANARY.slice(0, 13) },
    told: ['program'],
  },
  {
    family: '3GP: place (loci)',
    make: async () => withBox(await threeGp(), UDTA, mobilePlace(CANARY)),
    shown: tagged('UserData:LocationInformation'),
    told: ['place'],
  },
  {
    family: '3GP: author',
    make: async () => withBox(await threeGp(), UDTA, mobileText('auth', CANARY)),
    shown: tagged('UserData:Author'),
  },
  {
    family: 'small picture (thmb)',
    make: async () => withBox(await mp4(), UDTA, box('thmb', await smallPicture())),
    shown: IN_PLAIN,
  },
  {
    family: 'free space',
    make: async () => withBox(await mp4(), [], box('free', Buffer.from(CANARY))),
    shown: IN_PLAIN,
  },
  {
    family: 'samples of no track',
    make: async () => withBox(await mp4(), [], box('mdat', Buffer.from(CANARY))),
    shown: IN_PLAIN,
  },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await mp4(), Buffer.from(`\0\0\0\x1cpriv${CANARY}`)]),
    shown: IN_PLAIN,
  },
]

const mkv = (...words: string[]) => film({ ending: 'mkv', words })
const webm = (...words: string[]) => film({ ending: 'webm', words })

/** The room that Matroska leaves for its index, filled. */
async function filledVoid(): Promise<Buffer> {
  const file = Buffer.from(await mkv('-reserve_index_space', '300'))
  // A Void of two length bytes that is long enough; what the index did not take of the room.
  const at =
    file.indexOf(Buffer.from([0xec, 0x40])) >= 0
      ? file.indexOf(Buffer.from([0xec, 0x40]))
      : file.indexOf(0xec)
  file.write(CANARY, at + 12)
  return file
}

export const WEBM_ROWS: readonly Row[] = [
  {
    family: 'title',
    make: () => webm('-metadata', `title=${CANARY}`),
    shown: tagged('Matroska:Title'),
    told: ['words'],
  },
  {
    family: 'tags',
    make: () => webm('-metadata', `artist=${CANARY}`, '-metadata', 'location=+52.3700+004.8900/'),
    shown: IN_PLAIN,
    told: ['author', 'place'],
  },
  {
    family: 'time of making (DateUTC)',
    make: () => mkv('-metadata', `creation_time=${TIME}`),
    shown: tagged('Matroska:DateTimeOriginal', /2026:02:03 04:05:06/),
    told: ['time'],
  },
  {
    family: 'number of the file (SegmentUID)',
    make: () => film({ ending: 'mkv', asItIs: true }),
    shown: { sign: '\x73\xa4\x90' },
  },
  {
    family: 'names of programs',
    make: () => film({ ending: 'mkv', asItIs: true }),
    shown: { sign: 'Lavf59.27.100' },
    told: ['program'],
  },
  {
    family: 'name of a track',
    make: () => mkv('-metadata:s:v', `title=${CANARY}`),
    shown: IN_PLAIN,
    told: ['words'],
  },
  {
    family: 'attachment',
    make: () =>
      film({
        ending: 'mkv',
        words: [
          '-attach',
          '%a.txt',
          '-metadata:s:t',
          'mimetype=text/plain',
          '-metadata:s:t',
          `filename=${CANARY}.txt`,
        ],
        files: { 'a.txt': CANARY },
      }),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'cover',
    make: async () =>
      film({
        ending: 'mkv',
        words: [
          '-attach',
          '%cover.jpg',
          '-metadata:s:t',
          'mimetype=image/jpeg',
          '-metadata:s:t',
          'filename=cover.jpg',
        ],
        files: { 'cover.jpg': await smallPicture() },
      }),
    shown: IN_PLAIN,
    told: ['preview'],
  },
  {
    family: 'chapters',
    make: () =>
      film({
        ending: 'mkv',
        input: 'c.txt',
        words: [...TRACKS, '-map_chapters', '2'],
        files: { 'c.txt': CHAPTERS },
      }),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'subtitles',
    make: () =>
      film({
        ending: 'webm',
        input: 's.srt',
        words: [...TRACKS, '-map', '2:s', '-c:s', 'webvtt'],
        files: { 's.srt': SUBTITLES },
      }),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  {
    family: 'second sound track',
    make: () => webm(...TRACKS, '-map', '1:a', '-metadata:s:a:1', `title=${CANARY}`),
    shown: IN_PLAIN,
    told: ['tracks'],
  },
  { family: 'empty room (Void)', make: filledVoid, shown: IN_PLAIN },
  {
    family: 'after the end',
    make: async () => Buffer.concat([await webm(), Buffer.from(CANARY)]),
    shown: IN_PLAIN,
  },
]
