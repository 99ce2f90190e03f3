// The data of what-if.ts, and what must hold for it: every cell once, in every language, and no doubt left out.
import { z } from 'zod'
import {
  type Faults,
  ids,
  type KnownIds,
  paragraphs,
  type Read,
  said,
  unknownIds,
  verifiedOn,
} from './tool-data.js'

/** Known without reading anything, because addresses are: `/what-if/1` to `/what-if/8`. */
export const SITUATIONS = 8
export const QUESTIONS = ['who_learns_name', 'who_may_come', 'can_stop', 'can_go_wrong'] as const

const dataSchema = z.strictObject({
  statuses: z
    .array(z.strictObject({ id: said, form_of_address: z.enum(['formal', 'informal']) }))
    .length(SITUATIONS),
  acts: z.array(z.strictObject({ id: said })).min(1),
  questions: z.array(z.enum(QUESTIONS)).length(QUESTIONS.length),
  /** who can tell, and the row of the help directory through which to reach them; null: none */
  who_can_tell: z.record(z.string(), said.nullable()),
  verified_on: verifiedOn,
  lawyer_checked: z.boolean(),
  cells: z.array(
    z.strictObject({
      status: said,
      act: said,
      law: z.array(z.strictObject({ law: said, date: z.iso.date().nullable(), sources: ids.min(1) })),
      sources: ids.min(1),
      not_verified: z.boolean(),
      not_verified_fields: z.array(z.enum(QUESTIONS)),
      who_can_tell: ids.min(1),
    }),
  ),
})
type Data = z.infer<typeof dataSchema>
export type Cell = Data['cells'][number]

const textSchema = z.strictObject({
  title: said,
  browser_title: said,
  intro: paragraphs,
  danger: said,
  device: said,
  not_verified: said,
  not_verified_short: said,
  law_behind: said,
  law_none: said,
  law_date_unknown: said,
  law_since: said,
  statuses: z.record(z.string(), said),
  acts: z.record(z.string(), said),
  questions: z.record(z.enum(QUESTIONS), said),
  questions_note: z.strictObject({ who_may_come: said }),
  who_can_tell: z.record(z.string(), said),
  reviewed: z.boolean(),
  verified_on: verifiedOn,
  cells: z.record(z.string(), z.record(z.string(), z.record(z.enum(QUESTIONS), said))),
})
export type WhatIfTexts = z.infer<typeof textSchema>

export const readWhatIf = (read: Read): Data => read('what-if.json', dataSchema)
export const readWhatIfTexts = (read: Read, language: string): WhatIfTexts =>
  read(`${language}/what-if.json`, textSchema)

export function checkWhatIf(faults: Faults, read: Read, known: KnownIds): void {
  const data = faults.attempt('what-if.json', () => readWhatIf(read))
  if (!data) return
  const statuses = data.statuses.map(({ id }) => id)
  const acts = data.acts.map(({ id }) => id)
  const tellers = Object.keys(data.who_can_tell)
  const named = data.cells.map(({ status, act }) => `${status}/${act}`)
  const wanted = statuses.flatMap((status) => acts.map((act) => `${status}/${act}`))
  faults.sameKeys('what-if.json: cells', named, wanted)
  unknownIds(
    faults,
    'what-if.json',
    known.help,
    Object.values(data.who_can_tell).filter((id) => id !== null),
  )
  for (const { status, act, ...cell } of data.cells) {
    const where = `what-if.json: ${status}/${act}`
    unknownIds(
      faults,
      where,
      known.laws,
      cell.law.map(({ law }) => law),
    )
    unknownIds(faults, where, known.sources, [...cell.sources, ...cell.law.flatMap(({ sources }) => sources)])
    unknownIds(faults, where, new Set(tellers), cell.who_can_tell)
    if (cell.not_verified !== cell.not_verified_fields.length > 0)
      faults.add(where, 'not_verified and not_verified_fields contradict each other')
  }
  for (const language of known.languages) {
    const where = `${language}/what-if.json`
    const texts = faults.attempt(where, () => readWhatIfTexts(read, language))
    if (!texts) continue
    faults.sameKeys(`${where}: statuses`, Object.keys(texts.statuses), statuses)
    faults.sameKeys(`${where}: acts`, Object.keys(texts.acts), acts)
    faults.sameKeys(`${where}: who_can_tell`, Object.keys(texts.who_can_tell), tellers)
    const cells = Object.entries(texts.cells).flatMap(([status, row]) =>
      Object.keys(row).map((act) => `${status}/${act}`),
    )
    faults.sameKeys(`${where}: cells`, cells, wanted)
  }
}
