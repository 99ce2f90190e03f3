// A filled-in list as a file that its owner keeps, because this site keeps nothing. A year later it comes back from a
// stranger's disk: everything in it is checked as if it had been typed.
import { z } from 'zod'
import { cleanText } from '../clean-text.js'
import { ANSWERS, type Answer } from './basic-level-list.js'
import { isDay } from './dates-in-words.js'

export const LARGEST_FILE_BYTES = 64 * 1024
/** in characters; all notes of a list in four-byte letters still fit into a file */
export const LONGEST_NOTE = 500
export const LONGEST_PLACE = 100
const KIND = 'basic-level'
const VERSION = 1

export interface FilledList {
  /** as typed; may be empty */
  readonly place: string
  /** YYYY-MM-DD, or empty */
  readonly date: string
  /** by the id of the point; those that were not filled in may be missing */
  readonly answers: ReadonlyMap<string, FilledAnswer>
}

export interface FilledAnswer {
  readonly answer: Answer | null
  readonly note: string
}

export type ReadList =
  | { readonly kind: 'read'; readonly list: FilledList }
  | { readonly kind: 'refused'; readonly reason: 'too-large' | 'unreadable' | 'other-version' }

export const EMPTY_LIST: FilledList = { place: '', date: '', answers: new Map() }
const NOTHING: FilledAnswer = { answer: null, note: '' }

const fileSchema = z.strictObject({
  kind: z.literal(KIND),
  version: z.literal(VERSION),
  date: z.string().refine((date) => date === '' || isDay(date)),
  place: z.string().max(LONGEST_PLACE),
  answers: z.record(
    z.string(),
    z.strictObject({ answer: z.enum(ANSWERS).nullable(), note: z.string().max(LONGEST_NOTE) }),
  ),
})
/** Enough of a file of a later version to say so. */
const otherVersion = z.looseObject({ kind: z.literal(KIND), version: z.number().int() })

export function answerTo({ answers }: FilledList, id: string): FilledAnswer {
  return answers.get(id) ?? NOTHING
}

/** The list as text of a file; `readList` gives the same list back. */
export function writeList({ place, date, answers }: FilledList): string {
  const file = { kind: KIND, version: VERSION, date, place, answers: Object.fromEntries(answers) }
  return `${JSON.stringify(file, null, 1)}\n`
}

/**
 * Reads a file that was kept. Points that are not among `ids` are left out: the list may have changed in a year.
 * Never throws, whatever the bytes are.
 */
export function readList(bytes: Uint8Array, ids: readonly string[]): ReadList {
  if (bytes.length > LARGEST_FILE_BYTES) return { kind: 'refused', reason: 'too-large' }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { kind: 'refused', reason: 'unreadable' }
  }
  const { data } = fileSchema.safeParse(json)
  if (!data) {
    const isOther =
      otherVersion.safeParse(json).data?.version !== VERSION && otherVersion.safeParse(json).success
    return { kind: 'refused', reason: isOther ? 'other-version' : 'unreadable' }
  }
  const answers = ids.flatMap((id) => {
    const found = Object.hasOwn(data.answers, id) ? data.answers[id] : undefined
    return found ? [[id, { answer: found.answer, note: cleanText(found.note) }] as const] : []
  })
  return { kind: 'read', list: { place: cleanText(data.place), date: data.date, answers: new Map(answers) } }
}

export type Change = 'better' | 'same' | 'worse' | 'new' | 'unclear'

/** How far each answer is; those that say nothing of it cannot be compared. */
const FAR: Readonly<Record<Answer, number | null>> = { yes: 2, partly: 1, no: 0, unknown: null }

/** What became of one point. `unclear` when there is nothing to compare now. */
export function compareAnswers(then: Answer | null, now: Answer | null): Change {
  if (now === null) return 'unclear'
  if (then === now) return 'same'
  const before = then && FAR[then]
  const after = FAR[now]
  if (after === null) return 'unclear'
  if (before === null) return 'new'
  return after > before ? 'better' : 'worse'
}
