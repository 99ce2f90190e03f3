// A piece of a page that shows why it was found.
import { wordsOf } from './words.js'

/** A run of text; `found` when it is a word that was searched for. */
export interface Piece {
  readonly text: string
  readonly found: boolean
}

const LONGEST = 200

/**
 * The block with most of the words, cut around the first of them, as pieces; the first block when none has any.
 * `isFound` says of a word of the text whether it was searched for.
 */
export function excerptOf(blocks: readonly string[], isFound: (word: string) => boolean): readonly Piece[] {
  let best = { block: blocks[0] ?? '', count: 0, first: 0 }
  for (const block of blocks) {
    const found = wordsOf(block).filter(({ text }) => isFound(text))
    const count = new Set(found.map(({ text }) => text.toLowerCase())).size
    if (count > best.count) best = { block, count, first: found[0]?.start ?? 0 }
  }
  return piecesOf(cut(best.block, best.first), isFound)
}

/** Marks the words that were searched for. */
export function piecesOf(text: string, isFound: (word: string) => boolean): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const { text: word, start } of wordsOf(text)) {
    if (!isFound(word)) continue
    if (start > end) pieces.push({ text: text.slice(end, start), found: false })
    pieces.push({ text: word, found: true })
    end = start + word.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), found: false })
  return pieces
}

/** At most 200 characters, whole words only, with the word at `first` among them. */
function cut(block: string, first: number): string {
  if (block.length <= LONGEST) return block
  const from = first < LONGEST * 0.7 ? 0 : block.indexOf(' ', first - LONGEST / 2) + 1
  const to = block.length - from <= LONGEST ? block.length : block.lastIndexOf(' ', from + LONGEST)
  const end = to > from ? to : from + LONGEST
  return `${from > 0 ? '… ' : ''}${block.slice(from, end)}${end < block.length ? ' …' : ''}`
}
