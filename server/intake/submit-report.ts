// The last step of a report on the public side: sealed, stored and flushed, and only then acknowledged.
import { Problem } from '../problem.js'
import { halfDayOf } from '../report/half-day.js'
import type { StrippedReport } from '../report/report.js'
import type { Sealer } from '../sealing/index.js'
import type { DraftToTake, IntakeStorage } from '../storage/intake/index.js'
import type { MailboxKeys, ReceiptCode } from './receipt.js'
import { sealReport } from './seal-report.js'

export interface SubmitParts {
  readonly storage: Pick<IntakeStorage, 'findLiveDesk' | 'storeReport'>
  readonly seal: Sealer['seal']
  readonly mailboxKeys: (code: ReceiptCode) => Promise<MailboxKeys>
  readonly clock: () => Date
  readonly randomId: () => string
}

export interface Submission {
  readonly stripped: StrippedReport
  /** the same for every repeat of this submission */
  readonly key: Uint8Array
  readonly code: ReceiptCode | null
  readonly draft: DraftToTake | null
}

/**
 * Resolves with 'received' when the report is in the queue, durably, exactly once for each key; with
 * 'draft-changed' when nothing was stored because another tab changed the draft. Throws `form-closed` when no desk
 * key is live: nothing is acknowledged that nobody could open.
 */
export async function submitReport(
  { storage, seal, mailboxKeys, clock, randomId }: SubmitParts,
  { stripped, key, code, draft }: Submission,
): Promise<'received' | 'draft-changed'> {
  const desk = await storage.findLiveDesk()
  if (!desk) throw new Problem('form-closed')
  const keys = code && (await mailboxKeys(code))
  const mailbox = keys && { id: randomId(), lookup: keys.lookup, recipient: keys.recipient }
  const halfDay = halfDayOf(clock())
  const sealed = await sealReport(stripped, {
    id: randomId(),
    desk,
    halfDay,
    mailbox: mailbox?.id ?? null,
    seal,
    randomId,
  })
  const stored = await storage.storeReport(sealed, key, { mailbox, draft })
  return stored === 'draft-changed' ? 'draft-changed' : 'received'
}
