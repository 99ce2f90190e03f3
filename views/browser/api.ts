// The partner app's HTTP interface. What goes over it is sealed, wrapped or coarse; the passphrase, the keys and
// anything opened never do.

import type { AreaLevel, Coordinator, HelpEntry } from '../../server/help/entry.js'
import type { Targets } from '../../server/report/ageing.js'
import type { AssignReason, NoticeKind } from '../../server/report/case.js'
import type { AdditionKind } from '../../server/report/envelope.js'
import type { SealedPlace } from '../../server/report/new-key.js'
import type { Role } from '../../server/report/roles.js'
import type { AskedForNewPasskey, AskedForPasskey } from './passkey.js'

/** An expected failure: the server's code, or one of the browser's own. `problem.<code>` has its text. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status = 0,
  ) {
    super(code)
  }
}

export interface Session {
  readonly member: {
    readonly id: string
    readonly name: string
    readonly roles: readonly Role[]
    /** codes of languages; none is any */
    readonly readingLanguages: readonly string[]
  }
  readonly desk: {
    readonly id: string
    readonly name: string
    /** id of the live key */
    readonly key: string
    readonly recipient: string
    readonly recoveryRecipient: string
    /** the keys before the live one, sealed to it; null when there are none */
    readonly earlier: Uint8Array | null
  }
  /** of the words */
  readonly salt: Uint8Array
  readonly secondFactor: {
    /** the desk asks for one and this session began without */
    readonly isNeeded: boolean
    readonly hasCode: boolean
    readonly passkeys: number
  }
  readonly wrappedIdentity: Uint8Array
  /** the desk's identity sealed to this member, or null as long as nobody gave it */
  readonly share: Uint8Array | null
}

/** What is shown beside the words. */
export interface Proofs {
  readonly code?: string
  /** what a device answered */
  readonly passkey?: object
}

export interface AccountAnswer {
  readonly passkeys: readonly {
    readonly id: string
    readonly name: string
    /** YYYY-MM-DD */
    readonly addedOn: string
    readonly opensKey: boolean
  }[]
  readonly code: { readonly addedOn: string } | null
  readonly asksSecondFactor: boolean
  readonly isNeeded: boolean
}

export interface OwnSession {
  readonly id: string
  readonly beganAt: string
  readonly lastSeenAt: string
  readonly means: string
  readonly isThis: boolean
}

export interface InboxItem {
  readonly id: string
  readonly policeUnit: string
  readonly urgent: boolean
  readonly halfDay: string
  readonly files: number
  readonly state: 'waiting' | 'claimed' | 'assessed'
  readonly claimedBy: string | null
  readonly mine: boolean
  /** an urgent one that waits longer than the desk's target */
  readonly late: boolean
  /** whether this member follows it */
  readonly watched: boolean
}

export interface InboxPage {
  readonly items: readonly InboxItem[]
  /** where the next page begins; null at the end */
  readonly next: string | null
  readonly targets: Targets
  readonly notices: readonly QueueNotice[]
}

/** What a member is told about a report. */
export interface QueueNotice {
  readonly report: string
  readonly kind: NoticeKind
  readonly by: string | null
  readonly reason: AssignReason | null
}

/** What the server says of the queue: that something happened, never to which report. */
export type QueueWord = 'work' | 'urgent'

export interface Triager {
  readonly id: string
  readonly name: string
  /** none is any */
  readonly readingLanguages: readonly string[]
}

export interface SealedView {
  readonly id: string
  readonly shared: boolean
  readonly mine: boolean
  readonly sealed: Uint8Array
}

export interface WorkloadAnswer {
  readonly targets: Targets
  readonly members: readonly (Triager & { readonly assessed: number })[]
  /** open reports by who has them, null being nobody, and half-day */
  readonly open: readonly {
    readonly member: string | null
    readonly urgent: boolean
    readonly late: boolean
    readonly halfDay: string
    readonly count: number
  }[]
}

