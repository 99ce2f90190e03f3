// Files of the sizes that people send, made here. Noise stands for the grain of a sensor: without it everything would
// be faster and smaller than in life.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { pdfFile, stream, text } from '../test/support/pdf-file.js'
import { inFolder, inHeif, run } from '../test/support/programs.js'

const PHOTO = { width: 4032, height: 3024, channels: 3 } as const
const PAGES = 20
const LINES_A_PAGE = 40
const MINUTE = ['-t', '60']

export interface Sample {
  readonly name: string
  /** as its name ends */
  readonly ending: string
  readonly make: () => Promise<Uint8Array>
}

function photo(): Sharp {
  const pixels = Buffer.alloc(PHOTO.width * PHOTO.height * 3)
  let noise = 1
  for (let at = 0; at < pixels.length; at++) {
    noise = (Math.imul(noise, 1103515245) + 12345) & 0x7fffffff
    const [x, y] = [(at / 3) % PHOTO.width, at / 3 / PHOTO.width]
    pixels[at] = (x / (12 + (at % 3) * 4) + y / 14 + ((noise >> 16) % 20)) & 255
  }
  return sharp(pixels, { raw: PHOTO })
}

async function photoHeic(): Promise<Uint8Array> {
  const bytes = await photo().jpeg({ quality: 95 }).toBuffer()
  return inHeif('heic', [{ bytes, ending: 'jpg' }], '-q', '50', '-p', 'preset=ultrafast')
}

/** Twenty pages of A4, full of words, with a picture on each as letters have. */
async function document(): Promise<Uint8Array> {
  const picture = await photo().resize(800, 600).jpeg().toBuffer()
  const keys =
    '/Type /XObject /Subtype /Image /Width 800 /Height 600 /ColorSpace /DeviceRGB /BitsPerComponent 8'
  const kids = Array.from({ length: PAGES }, (_, i) => `${6 + i} 0 R`)
  const line = '(A white van stops at the barn every night, and two people are never seen outside.) Tj T*'
  const words = `q 200 0 0 150 350 660 cm /I Do Q BT /F 11 Tf 14 TL 50 600 Td ${`${line}\n`.repeat(LINES_A_PAGE)} ET`
  const page = '/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R'
  const objects = new Map([
    [1, text('<< /Type /Catalog /Pages 2 0 R >>')],
    [2, text(`<< /Type /Pages /Count ${PAGES} /Kids [${kids.join(' ')}] >>`)],
    [3, text('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')],
    [4, stream('', words)],
    [5, stream(`${keys} /Filter /DCTDecode`, picture)],
  ])
  const resources = '/Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> >>'
  for (let i = 0; i < PAGES; i++) objects.set(6 + i, text(`<< ${page} ${resources} >>`))
  return pdfFile(objects, '/Root 1 0 R')
}

function byFfmpeg(ending: string, ...words: readonly string[]): Promise<Uint8Array> {
  return Promise.resolve(
    inFolder((folder) => {
      const to = join(folder, `out.${ending}`)
      run('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', ...words, to])
      return readFileSync(to)
    }),
  )
}

const TONE = ['-f', 'lavfi', ...MINUTE, '-i', 'anoisesrc=color=pink:amplitude=0.3']
const FILM = ['-f', 'lavfi', ...MINUTE, '-i', 'testsrc2=size=1280x720:rate=30']

export const SAMPLES: readonly Sample[] = [
  { name: 'JPEG, 12 megapixels', ending: 'jpg', make: () => photo().jpeg({ quality: 90 }).toBuffer() },
  { name: 'HEIC, 12 megapixels', ending: 'heic', make: photoHeic },
  {
    name: 'WebP, 12 megapixels',
    ending: 'webp',
    make: () => photo().webp({ quality: 80, effort: 1 }).toBuffer(),
  },
  { name: 'PDF, 20 pages', ending: 'pdf', make: document },
  { name: 'sound, one minute', ending: 'mp3', make: () => byFfmpeg('mp3', ...TONE) },
  {
    name: 'video, one minute at 720 lines',
    ending: 'mp4',
    make: () => byFfmpeg('mp4', ...FILM, ...TONE, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'),
  },
]

/** Whether Debian's mat2 is installed. */
export function hasMat2(): boolean {
  return spawnSync('mat2', ['--version']).status === 0
}

/** Where a file of that ending lies for a program that reads by name. */
export function place(folder: string, number: number, { ending }: Sample, bytes: Uint8Array): string {
  const path = join(folder, `${number}.${ending}`)
  writeFileSync(path, bytes)
  return path
}
