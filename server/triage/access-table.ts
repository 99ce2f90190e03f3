// Who may ask what of the partner app, in one place: every route is registered by its line here, and a test tries each
// role on each route against it.
import type { Role } from '../report/roles.js'

export interface Access {
  /** `anyone` needs no session; `everyone` is whoever is signed in */
  readonly roles: readonly Role[] | 'anyone' | 'everyone'
  /**
   * none: the cookie is enough; page: the page must show that its member proved who they are, on it; fresh: within the
   * last ten minutes
   */
  readonly proof: 'none' | 'page' | 'fresh'
  /** whether it is open to who came in with words alone where the desk asks for a second factor */
  readonly withWordsAlone?: boolean
  /**
   * Which things behind an id in the address: of the desk; held: the reports this member has; readable: those, and what
   * was assessed; waiting: reports nobody has; colleague: another member of the desk, never oneself; key: a waiting
   * member; mailbox: whose id only an opened header tells; invitation: an open one of the desk; divided: open reports, of
   * a triager those in hand; view: one's own saved views, and for the desk lead those of the team; run: a sealing anew that
   * was begun in this very session; proposal: the new key of the desk that waits for the operator; own: something that
   * belongs to the member alone.
   */
  readonly object?:
    | 'desk'
    | 'held'
    | 'readable'
    | 'waiting'
    | 'colleague'
    | 'key'
    | 'mailbox'
    | 'divided'
    | 'view'
    | 'invitation'
    | 'own'
    | 'run'
    | 'proposal'
}

const READERS = ['triager', 'reviewer', 'desk_lead'] as const
const KEEPERS_OF_HELP = ['triager', 'reviewer', 'desk_lead', 'administrator'] as const

const everyone = 'everyone'
const anyone = 'anyone'
const withWordsAlone = true

