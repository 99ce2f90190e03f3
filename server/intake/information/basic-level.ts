// The basic level of a municipality, filled in on one page. The answers live in the pages that come back and in the file
// that their owner keeps; this site stores nothing, so every answer to a POST carries all of it along.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readData } from '../../i18n/index.js'
import type { FormFields } from '../parse-report.js'
import type { IntakeParts } from '../parts.js'
import type { Site } from '../site.js'
import { sendPage } from '../visit.js'
import { EMPTY_LIST, type FilledList, readList, writeList } from './basic-level-file.js'
import { type ListErrors, readListForm, takeList } from './basic-level-form.js'
import { type BasicLevel, createPages, PATH, type Shown } from './basic-level-pages.js'
import type { Read } from './tool-data.js'

const REFUSED = {
  'too-large': 'basic.error.large',
  unreadable: 'basic.error.unreadable',
  'other-version': 'basic.error.version',
} as const

/** The empty form: the same for everybody. */
export function basicLevelPage(site: Site, read: Read): (language: string) => string {
  const pages = createPages(site, read)
  return (language) => pages.form(language, { list: EMPTY_LIST, earlier: null, errors: {} })
}

/** Registers what answers the posted list, in every language. */
export function registerBasicLevel(
  app: FastifyInstance,
  {
    site,
    takeTurn,
    clock,
    informationPolicy,
  }: Pick<IntakeParts, 'site' | 'takeTurn' | 'clock' | 'informationPolicy'>,
  read: Read = readData,
): void {
  const pages = createPages(site, read)
  for (const { code: language } of site.languages) {
    app.post(`/${language}${PATH}`, async (request, reply) => {
      const { fields, file } = await readListForm(request)
      await takeTurn(request)
      reply.header('content-security-policy', informationPolicy)
      return answerForm(request, reply, { pages, language, fields, file, clock })
    })
  }
}

async function answerForm(
  request: FastifyRequest,
  reply: FastifyReply,
  given: {
    pages: BasicLevel
    language: string
    fields: FormFields
    file: Uint8Array | null
    clock: () => Date
  },
): Promise<FastifyReply> {
  const { pages, language, fields, file, clock } = given
  const act = fields.get('do')?.at(-1)
  const taken = takeList(fields, pages.ids())
  const hidden = readCarried(fields, pages.ids())
  const opened = file && readList(file, pages.ids())
  const fromFile = opened?.kind === 'read' ? opened.list : null
  const wantsFile = act === 'open' || act === 'with'
  const errors: ListErrors = {
    ...taken.errors,
    ...(opened?.kind === 'refused' && { file: REFUSED[opened.reason] }),
    ...(wantsFile && !opened && { file: 'basic.error.choose' }),
  }
  const shown: Shown = { list: taken.list, earlier: hidden, errors }
  const show = (page: 'form' | 'result', what: Shown): Promise<FastifyReply> => {
    const status = Object.keys(what.errors).length > 0 ? 422 : 200
    return sendPage(request, reply, pages[page](language, what), status)
  }
  if (Object.keys(taken.errors).length > 0 || act === 'change') return show('form', shown)
  // Where the file is chosen beside a result, its error belongs there too.
  if (errors.file) return show(fields.has('at-result') ? 'result' : 'form', shown)
  if (act === 'open' && fromFile) return show('form', { ...shown, list: merge(fromFile, taken.list) })
  if (act === 'with' && fromFile) {
    const list = { ...taken.list, place: taken.list.place || fromFile.place }
    return show('form', { ...shown, list, earlier: fromFile })
  }
  if (act !== 'save') return show('result', { ...shown, earlier: fromFile ?? hidden })
  const day = taken.list.date || dayOf(clock())
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="answers-${day}.json"`)
    .send(writeList({ ...taken.list, date: day }))
}

/** The earlier list as the page carried it along; one that was tampered with is none. */
function readCarried(fields: FormFields, ids: readonly string[]): FilledList | null {
  const text = fields.get('earlier')?.at(-1)
  const carried = text ? readList(Buffer.from(text), ids) : null
  return carried?.kind === 'read' ? carried.list : null
}

/** What was typed already goes before what the file says. */
function merge(file: FilledList, typed: FilledList): FilledList {
  return {
    place: typed.place || file.place,
    date: typed.date || file.date,
    answers: new Map([...file.answers, ...typed.answers]),
  }
}

function dayOf(moment: Date): string {
  // Swedish writes a day as the file does.
  return new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Amsterdam' }).format(moment)
}
