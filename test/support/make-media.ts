// Sound and video as Baken makes them: WebM with VP8 and Opus.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const VIDEO = { width: 320, height: 180, seconds: 6 } as const

/** Some megabytes of moving noise with a tone. */
export function makeVideo(): Promise<Buffer> {
  const { width, height, seconds } = VIDEO
  return ffmpeg([
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=25:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-vf', 'noise=alls=60:allf=t', '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'],
    ...['-b:v', '5M', '-c:a', 'libopus', '-b:a', '32k'],
  ])
}

/** A tone of so many seconds. */
export function makeSound(seconds: number): Promise<Buffer> {
  return ffmpeg(['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`, '-c:a', 'libopus'])
}

async function ffmpeg(args: readonly string[]): Promise<Buffer> {
  // Into a file: only where ffmpeg can go back does it write how long it is.
  const folder = await mkdtemp(join(tmpdir(), 'baken-media-'))
  const path = join(folder, 'made.webm')
  try {
    await promisify(execFile)('ffmpeg', ['-loglevel', 'error', ...args, '-fflags', '+bitexact', path])
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
