// What the desk may say of a report. Fixed lists, so that a figure means the same everywhere.
import * as z from 'zod'

/** Where a report stands in the desk's queue. */
export const QUEUE_STATES = ['waiting', 'claimed', 'assessed'] as const
export type QueueState = (typeof QUEUE_STATES)[number]

/** Why a report can or cannot be used: a first assessment, sealed in the browser. */
export const USABLE_REASONS = ['concrete', 'adds_to_known', 'needs_question'] as const
export const NOT_USABLE_REASONS = [
  'not_concrete',
  'source_risk',
  'outside_scope',
  'possible_misuse',
  'duplicate',
] as const

export const assessmentSchema = z.discriminatedUnion('usable', [
  z.strictObject({ usable: z.literal(true), reason: z.enum(USABLE_REASONS), note: z.string().max(20_000) }),
  z.strictObject({
    usable: z.literal(false),
    reason: z.enum(NOT_USABLE_REASONS),
    note: z.string().max(20_000),
  }),
])
export type Assessment = z.infer<typeof assessmentSchema>

/** Why a report goes to another member of the desk: a fixed list, because the trail keeps it. */
export const ASSIGN_REASONS = ['absent', 'workload', 'language', 'knowledge'] as const
export type AssignReason = (typeof ASSIGN_REASONS)[number]

/** What a member is told about a report in the queue. */
export const NOTICES = ['watched', 'assigned', 'taken-over', 'lease-ended'] as const
export type NoticeKind = (typeof NOTICES)[number]

/** The states a reporter sees with the code; the last one is the reporter's own act. A hand-over or an outcome never changes them. */
export const MAILBOX_STATES = ['received', 'question', 'closed', 'withdrawn'] as const
export type MailboxState = (typeof MAILBOX_STATES)[number]
