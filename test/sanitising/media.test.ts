// Sound and video made anew: every container and way of coding that people's telephones make, seen and heard again.
import t, { type Test } from 'tap'
import type { Codec, FileKind } from '../../server/report/file-kinds.js'
import { createSanitiser, type SanitisingLimits } from '../../server/sanitising/index.js'
import { CANARY, dirtyPng, findCanary, QUADRANTS, quadrantColours, readTags } from '../support/dirty-files.js'
import {
  type FilmOptions,
  frequencyOf,
  makeAmr,
  makeFilm,
  pictureOf,
  SAMPLES_PER_SECOND,
  samplesOf,
} from '../support/films.js'

const sanitiser = createSanitiser({ concurrency: 2 })
t.teardown(() => sanitiser.close())

const pngOfColours = await dirtyPng()
const NAMED = [
  '-metadata',
  `title=${CANARY}`,
  '-metadata',
  `artist=${CANARY}`,
  '-metadata',
  `comment=${CANARY}`,
]
const OF_TRACKS = ['-metadata:s', `handler_name=${CANARY}`, '-metadata:s', `title=${CANARY}`]
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
const TELLING = ['-metadata', 'location=+52.09+005.12/', '-metadata', 'creation_time=2026-02-03T04:05:06Z']
const SOUNDS: readonly (FilmOptions & { name: string })[] = [
  { name: 'MP3', ending: 'mp3', words: NAMED },
  { name: 'bare AAC', ending: 'aac', words: [] },
  { name: 'M4A', ending: 'm4a', words: [...NAMED, ...TELLING] },
  { name: 'Apple lossless', ending: 'm4a', words: ['-c:a', 'alac'] },
  { name: 'Ogg with Vorbis', ending: 'ogg', words: ['-c:a', 'libvorbis', ...NAMED] },
  { name: 'a voice message (Ogg with Opus)', ending: 'ogg', words: ['-c:a', 'libopus', ...NAMED] },
  { name: 'FLAC', ending: 'flac', words: NAMED },
  { name: 'WAV', ending: 'wav', words: NAMED },
  { name: 'sound in Matroska', ending: 'mka', words: NAMED },
]
const FILMS: readonly (FilmOptions & { name: string })[] = [
  { name: 'MP4', ending: 'mp4', words: [...H264, ...NAMED, ...TELLING, ...OF_TRACKS] },
  {
    name: 'MP4 with HEVC',
    ending: 'mp4',
    words: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'],
  },
  { name: 'MOV', ending: 'mov', words: [...H264, ...NAMED, ...TELLING] },
  { name: 'M4V', ending: 'm4v', words: [...H264, ...NAMED] },
  {
    name: 'WebM with VP9',
    ending: 'webm',
    words: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', ...NAMED],
  },
  { name: 'WebM with VP8', ending: 'webm', words: ['-c:v', 'libvpx', '-deadline', 'realtime', ...NAMED] },
  { name: 'MKV', ending: 'mkv', words: [...H264, ...NAMED, ...OF_TRACKS] },
  { name: '3GP', ending: '3gp', words: ['-c:v', 'mpeg4', '-c:a', 'aac', ...NAMED] },
  {
    name: 'MOV of an old camera',
    ending: 'mov',
    words: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-c:a', 'pcm_s16le'],
  },
]

for (const { name, ...options } of SOUNDS) {
  t.test(`${name} is heard again, and nothing of it is left`, async (t) => {
    const made = await sanitiser.sanitise(await makeFilm({ ...options, withPictures: false }))
    if (made.kind === 'refused') return t.fail(made.reason)
    t.match(made, { type: 'audio/webm', width: 0, height: 0, seconds: 2 })
    t.equal(made.preview.length, 0)
    isTone(t, made.bytes, 2)
    isClean(t, made.bytes)
  })
}

for (const { name, ...options } of FILMS) {
  t.test(`${name} is seen and heard again, and nothing of it is left`, async (t) => {
    const made = await sanitiser.sanitise(await makeFilm(options))
    if (made.kind === 'refused') return t.fail(made.reason)
    t.match(made, { type: 'video/webm', width: 160, height: 240, seconds: 2 })
    await isUpright(t, pictureOf(made.bytes, 1))
    await isUpright(t, made.preview)
    isTone(t, made.bytes, 2)
    isClean(t, made.bytes)
  })
}

t.test('AMR of an old telephone becomes sound of the same length', async (t) => {
  const made = await sanitiser.sanitise(makeAmr(3))
  t.match(made, { kind: 'stripped', type: 'audio/webm', seconds: 3 })
})

