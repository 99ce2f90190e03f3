// Sound and video as tests need them: made by ffmpeg from pixels and samples of our own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uprightPixels } from './dirty-pictures.js'

const WIDTH = 160
const HEIGHT = 240
const FRAMES_PER_SECOND = 25
export const SAMPLES_PER_SECOND = 48_000

export interface FilmOptions {
  readonly seconds?: number
  /** ffmpeg's words for the streams and the container */
  readonly words: readonly string[]
  /** how the file ends, from which ffmpeg knows the container */
  readonly ending: string
  readonly withPictures?: boolean
  readonly withSound?: boolean
  readonly width?: number
  readonly height?: number
  /** other files that the words name */
  readonly beside?: Readonly<Record<string, Uint8Array>>
}

/** A film of four coloured quarters with a tone of 440 Hz, or only one of both. */
export async function makeFilm(options: FilmOptions): Promise<Uint8Array> {
  const { seconds = 2, words, ending, withPictures = true, withSound = true, beside = {} } = options
  const { width = WIDTH, height = HEIGHT } = options
  const size = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`]
  const pictures = [...size, '-r', String(FRAMES_PER_SECOND), '-i', 'pipe:0']
  const sound = [
    '-f',
    'lavfi',
    '-i',
    `sine=frequency=440:sample_rate=${SAMPLES_PER_SECOND}:duration=${seconds}`,
  ]
  const frame = await uprightPixels(width, height)
  const frames = Buffer.concat(Array<Buffer>(seconds * FRAMES_PER_SECOND).fill(frame))
  return inFolder((folder) => {
    const out = join(folder, `film.${ending}`)
    for (const [name, bytes] of Object.entries(beside)) writeFileSync(join(folder, name), bytes)
    const named = words.map((word) => (word in beside ? join(folder, word) : word))
    run(
      'ffmpeg',
      ['-v', 'error', '-y', ...(withPictures ? pictures : []), ...(withSound ? sound : []), ...named, out],
      withPictures ? frames : undefined,
    )
    return new Uint8Array(readFileSync(out))
  })
}

/** Sound in AMR-NB (RFC 4867, section 5), which ffmpeg cannot write: frames of 20 ms at 12.2 kbit/s, of any bits. */
export function makeAmr(seconds: number): Uint8Array {
  const frame = Buffer.from(Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x3c : (i * 37) & 0xff)))
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(seconds * 50).fill(frame)])
}

/** The samples of sound, in mono at 48 kHz, 16 bits. */
export function samplesOf(file: Uint8Array): Int16Array {
  const bytes = decode(file, [
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-ar',
    String(SAMPLES_PER_SECOND),
    '-f',
    's16le',
    'pipe:1',
  ])
  return new Int16Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 2)),
  )
}

/** The picture at a time, as a PNG. */
export function pictureOf(file: Uint8Array, second: number): Uint8Array {
  return decode(file, ['-ss', String(second), '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'])
}

/** How many hertz a tone has, by how often it goes through zero. */
export function frequencyOf(samples: Int16Array): number {
  const middle = samples.subarray(Math.floor(samples.length / 4), Math.floor((samples.length * 3) / 4))
  let crossings = 0
  for (let i = 1; i < middle.length; i++) if ((middle[i - 1] ?? 0) < 0 && (middle[i] ?? 0) >= 0) crossings++
  return crossings / (middle.length / SAMPLES_PER_SECOND)
}

function decode(file: Uint8Array, words: readonly string[]): Buffer {
  return inFolder((folder) => {
    const path = join(folder, 'file')
    writeFileSync(path, file)
    return run('ffmpeg', ['-v', 'error', '-i', path, ...words])
  })
}

function run(program: string, words: readonly string[], input?: Buffer): Buffer {
  const { status, stdout, stderr } = spawnSync(program, words, {
    input,
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    maxBuffer: 512 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${program} did not succeed: ${stderr}`)
  return stdout
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'baken-film-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
