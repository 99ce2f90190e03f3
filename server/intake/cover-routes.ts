// "Does your own name show?" Before files are sent, parts of them can be covered. Which file it is about waits in the
// draft; the form with the squares names it once more, so that a page left open never covers another one.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Boxes, isCoverable } from '../sanitising/index.js'
import { OF_MAILBOX } from './added-file-routes.js'
import { coverKept } from './cover-file.js'
import { coverPage, LARGE_SQUARES, mostRows } from './cover-page.js'
import type { DraftToken } from './draft.js'
import { OF_REPORT } from './file-routes.js'
import { readFields } from './form-body.js'
import { findKept, nameOf, type ShelfPlace } from './keep-files.js'
import { openVisit, takesMore } from './mailbox-visit.js'
import type { FormFields } from './parse-report.js'
import type { IntakeParts } from './parts.js'
import { renewCookie, sendPage, tokenOf } from './visit.js'

/** Not in a turn of pages: these wait for a turn among the files. */
const AMONG_FILES = { config: { atOnce: true } }

interface FileList {
  readonly path: string
  readonly place: ShelfPlace
  /** Whose list it is; null when nothing can be covered there (any more), which its own page tells. */
  enter(request: FastifyRequest, parts: IntakeParts): Promise<DraftToken | null>
}

const LISTS: readonly FileList[] = [
  {
    path: '/report/files',
    place: OF_REPORT,
    async enter(request, { drafts, cookie }) {
      const token = tokenOf(request, cookie)
      return (await drafts.get(token))?.report ? token : null
    },
  },
  {
    path: '/return/files',
    place: OF_MAILBOX,
    async enter(request, parts) {
      const { token, mailbox } = await openVisit(request, parts)
      return takesMore(mailbox) ? token : null
    },
  },
]

/** Registers the page, the choice of what it shows, and the covering, for both lists in every language. */
export function registerCover(app: FastifyInstance, parts: IntakeParts): void {
  const inTurn = (request: FastifyRequest, task: () => Promise<FastifyReply>) =>
    parts.fileTurns.run(parts.askerOf(request), task)
  for (const list of LISTS) {
    for (const { code } of parts.site.languages) {
      const page = `/${code}${list.path}/cover`
      app.get(page, AMONG_FILES, (request, reply) =>
        inTurn(request, () => show(request, reply, parts, list, code)),
      )
      app.post(page, (request, reply) => choose(request, reply, parts, list, code))
      app.post(`${page}/boxes`, AMONG_FILES, (request, reply) =>
        inTurn(request, () => coverBoxes(request, reply, parts, list, code)),
      )
      app.get(`${page}/boxes`, (_request, reply) => reply.redirect(page, 303))
    }
  }
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  { path, place, enter }: FileList,
  language: string,
): Promise<FastifyReply> {
  const token = await enter(request, parts)
  const draft = await parts.drafts.get(token)
  const shelf = draft && place.find(draft)
  const covering = shelf?.covering
  const file = findKept(shelf, covering?.file)
  if (!token || !shelf || !covering || !file) return reply.redirect(`/${language}${path}`, 303)
  const bytes = await parts.drafts.getFile(token, file.id, file.chunks)
  const picture = await parts.show({ type: file.type, bytes }, covering.page)
  const number = shelf.files.indexOf(file) + 1
  const { html, isWrong } = coverPage(parts.site, language, path, { file, number, covering, picture })
  reply.header('content-security-policy', parts.coverPolicy)
  return sendPage(request, reply, html, isWrong ? 422 : 200)
}

/** Which file, which page of it, how fine the squares. */
async function choose(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  list: FileList,
  language: string,
): Promise<FastifyReply> {
  const fields = readFields(request)
  const columns = readNumber(fields, 'columns') ?? 0
  return goOn(request, reply, parts, list, language, fields, {
    columns: mostRows(columns) > 0 ? columns : LARGE_SQUARES,
    cells: [],
    error: null,
  })
}

async function coverBoxes(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  list: FileList,
  language: string,
): Promise<FastifyReply> {
  const fields = readFields(request)
  const boxes = readBoxes(fields)
  const refuse = (error: string) => {
    const { columns, cells } = boxes ?? { columns: LARGE_SQUARES, cells: [] }
    return goOn(request, reply, parts, list, language, fields, { columns, cells: [...cells], error })
  }
  if (!boxes) return refuse('error.cell')
  if (boxes.cells.length === 0) return refuse('error.noCell')
  const token = await list.enter(request, parts)
  if (token) {
    const file = fields.get('file')?.at(-1) ?? ''
    const page = readNumber(fields, 'page') ?? 1
    const outcome = await coverKept(parts, token, list.place, { file, page, boxes })
    if (outcome !== 'covered') return refuse('error.cover')
    renewCookie(reply, parts.cookie, token)
  }
  return reply.redirect(`/${language}${list.path}`, 303)
}

/** Leads to the page that shows this file, or back to the list, which tells why not. */
async function goOn(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: IntakeParts,
  { path, place, enter }: FileList,
  language: string,
  fields: FormFields,
  what: { readonly columns: number; readonly cells: number[]; readonly error: string | null },
): Promise<FastifyReply> {
  const token = await enter(request, parts)
  if (!token) return reply.redirect(`/${language}${path}`, 303)
  let next = path
  await parts.drafts.change(token, (draft) => {
    next = path
    const shelf = place.find(draft)
    const file = findKept(shelf, fields.get('file')?.at(-1))
    if (!shelf || !file) return place.tell(draft, 'error.fileGone')
    if (!isCoverable(file.type)) return place.tell(draft, 'error.notCoverable')
    next = `${path}/cover`
    const page = Math.min(Math.max(readNumber(fields, 'page') ?? 1, 1), file.pages)
    return place.tell(place.put(draft, { ...shelf, covering: { ...what, file: nameOf(file), page } }), null)
  })
  renewCookie(reply, parts.cookie, token)
  return reply.redirect(`/${language}${next}`, 303)
}

/** What was ticked; null when it is no grid of ours. */
function readBoxes(fields: FormFields): Boxes | null {
  const columns = readNumber(fields, 'columns') ?? 0
  const rows = readNumber(fields, 'rows') ?? 0
  if (rows < 1 || rows > mostRows(columns)) return null
  const cells = [...new Set(fields.get('cell') ?? [])].map(toNumber)
  return cells.every((cell) => cell !== null && cell < columns * rows)
    ? { columns, rows, cells: cells as number[] }
    : null
}

function readNumber(fields: FormFields, name: string): number | null {
  return toNumber(fields.get(name)?.at(-1) ?? '')
}

function toNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) ? Number(text) : null
}
