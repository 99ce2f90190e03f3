/**
 * The door of this folder: an untrusted file goes in, a new file or a refusal comes out. Files are made anew and
 * never filtered. Decoding happens in a process of its own; the result is looked at again by a second, independent
 * reader before it is called stripped.
 */
import {
  CODECS,
  type Codec,
  type FileKind,
  isMediaKind,
  type MadeType,
  type MediaKind,
  type StillKind,
} from '../report/file-kinds.js'
import type { HiddenData } from '../report/hidden-data.js'
import type { Boxes } from './boxes.js'
import { BECOMES, detectKind, mostBytes } from './detect.js'
import { type Again, type Made, type Refusal, type Request, refuse } from './frame.js'
import { workerCommand } from './isolation.js'
import { DEFAULT_LIMITS, PREVIEW_SIDE, type SanitisingLimits, VIEW_HEIGHT } from './limits.js'
import { canRecreateMedia, recreateMedia } from './media.js'
import { makeMemoryFile } from './memory-file.js'
import { type Original, wholeBytes, wholeOf } from './original.js'
import { startWorker } from './run-worker.js'
import { createTurns } from './turns.js'
import { verify } from './verify.js'

export type { Boxes } from './boxes.js'
export { detectKind, mostBytes } from './detect.js'
export type { RefusalReason } from './frame.js'
export { describeIsolation, type Isolation } from './isolation.js'
export { DEFAULT_LIMITS, type LimitsInWords, type SanitisingLimits, tellLimits } from './limits.js'
export { describeMedia, type MediaMeans } from './media.js'
export { makeNamelessFile } from './memory-file.js'
export type { Original } from './original.js'

declare const stripped: unique symbol

/** A file made anew. Only this folder can make one, so whoever takes a StrippedFile cannot be given an original. */
export type StrippedFile = {
  readonly kind: 'stripped'
  readonly type: MadeType
  readonly bytes: Uint8Array
  /** Pixels; of a document, those of its first page; 0 of sound. */
  readonly width: number
  readonly height: number
  /** 1 for anything but a document. */
  readonly pages: number
  /** Length of sound or a video; 0 of anything else. */
  readonly seconds: number
  /** The new picture, the first new page or the first picture of the new video, as a small JPEG; empty of sound. */
  readonly preview: Uint8Array
  /** What was hidden in the original, as far as it was recognised. */
  readonly hidden: readonly HiddenData[]
  readonly [stripped]: true
}

export type RefusedFile = Refusal

/** A file that was made here, as it was kept: only what passes the second look is one. */
export type MadeFile = Pick<StrippedFile, 'type' | 'bytes'>

/** One page of a file, to look at: a JPEG and its size in pixels. */
export type ShownPage = {
  readonly kind: 'shown'
  readonly jpeg: Uint8Array
  readonly width: number
  readonly height: number
}

export interface Sanitiser {
  /**
   * Makes one file anew. `original` is read and neither kept nor changed. Never rejects: whatever is wrong with
   * the file is a refusal with a reason. `took-too-long` also stands for a server that is closing or in trouble.
   */
  sanitise(original: Uint8Array | Original): Promise<StrippedFile | RefusedFile>
  /**
   * Makes a file once more with parts of one page (counted from 1) in black; nothing of what lay there is in the new
   * one. Its small picture shows that page. Refuses like `sanitise`, and with `failed-second-look` what was not made here.
   */
  cover(made: MadeFile, page: number, boxes: Boxes): Promise<StrippedFile | RefusedFile>
  /** A page of a file that was made here, larger than its small picture. Refuses like `cover`. */
  show(made: MadeFile, page: number): Promise<ShownPage | RefusedFile>
  /** Stops the files under way and resolves when no process is left. Later calls of the others are refused. */
  close(): Promise<void>
}

/** What is refused unread: a kind of file, or a way of coding sound and pictures. */
export type Closed = FileKind | Codec

/**
 * Makes a sanitiser; starts nothing until the first file. Limits that are not given keep their default; files of the
 * `closed` kinds are refused unread, because a fault in a decoder must not wait for a new version.
 */
