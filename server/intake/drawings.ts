// Plain drawings beside sentences, for who reads with difficulty. They are decoration to a screen reader: the sentence
// says everything. Each is one line drawing of our own on a grid of 32, and nothing else can be in its file.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readData } from '../i18n/index.js'
import { DANGERS, WHENS } from '../report/report.js'
import { drawingSchema, VANTAGES } from '../report/signs.js'

const FOLDER = fileURLToPath(new URL('../../../views/drawings/', import.meta.url))
const MOST_BYTES = 500
/** `turns`: it has a direction, which is the other one where people write from right to left. */
const DRAWING =
  /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"( class="turns")?>(<path d="[MmLlHhVvCcSsAaZz\d .-]+"\/>)<\/svg>\n$/

const choicesSchema = z.strictObject({
  danger: z.record(z.enum(DANGERS), drawingSchema),
  who: z.record(z.enum(VANTAGES), drawingSchema),
  when: z.record(z.enum(WHENS), drawingSchema),
})

export interface Drawings {
  /** as it stands in a page; nothing for null */
  draw(name: string | null): string
  /** which drawing stands beside the choices that are no rows of a catalogue */
  readonly choices: z.infer<typeof choicesSchema>
}

/**
 * Reads all drawings. Throws when one is anything but lines, and when `named` or a choice names one that is not
 * there, so that the start tells it and no reader.
 */
export function loadDrawings(named: readonly (string | null)[], folder = FOLDER): Drawings {
  const drawings = new Map(
    readdirSync(folder).map((file) => [file.replace(/\.svg$/, ''), readDrawing(folder, file)]),
  )
  const choices = readData('drawings.json', choicesSchema)
  const wanted = [...named, ...Object.values(choices).flatMap((drawn) => Object.values(drawn))]
  const missing = new Set(wanted.filter((name) => name !== null && !drawings.has(name)))
  if (missing.size > 0) throw new Error(`views/drawings: there is no ${[...missing].join(', ')}`)
  return { draw: (name) => (name && drawings.get(name)) ?? '', choices }
}

function readDrawing(folder: string, file: string): string {
  const source = readFileSync(join(folder, file), 'utf8')
  const [, turns = '', lines] = DRAWING.exec(source) ?? []
  if (!lines || source.length > MOST_BYTES) {
    throw new Error(`views/drawings/${file}: a drawing is one path of lines, of ${MOST_BYTES} bytes at most`)
  }
  return `<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"${turns}>${lines}</svg>`
}
