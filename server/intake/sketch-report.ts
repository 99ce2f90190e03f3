// A small value that is nearly the same for nearly the same words, made in memory and only ever sealed: the server
// keeps no fingerprint of what somebody wrote. Decision 21.
import { createHash } from 'node:crypto'
import { fold } from '../giveaway/fold.js'
import { type Alike, SAMPLES } from '../report/alike.js'
import type { ParsedReport } from '../report/report.js'

/** About twelve words. Shorter ones ("please help me") are the same for people who have nothing to do with each other. */
const FEWEST_LETTERS = 60
/** Pieces of so many letters are compared: words would not do for languages that write no spaces. */
const LETTERS_TOGETHER = 5

/** Two reports alike by words have nearly the same sketch; two alike by answers have the same one. */
export function sketchReport(report: ParsedReport): Alike {
  const words = wordsOf(report.words)
  return words.replaceAll(' ', '').length < FEWEST_LETTERS
    ? { by: 'answers', sketch: hashAnswers(report) }
    : { by: 'words', sketch: sampleWords(words) }
}

/** Small letters and digits without accents, one space between words. Numbers stay: a house or an hour tells events apart. */
function wordsOf(text: string): string {
  return (fold(text).lower.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}

/**
 * Of every piece of the text 64 hashes are made; of each, the last four bits of the smallest one are kept (b-bit
 * minwise hashing, Li and König, WWW 2010). Four bits are enough to compare and too few to look a phrase up in.
 */
function sampleWords(words: string): string {
  const smallest = new Uint32Array(SAMPLES).fill(0xffffffff)
  for (const piece of piecesOf(words)) {
    for (let i = 0; i < SAMPLES; i++) {
      const hash = mix(piece + Math.imul(i + 1, 0x9e3779b9))
      if (hash < (smallest[i] as number)) smallest[i] = hash
    }
  }
  return Array.from(smallest, (hash) => (hash & 15).toString(16)).join('')
}

/** Each different piece of the text, as a number. */
function piecesOf(words: string): Set<number> {
  const pieces = new Set<number>()
  for (let at = 0; at + LETTERS_TOGETHER <= words.length; at++) {
    let piece = 0
    for (let i = at; i < at + LETTERS_TOGETHER; i++) piece = mix(piece ^ words.charCodeAt(i))
    pieces.add(piece)
  }
  return pieces
}

/** Spreads a number over 32 bits (the last step of MurmurHash3). */
function mix(number: number): number {
  let mixed = number
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function hashAnswers(report: ParsedReport): string {
  const { vantage, danger, forms, signs, municipality, when, details } = report
  const texts = [report.words, report.place, report.whenWords].map(wordsOf)
  const answers = [vantage, danger, forms, signs, municipality, when, Object.entries(details).sort(), texts]
  return createHash('sha256').update(JSON.stringify(answers)).digest('hex').slice(0, 4)
}