export function createSanitiser(
  given: Partial<SanitisingLimits> = {},
  closed: readonly Closed[] = [],
): Sanitiser {
  const limits: SanitisingLimits = { ...DEFAULT_LIMITS, ...given }
  const takeTurn = createTurns(limits.concurrency)
  const takeMediaTurn = createTurns(limits.concurrency)
  const closedCodecs = CODECS.filter((codec) => closed.includes(codec))
  const running = new Set<{ stop(): void }>()
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  const work = async (request: Omit<Request, 'limits'>): Promise<Made | Refusal> => {
    const command = await workerCommand(limits)
    if (isClosed) return refuse('took-too-long')
    const run = startWorker(command, { ...request, limits })
    running.add(run)
    const answer = await run.answer
    running.delete(run)
    return answer
  }

  const recreateFilm = async (kind: MediaKind, original: Original): Promise<StrippedFile | RefusedFile> => {
    if (!(await canRecreateMedia())) return refuse('closed-kind')
    const file = await makeMemoryFile()
    try {
      let at = 0
      for await (const piece of original.pieces()) {
        await file.write(piece, 0, piece.length, at)
        at += piece.length
        if (isClosed) return refuse('took-too-long')
      }
      const stopping = { running, isStopped: () => isClosed }
      const made = await recreateMedia({ kind, file, bytes: at }, limits, closedCodecs, stopping)
      return made.kind === 'refused' ? made : lookAgain(made.type, made)
    } finally {
      await file.close()
    }
  }

  const lookAgain = async (type: MadeType, answer: Made | Refusal): Promise<StrippedFile | RefusedFile> => {
    if (answer.kind === 'refused') return answer
    const { bytes, preview, hidden } = answer
    const look = await verify(type, bytes, limits)
    // The length that a file tells of itself may be wrong; the new one tells the truth.
    if (look.kind === 'finding' && look.what === 'too-long') return refuse('too-long')
    if (look.kind === 'finding') return refuse('failed-second-look')
    if (type !== 'audio/webm') {
      const small = await verify('image/jpeg', preview, { maxOutputSide: PREVIEW_SIDE })
      if (small.kind === 'finding') return refuse('failed-second-look')
    }
    const { width, height, pages, seconds = 0 } = look
    return { kind: 'stripped', type, bytes, width, height, pages, seconds, preview, hidden } as StrippedFile
  }

  /** Nothing is decoded that does not pass for a file of ours. */
  const workAgain = async ({ type, bytes }: MadeFile, again: Again) => {
    const kind = COVERABLE[type]
    if (!kind) return refuse('unknown-kind')
    const before = await verify(type, bytes, limits)
    if (before.kind === 'finding') return refuse('failed-second-look')
    const answer = await work({ kind, bytes, again })
    return answer.kind === 'refused' ? answer : { kind: 'worked' as const, before, answer }
  }

  const cover = async (made: MadeFile, again: Again): Promise<StrippedFile | RefusedFile> => {
    const worked = await workAgain(made, again)
    if (worked.kind === 'refused') return worked
    const file = await lookAgain(made.type, worked.answer)
    if (file.kind === 'refused') return file
    const isSame = (['width', 'height', 'pages'] as const).every((size) => file[size] === worked.before[size])
    return isSame ? file : refuse('failed-second-look')
  }

  const show = async (made: MadeFile, again: Again): Promise<ShownPage | RefusedFile> => {
    const worked = await workAgain(made, again)
    if (worked.kind === 'refused') return worked
    const { answer } = worked
    const look = await verify('image/jpeg', answer.bytes, { ...limits, maxOutputSide: VIEW_HEIGHT })
    if (look.kind === 'finding') return refuse('failed-second-look')
    return { kind: 'shown', jpeg: answer.bytes, width: look.width, height: look.height }
  }

  const inTurn = async <T>(
    task: () => Promise<T | RefusedFile>,
    take = takeTurn,
  ): Promise<T | RefusedFile> => {
    // What is thrown here is the server's own trouble (no process can be started): trying again may help.
    const taken = take(task).catch(() => refuse('took-too-long'))
    underWay.add(taken)
    const outcome = await taken
    underWay.delete(taken)
    return outcome
  }

  return {
    async sanitise(given) {
      const original = given instanceof Uint8Array ? wholeOf(given) : given
      if (original.size === 0) return refuse('empty')
      const kind = detectKind(original.head)
      if (original.size > (kind ? mostBytes(kind, limits) : limits.maxInputBytes)) return refuse('too-large')
      if (kind === undefined) return refuse('unknown-kind')
      if (closed.includes(kind)) return refuse('closed-kind')
      if (isMediaKind(kind)) return inTurn(() => recreateFilm(kind, original), takeMediaTurn)
      return inTurn(async () =>
        lookAgain(BECOMES[kind], await work({ kind, bytes: await wholeBytes(original) })),
      )
    },
    cover: (made, page, boxes) => inTurn(() => cover(made, { page, boxes })),
    show: (made, page) => inTurn(() => show(made, { page, boxes: null })),
    async close() {
      isClosed = true
      for (const run of running) run.stop()
      await Promise.all(underWay)
    },
  }
}

/** What reads each type of made file of which parts can be covered. */
const COVERABLE: Readonly<Partial<Record<MadeType, StillKind>>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
}

/** Whether parts of such a file can be covered: of pictures and documents, not of what is heard or moves. */
export function isCoverable(type: MadeType): boolean {
  return type in COVERABLE
}
