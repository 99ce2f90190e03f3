// A file that was made anew, with the record of it, as it is sealed.
import { createHash } from 'node:crypto'
import type { FileRecord } from '../report/envelope.js'
import { packStream } from '../report/envelope-stream.js'
import type { MadeType } from '../report/file-kinds.js'
import type { FileToSeal } from '../report/report.js'

const MADE: Readonly<Record<MadeType, FileRecord['made']>> = {
  'image/jpeg': 'picture-1',
  'image/png': 'picture-1',
  'image/webp': 'picture-1',
  'application/pdf': 'document-1',
  'audio/webm': 'sound-1',
  'video/webm': 'video-1',
}

/** The padded plaintext of a file of a report or a mailbox, as it is read. */
export async function* packFile(
  label: { readonly kind: 'file' | 'added_file'; readonly of: string },
  file: Omit<FileToSeal, 'id'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { type, bytes, covered } = file
  // The hash goes before the file: what nobody computed it of is read twice.
  const sha256 = file.sha256 || (await hashPieces(file.read()))
  yield* packStream(
    { ...label, type, record: { made: MADE[type], sha256, ...(covered && { covered }) } },
    bytes,
    file.read(),
  )
}

/** The SHA-256 of a file, in hexadecimal. */
export function hashFile(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function hashPieces(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) {
    hash.update(piece)
    piece.fill(0)
  }
  return hash.digest('hex')
}
