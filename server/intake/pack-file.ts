// A file that was made anew, with the record of it, as it is sealed.
import { createHash } from 'node:crypto'
import { type FileRecord, packPart } from '../report/envelope.js'
import type { MadeType } from '../report/file-kinds.js'

const MADE: Readonly<Record<MadeType, FileRecord['made']>> = {
  'image/jpeg': 'picture-1',
  'image/png': 'picture-1',
  'image/webp': 'picture-1',
  'application/pdf': 'document-1',
  'audio/webm': 'sound-1',
  'video/webm': 'video-1',
}

/** The padded plaintext of a file of a report or a mailbox. */
export function packFile(
  label: { readonly kind: 'file' | 'added_file'; readonly of: string; readonly type: MadeType },
  bytes: Uint8Array,
): Uint8Array {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return packPart({ ...label, record: { made: MADE[label.type], sha256 } }, bytes)
}
