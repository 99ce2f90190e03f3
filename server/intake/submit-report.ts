// The last step of a report on the public side: sealed, stored and flushed, and only then acknowledged.
import { Problem } from '../problem.js'
import { halfDayOf } from '../report/half-day.js'
import type { StrippedReport } from '../report/report.js'
import type { Sealer } from '../sealing/index.js'
import type { DraftToTake, IntakeStorage } from '../storage/intake/index.js'
import type { Catalogue } from './parse-report.js'
import type { MailboxKeys, ReceiptCode } from './receipt.js'
import { sealReport } from './seal-report.js'

export interface SubmitParts {
  readonly site: { readonly catalogue: Pick<Catalogue, 'details'> }
  readonly storage: Pick<IntakeStorage, 'findLiveDesk' | 'findMailbox' | 'storeReport' | 'wasSubmitted'>
  readonly seal: Sealer['seal']
  readonly sealStream: Sealer['sealStream']
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
 * Resolves with 'received' when the report is in the queue, durably, exactly once for each key. Nothing was stored
 * when it resolves with 'draft-changed' (another tab changed the draft) or 'code-closed' (the desk asks nothing more
 * under this code, or its reporter ended it). Throws `form-closed` when no desk key is live: nothing is acknowledged that nobody could open.
 */
export async function submitReport(
  parts: SubmitParts,
  submission: Submission,
): Promise<'received' | 'draft-changed' | 'code-closed'> {
  const { storage, seal, sealStream, mailboxKeys, clock, randomId } = parts
  const { stripped, key, code, draft } = submission
  const desk = await storage.findLiveDesk()
  if (!desk) throw new Problem('form-closed')
  const keys = code && (await mailboxKeys(code))
  // Somebody who goes back and tells something else sends it under the same code: one mailbox serves both reports.
  const existing = keys && (await storage.findMailbox(keys.lookup))
  if (existing?.closed) return (await storage.wasSubmitted(key)) ? 'received' : 'code-closed'
  const made = keys && !existing && { id: randomId(), lookup: keys.lookup, recipient: keys.recipient }
  const halfDay = halfDayOf(clock())
  const sealed = await sealReport(stripped, {
    id: randomId(),
    desk,
    halfDay,
    mailbox: (made || existing)?.id ?? null,
    details: parts.site.catalogue.details,
    seal,
    sealStream,
    randomId,
  })
  const stored = await storage.storeReport(sealed, key, { mailbox: made || null, draft })
  switch (stored) {
    case 'code-in-use':
      return submitReport(parts, submission)
    case 'draft-changed':
      return 'draft-changed'
    case 'stored':
    case 'already-there':
      return 'received'
  }
}
