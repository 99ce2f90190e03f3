import type { Pixels } from './image.js'

/** Parts of a picture: cells of a grid laid over it, numbered from 0, row by row from the upper left. */
export type Boxes = {
  readonly columns: number
  readonly rows: number
  readonly cells: readonly number[]
}

/** What JPEG and WebP code together, in pixels a side. */
const BLOCK = 16
/** Readers of JPEG smooth colours across the border of two blocks. */
const BORDER = 2

/**
 * Makes the pixels of these cells black. A box grows to whole blocks and a little beyond: the rest of a block that was
 * half covered would still show, as faint waves, what lay beside it.
 */
export function blacken(
  { data, info: { width, height, channels } }: Pixels,
  { columns, rows, cells }: Boxes,
): void {
  for (const cell of cells) {
    const [left, right] = span(cell % columns, columns, width)
    const [top, bottom] = span(Math.floor(cell / columns), rows, height)
    for (let y = top; y < bottom; y++)
      data.fill(0, (y * width + left) * channels, (y * width + right) * channels)
  }
}

/** From which pixel to which one the cell at this place reaches. */
function span(at: number, cells: number, pixels: number): [from: number, to: number] {
  const from = Math.floor((at * pixels) / (cells * BLOCK)) * BLOCK
  const to = Math.ceil(((at + 1) * pixels) / (cells * BLOCK)) * BLOCK
  return [Math.max(0, from - BORDER), Math.min(pixels, to + BORDER)]
}
