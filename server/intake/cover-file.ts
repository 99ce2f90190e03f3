// Covering parts of a file that waits in a draft. The covered file takes the place of the other one, which is dropped at
// once: there is no way back to it.
import type { DraftFile } from '../report/report.js'
import type { Boxes } from '../sanitising/index.js'
import type { DraftToken } from './draft.js'
import { dropKept, findKept, nameOf, putKept, type ShelfPlace } from './keep-files.js'
import type { IntakeParts } from './parts.js'

const TRIES = 5

/**
 * Covers parts of one page. When another form was faster (a double click, another tab), it is done to what that one
 * left: no box is ever lost. Nothing has changed when it resolves with `refused` or `gone`. Throws `draft-gone` when the
 * draft goes away meanwhile.
 */
export async function coverKept(
  parts: Pick<IntakeParts, 'drafts' | 'cover' | 'randomId'>,
  token: DraftToken,
  place: ShelfPlace,
  { file: wanted, page, boxes }: { file: string; page: number; boxes: Boxes },
): Promise<'covered' | 'gone' | 'refused'> {
  const { drafts, cover } = parts
  const find = async (id: string): Promise<DraftFile | undefined> => {
    const draft = await drafts.get(token)
    return findKept(draft && place.find(draft), id)
  }
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const file = await find(wanted)
    if (!file) return 'gone'
    const bytes = await drafts.getFile(token, file.id, file.chunks).catch(async (error: unknown) => {
      if ((await find(wanted))?.id === file.id) throw error
      return null
    })
    if (!bytes) continue
    const covered = await cover({ type: file.type, bytes }, page, boxes)
    if (covered.kind === 'refused') return 'refused'
    const kept = await putKept(parts, token, covered)
    let isTaken = false
    await drafts.change(token, (draft) => {
      const shelf = place.find(draft)
      isTaken = shelf?.files.some(({ id }) => id === file.id) === true
      if (!shelf || !isTaken) return draft
      const files = shelf.files.map((one) =>
        one.id === file.id ? { ...one, ...kept, coveredFrom: nameOf(one) } : one,
      )
      // Another tab may be about another file.
      const covering = shelf.covering?.file === wanted ? null : shelf.covering
      return place.tell(place.put(draft, { ...shelf, files, covering }), null)
    })
    await dropKept(drafts, token, isTaken ? file : kept)
    if (isTaken) return 'covered'
  }
  return 'refused'
}
