// Reads the posted list: the answers, and the file of an earlier time where there is one. Nothing of it is kept.
import type { FastifyRequest } from 'fastify'
import { Problem } from '../../problem.js'
import { cleanText } from '../clean-text.js'
import { blamingSender, readFields } from '../form-body.js'
import type { FormFields } from '../parse-report.js'
import {
  type FilledAnswer,
  type FilledList,
  LARGEST_FILE_BYTES,
  LONGEST_NOTE,
  LONGEST_PLACE,
} from './basic-level-file.js'
import { ANSWERS } from './basic-level-list.js'
import { isDay } from './dates-in-words.js'

const MOST_FIELDS = 60
/** All fields together: every note in full, twice, because the earlier list travels along. */
const MOST_FIELD_BYTES = 256 * 1024

export interface PostedForm {
  readonly fields: FormFields
  /** null: none was chosen */
  readonly file: Uint8Array | null
}

/**
 * Reads the form with at most one small file. Of a larger one it keeps just enough to see that it is too large. Throws
 * `too-large` on too many or too long fields, `bad-request` when the form is damaged or cut off.
 */
export async function readListForm(request: FastifyRequest): Promise<PostedForm> {
  if (!request.isMultipart()) return { fields: readFields(request), file: null }
  const fields = new Map<string, string[]>()
  let file: Uint8Array | null = null
  let fieldBytes = 0
  const limits = {
    fields: MOST_FIELDS,
    fieldSize: MOST_FIELD_BYTES,
    files: 2,
    fileSize: LARGEST_FILE_BYTES + 1,
    headerPairs: 20,
  }
  try {
    for await (const part of blamingSender(request.parts({ limits }))) {
      if (part.type === 'field') {
        const value = String(part.value)
        fieldBytes += Buffer.byteLength(value)
        if (part.valueTruncated || fieldBytes > MOST_FIELD_BYTES) throw new Problem('too-large')
        const values = fields.get(part.fieldname)
        if (values) values.push(value)
        else fields.set(part.fieldname, [value])
        continue
      }
      const pieces: Buffer[] = []
      for await (const piece of blamingSender(part.file as AsyncIterable<Buffer>)) pieces.push(piece)
      // A browser sends an empty part without a name when no file was chosen.
      if (pieces.length > 0 || part.filename !== '') file = Buffer.concat(pieces)
    }
  } catch (error) {
    // What still comes is dropped: a browser reads the answer at the end.
    request.raw.unpipe()
    request.raw.resume()
    throw error
  }
  return { fields, file }
}

export type ListErrors = Readonly<Record<string, string>>

/** The answers of a form, as typed also where they are wrong; errors by field, with the key of their text. */
export function takeList(
  fields: FormFields,
  ids: readonly string[],
): { readonly list: FilledList; readonly errors: ListErrors } {
  const errors: Record<string, string> = {}
  const last = (name: string): string => cleanText(fields.get(name)?.at(-1) ?? '').trim()
  const answers = new Map<string, FilledAnswer>()
  for (const id of ids) {
    const answer = ANSWERS.find((one) => one === last(`answer-${id}`)) ?? null
    const note = last(`note-${id}`)
    if (note.length > LONGEST_NOTE) errors[`note-${id}`] = 'basic.error.note'
    if (answer !== null || note !== '') answers.set(id, { answer, note })
  }
  const place = last('place')
  if (place.length > LONGEST_PLACE) errors.place = 'basic.error.place'
  const typed = last('date')
  const date = readDay(typed)
  if (date === null) errors.date = 'basic.error.date'
  return { list: { place, date: date ?? typed, answers }, errors }
}

/** `23-11-2026`, `23/11/2026` and `2026-11-23` alike; null when it is no day of the calendar. */
function readDay(typed: string): string | null {
  if (typed === '') return ''
  const turned = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(typed)
  const pad = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')
  const day = turned ? `${turned[3]}-${pad(turned[2])}-${pad(turned[1])}` : typed
  return isDay(day) ? day : null
}
