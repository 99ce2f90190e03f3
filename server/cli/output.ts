// What may stand on a terminal. Texts of a report were written by somebody unknown: a control sequence in them could
// rewrite the screen or make a line read differently from what it says.
const UNSAFE = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu

/** The text with every control and direction sign written out. */
export function visible(text: string): string {
  return text.toWellFormed().replace(UNSAFE, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
}

/** A JSON document that shows them too; within its strings they mean the same. */
export function visibleJson(value: unknown): string {
  const written = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, 2).replace(UNSAFE, written)
}

/** `1 file`, `2 files` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** A size for people. */
export function size(bytes: number): string {
  if (bytes < 1024) return count(bytes, 'byte')
  const kibibytes = bytes / 1024
  return kibibytes < 1024 ? `${Math.round(kibibytes)} KiB` : `${(kibibytes / 1024).toFixed(1)} MiB`
}
