// Sound and films of the matrix in any container, made by Debian's ffmpeg, once for each way of asking.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder, run } from '../programs.js'
import { lying } from './picture.js'
import { SAMPLES_PER_SECOND, SECONDS, samples } from './tones.js'

const QUIET = ['-hide_banner', '-v', 'error', '-nostdin', '-y']
/** Without dates, random numbers and the name of the program, unless a row asks for them. */
const PLAIN = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact']
const VIDEO = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '14', '-pix_fmt', 'yuv420p']
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-crf', '4']

const made = new Map<string, Promise<Buffer>>()

export interface Asked {
  /** how the container is called, as the ending of a name */
  readonly ending: string
  /** after the inputs: how to code, what to write */
  readonly words?: readonly string[]
  /** further files; the words name them as `%name` */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** which of the files is read as a third input */
  readonly input?: string
  /** whether ffmpeg may write of itself: its name, the time, random numbers */
  readonly asItIs?: boolean
}

/** The tones. */
export function sound(asked: Asked): Promise<Buffer> {
  return once(asked, () => [])
}

/** The picture for as long as the tones; the picture lies as `turned` asks. */
export function film({ turned = 1, ...asked }: Asked & { readonly turned?: number }): Promise<Buffer> {
  const codec = ['webm', 'mkv'].includes(asked.ending)
    ? [...VP8, '-c:a', 'libopus']
    : [...VIDEO, '-c:a', 'aac']
  return once({ ...asked, words: [...codec, ...(asked.words ?? [])] }, (folder) => [
    ...['-loop', '1', '-framerate', '10', '-t', String(SECONDS), '-i', join(folder, `${turned}.png`)],
  ])
}

function once(asked: Asked, firstInput: (folder: string) => readonly string[]): Promise<Buffer> {
  const key = JSON.stringify([asked, firstInput('')])
  const ready = made.get(key) ?? make(asked, firstInput)
  made.set(key, ready)
  return ready
}

async function make(asked: Asked, firstInput: (folder: string) => readonly string[]): Promise<Buffer> {
  const { ending, words = [], files = {}, input, asItIs = false } = asked
  const pictures = await Promise.all([1, 6].map(async (turned) => (await lying(turned)).png().toBuffer()))
  return inFolder((folder) => {
    for (const [i, turned] of [1, 6].entries())
      writeFileSync(join(folder, `${turned}.png`), pictures[i] ?? '')
    writeFileSync(join(folder, 'tones'), samples())
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const to = join(folder, `out.${ending}`)
    const tones = ['-f', 's16le', '-ar', String(SAMPLES_PER_SECOND), '-ac', '1', '-i', join(folder, 'tones')]
    const third = input === undefined ? [] : ['-i', join(folder, input)]
    const given = words.map((word) => (word.startsWith('%') ? join(folder, word.slice(1)) : word))
    run('ffmpeg', [
      ...QUIET,
      ...firstInput(folder),
      ...tones,
      ...third,
      ...given,
      ...(asItIs ? [] : PLAIN),
      to,
    ])
    return readFileSync(to)
  })
}
