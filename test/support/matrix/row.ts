import type { HiddenData } from '../../../server/report/hidden-data.js'
import { CANARY } from '../dirty-pictures.js'

/** One place of one format where its maker leaves a trace. */
export interface Row {
  /** The place, as the format or its users call it. */
  readonly family: string
  /** A file that holds a trace there and, apart from what every such file needs, nowhere else. */
  readonly make: () => Uint8Array | Promise<Uint8Array>
  /** What shows from outside that the trace is there. */
  readonly shown: Shown
  /** What the reporter is told of it at least. Left out where nothing is recognised: it is gone all the same. */
  readonly told?: readonly HiddenData[]
  /** The canary is spelled in colours that nobody sees; damage may bring them into sight, where they may stay. */
  readonly colours?: boolean
  /** Nothing here can code the sound of the matrix in this format: it must open, and that is all. */
  readonly onlyOpens?: boolean
}

/**
 * `tag`: exiftool names it, with this value. `word`: the canary stands in the bytes in this disguise (the names of
 * `findCanary`). `sign`: these very bytes stand there; for what has no room for words, such as a second picture.
 */
export type Shown =
  | { readonly tag: string; readonly value: RegExp }
  | { readonly word: string }
  | { readonly sign: string }

/** exiftool names it, and the canary is its value. */
export function tagged(tag: string, value: RegExp = new RegExp(CANARY)): Shown {
  return { tag, value }
}

/** The canary stands there as plain text, where exiftool does not look or has no name for it. */
export const IN_PLAIN: Shown = { word: 'text' }

/** The canary stands in a compressed stream. */
export const COMPRESSED: Shown = { word: 'compressed text' }