export interface ReportAnswer extends InboxItem {
  readonly parts: readonly { readonly id: string; readonly kind: string; readonly bytes: number }[]
  readonly assessment: string | null
}

export interface MailboxAnswer {
  readonly id: string
  readonly recipient: string
  readonly closed: boolean
  readonly questions: readonly {
    readonly id: string
    readonly sealed: string
    readonly answers: readonly { readonly id: string; readonly sealed: string; readonly halfDay: string }[]
  }[]
  readonly additions: readonly AdditionAnswer[]
}

/** What a reporter sent with the code and without being asked. */
export interface AdditionAnswer {
  readonly id: string
  readonly kind: AdditionKind
  readonly halfDay: string
  readonly bytes: number
  /** base64; null for a file */
  readonly sealed: string | null
}

/** A row of the help directory as the desk keeps it. */
export type HelpListed = {
  readonly retired: boolean
  /** 0 for a shipped row that nobody changed */
  readonly revision: number
  readonly isShipped: boolean
} & (
  | { readonly kind: 'entry'; readonly row: HelpEntry }
  | { readonly kind: 'coordinator'; readonly row: Coordinator }
)

export interface HelpAnswer {
  readonly rows: readonly HelpListed[]
  /** which names of regions there are; of municipalities their codes */
  readonly areas: Readonly<Record<AreaLevel, readonly string[]>>
}

/** Of something that comes in pieces: what ends it, and who is told how many bytes came with each. */
export interface Fetching {
  readonly signal: AbortSignal
  arrived(bytes: number): void
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly readingLanguages: readonly string[]
  readonly hasKey: boolean
  readonly sessions: number
  readonly left: boolean
}

export interface PeopleAnswer {
  readonly people: readonly Person[]
  readonly invitations: readonly {
    readonly id: string
    readonly name: string
    readonly roles: readonly Role[]
    readonly endsAt: string
  }[]
}

export interface TrailLine {
  readonly number: string
  readonly at: string
  readonly act: string
  readonly member: string | null
  readonly report: string | null
  readonly about: string | null
  readonly help: string | null
  readonly reason: string | null
}

export interface Invitation {
  readonly name: string
  readonly roles: readonly Role[]
  readonly desk: { readonly id: string; readonly name: string; readonly recipient: string | null }
}

export interface WaitingMember {
  readonly id: string
  readonly name: string
  readonly recipient: string
}

/** Who waits for the key, and who had it and may have it no more. */
export interface WaitingAnswer {
  readonly members: readonly WaitingMember[]
  readonly gone: readonly string[]
}

/** The desk's key for one member: sealed, with the word of who gives it; base64. */
export interface Share {
  readonly sealed: string
  readonly vouch: string
}

/** How the desk stands with its keys; what is bytes is base64. */
export interface KeyAnswer {
  /** the live one first */
  readonly keys: readonly {
    readonly id: string
    readonly recipient: string
    readonly recoveryRecipient: string
    readonly live: boolean
    /** such as 2026-11-23 */
    readonly since: string
  }[]
  readonly members: readonly (WaitingMember & { readonly vouch: string | null; readonly hasKey: boolean })[]
  readonly gone: readonly string[]
  readonly proposal: {
    readonly id: string
    /** name of the member who made it */
    readonly by: string
    readonly recipient: string
    readonly recoveryRecipient: string
    readonly earlier: string
    readonly shares: readonly { readonly member: string; readonly sealed: string }[]
  } | null
  /** open reports that are not known to fit the live key */
  readonly unchecked: number
}

/** A new key for the operator to accept. */
export interface KeyProposal {
  readonly id: string
  readonly replaces: string
  readonly recipient: string
  readonly recoveryRecipient: string
  readonly earlier: string
  readonly shares: readonly (Share & { readonly member: string })[]
}

export interface PartToReseal {
  readonly place: SealedPlace
  readonly id: string
  readonly kind: string
  readonly bytes: number
}

export interface ReportToReseal {
  readonly id: string
  /** the sealed header, base64 */
  readonly header: string
  readonly parts: readonly PartToReseal[]
}

