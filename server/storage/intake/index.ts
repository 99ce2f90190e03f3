// The door of the intake role: everything the public app may ask of the database.
import { bindAll, type ConnectOptions, connect, SILENCE_MS } from '../connect.js'
import * as desks from './desks.js'
import * as drafts from './drafts.js'
import * as help from './help.js'
import * as mailboxes from './mailboxes.js'
import * as additions from './store-additions.js'
import * as reports from './store-report.js'

export type { LiveDesk } from './desks.js'
export type { FoundMailbox } from './mailboxes.js'
export type { SealedAddition } from './store-additions.js'
export type { DraftToTake, NewMailbox } from './store-report.js'

const CONNECTIONS = 16

/** Binds the functions of this folder to pools of together so many connections; `close` ends them. */
export function openIntakeStorage({
  target,
  connections = CONNECTIONS,
  silenceMs = SILENCE_MS,
}: ConnectOptions) {
  // What is being stored waits for its files to be read, and so must not hold what that needs: with one pool
  // for both, enough reports at once would wait for each other without end.
  const storing = connect({ target, connections: Math.ceil(connections / 2), silenceMs })
  const pool = connect({ target, connections: Math.max(1, Math.floor(connections / 2)), silenceMs })
  return {
    ...bindAll(pool, desks),
    ...bindAll(pool, drafts),
    ...bindAll(pool, help),
    ...bindAll(pool, mailboxes),
    ...bindAll(storing, additions),
    ...bindAll(storing, reports),
    close: () => Promise.all([pool.end(), storing.end()]),
  }
}

export type IntakeStorage = ReturnType<typeof openIntakeStorage>
