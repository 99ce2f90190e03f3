import type { FastifyRequest } from 'fastify'
import type { FindGiveaways } from '../giveaway/index.js'
import type { DeskHours } from '../report/desk-hours.js'
import type { Sanitiser } from '../sanitising/index.js'
import type { Sealer } from '../sealing/index.js'
import type { IntakeStorage } from '../storage/intake/index.js'
import type { CookieJar } from '../web/cookie.js'
import type { FileLimits, FileRooms } from './arriving-file.js'
import type { AskerOf } from './budget.js'
import type { DraftStore } from './draft.js'
import type { MailboxKeys, ReceiptCode } from './receipt.js'
import type { Site } from './site.js'
import type { Turns } from './turns.js'

export type Door = 'open' | 'closed' | 'full'

/** Everything the routes of the public app use, made once in app.ts and passed on plainly. */
export interface IntakeParts {
  readonly site: Site
  readonly storage: IntakeStorage
  readonly drafts: DraftStore
  readonly cookie: CookieJar
  readonly seal: Sealer['seal']
  readonly sealStream: Sealer['sealStream']
  readonly sanitise: Sanitiser['sanitise']
  readonly cover: Sanitiser['cover']
  readonly show: Sanitiser['show']
  readonly mailboxKeys: (code: ReceiptCode) => Promise<MailboxKeys>
  /** proves that a code on a cookie-free page was made here */
  readonly proveCode: (code: ReceiptCode) => string
  readonly askerOf: AskerOf
  /** what the handler of a form with files awaits when the form is in, before it works on it */
  readonly takeTurn: (request: FastifyRequest) => Promise<void>
  readonly fileTurns: Turns
  /** for sound and video */
  readonly slowFileTurns: Turns
  readonly fileRooms: FileRooms
  /**
   * Whether new reports may begin, known a few seconds old at most: `closed` when no desk could open one, `full` when
   * a disk watermark is reached (what was begun may still be sent).
   */
  readonly door: () => Promise<Door>
  readonly fileLimits: FileLimits
  readonly clock: () => Date
  readonly random: (bytes: number) => Uint8Array
  readonly randomId: () => string
  readonly quickExitUrl: string
  /** the content policy of answers in the information point that are made on the spot: they have its style */
  readonly informationPolicy: string
  /** the content policy of the page that has a style and a script of its own */
  readonly coverPolicy: string
  readonly findGiveaways: FindGiveaways
  /** when somebody reads reports; null when nobody said */
  readonly deskHours: DeskHours | null
}
