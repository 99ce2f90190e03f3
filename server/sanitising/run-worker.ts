import {
  frameReader,
  headerLine,
  type Made,
  parseAnswer,
  type Refusal,
  type Request,
  refuse,
} from './frame.js'
import type { Command } from './isolation.js'
import { startProcess } from './run-process.js'

/** A worker under way. */
export type WorkerRun = {
  /** Its answer. Comes only after the process has ended; never rejects. */
  readonly answer: Promise<Made | Refusal>
  /** Kills it; the answer is then `took-too-long`, unless it was already there. */
  stop(): void
}

/** A small picture goes along with the file. */
export const MOST_PREVIEW_BYTES = 256 * 1024

/**
 * Starts one process for one file, feeds it and watches its time and memory.
 * Whatever happens to the process becomes a refusal; an answer that makes no sense is `damaged`.
 */
export function startWorker(command: Command, request: Request): WorkerRun {
  const { limits } = request
  const { child, ended, stop } = startProcess(command, ['pipe', 'pipe', 'ignore'], limits)
  let answer: Made | Refusal | undefined

  const read = frameReader(limits.maxOutputBytes + MOST_PREVIEW_BYTES)
  child.stdout?.on('data', (chunk: Buffer) => {
    const frame = read(chunk)
    if (frame === 'more') return
    answer ??= (frame === 'garbage' ? undefined : parseAnswer(frame)) ?? refuse('damaged')
    stop()
  })
  // A worker that dies early breaks the pipe; how it ended says more.
  child.stdin?.on('error', () => {})
  child.stdin?.write(headerLine({ kind: request.kind, limits, again: request.again }, request.bytes.length))
  // Not ended: an end tells the worker that the server is gone.
  child.stdin?.write(request.bytes)

  return {
    answer: ended.then((outcome) => answer ?? (outcome.kind === 'refused' ? outcome : refuse('damaged'))),
    stop: () => {
      answer ??= refuse('took-too-long')
      stop()
    },
  }
}