/** What a new member sends; the last four only when the desk has no key yet. */
export interface Joining {
  readonly token: string
  readonly salt: string
  readonly authentication: string
  readonly recipient: string
  readonly wrappedIdentity: string
  readonly deskRecipient?: string
  readonly recoveryRecipient?: string
  readonly share?: string
  readonly vouch?: string
}

/**
 * What this page got when its member showed who they are. It is nowhere but here: a cookie that is taken to another
 * device opens nothing without it.
 */
let proof: string | null = null

/** After this, what the member did to show who they are counts no more on this page. */
export function forgetProof(): void {
  proof = null
}

let tellKey: (key: string) => Promise<void> = async () => undefined

/**
 * With every answer, `listener` hears the id of the desk's live key, and the answer waits for it: what is opened next may
 * be sealed to a key that went live a moment ago.
 */
export function listenForKey(listener: (key: string) => Promise<void>): void {
  tellKey = listener
}

/** Each function rejects with a Problem, or with the signal's AbortError when its view is gone. */
export const api = {
  async beginSignIn(name: string): Promise<Uint8Array> {
    const { salt } = await post<{ salt: string }>('/sign-in/begin', { name })
    return fromBase64(salt)
  },
  async signIn(name: string, authentication: Uint8Array, proofs: Proofs = {}): Promise<Session> {
    const given = { name, authentication: toBase64(authentication), ...proofs }
    const { proof: fresh, ...raw } = await post<RawSession & { proof: string }>('/sign-in', given)
    proof = fresh
    return session(raw)
  },
  beginPasskey: () => post<AskedForPasskey>('/sign-in/passkey/begin'),
  /** Signs in by what a device answered; `wrapped` is the member's key under its secret, where it gives one. */
  async signInByPasskey(passkey: object): Promise<{ session: Session; wrapped: Uint8Array | null }> {
    const answer = await post<RawSession & ByPasskey>('/sign-in/passkey', { passkey })
    const { proof: fresh, wrappedByPasskey, ...raw } = answer
    proof = fresh
    return { session: session(raw), wrapped: wrappedByPasskey === null ? null : fromBase64(wrappedByPasskey) }
  },
  /** Shows again who this is. Throws Problem `not-allowed` for other words than the member's. */
  async prove(authentication: Uint8Array, proofs: Proofs = {}): Promise<void> {
    const given = { authentication: toBase64(authentication), ...proofs }
    proof = (await post<{ proof: string }>('/prove', given)).proof
  },
  beginProof: () => post<AskedForPasskey>('/prove/passkey/begin'),
  /** Shows it by passkey. Throws Problem `not-allowed` for a passkey that is not the member's. */
  async proveByPasskey(passkey: object): Promise<Uint8Array | null> {
    const answer = await post<ByPasskey>('/prove/passkey', { passkey })
    proof = answer.proof
    return answer.wrappedByPasskey === null ? null : fromBase64(answer.wrappedByPasskey)
  },
  account: (signal: AbortSignal) => get<AccountAnswer>('/account', signal),
  sessions: async (signal: AbortSignal): Promise<readonly OwnSession[]> =>
    (await get<{ sessions: OwnSession[] }>('/sessions', signal)).sessions,
  endSession: (id: string) => send(`/sessions/${path(id)}/end`),
  endOtherSessions: () => send('/sessions/end-others'),
  beginNewPasskey: () => post<AskedForNewPasskey>('/passkeys/begin'),
  addPasskey: (passkey: object, name: string, wrapped: Uint8Array | null) =>
    send('/passkeys', { passkey, name, wrappedIdentity: wrapped && toBase64(wrapped) }),
  removePasskey: (id: string) => send(`/passkeys/${path(id)}/remove`),
  addCodes: (authentication: Uint8Array, secret: Uint8Array, code: string) =>
    send('/codes', { authentication: toBase64(authentication), secret: toBase64(secret), code }),
  removeCodes: () => send('/codes/remove'),
  changeWords: (given: {
    oldAuthentication: Uint8Array
    authentication: Uint8Array
    salt: Uint8Array
    wrappedIdentity: Uint8Array
  }) =>
    send('/words', Object.fromEntries(Object.entries(given).map(([name, bytes]) => [name, toBase64(bytes)]))),
  session: async (signal: AbortSignal): Promise<Session> =>
    session(await get<RawSession>('/session', signal)),
  signOut: () => send('/sign-out'),
  setReadingLanguages: (languages: readonly string[]) => send('/reading-languages', { languages }),
  inbox: (after: string | null, signal: AbortSignal): Promise<InboxPage> =>
    get<InboxPage>(after === null ? '/inbox' : `/inbox?after=${path(after)}`, signal),
  assessed: async (signal: AbortSignal): Promise<readonly InboxItem[]> =>
    (await get<{ items: InboxItem[] }>('/inbox/assessed', signal)).items,
  /** The sealed headers of at most two hundred reports; of those that are there. */
  async headers(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly header: Uint8Array }[]> {
    const answer = await (await call('POST', '/inbox/headers', { ids }, signal)).json()
    const { headers } = answer as { headers: { id: string; header: string }[] }
    return headers.map(({ id, header }) => ({ id, header: fromBase64(header) }))
  },
  /** Says each word of the queue as it comes, until the line ends. */
  async events(signal: AbortSignal, say: (word: QueueWord) => void): Promise<void> {
    const { body } = await call('GET', '/events', undefined, signal)
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true, value: '' }
      if (done) return
      const events = (rest + value).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const word = /^event: (work|urgent)$/m.exec(event)?.[1]
        if (word) say(word as QueueWord)
      }
    }
  },
  hearNotice: ({ report, kind }: QueueNotice) => send('/notices/heard', { report, kind }),
  triagers: async (signal: AbortSignal): Promise<readonly Triager[]> =>
    (await get<{ members: Triager[] }>('/triagers', signal)).members,
  renew: (report: string) => send(`/reports/${path(report)}/renew`),
  assign: (report: string, member: string, reason: AssignReason) =>
    send(`/reports/${path(report)}/assign`, { member, reason }),
  watch: (report: string, on: boolean) => send(`/reports/${path(report)}/watch`, { on }),
  async views(signal: AbortSignal): Promise<readonly SealedView[]> {
    const { views } = await get<{ views: (Omit<SealedView, 'sealed'> & { sealed: string })[] }>(
      '/views',
      signal,
    )
    return views.map((view) => ({ ...view, sealed: fromBase64(view.sealed) }))
  },
  saveView: (id: string, shared: boolean, sealed: Uint8Array) =>
    send('/views', { id, shared, sealed: toBase64(sealed) }),
  removeView: (id: string) => send(`/views/${path(id)}/remove`),
  workload: (signal: AbortSignal) => get<WorkloadAnswer>('/workload', signal),
  setTargets: (targets: Targets) => send('/targets', targets),
  claimNext: async (): Promise<string | null> =>
    (await post<{ report: string | null }>('/claim-next')).report,
  claim: (report: string) => send(`/reports/${path(report)}/claim`),
  handBack: (report: string) => send(`/reports/${path(report)}/hand-back`),
  report: (report: string, signal: AbortSignal) => get<ReportAnswer>(`/reports/${path(report)}`, signal),
  async part(report: string, part: string, signal: AbortSignal): Promise<Uint8Array> {
    const answer = await call('GET', `/reports/${path(report)}/parts/${path(part)}`, undefined, signal)
    return new Uint8Array(await answer.arrayBuffer())
  },
  /** A file of a report, as it comes over the line; what ends it early is thrown where it is read. */
  file: (report: string, part: string, fetching: Fetching) =>
    stream(`/reports/${path(report)}/parts/${path(part)}`, fetching),
  assess: (report: string, sealed: Uint8Array) =>
    send(`/reports/${path(report)}/assessment`, { sealed: toBase64(sealed) }),
  mailbox: (mailbox: string, signal: AbortSignal) =>
    get<MailboxAnswer>(`/mailboxes/${path(mailbox)}`, signal),
  addedFile: (mailbox: string, file: string, fetching: Fetching) =>
    stream(`/mailboxes/${path(mailbox)}/files/${path(file)}`, fetching),
  withdrawn: async (signal: AbortSignal): Promise<readonly string[]> =>
    (await get<{ mailboxes: string[] }>('/mailboxes/withdrawn', signal)).mailboxes,
  ask: (mailbox: string, id: string, sealed: Uint8Array) =>
    send(`/mailboxes/${path(mailbox)}/questions`, { id, sealed: toBase64(sealed) }),
  closeMailbox: (mailbox: string) => send(`/mailboxes/${path(mailbox)}/close`),
  help: (signal: AbortSignal) => get<HelpAnswer>('/help', signal),
  saveHelp: (row: HelpListed['row'], kind: HelpListed['kind'], seen: number, add: boolean) =>
    send('/help/save', { kind, row, seen, add }),
  verifyHelp: ({ kind, row, revision }: HelpListed) =>
    send('/help/verify', { kind, id: row.id, seen: revision }),
  retireHelp: ({ kind, row, revision }: HelpListed, retired: boolean) =>
    send('/help/retire', { kind, id: row.id, seen: revision, retired }),
  people: (signal: AbortSignal) => get<PeopleAnswer>('/members', signal),
  invite: async (name: string, roles: readonly Role[]): Promise<string> =>
    (await post<{ token: string }>('/members/invite', { name, roles })).token,
  withdrawInvitation: (invitation: string) => send(`/invitations/${path(invitation)}/withdraw`),
  changeRoles: (member: string, roles: readonly Role[]) => send(`/members/${path(member)}/roles`, { roles }),
  endSessions: (member: string) => send(`/members/${path(member)}/end-sessions`),
  leave: (member: string) => send(`/members/${path(member)}/leave`),
  trail: async (before: string | null, signal: AbortSignal): Promise<readonly TrailLine[]> =>
    (await get<{ lines: TrailLine[] }>(before ? `/trail?before=${path(before)}` : '/trail', signal)).lines,
  beginJoin: (token: string) => post<Invitation>('/join/begin', { token }),
  join: (joining: Joining) => send('/join', joining),
  waitingMembers: (signal: AbortSignal) => get<WaitingAnswer>('/members/waiting', signal),
  giveShare: (member: string, share: Share & { readonly key: string }) =>
    send(`/members/${path(member)}/share`, share),
  key: (signal: AbortSignal) => get<KeyAnswer>('/key', signal),
  proposeKey: (proposal: KeyProposal) => send('/key/proposal', proposal),
  withdrawKey: (id: string) => send(`/key/proposal/${path(id)}/withdraw`),
  /** Begins sealing open work anew; tells how many open reports there are. */
  beginReseal: () => post<{ readonly run: string; readonly reports: number }>('/key/reseal'),
  resealWork: async (
    run: string,
    after: string | null,
    signal: AbortSignal,
  ): Promise<readonly ReportToReseal[]> => {
    const address = `/key/reseal/${path(run)}${after ? `?after=${path(after)}` : ''}`
    return (await get<{ reports: ReportToReseal[] }>(address, signal)).reports
  },
  mailboxWork: (run: string, mailbox: string, signal: AbortSignal) =>
    get<{ readonly recipient: string; readonly parts: readonly PartToReseal[] }>(
      `/key/reseal/${path(run)}/mailboxes/${path(mailbox)}`,
      signal,
    ),
  sealedPart: (run: string, part: PartToReseal, fetching: Fetching) =>
    stream(resealPath(run, part), fetching),
  partFits: (run: string, part: PartToReseal, signal: AbortSignal) =>
    send(`${resealPath(run, part)}/fits`, {}, signal),
  sendPiece: (
    run: string,
    part: PartToReseal,
    piece: { readonly try: string; readonly chunk: number; readonly sealed: Uint8Array },
    signal: AbortSignal,
  ) => send(`${resealPath(run, part)}/pieces`, { ...piece, sealed: toBase64(piece.sealed) }, signal),
  triedPart: (run: string, part: PartToReseal, tried: string, fetching: Fetching) =>
    stream(`${resealPath(run, part)}/tries/${path(tried)}`, fetching),
  putPart: (
    run: string,
    part: PartToReseal,
    put: { readonly try: string; readonly hashes: readonly string[] },
    signal: AbortSignal,
  ) => send(`${resealPath(run, part)}/put`, put, signal),
}

