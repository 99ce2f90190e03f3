import { spawnSync } from 'node:child_process'
import { constants, inflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Colour } from './dirty-pictures.js'

/** In which disguises the word stands in the bytes, also within compressed streams. Empty when it is nowhere. */
export function findCanary(bytes: Uint8Array, canary: string): string[] {
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const found = disguisesIn(plain, canary)
  for (const content of zlibStreams(plain)) {
    found.push(...disguisesIn(content, canary).map((disguise) => `compressed ${disguise}`))
  }
  return found
}

function disguisesIn(bytes: Buffer, canary: string): string[] {
  const littleEndian = Buffer.from(canary, 'utf16le')
  const bigEndian = Buffer.from(littleEndian).swap16()
  const hex = Buffer.from(canary).toString('hex')
  const disguises: [string, Buffer][] = [
    ['text', Buffer.from(canary)],
    ['UTF-16LE', littleEndian],
    ['UTF-16BE', bigEndian],
    ['hex', Buffer.from(hex)],
    ['upper-case hex', Buffer.from(hex.toUpperCase())],
    ['hex of UTF-16LE', Buffer.from(littleEndian.toString('hex'))],
    ['hex of UTF-16BE', Buffer.from(bigEndian.toString('hex'))],
    ['base64', Buffer.from(Buffer.from(canary).toString('base64').replace(/=+$/, '').slice(0, -1))],
  ]
  return disguises.filter(([, needle]) => bytes.includes(needle)).map(([name]) => name)
}

/** Whatever can be inflated from any place that looks like the start of a zlib stream. */
function zlibStreams(bytes: Buffer): Buffer[] {
  const contents: Buffer[] = []
  for (let at = bytes.indexOf(0x78); at !== -1; at = bytes.indexOf(0x78, at + 1)) {
    if (at + 2 > bytes.length || bytes.readUInt16BE(at) % 31 !== 0) continue
    try {
      contents.push(inflateSync(bytes.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }))
    } catch {
      // Only looked like one.
    }
  }
  return contents
}

/** What exiftool finds: names with their group (`GPS:GPSLatitude`) and values. */
export function readTags(bytes: Uint8Array): Map<string, string> {
  const run = spawnSync('exiftool', ['-j', '-G1', '-a', '-u', '-ee', '-'], {
    input: bytes,
    maxBuffer: 1 << 26,
  })
  if (run.error !== undefined) throw run.error
  const [tags] = JSON.parse(run.stdout.toString()) as [Record<string, unknown>]
  return new Map(Object.entries(tags).map(([name, value]) => [name, String(value)]))
}

/** The average colour in the middle of each quadrant, from left to right and from top to bottom. */
export async function quadrantColours(picture: Uint8Array): Promise<Colour[]> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const average = (left: number, top: number): Colour => {
    const sums: [number, number, number] = [0, 0, 0]
    const [width, height] = [Math.floor(info.width / 4), Math.floor(info.height / 4)]
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at =
          ((Math.floor(info.height * top) + y) * info.width + Math.floor(info.width * left) + x) *
          info.channels
        for (const channel of [0, 1, 2] as const) sums[channel] += data[at + channel] ?? 0
      }
    }
    return [sums[0] / (width * height), sums[1] / (width * height), sums[2] / (width * height)]
  }
  return [average(1 / 8, 1 / 8), average(5 / 8, 1 / 8), average(1 / 8, 5 / 8), average(5 / 8, 5 / 8)]
}
