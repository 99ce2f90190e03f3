// Files that wait in a draft, of a report being written or for a mailbox that is open: stripped when they are uploaded,
// and the original is dropped at once. What waits is what will be sent.
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { type DraftFile, MOST_FILES } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import type { Draft, DraftToken } from './draft.js'
import { readForm, type UnreadFile } from './form-body.js'
import type { IntakeParts } from './parts.js'

export interface Shelf {
  readonly files: DraftFile[]
  /** which files were left out at the last upload, and why */
  readonly refused: { number: number; reason: string }[]
}

/** Where in a draft the files stand. */
export interface ShelfPlace {
  find(draft: Draft): Shelf | null
  put(draft: Draft, shelf: Shelf): Draft
}

/** The largest body of a form with files. */
export function uploadBytes(maxFileBytes: number): number {
  return (MOST_FILES + 1) * maxFileBytes
}

/**
 * Reads a form with files and keeps those that could be made anew; the others stand among the refused. Gives the number
 * of files that came. Throws `draft-gone` when the draft goes away meanwhile.
 */
export async function keepFiles(
  request: FastifyRequest,
  parts: IntakeParts,
  token: DraftToken,
  place: ShelfPlace,
): Promise<number> {
  const { drafts } = parts
  const changeShelf = (change: (shelf: Shelf) => Shelf) =>
    drafts.change(token, (draft) => {
      const shelf = place.find(draft)
      return shelf ? place.put(draft, change(shelf)) : draft
    })
  const refuse = (number: number, reason: string) =>
    changeShelf((shelf) => ({ ...shelf, refused: [...shelf.refused, { number, reason }] }))

  const draft = await drafts.get(token)
  const before = (draft && place.find(draft)?.files.length) ?? 0
  let seen = before
  let kept = before
  await readForm(request, parts, async (original) => {
    const number = ++seen
    const result = await stripFile(original, kept, parts)
    if (typeof result === 'string') {
      await refuse(number, result)
      return
    }
    kept++
    const id = parts.randomId()
    const chunks = await drafts.putFile(token, id, result.bytes)
    if (chunks === null) throw new Problem('draft-gone')
    const { type, pages, bytes } = result
    const after = await changeShelf((shelf) =>
      // Another tab may have filled the last place meanwhile.
      shelf.files.length < MOST_FILES
        ? { ...shelf, files: [...shelf.files, { id, type, pages, bytes: bytes.length, chunks }] }
        : { ...shelf, refused: [...shelf.refused, { number, reason: 'too-many-files' }] },
    )
    if (!(after && place.find(after)?.files.some((file) => file.id === id))) await drafts.dropFile(token, id)
  })
  return seen - before
}

/** The file made anew, or the reason why it is left out. */
export async function stripFile(
  original: Uint8Array | UnreadFile,
  kept: number,
  { sanitise }: Pick<IntakeParts, 'sanitise'>,
): Promise<StrippedFile | string> {
  if (kept >= MOST_FILES) return 'too-many-files'
  if (typeof original === 'string') return original
  const result = await sanitise(original)
  return result.kind === 'refused' ? result.reason : result
}
