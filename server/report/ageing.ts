// How long a report waits, measured with what may be known of its arrival: a half-day, and for an urgent one whether
// the desk's target has passed. There is no exact time to show.
import * as z from 'zod'
import type { QueueState } from './case.js'

export const targetsSchema = z.strictObject({
  /** of an urgent report; the machine counts in rounds of ten minutes */
  urgentMinutes: z.number().int().min(10).max(1440).multipleOf(10),
  /** of another report, until somebody takes it */
  waitingHalfDays: z.number().int().min(1).max(60),
  /** of another report, until it is assessed */
  readingHalfDays: z.number().int().min(1).max(60),
})
/** What a desk asks of itself. */
export type Targets = z.infer<typeof targetsSchema>

export const DEFAULT_TARGETS: Targets = { urgentMinutes: 60, waitingHalfDays: 4, readingHalfDays: 10 }

/** The most pressing first. */
export const BANDS = ['danger', 'overdue', 'due', 'later'] as const
export type Band = (typeof BANDS)[number]

/** So many half-days before its target a report is due. */
const DUE_BEFORE = 2
const DAY_MS = 24 * 3_600_000

export interface Ageing {
  readonly urgent: boolean
  readonly late: boolean
  readonly halfDay: string
  readonly state: QueueState
}

/** How pressing an open report is. `isDanger` comes from its opened header. */
export function bandOf(report: Ageing, isDanger: boolean, targets: Targets, now: string): Band {
  if (isDanger) return 'danger'
  if (report.urgent) return report.late ? 'overdue' : 'due'
  const target = report.state === 'waiting' ? targets.waitingHalfDays : targets.readingHalfDays
  const age = halfDaysBetween(report.halfDay, now)
  if (age > target) return 'overdue'
  return age > target - DUE_BEFORE ? 'due' : 'later'
}

/** Whether an open report is over the desk's target. */
export function isOverTarget(report: Ageing, targets: Targets, now: string): boolean {
  return report.urgent ? report.late : bandOf(report, false, targets, now) === 'overdue'
}

/** How many half-days lie between two of them such as `2026-11-23 pm`; 0 for what is no date. */
export function halfDaysBetween(from: string, to: string): number {
  const between = place(to) - place(from)
  return Number.isFinite(between) ? between : 0
}

function place(halfDay: string): number {
  const [date = '', half = ''] = halfDay.split(' ')
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS) * 2 + (half === 'pm' ? 1 : 0)
}
