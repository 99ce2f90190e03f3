/**
 * Sound and video, through ffmpeg. One process reads the stranger's file and gives bare samples and pixels; another one,
 * that never sees the file, makes a new one of them. Nothing else stands between them, so nothing else can travel.
 */
import type { ChildProcess, StdioOptions } from 'node:child_process'
import type { FileHandle } from 'node:fs/promises'
import type { Codec, MediaKind } from '../report/file-kinds.js'
import { type Made, type Refusal, refuse } from './frame.js'
import { shutIn } from './isolation.js'
import {
  LONG_VIDEO_SECONDS,
  LONG_VIDEO_SIDE,
  PREVIEW_SIDE,
  type SanitisingLimits,
  VIDEO_FRAMES_PER_SECOND,
  VIDEO_SIDE,
} from './limits.js'
import { decodersBut, type Plan, planOf, refusalOfCodec } from './media-plan.js'
import { makeMemoryFile, memoryFolderBytes } from './memory-file.js'
import { type Run, startProcess } from './run-process.js'
import { MOST_PREVIEW_BYTES } from './run-worker.js'

export type MadeMedia = Made & { readonly type: 'audio/webm' | 'video/webm' }

/** The reader of each container, so that a file cannot choose one. */
const READERS: Readonly<Record<MediaKind, string>> = {
  mp3: 'mp3',
  aac: 'aac',
  ogg: 'ogg',
  flac: 'flac',
  wav: 'wav',
  amr: 'amr',
  mp4: 'mov',
  webm: 'matroska',
}

const INPUT_FD = 3
const OUTPUT_FD = 4
const SOUND_FD = 5
const ofFd = (fd: number): string => `file:/dev/fd/${fd}`
/** What may lie in a file beside its sound and pictures, so that ffprobe does not stumble over it; never made anew. */
const BESIDE = ['png', 'mjpeg', 'bmp', 'mov_text', 'subrip', 'srt', 'text', 'ass', 'ssa', 'webvtt']
const MOST_PROBE_BYTES = 4 * 1024 * 1024
const PROBE_MS = 15_000
const SAMPLES_PER_SECOND = 48_000
const SAMPLE_BYTES = 2
/** What one process lets the other read ahead needs no disk and little memory. */
const SOUND_BITS_PER_SECOND = 48_000
const VIDEO_BITS_PER_SECOND = 1_800_000
/** How the encoder weighs time against size: with this it takes half to three quarters of the clip's length. */
const VIDEO_ENCODER = [
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-crf',
  '20',
  '-auto-alt-ref',
  '0',
  '-g',
  '150',
]
const KEEP_NOTHING = ['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', '-fflags', '+bitexact']
const QUIET = ['-hide_banner', '-v', 'error']
const FFMPEG = ['ffmpeg', ...QUIET, '-nostdin', '-y', '-nostats', '-threads', '2', '-filter_threads', '2']

/** What is being made anew, for whoever must stop it. */
export interface MediaWork {
  readonly running: Set<{ stop(): void }>
  readonly isStopped: () => boolean
}

/**
 * Makes sound or a video anew as WebM: the first track of each, at most `VIDEO_SIDE` pixels a side and
 * `VIDEO_FRAMES_PER_SECOND`, sound in mono. `original` is a file in memory. Refuses what is too long, too large, of a
 * codec that is unknown or closed, or damaged. Rejects when the machine has no memory folder or no process to give.
 */
export async function recreateMedia(
  original: { readonly kind: MediaKind; readonly file: FileHandle; readonly bytes: number },
  limits: SanitisingLimits,
  closed: readonly Codec[],
  work: MediaWork,
): Promise<MadeMedia | Refusal> {
  const until = performance.now() + limits.mediaTimeoutMs
  const decoders = decodersBut(closed)
  const input = ['-max_pixels', String(limits.maxVideoPixels), ...readerOf(original.kind, decoders)]
  const start = (words: readonly string[], stdio: StdioOptions, fileBytes: number) =>
    startShutIn(words, stdio, fileBytes, limits, until, work)

  const told = await probe(readerOf(original.kind, [...decoders, ...BESIDE]), original.file, closed, start)
  if ('kind' in told) return told
  const plan = planOf(told.text, original.bytes, limits, closed)
  if (plan.kind === 'refused') return plan

  const output = await makeMemoryFile()
  const sound = await makeMemoryFile()
  try {
    const context = { plan, input, original: original.file, output, sound, limits, start }
    const preview = plan.video !== null ? await makeVideo(context) : await makeSound(context)
    if ('kind' in preview) return preview
    const { size } = await output.stat()
    if (size > limits.maxMediaOutputBytes) return refuse('too-large')
    const bytes = new Uint8Array(size)
    await output.read(bytes, 0, size, 0)
    return {
      kind: 'made',
      type: plan.video !== null ? 'video/webm' : 'audio/webm',
      bytes,
      preview: preview.bytes,
      hidden: plan.hidden,
    }
  } finally {
    await Promise.all([output.close(), sound.close()])
  }
}

