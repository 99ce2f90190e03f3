// The door of the triage role: everything the partner app may ask of the database.
import { bindAll, type ConnectOptions, connect, SILENCE_MS } from '../connect.js'
import * as assign from './assign.js'
import * as audit from './audit.js'
import * as deskKeys from './desk-keys.js'
import * as factors from './factors.js'
import * as help from './help.js'
import { createQueueListener } from './listen.js'
import * as mailboxes from './mailboxes.js'
import * as members from './members.js'
import * as notices from './notices.js'
import * as people from './people.js'
import * as queue from './queue.js'
import * as release from './release.js'
import * as reports from './reports.js'
import * as resealing from './resealing.js'
import * as savedViews from './saved-views.js'
import * as sessionStands from './session-stands.js'
import * as sessions from './sessions.js'
import * as workload from './workload.js'

export type { AuditAct, TrailLine } from './audit.js'
export type { KeyState, ProposedKey } from './desk-keys.js'
export type { ChallengePurpose, Factors, Passkey, Removal } from './factors.js'
export type { HelpChangeOf } from './help.js'
export type { QueueWord } from './listen.js'
export type { Conversation } from './mailboxes.js'
export type { FoundMember, MemberKeys } from './member-row.js'
export type { Enrolment, Invitation } from './members.js'
export type { Notice } from './notices.js'
export type { OpenInvitation, Person } from './people.js'
export type { QueuePlace, QueueRow } from './queue-row.js'
export type { ReportFacts } from './reports.js'
export type { SavedView } from './saved-views.js'
export type { Means, OwnSession, ProofAge, SignedInMember } from './sessions.js'

/** Binds the functions of this folder to one pool; `close` ends it. */
export function openTriageStorage(options: ConnectOptions) {
  const pool = connect({ silenceMs: SILENCE_MS, ...options })
  const listener = createQueueListener(options)
  return {
    ...bindAll(pool, assign),
    ...bindAll(pool, audit),
    ...bindAll(pool, deskKeys),
    ...bindAll(pool, factors),
    ...bindAll(pool, help),
    ...bindAll(pool, mailboxes),
    ...bindAll(pool, members),
    ...bindAll(pool, notices),
    ...bindAll(pool, people),
    ...bindAll(pool, queue),
    ...bindAll(pool, release),
    ...bindAll(pool, reports),
    ...bindAll(pool, savedViews),
    ...bindAll(pool, sessionStands),
    ...bindAll(pool, resealing),
    ...bindAll(pool, sessions),
    ...bindAll(pool, workload),
    onQueueWord: listener.onQueueWord,
    async close() {
      await listener.close()
      await pool.end()
    },
  }
}

export type TriageStorage = ReturnType<typeof openTriageStorage>
