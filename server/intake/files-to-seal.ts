// Where the files of a report are read from when they are sealed, a piece at a time.
import type { DraftFile, FileToSeal } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import type { DraftStore, DraftToken } from './draft.js'
import { hashFile } from './pack-file.js'

const PIECE_BYTES = 1024 * 1024

/** A file that waits in a draft. */
export function fileOfDraft(
  drafts: Pick<DraftStore, 'readFile'>,
  token: DraftToken,
  { id, type, bytes, sha256, chunks, coveredFrom }: DraftFile,
): FileToSeal {
  return {
    id,
    type,
    covered: coveredFrom !== null,
    bytes,
    sha256,
    read: () => drafts.readFile(token, id, chunks),
  }
}

/** A file of a form without a draft. */
export function fileInMemory(id: string, { type, bytes }: StrippedFile): FileToSeal {
  return {
    id,
    type,
    covered: false,
    bytes: bytes.length,
    sha256: hashFile(bytes),
    read: () => copiesOf(bytes),
  }
}

async function* copiesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.slice(at, at + PIECE_BYTES)
}