export interface MediaMeans {
  /** whether ffmpeg and ffprobe are there, with the encoders that are needed */
  readonly programs: boolean
  /** size of the memory that files without a name can be made in, in bytes; 0 when there is none */
  readonly memoryBytes: number
}

let found: Promise<boolean> | undefined

/** Whether sound and video can be made anew here. A "no" is not remembered: somebody may install ffmpeg meanwhile. */
export async function canRecreateMedia(): Promise<boolean> {
  found ??= describeMedia().then(({ programs, memoryBytes }) => programs && memoryBytes > 0)
  const can = await found
  if (!can) found = undefined
  return can
}

/** What this machine has for making sound and video anew, for `baken doctor`. */
export async function describeMedia(): Promise<MediaMeans> {
  const programs =
    (await canRun('ffprobe', ['-version'], /^ffprobe/)) && (await canRun('ffmpeg', ENCODERS, NEEDED))
  return { programs, memoryBytes: await memoryFolderBytes() }
}

const ENCODERS = ['-v', 'error', '-encoders']
const NEEDED = / libvpx .* libopus /s

async function canRun(program: string, words: readonly string[], wanted: RegExp): Promise<boolean> {
  const limits = { cpuSeconds: 10, maxMemoryBytes: 512 * 1024 * 1024, timeoutMs: 10_000 }
  const run = startProcess(await shutIn([program, ...words], limits, 0), ['ignore', 'pipe', 'ignore'], limits)
  const output = await collect(run.child.stdout, 1024 * 1024, run)
  const ended = await run.ended
  return ended.kind === 'ended' && ended.code === 0 && wanted.test(output.toString('latin1'))
}

interface Context {
  readonly plan: Plan
  readonly input: readonly string[]
  readonly original: FileHandle
  readonly output: FileHandle
  readonly sound: FileHandle
  readonly limits: SanitisingLimits
  readonly start: (words: readonly string[], stdio: StdioOptions, fileBytes: number) => Promise<Run>
}
type Preview = { readonly bytes: Uint8Array } | Refusal

/** How either program opens the stranger's file: this container, these decoders, and no other file or address. */
function readerOf(kind: MediaKind, decoders: readonly string[]): string[] {
  const lists = ['-protocol_whitelist', 'file', '-codec_whitelist', decoders.join(',')]
  return [...lists, '-f', READERS[kind], '-i', ofFd(INPUT_FD)]
}

async function startShutIn(
  words: readonly string[],
  stdio: StdioOptions,
  fileBytes: number,
  limits: SanitisingLimits,
  until: number,
  { running, isStopped }: MediaWork,
): Promise<Run> {
  const command = await shutIn(words, { ...limits, cpuSeconds: limits.mediaCpuSeconds }, fileBytes)
  const run = startProcess(command, stdio, {
    timeoutMs: Math.max(1, until - performance.now()),
    maxMemoryBytes: limits.maxMemoryBytes,
  })
  if (isStopped()) run.stop()
  running.add(run)
  run.ended.then(() => running.delete(run))
  return run
}

async function probe(
  input: readonly string[],
  file: FileHandle,
  closed: readonly Codec[],
  start: Context['start'],
): Promise<{ text: string } | Refusal> {
  const entries = [
    'format=duration:format_tags:chapter=id:chapter_tags',
    'stream=index,codec_type,codec_name,width,height:stream_tags:stream_disposition=attached_pic',
  ].join(':')
  const words = ['ffprobe', ...QUIET, '-print_format', 'json', '-show_entries', entries]
  const run = await start([...words, ...input], ['ignore', 'pipe', 'pipe', file.fd], 0)
  const slow = setTimeout(() => run.stop(), PROBE_MS)
  const [output, complaints] = await Promise.all([
    collect(run.child.stdout, MOST_PROBE_BYTES, run),
    collect(run.child.stderr, MOST_PROBE_BYTES, run),
  ])
  const ended = await run.ended
  clearTimeout(slow)
  if (ended.kind === 'refused') return ended
  if (ended.code !== 0) return refusalOfCodec(complaints.toString('latin1'), closed)
  return { text: output.toString('utf8') }
}

async function makeSound({ input, original, output, limits, plan, start }: Context): Promise<Preview> {
  const writer = await start(
    [
      ...FFMPEG,
      ...['-f', 's16le', '-ar', String(SAMPLES_PER_SECOND), '-ac', '1', '-i', 'pipe:0', '-map', '0:a:0'],
      ...soundEncoder(),
      ...[...KEEP_NOTHING, '-f', 'webm', ofFd(OUTPUT_FD)],
    ],
    ['pipe', 'ignore', 'ignore', 'ignore', output.fd],
    limits.maxMediaOutputBytes,
  )
  const reader = await start(
    [...FFMPEG, ...input, ...soundReader(plan.sound ?? 0, limits.maxSoundSeconds), 'pipe:1'],
    ['ignore', writer.child.stdin, 'ignore', original.fd],
    0,
  )
  const outcome = await bothEnd(reader, writer)
  return outcome ?? { bytes: new Uint8Array() }
}

