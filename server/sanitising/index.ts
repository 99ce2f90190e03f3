/**
 * The door of this folder: an untrusted file goes in, a new file or a refusal comes out. Files are made anew and
 * never filtered. Decoding happens in a process of its own; the result is looked at again by a second, independent
 * reader before it is called stripped.
 */
import type { FileKind, MadeType } from '../report/file-kinds.js'
import type { HiddenData } from '../report/hidden-data.js'
import { BECOMES, detectKind } from './detect.js'
import { type Refusal, refuse } from './frame.js'
import { workerCommand } from './isolation.js'
import { DEFAULT_LIMITS, PREVIEW_SIDE, type SanitisingLimits } from './limits.js'
import { type Run, startWorker } from './run-worker.js'
import { verify } from './verify.js'

export type { RefusalReason } from './frame.js'
export { describeIsolation, type Isolation } from './isolation.js'
export { DEFAULT_LIMITS, type SanitisingLimits } from './limits.js'

declare const stripped: unique symbol

/** A file made anew. Only this folder can make one, so whoever takes a StrippedFile cannot be given an original. */
export type StrippedFile = {
  readonly kind: 'stripped'
  readonly type: MadeType
  readonly bytes: Uint8Array
  /** Pixels; of a document, those of its first page. */
  readonly width: number
  readonly height: number
  /** 1 for a picture. */
  readonly pages: number
  /** The new picture, or the first new page, as a small JPEG. */
  readonly preview: Uint8Array
  /** What was hidden in the original, as far as it was recognised. */
  readonly hidden: readonly HiddenData[]
  readonly [stripped]: true
}

export type RefusedFile = Refusal

export interface Sanitiser {
  /**
   * Makes one file anew. `original` is read and neither kept nor changed. Never rejects: whatever is wrong with
   * the file is a refusal with a reason. `took-too-long` also stands for a server that is closing or in trouble.
   */
  sanitise(original: Uint8Array): Promise<StrippedFile | RefusedFile>
  /** Stops the files under way and resolves when no process is left. Later calls of `sanitise` are refused. */
  close(): Promise<void>
}

/**
 * Makes a sanitiser; starts nothing until the first file. Limits that are not given keep their default; files of the
 * `closed` kinds are refused unread, because a fault in a decoder must not wait for a new version.
 */
export function createSanitiser(
  given: Partial<SanitisingLimits> = {},
  closed: readonly FileKind[] = [],
): Sanitiser {
  const limits: SanitisingLimits = { ...DEFAULT_LIMITS, ...given }
  const takeTurn = createQueue(limits.concurrency)
  const running = new Set<Run>()
  const underWay = new Set<Promise<unknown>>()
  let isClosed = false

  const recreate = async (kind: FileKind, original: Uint8Array): Promise<StrippedFile | RefusedFile> => {
    const command = await workerCommand(limits)
    if (isClosed) return refuse('took-too-long')
    const run = startWorker(command, { kind, bytes: original, limits })
    running.add(run)
    const answer = await run.answer
    running.delete(run)
    if (answer.kind === 'refused') return answer
    const type = BECOMES[kind]
    const look = await verify(type, answer.bytes, limits)
    if (look.kind === 'finding') return refuse('failed-second-look')
    const small = await verify('image/jpeg', answer.preview, { ...limits, maxOutputSide: PREVIEW_SIDE })
    if (small.kind === 'finding') return refuse('failed-second-look')
    const { width, height, pages } = look
    const { bytes, preview, hidden } = answer
    return {
      kind: 'stripped',
      type,
      bytes,
      width,
      height,
      pages,
      preview,
      hidden,
    } as StrippedFile
  }

  return {
    async sanitise(original) {
      if (original.length === 0) return refuse('empty')
      if (original.length > limits.maxInputBytes) return refuse('too-large')
      const kind = detectKind(original)
      if (kind === undefined) return refuse('unknown-kind')
      if (closed.includes(kind)) return refuse('closed-kind')
      // What is thrown here is the server's own trouble (no process can be started): trying again may help.
      const work = takeTurn(() => recreate(kind, original)).catch(() => refuse('took-too-long'))
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
