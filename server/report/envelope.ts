// What is sealed: one JSON header line, the body, then padding. A plain `age -d` therefore prints something a
// person can read, and the length of the sealed file tells only its size class.

/** The five sections of a report, always all present: a missing one would tell. */
export const SECTIONS = ['situation', 'place', 'victims', 'offenders', 'source'] as const
export type Section = (typeof SECTIONS)[number]

/** What comes through a mailbox without a question: words, a file, the wish not to be used, the end of the mailbox. */
export const ADDITIONS = ['addition', 'added_file', 'withdrawal', 'ending'] as const
export type AdditionKind = (typeof ADDITIONS)[number]

export const PART_KINDS = [
  ...(['header', ...SECTIONS, 'file', 'assessment', 'question', 'answer', 'view'] as const),
  ...ADDITIONS,
] as const
export type PartKind = (typeof PART_KINDS)[number]

export function isAddition(kind: PartKind): kind is AdditionKind {
  return (ADDITIONS as readonly PartKind[]).includes(kind)
}

/** How files are made anew, by name and version; docs/decisions/0004 says what each does. */
export const WAYS_OF_MAKING = ['picture-1', 'document-1', 'sound-1', 'video-1'] as const

/** What was done to a file and what came out, in words that fit an official report; it lies sealed beside the file. */
export interface FileRecord {
  readonly made: (typeof WAYS_OF_MAKING)[number]
  /** of the file as it lies in the part, in hexadecimal */
  readonly sha256: string
  /** the reporter covered parts of it before sending */
  readonly covered?: true
}

/** What the header line says. `of` is the report or mailbox the part belongs to, so that a host cannot swap parts unseen. */
export interface PartLabel {
  readonly kind: PartKind
  /** id of the report (of the mailbox for questions and additions, of the question for answers) */
  readonly of: string
  /** media type of the body */
  readonly type: string
  /** of a file that was made anew; older ones have none */
  readonly record?: FileRecord | undefined
}

const VERSION = 1
const SMALLEST_BYTES = 2048
const NEWLINE = 0x0a
export const SPACE = 0x20
const LONGEST_LINE_BYTES = 1024

/**
 * The Padmé size class of a length: at most 12 % more, leaking O(log log n) bits of the length; never under 2 KiB.
 * Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019.
 */
export function paddedLength(bytes: number): number {
  if (bytes <= SMALLEST_BYTES) return SMALLEST_BYTES
  const exponent = Math.floor(Math.log2(bytes))
  const mantissaBits = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** (exponent - mantissaBits)
  return Math.ceil(bytes / step) * step
}

/** The header line of a part whose body is so long, and how long the part is with its padding. */
export function beginPart(
  { kind, of, type, record }: PartLabel,
  length: number,
): { line: Uint8Array; padded: number } {
  const line = new TextEncoder().encode(
    `${JSON.stringify({ baken: VERSION, kind, of, type, record, length })}\n`,
  )
  return { line, padded: paddedLength(line.length + length) }
}

/** The padded plaintext of one part. */
export function packPart(label: PartLabel, body: Uint8Array): Uint8Array {
  const { line, padded } = beginPart(label, body.length)
  const packed = new Uint8Array(padded).fill(SPACE)
  packed.set(line)
  packed.set(body, line.length)
  return packed
}

/** The padded plaintext of a part whose body is a JSON value. */
export function packJson(label: Omit<PartLabel, 'type'>, value: unknown): Uint8Array {
  return packPart(
    { ...label, type: 'application/json' },
    new TextEncoder().encode(JSON.stringify(value, null, 1)),
  )
}

/** What a part says of itself. */
export interface PartStart {
  readonly label: PartLabel
  /** of the body, in bytes */
  readonly length: number
  /** where the body begins */
  readonly start: number
}

/** Reads the header line of a part, null when more of it has to come. Throws when it is not a part of Baken. */
export function readStart(packed: Uint8Array): PartStart | null {
  const end = packed.subarray(0, LONGEST_LINE_BYTES).indexOf(NEWLINE)
  if (end < 0 && packed.length < LONGEST_LINE_BYTES) return null
  if (end < 0) throw new Error('not a part of a report: no header line')
  const line: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(packed.subarray(0, end)))
  if (!isHeaderLine(line)) throw new Error('not a part of a report: unknown header line')
  const { kind, of, type, record, length } = line
  return { label: { kind, of, type, ...(record && { record }) }, length, start: end + 1 }
}

/** The label and body of an opened part. Throws when it is not a part of Baken or is cut short. */
export function unpackPart(packed: Uint8Array): { label: PartLabel; body: Uint8Array } {
  const part = readStart(packed)
  if (!part) throw new Error('not a part of a report: no header line')
  const body = packed.subarray(part.start, part.start + part.length)
  if (body.length !== part.length) throw new Error('a part of a report is cut short')
  return { label: part.label, body }
}

/** Opens the body of a JSON part, checking that it is the part that was asked for. */
export function unpackJson(packed: Uint8Array, expected: { kind: PartKind; of: string }): unknown {
  const { label, body } = unpackPart(packed)
  if (label.kind !== expected.kind || label.of !== expected.of) {
    throw new Error('a sealed part stands in the place of another one')
  }
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
}

function isRecord(value: unknown): value is FileRecord {
  if (typeof value !== 'object' || value === null) return false
  const { made, sha256, covered } = value as Record<string, unknown>
  const isHash = typeof sha256 === 'string' && /^[\da-f]{64}$/.test(sha256)
  return (
    isHash &&
    (covered === undefined || covered === true) &&
    (WAYS_OF_MAKING as readonly unknown[]).includes(made)
  )
}

type HeaderLine = PartLabel & { length: number }

function isHeaderLine(value: unknown): value is HeaderLine {
  if (typeof value !== 'object' || value === null) return false
  const line = value as Record<string, unknown>
  return (
    line.baken === VERSION &&
    (PART_KINDS as readonly unknown[]).includes(line.kind) &&
    typeof line.of === 'string' &&
    typeof line.type === 'string' &&
    (line.record === undefined || isRecord(line.record)) &&
    Number.isSafeInteger(line.length) &&
    (line.length as number) >= 0
  )
}
