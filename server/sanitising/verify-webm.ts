import {
  LONG_VIDEO_SECONDS,
  LONG_VIDEO_SIDE,
  type SanitisingLimits,
  VIDEO_FRAMES_PER_SECOND,
  VIDEO_SIDE,
} from './limits.js'
import type { Look } from './verify.js'

/**
 * Looks at WebM (a profile of Matroska, RFC 9559, over EBML, RFC 8794) with one track of VP8 (RFC 6386), one of Opus
 * (RFC 7845), or both. Lists every element that may be there, where, and what it may say. There is no place for
 * attachments, chapters, subtitles, titles, dates or a name of a program with its version, nor in VP8 for anything but
 * pixels; a packet of Opus must be a single frame without padding.
 */
export function lookAtWebm(
  input: Uint8Array,
  wanted: 'sound' | 'video',
  limits: Pick<SanitisingLimits, 'maxSoundSeconds' | 'maxVideoSeconds'>,
): Look {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  const film: Film = { tracks: new Map(), track: null, cluster: 0, seconds: 0, last: 0, pictures: 0 }
  try {
    const end = readElements(bytes, 0, bytes.length, FILE, film)
    if (end !== bytes.length) throw new Finding('webm-end')
    return judge(film, wanted, wanted === 'video' ? limits.maxVideoSeconds : limits.maxSoundSeconds)
  } catch (error) {
    if (error instanceof Finding) return { kind: 'finding', what: error.message }
    return { kind: 'finding', what: 'webm-structure' }
  }
}

class Finding extends Error {}

interface Track {
  codec: string
  width: number
  height: number
  hasHead: boolean
}

interface Film {
  readonly tracks: Map<number, Track>
  track: Track | null
  /** time of the cluster that is being read, and of the last block, in milliseconds */
  cluster: number
  last: number
  /** what the file says itself */
  seconds: number
  pictures: number
}

/** What may stand in an element, or what its content must be: true when it is right. */
type Content = (content: Buffer, film: Film) => boolean
type Elements = ReadonlyMap<number, Element>
interface Element {
  readonly holds?: Elements
  readonly before?: (film: Film) => void
  readonly content?: Content
}

const SECOND_NS = 1_000_000_000
const MILLISECOND_NS = 1_000_000
/** How much longer than asked a file may be: the last packets of both tracks need not end together. */
const SLACK_SECONDS = 1
const OPUS_HEAD_BYTES = 19
const SOUND_HERTZ = 48_000

const number =
  (least: number, most: number, keep?: (film: Film, value: number) => void): Content =>
  (content, film) => {
    if (content.length < 1 || content.length > 8) return false
    const value = Number(content.length > 6 ? bigNumber(content) : content.readUIntBE(0, content.length))
    keep?.(film, value)
    return value >= least && value <= most
  }
const fraction =
  (least: number, most: number, keep?: (film: Film, value: number) => void): Content =>
  (content, film) => {
    if (content.length !== 4 && content.length !== 8) return false
    const value = content.length === 4 ? content.readFloatBE(0) : content.readDoubleBE(0)
    keep?.(film, value)
    return value >= least && value <= most
  }
const words =
  (allowed: RegExp): Content =>
  (content) =>
    allowed.test(content.toString('latin1'))
const zeros: Content = (content) => content.every((byte) => byte === 0)
const ofTrack =
  (keep: (track: Track, value: number) => void) =>
  (film: Film, value: number): void => {
    if (film.track) keep(film.track, value)
  }
const place = { content: number(0, Number.MAX_SAFE_INTEGER) }
function anyOf(...elements: readonly (readonly [id: number, element: Element])[]): Elements {
  return new Map(elements)
}
const one = { content: number(1, 1) }

