/**
 * The words between the server and the process that works on one file: a line of JSON that ends with the length
 * of what follows, then the bytes. The server reads the answer as if an attacker had written it.
 */
import type { StillKind } from '../report/file-kinds.js'
import { HIDDEN_DATA, type HiddenData } from '../report/hidden-data.js'
import type { Boxes } from './boxes.js'
import type { SanitisingLimits } from './limits.js'

/** Why a file was left out. Each has a kind text with a next step; none says anything about the content. */
export type RefusalReason =
  | 'unknown-kind'
  | 'closed-kind'
  | 'empty'
  | 'too-large'
  | 'too-many-pixels'
  | 'too-many-pages'
  | 'too-long'
  | 'damaged'
  | 'password'
  | 'took-too-long'
  | 'failed-second-look'

export type Refusal = { readonly kind: 'refused'; readonly reason: RefusalReason }
export type Made = {
  readonly kind: 'made'
  readonly bytes: Uint8Array
  /** The new picture, or the first new page, as a small JPEG. */
  readonly preview: Uint8Array
  /** What was hidden in the original, as far as it was recognised. */
  readonly hidden: readonly HiddenData[]
}
/** What is wanted of a file that was made anew before: these parts of a page covered, or (null) the page to look at. */
export type Again = {
  /** counted from 1 */
  readonly page: number
  readonly boxes: Boxes | null
}
export type Request = {
  readonly kind: StillKind
  readonly bytes: Uint8Array
  readonly limits: SanitisingLimits
  readonly again?: Again | undefined
}

/** Reasons that only the decoding can find. The others are the server's own, so a worker cannot claim them. */
const WORKER_REASONS: readonly RefusalReason[] = [
  'too-large',
  'too-many-pixels',
  'too-many-pages',
  'damaged',
  'password',
]
const MAX_HEADER_BYTES = 2048
const LINE_END = 10

type Header = Readonly<Record<string, unknown>>
type Frame = { readonly header: Header; readonly body: Uint8Array }

/** Refusal as a value, for the many places that return one. */
export function refuse(reason: RefusalReason): Refusal {
  return { kind: 'refused', reason }
}

/** The line before the body. `header` must hold no field named `length`. */
export function headerLine(header: Header, bodyBytes: number): Uint8Array {
  return Buffer.from(`${JSON.stringify({ ...header, length: bodyBytes })}\n`)
}

/**
 * Collects chunks until one frame is whole. Each call gives `more`, the frame, or `garbage` when the line is not
 * ours, the body is announced longer than `maxBodyBytes`, or more bytes come than were announced.
 */
export function frameReader(maxBodyBytes: number): (chunk: Uint8Array) => 'more' | 'garbage' | Frame {
  let chunks: Uint8Array[] = []
  let received = 0
  let header: Header | undefined
  let bodyBytes = 0

  const readHeader = (): 'more' | 'garbage' | 'read' => {
    const start = Buffer.concat(chunks)
    const end = start.indexOf(LINE_END)
    if (end === -1) return received > MAX_HEADER_BYTES ? 'garbage' : 'more'
    header = parseHeader(start.toString('utf8', 0, end))
    if (header === undefined || !isLength(header.length, maxBodyBytes)) return 'garbage'
    bodyBytes = header.length
    chunks = [start.subarray(end + 1)]
    received -= end + 1
    return 'read'
  }

  return (chunk) => {
    chunks.push(chunk)
    received += chunk.length
    if (header === undefined) {
      const outcome = readHeader()
      if (outcome !== 'read') return outcome
    }
    if (header === undefined || received > bodyBytes) return 'garbage'
    return received < bodyBytes ? 'more' : { header, body: Buffer.concat(chunks, bodyBytes) }
  }
}

/** The worker's answer as the server understands it, or `undefined` when it is none. */
export function parseAnswer(frame: Frame): Made | Refusal | undefined {
  const { kind, reason, preview, hidden } = frame.header
  if (kind === 'made' && isLength(preview, frame.body.length - 1)) {
    const previewAt = frame.body.length - preview
    return {
      kind,
      // Copies with memory of their own: a small Buffer shares its memory with others, which a careless reader could see.
      bytes: new Uint8Array(frame.body.subarray(0, previewAt)),
      preview: new Uint8Array(frame.body.subarray(previewAt)),
      hidden: HIDDEN_DATA.filter((known) => Array.isArray(hidden) && hidden.includes(known)),
    }
  }
  const known = WORKER_REASONS.find((candidate) => candidate === reason)
  return kind === 'refused' && known !== undefined ? refuse(known) : undefined
}

function parseHeader(line: string): Header | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Header) : undefined
  } catch {
    return undefined
  }
}

function isLength(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
}
