import type { FindGiveaways } from '../giveaway/index.js'
import type { DeskHours } from '../report/desk-hours.js'
import type { Sanitiser } from '../sanitising/index.js'
import type { Sealer } from '../sealing/index.js'
import type { IntakeStorage } from '../storage/intake/index.js'
import type { CookieJar } from '../web/cookie.js'
import type { DraftStore } from './draft.js'
import type { MailboxKeys, ReceiptCode } from './receipt.js'
import type { Site } from './site.js'

/** Everything the routes of the public app use, made once in app.ts and passed on plainly. */
export interface IntakeParts {
  readonly site: Site
  readonly storage: IntakeStorage
  readonly drafts: DraftStore
  readonly cookie: CookieJar
  readonly seal: Sealer['seal']
  readonly sanitise: Sanitiser['sanitise']
  readonly mailboxKeys: (code: ReceiptCode) => Promise<MailboxKeys>
  /** proves that a code on a cookie-free page was made here */
  readonly proveCode: (code: ReceiptCode) => string
  /** runs the heavy part of a request when it is its turn */
  readonly uploadGate: <T>(task: () => Promise<T>) => Promise<T>
  readonly submitGate: <T>(task: () => Promise<T>) => Promise<T>
  /** whether a desk key is live, known a few seconds old at most */
  readonly isOpen: () => Promise<boolean>
  readonly maxFileBytes: number
  readonly clock: () => Date
  readonly random: (bytes: number) => Uint8Array
  readonly randomId: () => string
  readonly quickExitUrl: string
  readonly findGiveaways: FindGiveaways
  /** when somebody reads reports; null when nobody said */
  readonly deskHours: DeskHours | null
}
