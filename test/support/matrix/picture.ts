// The picture of the matrix: four colours and a letter, so that no turn, mirror or swap of colours looks the same.
import sharp, { type Sharp } from 'sharp'
import { uprightPixels } from '../dirty-pictures.js'

export const SIZE = { width: 120, height: 160 } as const
/** An F: each bar as left, top, width, height. */
export const LETTER = [
  [36, 24, 16, 104],
  [36, 24, 60, 16],
  [36, 68, 40, 16],
] as const

type Turn = { readonly flop: boolean; readonly degrees: number }
/** What must be done to an upright picture so that the EXIF orientation of this number shows it upright again. */
const TURNS: Readonly<Record<number, Turn>> = {
  1: { flop: false, degrees: 0 },
  2: { flop: true, degrees: 0 },
  3: { flop: false, degrees: 180 },
  4: { flop: true, degrees: 180 },
  5: { flop: true, degrees: 270 },
  6: { flop: false, degrees: 270 },
  7: { flop: true, degrees: 90 },
  8: { flop: false, degrees: 90 },
}

/** The picture upright, as bare RGB. */
export async function pixels(): Promise<Buffer> {
  const rgb = await uprightPixels(SIZE.width, SIZE.height)
  for (const [left, top, width, height] of LETTER)
    for (let y = top; y < top + height; y++)
      rgb.fill(255, (y * SIZE.width + left) * 3, (y * SIZE.width + left + width) * 3)
  return rgb
}

/** The picture as it lies in a file that says `orientation`. */
export async function lying(orientation = 1): Promise<Sharp> {
  const { flop, degrees } = TURNS[orientation] ?? { flop: false, degrees: 0 }
  const raw = { ...SIZE, channels: 3 } as const
  const { data, info } = await sharp(await pixels(), { raw })
    .flop(flop)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } }).rotate(degrees)
}
