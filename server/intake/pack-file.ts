// A file that was made anew, with the record of it, as it is sealed.
import { createHash } from 'node:crypto'
import { packPart } from '../report/envelope.js'

/** The padded plaintext of a file of a report or a mailbox. */
export function packFile(
  label: { readonly kind: 'file' | 'added_file'; readonly of: string; readonly type: string },
  bytes: Uint8Array,
): Uint8Array {
  const made = label.type === 'application/pdf' ? 'document-1' : 'picture-1'
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return packPart({ ...label, record: { made, sha256 } }, bytes)
}