const CHUNK_BYTES = 0x8000

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // All bytes as arguments of one call would overflow the stack.
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES))
  }
  return btoa(binary)
}

/** Throws on anything but base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

type RawSession = Omit<Session, 'salt' | 'wrappedIdentity' | 'share' | 'desk'> & {
  salt: string
  wrappedIdentity: string
  share: string | null
  desk: Omit<Session['desk'], 'earlier'> & { earlier: string | null }
}

interface ByPasskey {
  proof: string
  wrappedByPasskey: string | null
}

function session({ member, desk, salt, secondFactor, wrappedIdentity, share }: RawSession): Session {
  return {
    member,
    desk: { ...desk, earlier: desk.earlier === null ? null : fromBase64(desk.earlier) },
    salt: fromBase64(salt),
    secondFactor,
    wrappedIdentity: fromBase64(wrappedIdentity),
    share: share === null ? null : fromBase64(share),
  }
}

const path = encodeURIComponent

const resealPath = (run: string, { place, id }: PartToReseal): string =>
  `/key/reseal/${path(run)}/${path(place)}/${path(id)}`

async function get<Answer>(address: string, signal: AbortSignal): Promise<Answer> {
  return (await (await call('GET', address, undefined, signal)).json()) as Answer
}

async function stream(address: string, { signal, arrived }: Fetching): Promise<ReadableStream<Uint8Array>> {
  const { body } = await call('GET', address, undefined, signal)
  const reader = body?.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let piece: Uint8Array | undefined
      try {
        piece = (await reader?.read())?.value
      } catch (error) {
        throw signal.aborted ? error : new Problem('no-connection')
      }
      if (!piece) return controller.close()
      arrived(piece.length)
      controller.enqueue(piece)
    },
    cancel: () => reader?.cancel(),
  })
}

async function post<Answer>(address: string, body: unknown = {}): Promise<Answer> {
  return (await (await call('POST', address, body)).json()) as Answer
}

async function send(address: string, body: unknown = {}, signal: AbortSignal | null = null): Promise<void> {
  await call('POST', address, body, signal)
}

async function call(
  method: string,
  address: string,
  body: unknown,
  signal: AbortSignal | null = null,
): Promise<Response> {
  const headers: Record<string, string> = proof === null ? {} : { 'x-baken-proof': proof }
  if (body !== undefined) headers['content-type'] = 'application/json'
  let answer: Response
  try {
    answer = await fetch(address, {
      method,
      signal,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Problem('no-connection')
  }
  if (!answer.ok) throw new Problem(await problemCode(answer), answer.status)
  const key = answer.headers.get('x-baken-key')
  // A session that is asked for brings the new key itself.
  if (key !== null && address !== '/session') await tellKey(key)
  return answer
}

/** What is missing or wrong beside right words. */
const SECOND_FACTOR_PROBLEMS = ['code-needed', 'code-wrong', 'passkey-needed']

async function problemCode(answer: Response): Promise<string> {
  const isUnknown = answer.status === 401
  try {
    const { problem } = (await answer.json()) as { problem?: unknown }
    if (typeof problem === 'string' && (!isUnknown || SECOND_FACTOR_PROBLEMS.includes(problem)))
      return problem
  } catch {
    // A proxy in between answers with a page of its own; the status says enough.
  }
  return isUnknown ? 'not-signed-in' : 'unexpected-failure'
}
