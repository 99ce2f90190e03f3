import type { Range } from './kinds.js'

/** Says that something stood here, and not what. */
export const MARK = '[…]'

/**
 * The text with a mark in the place of each range. Ranges may come in any order and overlap; what reaches beyond
 * the text is cut, and half a character is taken out whole. All other characters stay as they are.
 */
export function takeOut(text: string, ranges: readonly Range[]): string {
  const wanted = ranges
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(text.length, end) }))
    .filter(({ start, end }) => Number.isInteger(start) && Number.isInteger(end) && start < end)
    .map(({ start, end }) => ({
      start: splitsPair(text, start) ? start - 1 : start,
      end: splitsPair(text, end) ? end + 1 : end,
    }))
    .sort((one, other) => one.start - other.start)
  let kept = ''
  let done = 0
  for (const { start, end } of wanted) {
    if (start >= done) kept += text.slice(done, start) + MARK
    done = Math.max(done, end)
  }
  return kept + text.slice(done)
}

function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff && at > 0 && at < text.length
}