async function makeVideo({ input, original, output, sound, limits, plan, start }: Context): Promise<Preview> {
  const seconds = limits.maxVideoSeconds
  let hasSound = false
  if (plan.sound !== null) {
    const bytes = (seconds + 2) * SAMPLES_PER_SECOND * SAMPLE_BYTES
    const run = await start(
      [...FFMPEG, ...input, ...soundReader(plan.sound, seconds), ofFd(OUTPUT_FD)],
      ['ignore', 'ignore', 'ignore', original.fd, sound.fd],
      bytes,
    )
    const ended = await run.ended
    if (ended.kind === 'refused') return ended
    if (ended.code !== 0) return refuse('damaged')
    hasSound = (await sound.stat()).size > 0
  }
  const side = (plan.seconds ?? seconds) > LONG_VIDEO_SECONDS ? LONG_VIDEO_SIDE : VIDEO_SIDE
  const writer = await start(
    [
      ...[...FFMPEG, '-f', 'yuv4mpegpipe', '-i', 'pipe:0'],
      ...(hasSound
        ? [
            ...['-f', 's16le', '-ar', String(SAMPLES_PER_SECOND), '-ac', '1', '-i', ofFd(SOUND_FD)],
            ...['-map', '0:v:0', '-map', '1:a:0', ...soundEncoder()],
          ]
        : ['-map', '0:v:0']),
      ...[...KEEP_NOTHING, '-flags:v', '+bitexact', '-c:v', 'libvpx', '-b:v', String(VIDEO_BITS_PER_SECOND)],
      ...[...VIDEO_ENCODER, '-f', 'webm', ofFd(OUTPUT_FD)],
      // The small picture: the first of the new ones.
      ...[
        '-map',
        '0:v:0',
        '-frames:v',
        '1',
        '-vf',
        `${within(PREVIEW_SIDE)},scale=out_range=full,format=yuvj420p,setsar=0`,
      ],
      ...[
        ...KEEP_NOTHING,
        '-flags:v',
        '+bitexact',
        '-c:v',
        'mjpeg',
        '-q:v',
        '6',
        '-f',
        'image2pipe',
        'pipe:1',
      ],
    ],
    ['pipe', 'pipe', 'ignore', 'ignore', output.fd, sound.fd],
    limits.maxMediaOutputBytes,
  )
  const preview = collect(writer.child.stdout, MOST_PREVIEW_BYTES, writer)
  const reader = await start(
    [
      ...[...FFMPEG, ...input, '-map', `0:${plan.video}`, ...KEEP_NOTHING, '-t', String(seconds + 1)],
      // Upright, because ffmpeg turns pictures as the file asks before they come here; square pixels; even sides.
      ...[
        '-vf',
        `scale=iw*sar:ih,${within(side)},setsar=1,fps=${VIDEO_FRAMES_PER_SECOND}:start_time=0,format=yuv420p`,
      ],
      ...['-f', 'yuv4mpegpipe', 'pipe:1'],
    ],
    ['ignore', writer.child.stdin, 'ignore', original.fd],
    0,
  )
  const outcome = await bothEnd(reader, writer)
  return outcome ?? { bytes: new Uint8Array(await preview) }
}

function soundReader(stream: number, seconds: number): string[] {
  return [
    ...['-map', `0:${stream}`, ...KEEP_NOTHING, '-t', String(seconds + 1), '-ac', '1'],
    // Silence where the sound begins later than the pictures, or has a gap.
    ...['-af', `aresample=${SAMPLES_PER_SECOND}:async=1:first_pts=0`, '-f', 's16le'],
  ]
}

function soundEncoder(): string[] {
  const rate = ['-ar', String(SAMPLES_PER_SECOND), '-ac', '1', '-b:a', String(SOUND_BITS_PER_SECOND)]
  return ['-c:a', 'libopus', ...rate, '-frame_duration', '20', '-flags:a', '+bitexact']
}

function within(side: number): string {
  return `scale='min(${side},iw)':'min(${side},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`
}

/** Waits for both; why the file is refused, or null. What the reader met says more than what the writer made of it. */
async function bothEnd(reader: Run, writer: Run): Promise<Refusal | null> {
  // Held by this process too, the pipe would never end.
  writer.child.stdin?.destroy()
  const read = await reader.ended
  if (read.kind === 'refused') writer.stop(read)
  const written = await writer.ended
  if (read.kind === 'refused') return read
  if (written.kind === 'refused') return written
  return read.code === 0 && written.code === 0 ? null : refuse('damaged')
}

/** What a process says, up to `most` bytes: more, and it is stopped. */
async function collect(stream: ChildProcess['stdout'], most: number, run: Run): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream ?? []) {
      size += (chunk as Buffer).length
      if (size > most) run.stop(refuse('damaged'))
      else chunks.push(chunk as Buffer)
    }
  } catch {
    // How it ended says more.
  }
  return Buffer.concat(chunks)
}
