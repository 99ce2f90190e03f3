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
import { BECOMES, detectKind, mostBytes } from './detect.js'
import { type Made, type Refusal, refuse } from './frame.js'
import { workerCommand } from './isolation.js'
import { DEFAULT_LIMITS, PREVIEW_SIDE, type SanitisingLimits } from './limits.js'
import { canRecreateMedia, recreateMedia } from './media.js'
import { makeMemoryFile } from './memory-file.js'
import { startWorker } from './run-worker.js'
import { verify } from './verify.js'

export { detectKind, mostBytes } from './detect.js'
export type { RefusalReason } from './frame.js'
export { describeIsolation, type Isolation } from './isolation.js'
export { DEFAULT_LIMITS, type LimitsInWords, type SanitisingLimits, tellLimits } from './limits.js'
export { describeMedia, type MediaMeans } from './media.js'
export { makeNamelessFile } from './memory-file.js'

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

/** A file as it came. */
export interface Original {
  /** in bytes */
  readonly size: number
  /** its first kilobyte at least, or all of it */
  readonly head: Uint8Array
  /** all of it, from the start, however often it is asked for */
  pieces(): AsyncIterable<Uint8Array>
}

export interface Sanitiser {
  /**
   * Makes one file anew. `original` is read and neither kept nor changed. Never rejects: whatever is wrong with
   * the file is a refusal with a reason. `took-too-long` also stands for a server that is closing or in trouble.
   */
  sanitise(original: Uint8Array | Original): Promise<StrippedFile | RefusedFile>
  /** Stops the files under way and resolves when no process is left. Later calls of `sanitise` are refused. */
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
  const takeTurn = createQueue(limits.concurrency)
  const takeMediaTurn = createQueue(limits.concurrency)
  const closedCodecs = CODECS.filter((codec) => closed.includes(codec))
  const running = new Set<{ stop(): void }>()
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  const recreateStill = async (
    kind: StillKind,
    original: Uint8Array,
  ): Promise<StrippedFile | RefusedFile> => {
    const command = await workerCommand(limits)
    if (isClosed) return refuse('took-too-long')
    const run = startWorker(command, { kind, bytes: original, limits })
    running.add(run)
    const answer = await run.answer
    running.delete(run)
    return answer.kind === 'refused' ? answer : lookAgain(BECOMES[kind], answer)
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
      const work = { running, isStopped: () => isClosed }
      const made = await recreateMedia({ kind, file, bytes: at }, limits, closedCodecs, work)
      return made.kind === 'refused' ? made : lookAgain(made.type, made)
    } finally {
      await file.close()
    }
  }

  const lookAgain = async (
    type: MadeType,
    { bytes, preview, hidden }: Made,
  ): Promise<StrippedFile | RefusedFile> => {
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

  return {
    async sanitise(given) {
      const original = given instanceof Uint8Array ? wholeOf(given) : given
      if (original.size === 0) return refuse('empty')
      const kind = detectKind(original.head)
      if (original.size > (kind ? mostBytes(kind, limits) : limits.maxInputBytes)) return refuse('too-large')
      if (kind === undefined) return refuse('unknown-kind')
      if (closed.includes(kind)) return refuse('closed-kind')
      const work = (
        isMediaKind(kind)
          ? takeMediaTurn(() => recreateFilm(kind, original))
          : takeTurn(async () => recreateStill(kind, await wholeBytes(original)))
      )
        // What is thrown here is the server's own trouble (no process can be started): trying again may help.
        .catch(() => refuse('took-too-long'))
      underWay.add(work)
      const outcome = await work
      underWay.delete(work)
      return outcome
    },
    async close() {
      isClosed = true
      for (const run of running) run.stop()
      await Promise.all(underWay)
    },
  }
}

/** A file that lies in memory whole. */
export function wholeOf(bytes: Uint8Array): Original {
  return {
    size: bytes.length,
    head: bytes,
    async *pieces() {
      yield bytes
    },
  }
}

async function wholeBytes({ size, head, pieces }: Original): Promise<Uint8Array> {
  if (head.length === size) return head
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const piece of pieces()) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** Lets `concurrency` tasks run at once; the others wait in the order in which they came. */
function createQueue(concurrency: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = concurrency
  return async (task) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
