// Words that stand nowhere else, one for each thing that somebody brings along or types, and the search for them.
import { randomInt } from 'node:crypto'
import { compressedStreams, disguisesOf } from './dirty-search.js'
import type { Place } from './whole-database.js'

/** Small letters and digits alone: no way of escaping or of storing headers changes a canary. */
export interface Canaries {
  /** a new canary; its name tells in a finding what was found */
  make(name: string): string
  /** something else that must not be found, such as an address or a code, in each of its spellings */
  watch(name: string, ...spellings: string[]): void
  /** The names of all canaries in the bytes, however they are written there, compressed too. */
  find(bytes: Uint8Array | string): string[]
  /** Each place with each canary in it, once. */
  findIn(places: Iterable<Place>): string[]
}

/** None of them stands in hex, of which databases are full. */
const LETTERS = 'ghijklmnopqrstuvwxyz'
const MARK_LETTERS = 17
const PIECE_LETTERS = 8

/** What is found where a canary was cut short, or into pieces. */
export const PIECE = 'a piece of a canary'

export function createCanaries(): Canaries {
  const search = createSearch()
  const watch = (name: string, text: string): void => {
    for (const needle of disguisesOf(text).values()) search.add(name, needle)
  }
  const mark = Array.from({ length: MARK_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  watch(PIECE, mark)
  // PostgreSQL compresses a long value, and breaks what it keeps of it as it is after every eighth byte.
  for (let at = 0; at <= MARK_LETTERS - PIECE_LETTERS; at++)
    search.add(PIECE, Buffer.from(mark.slice(at, at + PIECE_LETTERS)))
  const find = (bytes: Uint8Array | string): string[] => {
    const plain = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    const found = new Set([plain, ...compressedStreams(plain)].flatMap(search.namesIn))
    if (found.size > 1) found.delete(PIECE)
    return [...found].sort()
  }
  return {
    make: (name) => {
      const canary = `${mark}x${name.toLowerCase().replace(/[^a-z]/g, '')}x`
      watch(name, canary)
      return canary
    },
    watch: (name, ...spellings) => {
      for (const spelling of spellings) watch(name, spelling)
    },
    find,
    findIn: (places) => {
      const found = new Set<string>()
      for (const { name, bytes } of places) for (const canary of find(bytes)) found.add(`${name}: ${canary}`)
      return [...found].sort()
    },
  }
}

/** Looks for a thousand needles in one pass: only where three bytes begin one of them it looks closer. */
function createSearch() {
  const begins = new Uint8Array(1 << 24)
  const needles = new Map<number, { name: string; needle: Buffer }[]>()
  return {
    add(name: string, needle: Buffer): void {
      const start = needle.readUIntBE(0, 3)
      begins[start] = 1
      needles.set(start, [...(needles.get(start) ?? []), { name, needle }])
    },
    namesIn(bytes: Uint8Array): string[] {
      const names = new Set<string>()
      let last = 0
      for (let at = 0; at < bytes.length; at++) {
        last = ((last << 8) | (bytes[at] as number)) & 0xffffff
        if (begins[last] === 0) continue
        for (const { name, needle } of needles.get(last) ?? [])
          if (needle.equals(bytes.subarray(at - 2, at - 2 + needle.length))) names.add(name)
      }
      return [...names]
    },
  }
}

/** An address that starts as given and ends in numbers of three digits, long enough to be searched for. */
export function tellingAddress(start: number): string {
  return [start, randomInt(100, 255), randomInt(100, 255), randomInt(100, 255)].join('.')
}

/** All ways in which the pages and people write a code of 24 digits. */
export function spellingsOfCode(code: string): string[] {
  const groups = code.match(/\d{4}/g) ?? []
  return ['', ' ', '-', '</span><span>', '</span> <span>'].map((between) => groups.join(between))
}
