// Files that wait in a draft, of a report being written or for a mailbox that is open: stripped when they are uploaded,
// and the original is dropped at once. What waits is what will be sent.
import type { FastifyRequest } from 'fastify'
import { Problem } from '../problem.js'
import { type DraftFile, MOST_FILES } from '../report/report.js'
import type { StrippedFile } from '../sanitising/index.js'
import type { ArrivedFile, FileLimits, UnreadFile } from './arriving-file.js'
import type { Covering, Draft, DraftStore, DraftToken } from './draft.js'
import { largestFile, readForm } from './form-body.js'

import { hashFile } from './pack-file.js'
import type { IntakeParts } from './parts.js'

export interface Shelf {
  readonly files: DraftFile[]
  /** which files were left out at the last upload, and why */
  readonly refused: { number: number; reason: string; original: string }[]
  readonly covering: Covering | null
}

/** Where in a draft the files stand. */
export interface ShelfPlace {
  find(draft: Draft): Shelf | null
  put(draft: Draft, shelf: Shelf): Draft
  /** Says at the list of files what is wrong (null: nothing); what was wrong there before is over. */
  tell(draft: Draft, error: string | null): Draft
}

/** By what forms name a file: the same before and after parts of it were covered. */
export function nameOf({ id, coveredFrom }: Pick<DraftFile, 'id' | 'coveredFrom'>): string {
  return coveredFrom ?? id
}

export function findKept(
  shelf: Pick<Shelf, 'files'> | null | undefined,
  name: string | undefined,
): DraftFile | undefined {
  return shelf?.files.find((file) => nameOf(file) === name)
}

/** The largest body of a form with files. */
export function uploadBytes(limits: FileLimits): number {
  return (MOST_FILES + 1) * largestFile(limits)
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
  const mine = new Set<string>()
  /** Whether another request brought this file before: it was sent twice, by a double click or a reload. */
  const isRepeat = (shelf: Shelf | null | undefined, original: string): boolean =>
    shelf?.files.some((file) => file.original === original && !mine.has(file.id)) === true

  const draft = await drafts.get(token)
  const before = (draft && place.find(draft)?.files.length) ?? 0
  let seen = before
  let kept = before
  await readForm(request, parts, async (original) => {
    const number = ++seen
    const digest = typeof original === 'string' ? null : await original.digest(token)
    const now = digest && (await drafts.get(token))
    if (digest && now && isRepeat(place.find(now), digest)) return
    const result = await stripFile(original, kept, parts)
    if (typeof result === 'string') {
      await changeShelf((shelf) => refuse(shelf, { number, reason: result, original: digest ?? '' }))
      return
    }
    kept++
    const { type, pages, seconds, hidden } = result
    const file: DraftFile = {
      ...(await putKept(parts, token, result)),
      type,
      pages,
      seconds,
      hidden: [...hidden],
      original: digest ?? '',
      coveredFrom: null,
    }
    mine.add(file.id)
    const after = await changeShelf((shelf) => {
      // Another tab, or the other click, may have brought it or filled the last place meanwhile.
      if (isRepeat(shelf, file.original)) return shelf
      return shelf.files.length < MOST_FILES
        ? { ...shelf, files: [...shelf.files, file] }
        : refuse(shelf, { number, reason: 'too-many-files', original: file.original })
    })
    if (!(after && place.find(after)?.files.some(({ id }) => id === file.id)))
      await dropKept(drafts, token, file)
  })
  return seen - before
}

/** Tells why a file is left out, once, however often it was sent. */
function refuse(shelf: Shelf, told: Shelf['refused'][number]): Shelf {
  const isTold = shelf.refused.some(
    ({ original, number }) => original !== '' && original === told.original && number === told.number,
  )
  return isTold ? shelf : { ...shelf, refused: [...shelf.refused, told] }
}

/** Tells within one draft whether a file was there before; without the cookie it tells nothing about any file. */
/** A file with its small picture, in base64; empty when it has none. */
export type PicturedFile = DraftFile & { readonly picture: string }

/** Reads the small pictures of files. */
export async function withPictures(
  drafts: Pick<DraftStore, 'getFile'>,
  token: DraftToken,
  files: readonly DraftFile[],
): Promise<PicturedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const bytes = file.preview ? await drafts.getFile(token, file.preview.id, file.preview.chunks) : []
      return { ...file, picture: Buffer.from(bytes).toString('base64') }
    }),
  )
}

/** Puts the pieces of a file and of its small picture into the draft. Throws `draft-gone` when the draft went away. */
export async function putKept(
  { drafts, randomId }: Pick<IntakeParts, 'drafts' | 'randomId'>,
  token: DraftToken,
  { bytes, preview }: StrippedFile,
): Promise<Pick<DraftFile, 'id' | 'chunks' | 'bytes' | 'sha256' | 'preview'>> {
  const put = async (content: Uint8Array): Promise<{ id: string; chunks: number }> => {
    const id = randomId()
    const chunks = await drafts.putFile(token, id, content)
    if (chunks === null) throw new Problem('draft-gone')
    return { id, chunks }
  }
  return { ...(await put(bytes)), bytes: bytes.length, sha256: hashFile(bytes), preview: await put(preview) }
}

/** Takes the pieces of a file and of its small picture away. */
export async function dropKept(
  drafts: Pick<DraftStore, 'dropFile'>,
  token: DraftToken,
  { id, preview }: Pick<DraftFile, 'id' | 'preview'>,
): Promise<void> {
  await drafts.dropFile(token, id)
  if (preview) await drafts.dropFile(token, preview.id)
}

/** The file made anew, or the reason why it is left out. */
export async function stripFile(
  original: ArrivedFile | UnreadFile,
  kept: number,
  { sanitise }: Pick<IntakeParts, 'sanitise'>,
): Promise<StrippedFile | string> {
  if (kept >= MOST_FILES) return 'too-many-files'
  if (typeof original === 'string') return original
  const result = await sanitise(original)
  return result.kind === 'refused' ? result.reason : result
}