export const ACCESS = {
  'POST /sign-in/begin': { roles: anyone, proof: 'none' },
  'POST /sign-in': { roles: anyone, proof: 'none' },
  'POST /sign-in/passkey/begin': { roles: anyone, proof: 'none' },
  'POST /sign-in/passkey': { roles: anyone, proof: 'none' },
  'POST /join/begin': { roles: anyone, proof: 'none' },
  'POST /join': { roles: anyone, proof: 'none' },
  'POST /prove': { roles: everyone, proof: 'none', withWordsAlone },
  'POST /prove/passkey/begin': { roles: everyone, proof: 'none', withWordsAlone },
  'POST /prove/passkey': { roles: everyone, proof: 'none', withWordsAlone },
  'POST /sign-out': { roles: everyone, proof: 'none', withWordsAlone },
  'GET /session': { roles: everyone, proof: 'page', withWordsAlone },
  'POST /reading-languages': { roles: everyone, proof: 'page' },

  'GET /account': { roles: everyone, proof: 'page', withWordsAlone },
  'GET /sessions': { roles: everyone, proof: 'page' },
  'POST /sessions/:id/end': { roles: everyone, proof: 'page', object: 'own' },
  'POST /sessions/end-others': { roles: everyone, proof: 'page' },
  'POST /passkeys/begin': { roles: everyone, proof: 'fresh', withWordsAlone },
  'POST /passkeys': { roles: everyone, proof: 'fresh', withWordsAlone },
  'POST /passkeys/:id/remove': { roles: everyone, proof: 'fresh', object: 'own' },
  'POST /codes': { roles: everyone, proof: 'fresh', withWordsAlone },
  'POST /codes/remove': { roles: everyone, proof: 'fresh' },
  'POST /words': { roles: everyone, proof: 'fresh' },

  'GET /inbox': { roles: READERS, proof: 'page' },
  'GET /inbox/assessed': { roles: READERS, proof: 'page' },
  'POST /inbox/headers': { roles: READERS, proof: 'page' },
  'GET /events': { roles: READERS, proof: 'page' },
  'GET /views': { roles: READERS, proof: 'page' },
  'POST /views': { roles: READERS, proof: 'page' },
  'POST /views/:id/remove': { roles: READERS, proof: 'page', object: 'view' },
  'POST /notices/heard': { roles: READERS, proof: 'page' },
  'GET /triagers': { roles: READERS, proof: 'page' },
  'GET /workload': { roles: ['desk_lead'], proof: 'page' },
  'POST /targets': { roles: ['desk_lead'], proof: 'page' },
  'POST /claim-next': { roles: ['triager'], proof: 'page' },
  'POST /reports/:id/claim': { roles: ['triager'], proof: 'page', object: 'waiting' },
  'POST /reports/:id/hand-back': { roles: ['triager'], proof: 'page', object: 'held' },
  'POST /reports/:id/renew': { roles: ['triager'], proof: 'page', object: 'held' },
  'POST /reports/:id/assign': { roles: ['triager', 'desk_lead'], proof: 'page', object: 'divided' },
  'POST /reports/:id/watch': { roles: READERS, proof: 'page', object: 'desk' },
  'GET /reports/:id': { roles: READERS, proof: 'page', object: 'readable' },
  'GET /reports/:id/parts/:part': { roles: READERS, proof: 'page', object: 'readable' },
  'POST /reports/:id/assessment': { roles: ['triager'], proof: 'page', object: 'held' },

  'GET /mailboxes/withdrawn': { roles: READERS, proof: 'page' },
  'GET /mailboxes/:id': { roles: READERS, proof: 'page', object: 'mailbox' },
  'GET /mailboxes/:id/files/:file': { roles: READERS, proof: 'page', object: 'mailbox' },
  'POST /mailboxes/:id/questions': { roles: ['triager'], proof: 'page', object: 'mailbox' },
  'POST /mailboxes/:id/close': { roles: ['triager'], proof: 'page', object: 'mailbox' },

  'GET /help': { roles: KEEPERS_OF_HELP, proof: 'page' },
  'POST /help/save': { roles: KEEPERS_OF_HELP, proof: 'page' },
  'POST /help/verify': { roles: KEEPERS_OF_HELP, proof: 'page' },
  'POST /help/retire': { roles: KEEPERS_OF_HELP, proof: 'page' },

  'GET /members/waiting': { roles: ['key_holder'], proof: 'page' },
  'POST /members/:id/share': { roles: ['key_holder'], proof: 'fresh', object: 'key' },

  'GET /key': { roles: ['key_holder'], proof: 'page' },
  'POST /key/proposal': { roles: ['key_holder'], proof: 'fresh' },
  'POST /key/proposal/:id/withdraw': { roles: ['key_holder'], proof: 'page', object: 'proposal' },
  'POST /key/reseal': { roles: ['key_holder'], proof: 'fresh' },
  'GET /key/reseal/:id': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'GET /key/reseal/:id/mailboxes/:mailbox': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'GET /key/reseal/:id/:place/:part': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'POST /key/reseal/:id/:place/:part/fits': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'POST /key/reseal/:id/:place/:part/pieces': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'GET /key/reseal/:id/:place/:part/tries/:try': { roles: ['key_holder'], proof: 'page', object: 'run' },
  'POST /key/reseal/:id/:place/:part/put': { roles: ['key_holder'], proof: 'page', object: 'run' },

  'GET /members': { roles: ['administrator'], proof: 'page' },
  'POST /members/invite': { roles: ['administrator'], proof: 'fresh' },
  'POST /invitations/:id/withdraw': { roles: ['administrator'], proof: 'fresh', object: 'invitation' },
  'POST /members/:id/roles': { roles: ['administrator'], proof: 'fresh', object: 'colleague' },
  'POST /members/:id/end-sessions': { roles: ['administrator'], proof: 'fresh', object: 'colleague' },
  'POST /members/:id/leave': { roles: ['administrator'], proof: 'fresh', object: 'colleague' },

  'GET /trail': { roles: ['auditor'], proof: 'page' },
} as const satisfies Readonly<Record<string, Access>>

export type RouteName = keyof typeof ACCESS

/** The line of a route, in its general form. */
export function accessOf(name: RouteName): Access {
  return ACCESS[name]
}