const TRACK = anyOf(
  [
    0xd7, // TrackNumber
    {
      content: (content, film) => {
        const value = content[0] ?? 0
        if (content.length !== 1 || value > 2 || film.tracks.has(value) || !film.track) return false
        film.tracks.set(value, film.track)
        return true
      },
    },
  ],
  [0x73c5, { content: number(1, 2) }], // TrackUID, which other writers draw at random
  [0x9c, { content: number(0, 0) }], // FlagLacing
  [0x88, { content: number(0, 1) }], // FlagDefault
  [0x22b59c, { content: words(/^und$/) }], // Language
  [
    0x86, // CodecID
    {
      content: (content, film) => {
        if (film.track) film.track.codec = content.toString('latin1')
        return /^(V_VP8|A_OPUS)$/.test(content.toString('latin1'))
      },
    },
  ],
  [0x83, { content: number(1, 2) }], // TrackType
  [0x23e383, { content: number(1, SECOND_NS) }], // DefaultDuration
  [0x56aa, { content: number(0, SECOND_NS) }], // CodecDelay
  [0x56bb, { content: number(0, SECOND_NS) }], // SeekPreRoll
  [
    0xe0, // Video
    {
      holds: anyOf(
        [
          0xb0,
          {
            content: number(
              2,
              VIDEO_SIDE,
              ofTrack((track, width) => Object.assign(track, { width })),
            ),
          },
        ],
        [
          0xba,
          {
            content: number(
              2,
              VIDEO_SIDE,
              ofTrack((track, height) => Object.assign(track, { height })),
            ),
          },
        ],
        [0x9a, { content: number(0, 2) }], // FlagInterlaced
        [
          0x55b0, // Colour
          {
            holds: anyOf(
              [0x55b1, { content: number(0, 14) }], // MatrixCoefficients
              [0x55b7, { content: number(0, 2) }], // ChromaSitingHorz
              [0x55b8, { content: number(0, 2) }], // ChromaSitingVert
              [0x55b9, { content: number(0, 3) }], // Range
              [0x55ba, { content: number(0, 18) }], // TransferCharacteristics
              [0x55bb, { content: number(0, 22) }], // Primaries
            ),
          },
        ],
      ),
    },
  ],
  [
    0xe1, // Audio
    {
      holds: anyOf(
        [0x9f, { content: number(1, 1) }], // Channels
        [0xb5, { content: fraction(SOUND_HERTZ, SOUND_HERTZ) }], // SamplingFrequency
        [0x6264, { content: number(16, 32) }], // BitDepth
      ),
    },
  ],
  [
    0x63a2, // CodecPrivate
    {
      content: (content, film) => {
        if (film.track) film.track.hasHead = true
        return isOpusHead(content)
      },
    },
  ],
)

const INFO = anyOf(
  [0x2ad7b1, { content: number(MILLISECOND_NS, MILLISECOND_NS) }], // TimestampScale
  [0x4d80, { content: words(/^Lavf$/) }], // MuxingApp, without its version
  [0x5741, { content: words(/^Lavf$/) }], // WritingApp
  [
    0x4489, // Duration
    {
      content: fraction(0, Number.MAX_SAFE_INTEGER, (film, value) => {
        film.seconds = value / 1000
      }),
    },
  ],
)

const TAG = anyOf(
  [0x63c0, { holds: anyOf([0x63c5, { content: number(1, 2) }]) }], // Targets: TagTrackUID
  [
    0x67c8, // SimpleTag
    {
      holds: anyOf(
        [0x45a3, { content: words(/^(ENCODER|DURATION)$/) }],
        [0x4487, { content: words(/^(Lavc lib(vpx|opus)|\d\d:\d\d:\d\d\.\d{9}\0\0)$/) }],
      ),
    },
  ],
)

const CLUSTER = anyOf(
  [
    0xe7, // Timestamp
    {
      content: number(0, Number.MAX_SAFE_INTEGER, (film, value) => {
        film.cluster = value
      }),
    },
  ],
  [0xa3, { content: (block, film) => isBlock(block, film, [0x00, 0x80]) }], // SimpleBlock
  [
    0xa0, // BlockGroup
    {
      holds: anyOf(
        [0xa1, { content: (block, film) => isBlock(block, film, [0x00]) }], // Block
        [0x75a2, { content: number(0, SECOND_NS) }], // DiscardPadding
        [0x9b, { content: number(0, 1000) }], // BlockDuration
        [0xfb, { content: (content) => content.length <= 2 }], // ReferenceBlock
      ),
    },
  ],
)

const CUE = anyOf([0xb3, place], [0xb7, { holds: anyOf([0xf7, place], [0xf1, place], [0xf0, place]) }])
const SEEK = anyOf([0x53ab, { content: (id) => id.length <= 4 }], [0x53ac, place])

const SEGMENT = anyOf(
  [0xec, { content: zeros }], // Void
  [0x114d9b74, { holds: anyOf([0x4dbb, { holds: SEEK }]) }], // SeekHead
  [0x1549a966, { holds: INFO }],
  [
    0x1654ae6b, // Tracks
    {
      holds: anyOf([
        0xae, // TrackEntry
        {
          before: (film) => {
            film.track = { codec: '', width: 0, height: 0, hasHead: false }
          },
          holds: TRACK,
        },
      ]),
    },
  ],
  [0x1254c367, { holds: anyOf([0x7373, { holds: TAG }]) }], // Tags
  [0x1f43b675, { holds: CLUSTER }],
  [0x1c53bb6b, { holds: anyOf([0xbb, { holds: CUE }]) }], // Cues
)

const HEAD = anyOf(
  [0x4286, one], // EBMLVersion
  [0x42f7, one], // EBMLReadVersion
  [0x42f2, { content: number(4, 4) }], // EBMLMaxIDLength
  [0x42f3, { content: number(8, 8) }], // EBMLMaxSizeLength
  [0x4282, { content: words(/^webm$/) }], // DocType
  [0x4287, { content: number(1, 4) }], // DocTypeVersion
  [0x4285, { content: number(1, 4) }], // DocTypeReadVersion
)

const FILE = anyOf([0x1a45dfa3, { holds: HEAD }], [0x18538067, { holds: SEGMENT }])

