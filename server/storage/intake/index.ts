// The door of the intake role: everything the public app may ask of the database.
import { bindAll, type ConnectOptions, connect } from '../connect.js'
import * as desks from './desks.js'
import * as drafts from './drafts.js'
import * as mailboxes from './mailboxes.js'
import * as reports from './store-report.js'

export type { LiveDesk } from './desks.js'
export type { FoundMailbox } from './mailboxes.js'
export type { DraftToTake, NewMailbox } from './store-report.js'

/** Binds the functions of this folder to one pool; `close` ends it. */
export function openIntakeStorage(options: ConnectOptions) {
  const pool = connect(options)
  return {
    ...bindAll(pool, desks),
    ...bindAll(pool, drafts),
    ...bindAll(pool, mailboxes),
    ...bindAll(pool, reports),
    close: () => pool.end(),
  }
}

export type IntakeStorage = ReturnType<typeof openIntakeStorage>
