// What stands in the memory of a process that we started, as somebody with the rights of its user could read it.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const PIECE_BYTES = 16 * 1024 * 1024

export interface Found {
  /** how often each text stands there, as one byte or two bytes a letter */
  readonly counts: ReadonlyMap<string, number>
  readonly matches: readonly string[]
}

/** Looks through every writable region; null where the system does not let us. */
export function findInMemory(pid: number, texts: readonly string[], pattern: RegExp): Found | null {
  let memory: number
  let regions: { start: number; end: number }[]
  try {
    regions = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').flatMap(readRegion)
    memory = openSync(`/proc/${pid}/mem`, 'r')
  } catch {
    return null
  }
  const counts = new Map(texts.map((text) => [text, 0]))
  const matches: string[] = []
  const piece = Buffer.alloc(PIECE_BYTES)
  for (const { start, end } of regions) {
    for (let at = start; at < end; at += PIECE_BYTES) {
      const length = readAt(memory, piece, Math.min(PIECE_BYTES, end - at), at)
      const bytes = piece.subarray(0, length)
      for (const text of texts)
        for (const needle of [Buffer.from(text), Buffer.from(text, 'utf16le')])
          counts.set(text, (counts.get(text) ?? 0) + countIn(bytes, needle))
      matches.push(...(bytes.toString('latin1').match(new RegExp(pattern, 'g')) ?? []))
    }
  }
  closeSync(memory)
  return { counts, matches }
}

function readRegion(line: string): { start: number; end: number }[] {
  const [, start = '', end = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
  return rights.startsWith('rw') ? [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }] : []
}

/** 0 for a region that cannot be read (guard pages, what was given back meanwhile). */
function readAt(file: number, buffer: Buffer, length: number, position: number): number {
  try {
    return readSync(file, buffer, 0, length, position)
  } catch {
    return 0
  }
}

function countIn(bytes: Buffer, needle: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) count++
  return count
}