t.test('a film without sound and one whose sound is empty are taken', async (t) => {
  const silent = await sanitiser.sanitise(await makeFilm({ ending: 'mp4', words: H264, withSound: false }))
  t.match(silent, { kind: 'stripped', type: 'video/webm', seconds: 2 })
})

t.test('a film that was taken lying down stands upright', async (t) => {
  const lying = await makeFilm({ ending: 'mp4', words: [...H264, '-vf', 'transpose=cclock'] })
  const film = await makeFilm({ ending: 'mp4', words: H264 })
  t.not(Buffer.compare(lying, film), 0)
  const made = await sanitiser.sanitise(turned(lying))
  if (made.kind === 'refused') return t.fail(made.reason)
  t.match(made, { width: 160, height: 240 })
  await isUpright(t, pictureOf(made.bytes, 1))
})

t.test('a large film comes down to 1,280 pixels a side and 30 pictures a second', async (t) => {
  const film = await makeFilm({
    ending: 'mp4',
    words: [...H264, '-r', '60'],
    width: 1080,
    height: 1920,
    seconds: 1,
  })
  const made = await sanitiser.sanitise(film)
  if (made.kind === 'refused') return t.fail(made.reason)
  t.match(made, { width: 720, height: 1280, seconds: 1 })
})

t.test(
  'what lies beside sound and pictures is left behind: a cover, subtitles, a second track',
  async (t) => {
    const subtitles = `1\n00:00:00,000 --> 00:00:01,000\n${CANARY}\n`
    for (const [ending, words] of [
      ['mp3', ['-i', 'COVER', '-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v', 'attached_pic']],
      ['m4a', ['-i', 'COVER', '-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v', 'attached_pic']],
      ['mkv', ['-i', 'SUBTITLES', '-map', '0', '-map', '1', '-map', '1', '-c:s', 'srt']],
      ['mp4', ['-i', 'SUBTITLES', '-map', '0', '-map', '1', '-c:s', 'mov_text']],
    ] as const) {
      const beside = { COVER: pngOfColours, SUBTITLES: Buffer.from(subtitles) }
      const film = await makeFilm({ ending, words, withPictures: false, beside, seconds: 1 })
      const made = await sanitiser.sanitise(film)
      if (made.kind === 'refused') return t.fail(`${ending} ${made.reason}`)
      t.match(made, { type: 'audio/webm', seconds: 1 })
      t.ok(
        made.hidden.includes(words[1] === 'COVER' ? 'preview' : 'tracks'),
        `${ending} ${made.hidden.join()}`,
      )
      isClean(t, made.bytes)
    }
  },
)

t.test('what a film told is told to its reporter in words', async (t) => {
  const hiddenOf = async (words: readonly string[], ending: string) => {
    const made = await sanitiser.sanitise(await makeFilm({ ending, words: [...H264, ...words], seconds: 1 }))
    return made.kind === 'stripped' ? made.hidden : [made.reason]
  }
  t.same(await hiddenOf([...NAMED, ...TELLING], 'mp4'), ['place', 'time', 'author', 'program', 'words'])
  t.same(
    await hiddenOf(['-fflags', '+bitexact', '-flags', '+bitexact', '-metadata', 'make=Fairphone'], 'mkv'),
    ['device', 'program'],
  )
})

const REFUSED: readonly (readonly [
  string,
  Partial<SanitisingLimits>,
  readonly (FileKind | Codec)[],
  string,
])[] = [
  ['longer than allowed', { maxVideoSeconds: 1 }, [], 'too-long'],
  ['of too many pixels', { maxVideoPixels: 160 * 239 }, [], 'too-many-pixels'],
  ['larger than allowed', { maxVideoBytes: 1000, maxSoundBytes: 1000 }, [], 'too-large'],
  ['of a kind that is closed', {}, ['mp4'], 'closed-kind'],
  ['with pictures coded in a way that is closed', {}, ['h264'], 'closed-kind'],
  ['with sound coded in a way that is closed', {}, ['aac-sound'], 'closed-kind'],
  ['that takes too long to make anew', { mediaTimeoutMs: 150 }, [], 'took-too-long'],
  ['that becomes too large', { maxMediaOutputBytes: 5000 }, [], 'damaged'],
]
for (const [name, limits, closed, reason] of REFUSED) {
  t.test(`a film ${name} is refused`, async (t) => {
    const strict = createSanitiser(limits, closed)
    t.same(await strict.sanitise(await makeFilm({ ending: 'mp4', words: H264 })), { kind: 'refused', reason })
    await strict.close()
  })
}