/** Reads elements until `end` and gives the place where the last one ended. Throws a Finding at the first that may not be. */
function readElements(bytes: Buffer, start: number, end: number, allowed: Elements, film: Film): number {
  let at = start
  while (at < end) {
    const id = readNumber(bytes, at, 4, false)
    const size = readNumber(bytes, at + id.bytes, 8, true)
    const from = at + id.bytes + size.bytes
    const to = from + size.value
    const element = allowed.get(id.value)
    if (!element) throw new Finding('webm-element')
    if (to > end) throw new Finding('webm-end')
    element.before?.(film)
    if (element.holds) readElements(bytes, from, to, element.holds, film)
    else if (!element.content?.(bytes.subarray(from, to), film)) throw new Finding('webm-content')
    at = to
  }
  return at
}

/** A number of variable length; the marker of its length is kept in ids and taken out of sizes. Unknown sizes are none. */
function readNumber(
  bytes: Buffer,
  at: number,
  most: number,
  isSize: boolean,
): { value: number; bytes: number } {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  if (first === 0 || length > most || at + length > bytes.length) throw new Finding('webm-number')
  let value = isSize ? first & (0xff >> length) : first
  for (let index = 1; index < length; index++) value = value * 256 + (bytes[at + index] ?? 0)
  if (!Number.isSafeInteger(value)) throw new Finding('webm-number')
  return { value, bytes: length }
}

function bigNumber(content: Buffer): bigint {
  return content.length === 8
    ? content.readBigUInt64BE()
    : BigInt(content.readUIntBE(0, 6)) * 256n + BigInt(content[6] ?? 0)
}

/** One frame without lacing: track, time, flags, packet. */
function isBlock(block: Buffer, film: Film, flags: readonly number[]): boolean {
  if (block.length < 5) return false
  const track = film.tracks.get((block[0] ?? 0) - 0x80)
  const time = film.cluster + block.readInt16BE(1)
  const packet = block.subarray(4)
  if (!track || !flags.includes(block[3] ?? -1)) return false
  film.last = Math.max(film.last, time)
  return track.codec === 'A_OPUS' ? isOpusPacket(packet) : isVp8Frame(packet, track, film)
}

/** RFC 7845, section 5.1: mono, from 48 kHz, no gain, no mapping table. */
function isOpusHead(content: Buffer): boolean {
  return (
    content.length === OPUS_HEAD_BYTES &&
    content.toString('latin1', 0, 8) === 'OpusHead' &&
    content[8] === 1 &&
    content[9] === 1 &&
    content.readUInt32LE(12) === SOUND_HERTZ &&
    content.readUInt16LE(16) === 0 &&
    content[18] === 0
  )
}

/** RFC 6716, section 3.1: code 0 is a single frame that fills the packet; the third bit would be stereo. */
function isOpusPacket(packet: Buffer): boolean {
  return packet.length <= 1276 && ((packet[0] ?? 0) & 0b111) === 0
}

/** RFC 6386, section 9.1: a key frame tells its size, which must be the track's, not to be enlarged. */
function isVp8Frame(frame: Buffer, track: Track, film: Film): boolean {
  if (frame.length < 3) return false
  const tag = frame.readUIntLE(0, 3)
  const isKey = (tag & 1) === 0
  if (film.pictures++ === 0 && !isKey) return false
  if (tag >> 5 > frame.length) return false
  return !isKey || (frame.length >= 10 && frame.toString('hex', 3, 6) === '9d012a' && hasSize(frame, track))
}

function hasSize(frame: Buffer, { width, height }: Track): boolean {
  return frame.readUInt16LE(6) === width && frame.readUInt16LE(8) === height
}

function judge(film: Film, wanted: 'sound' | 'video', maxSeconds: number): Look {
  const tracks = [...film.tracks.values()]
  const pictures = tracks.filter(({ codec }) => codec === 'V_VP8')
  const sounds = tracks.filter(({ codec, hasHead }) => codec === 'A_OPUS' && hasHead)
  if (pictures.length !== (wanted === 'video' ? 1 : 0)) throw new Finding('webm-tracks')
  if (sounds.length > 1 || pictures.length + sounds.length !== tracks.length || tracks.length === 0)
    throw new Finding('webm-tracks')
  const seconds = film.last / 1000
  if (Math.max(seconds, film.seconds) > maxSeconds + SLACK_SECONDS) throw new Finding('too-long')
  if (Math.abs(film.seconds - seconds) > SLACK_SECONDS) throw new Finding('webm-duration')
  if (film.pictures > (seconds + SLACK_SECONDS) * VIDEO_FRAMES_PER_SECOND + 1)
    throw new Finding('webm-frames')
  const { width, height } = pictures[0] ?? { width: 0, height: 0 }
  const side = seconds > LONG_VIDEO_SECONDS + SLACK_SECONDS ? LONG_VIDEO_SIDE : VIDEO_SIDE
  if (Math.max(width, height) > side) throw new Finding('too-large-a-side')
  return { kind: 'clean', width, height, pages: 1, seconds: Math.round(film.seconds) }
}
