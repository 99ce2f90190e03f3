/** The kinds of file that can be made anew. */
export type FileKind = 'jpeg' | 'png' | 'webp' | 'pdf'

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n'
/** Readers of PDF accept the header anywhere in the first kilobyte, so a file with rubbish before it is still a PDF. */
const PDF_HEADER_WITHIN_BYTES = 1024

/**
 * Says what a file is by its own first bytes; a name or a declared type is never asked for.
 * `undefined` for everything that is not JPEG, PNG, WebP or PDF. Whether the rest is whole shows when it is decoded.
 */
export function detectKind(bytes: Uint8Array): FileKind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, PDF_HEADER_WITHIN_BYTES))
  const head = start.toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith(PNG_SIGNATURE)) return 'png'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  if (head.includes('%PDF-')) return 'pdf'
  return undefined
}