t.test('sound may not be as large as a film, whatever it is packed in', async (t) => {
  const sound = await makeFilm({ ending: 'm4a', words: [], withPictures: false })
  const strict = createSanitiser({ maxSoundBytes: sound.length - 1 })
  t.same(await strict.sanitise(sound), { kind: 'refused', reason: 'too-large' })
  await strict.close()
})

t.test('a film that says it is shorter than it is, is found out by what comes of it', async (t) => {
  const film = Buffer.from(
    await makeFilm({ ending: 'webm', words: ['-c:v', 'libvpx', '-deadline', 'realtime'], seconds: 4 }),
  )
  const duration = film.indexOf(Buffer.from([0x44, 0x89, 0x88]))
  film.writeDoubleBE(500, duration + 3)
  const strict = createSanitiser({ maxVideoSeconds: 1 })
  t.same(await strict.sanitise(film), { kind: 'refused', reason: 'too-long' })
  await strict.close()
})

t.test('a film in a way of coding that nobody knows is refused kindly', async (t) => {
  const film = await makeFilm({ ending: 'mkv', words: ['-c:v', 'ffv1', '-an'], withSound: false, seconds: 1 })
  t.same(await sanitiser.sanitise(film), { kind: 'refused', reason: 'unknown-kind' })
})

t.test('a film cut short, or with its middle gone, is refused or made whole', async (t) => {
  const film = await makeFilm({ ending: 'mp4', words: H264 })
  t.same(await sanitiser.sanitise(film.subarray(0, film.length / 2)), { kind: 'refused', reason: 'damaged' })
  const torn = Buffer.from(await makeFilm({ ending: 'mkv', words: H264 }))
  torn.fill(0, Math.floor(torn.length / 3), Math.floor(torn.length / 2))
  t.match((await sanitiser.sanitise(torn)).kind, /stripped|refused/)
})

/** Says in the header of its track (ISO/IEC 14496-12, section 8.3.2) that it must be turned a quarter clockwise. */
function turned(film: Uint8Array): Uint8Array {
  const bytes = Buffer.from(film)
  const matrix = bytes.indexOf('tkhd') + 4 + 40
  for (const [i, value] of [0, 0x10000, 0, -0x10000, 0, 0].entries())
    bytes.writeInt32BE(value, matrix + i * 4)
  return bytes
}

async function isUpright(t: Test, picture: Uint8Array): Promise<void> {
  for (const [quadrant, colour] of (await quadrantColours(picture)).entries())
    for (const [channel, value] of colour.entries())
      t.ok(
        Math.abs(value - (QUADRANTS[quadrant]?.[channel] ?? 0)) < 24,
        `quarter ${quadrant} channel ${channel}`,
      )
}

function isTone(t: Test, file: Uint8Array, seconds: number): void {
  const samples = samplesOf(file)
  t.ok(Math.abs(samples.length / SAMPLES_PER_SECOND - seconds) < 0.15, `${samples.length} samples`)
  t.ok(Math.abs(frequencyOf(samples) - 440) < 4, 'the tone is the same')
}

/** What every file of this kind has: numbers of its structure, sizes, times. */
const STRUCTURE = [
  /^(SourceFile|ExifTool:ExifToolVersion|System:\w+|File:(FileType|FileTypeExtension|MIMEType)|Composite:(ImageSize|Megapixels))$/,
  /^Matroska:(EBML\w+|DocType\w*|Seek(ID|Position)|TimecodeScale|TagTrackUID|Encoder|(Muxing|Writing)App|Duration|Cue\w+)$/,
  /^Matroska:Matroska_0x0070$/,
  /^Track\d:(Track(Number|UID|Lacing|Language|Default|Type)|CodecID|CodecPrivate|Video\w+|Image\w+|Audio\w+)$/,
  /^Track\d:Matroska_0x(15b0|16aa|16bb)$/,
]

function isClean(t: Test, file: Uint8Array): void {
  t.same(findCanary(file, CANARY), [])
  const tags = readTags(file)
  t.same(
    [...tags.keys()].filter((tag) => !STRUCTURE.some((known) => known.test(tag))),
    [],
    'an independent reader finds nothing that identifies',
  )
  for (const app of ['MuxingApp', 'WritingApp']) t.equal(tags.get(`Matroska:${app}`), 'Lavf')
  t.match(tags.get('Matroska:Encoder'), /^Lavc lib(vpx|opus)$/)
}
