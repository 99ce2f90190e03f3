// What to make of a file of sound or video, from what ffprobe tells of it. What it tells comes from the stranger's file,
// so nothing of it goes further than numbers and words of our own.
import * as z from 'zod'
import type { Codec } from '../report/file-kinds.js'
import { HIDDEN_DATA, type HiddenData } from '../report/hidden-data.js'
import { type Refusal, refuse } from './frame.js'
import type { SanitisingLimits } from './limits.js'

/** The decoders of ffmpeg for each codec. */
const DECODERS: Readonly<Record<Codec, readonly string[]>> = {
  h264: ['h264'],
  hevc: ['hevc'],
  vp8: ['vp8'],
  vp9: ['vp9'],
  av1: ['libdav1d', 'av1'],
  mpeg4: ['mpeg4'],
  h263: ['h263'],
  mjpeg: ['mjpeg'],
  'aac-sound': ['aac'],
  'mp3-sound': ['mp3float', 'mp3'],
  opus: ['opus', 'libopus'],
  vorbis: ['vorbis'],
  'flac-sound': ['flac'],
  'amr-sound': ['amrnb', 'amrwb'],
  alac: ['alac'],
  pcm: [
    ...['pcm_s16le', 'pcm_s16be', 'pcm_u8', 'pcm_s8', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be'],
    ...['pcm_f32le', 'pcm_f32be', 'pcm_mulaw', 'pcm_alaw'],
  ],
}
/** The decoders that may be called. */
export function decodersBut(closed: readonly Codec[]): string[] {
  return (Object.keys(DECODERS) as Codec[]).flatMap((codec) =>
    closed.includes(codec) ? [] : DECODERS[codec],
  )
}

/** Why a file is refused that ffprobe could not open, from its complaints. */
export function refusalOfCodec(complaints: string, closed: readonly Codec[]): Refusal {
  const decoder = /Codec \((\w+)\) not on whitelist/.exec(complaints)?.[1]
  if (decoder === undefined) return refuse('damaged')
  return refuse(closed.some((codec) => DECODERS[codec].includes(decoder)) ? 'closed-kind' : 'unknown-kind')
}

/** Where ffmpeg's name of a codec is not the name of its decoder. */
const NAMES: Readonly<Record<string, Codec>> = {
  mp3: 'mp3-sound',
  aac: 'aac-sound',
  flac: 'flac-sound',
  amr_nb: 'amr-sound',
  amr_wb: 'amr-sound',
}

/** Names of fields as the containers have them and ffmpeg passes them on. */
const FIELDS: readonly (readonly [RegExp, HiddenData])[] = [
  [/location|gps|geo|xyz|place|city|country/, 'place'],
  [/make|model|device|camera|lens|serial|com\.android|quicktime\.software|hardware/, 'device'],
  [/time|date|year|recorded/, 'time'],
  [/artist|author|composer|performer|owner|copyright|publisher|originator|director|engineer/, 'author'],
  [/encode[rd]|software|tool|handler|vendor/, 'program'],
  [/title|comment|description|lyrics|keywords|album|synopsis|genre|subject|name|note/, 'words'],
]
/** What every file has that was ever written, by the rules of its format. */
const OF_FORMAT =
  /^(major_brand|minor_version|compatible_brands|duration|language|_statistics.*|number_of_.*|bps)/

const fields = z.record(z.string(), z.unknown()).optional()
const toldSchema = z.object({
  format: z.object({ duration: z.coerce.number().optional(), tags: fields }).optional(),
  chapters: z.array(z.unknown()).optional(),
  streams: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      tags: fields,
    }),
  ),
})
type Stream = z.infer<typeof toldSchema>['streams'][number]

export interface Plan {
  readonly kind: 'plan'
  /** the number of the first track of each, or null */
  readonly video: number | null
  readonly sound: number | null
  /** as the file says, or null when it does not */
  readonly seconds: number | null
  readonly hidden: readonly HiddenData[]
}

/** Reads what ffprobe said. Refuses what is too long or too large, has no track, or one that may not be read. */
export function planOf(
  told: string,
  bytes: number,
  limits: SanitisingLimits,
  closed: readonly Codec[],
): Plan | Refusal {
  const parsed = toldSchema.safeParse(parseJson(told))
  if (!parsed.success) return refuse('damaged')
  const { format, chapters, streams } = parsed.data
  const isCover = ({ disposition }: Stream): boolean => disposition?.attached_pic === 1
  const video = streams.find((stream) => stream.codec_type === 'video' && !isCover(stream))
  const sound = streams.find(({ codec_type }) => codec_type === 'audio')
  if (!video && !sound) return refuse('damaged')
  for (const stream of [video, sound]) {
    const codec = stream && codecOf(stream)
    if (codec === null) return refuse('unknown-kind')
    if (codec && closed.includes(codec)) return refuse('closed-kind')
  }
  const seconds = format?.duration ?? null
  if (seconds !== null && seconds > (video ? limits.maxVideoSeconds : limits.maxSoundSeconds))
    return refuse('too-long')
  if (!video && bytes > limits.maxSoundBytes) return refuse('too-large')
  if (video && (video.width ?? 0) * (video.height ?? 0) > limits.maxVideoPixels)
    return refuse('too-many-pixels')
  const hidden = new Set<HiddenData>()
  for (const tags of [format?.tags, ...streams.map((stream) => stream.tags)]) addFields(hidden, tags)
  if (streams.some(isCover)) hidden.add('preview')
  const others = streams.filter((stream) => stream !== video && stream !== sound && !isCover(stream))
  if (others.length > 0 || (chapters?.length ?? 0) > 0) hidden.add('tracks')
  return {
    kind: 'plan',
    video: video?.index ?? null,
    sound: sound?.index ?? null,
    seconds,
    hidden: HIDDEN_DATA.filter((kind) => hidden.has(kind)),
  }
}

function codecOf({ codec_name: name = '' }: Stream): Codec | null {
  const codec = NAMES[name] ?? (name.startsWith('pcm_') ? 'pcm' : name)
  return (Object.keys(DECODERS) as Codec[]).find((known) => known === codec) ?? null
}

function addFields(hidden: Set<HiddenData>, tags: Readonly<Record<string, unknown>> | undefined): void {
  for (const name of Object.keys(tags ?? {}).map((key) => key.toLowerCase())) {
    if (OF_FORMAT.test(name)) continue
    // A field that nobody knows is told as words: it was something.
    hidden.add(FIELDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'words')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
