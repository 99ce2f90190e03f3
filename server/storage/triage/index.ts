// The door of the triage role: everything the partner app may ask of the database.
import { bindAll, type ConnectOptions, connect, SILENCE_MS } from '../connect.js'
import * as audit from './audit.js'
import * as factors from './factors.js'
import * as help from './help.js'
import * as mailboxes from './mailboxes.js'
import * as members from './members.js'
import * as people from './people.js'
import * as release from './release.js'
import * as reports from './reports.js'
import * as sessions from './sessions.js'

export type { AuditAct, TrailLine } from './audit.js'
export type { ChallengePurpose, Factors, Passkey, Removal } from './factors.js'
export type { HelpChangeOf } from './help.js'
export type { Conversation } from './mailboxes.js'
export type { FoundMember, MemberKeys } from './member-row.js'
export type { Enrolment, Invitation } from './members.js'
export type { OpenInvitation, Person } from './people.js'
export type { InboxRow, ReportFacts } from './reports.js'
export type { Means, OwnSession, ProofAge, SignedInMember } from './sessions.js'

/** Binds the functions of this folder to one pool; `close` ends it. */
export function openTriageStorage(options: ConnectOptions) {
  const pool = connect({ silenceMs: SILENCE_MS, ...options })
  return {
    ...bindAll(pool, audit),
    ...bindAll(pool, factors),
    ...bindAll(pool, help),
    ...bindAll(pool, mailboxes),
    ...bindAll(pool, members),
    ...bindAll(pool, people),
    ...bindAll(pool, release),
    ...bindAll(pool, reports),
    ...bindAll(pool, sessions),
    close: () => pool.end(),
  }
}

export type TriageStorage = ReturnType<typeof openTriageStorage>
