// A member of the desk as the browser is one: signs in with the passphrase, unwraps the keys, opens and seals. Only
// what the browser would send goes over the interface.
import { randomUUID } from 'node:crypto'
import { Decrypter, Encrypter } from 'age-encryption'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { deriveKeys } from '../../server/member-keys.js'
import type { Assessment } from '../../server/report/case.js'
import { type AdditionKind, type PartKind, packJson } from '../../server/report/envelope.js'
import type { ReportHeader } from '../../server/report/report.js'
import { openJson, openPart, PASSPHRASE } from './desk.js'

export interface InboxItem {
  readonly id: string
  readonly urgent: boolean
  readonly halfDay: string
  readonly state: 'waiting' | 'claimed' | 'assessed'
  readonly mine: boolean
  readonly late: boolean
  readonly watched: boolean
  readonly claimedBy: string | null
  readonly header: string
}

interface Addition {
  readonly id: string
  readonly kind: AdditionKind
  readonly sealed: string | null
}

export interface DeskClient {
  readonly cookie: string
  /** what the page keeps in its memory, sent as x-baken-proof */
  readonly proof: string
  readonly member: { readonly id: string; readonly name: string }
  readonly desk: {
    readonly id: string
    readonly key: string
    readonly recipient: string
    readonly recoveryRecipient: string
  }
  /** the desk's identity; null as long as nobody gave it */
  readonly deskKey: string | null
  get(url: string): Promise<LightMyRequestResponse>
  post(url: string, payload?: object): Promise<LightMyRequestResponse>
  inbox(): Promise<InboxItem[]>
  /** the opened header of an item of the inbox */
  header(item: InboxItem): Promise<ReportHeader>
  /** claims the next report; null when none waits */
  claimNext(): Promise<string | null>
  /** one section of a report, opened */
  section(report: string, kind: PartKind): Promise<unknown>
  assess(report: string, assessment: Assessment): Promise<LightMyRequestResponse>
  /** asks the reporter; gives the id of the question */
  ask(mailbox: string, text: string): Promise<string>
  /** the answers in a mailbox, opened */
  answers(mailbox: string): Promise<string[]>
  /** what came through a mailbox without a question: `<kind> <words, or type of the file>` */
  additions(mailbox: string): Promise<string[]>
}

const HEADERS_AT_ONCE = 200

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Seals as the desk's browser does. */
export async function sealTo(recipients: readonly string[], plaintext: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return encrypter.encrypt(plaintext)
}

/** Signs in over the interface. Throws when it is refused. */
export async function signIn(
  triage: FastifyInstance,
  name: string,
  passphrase = PASSPHRASE,
): Promise<DeskClient> {
  const begun = await triage.inject({ method: 'POST', url: '/sign-in/begin', payload: { name } })
  const keys = deriveKeys(passphrase, Buffer.from(begun.json().salt, 'base64'))
  const payload = { name, authentication: base64(keys.authentication) }
  const signedIn = await triage.inject({ method: 'POST', url: '/sign-in', payload })
  if (signedIn.statusCode !== 200) throw new Error(`signing in was answered with ${signedIn.statusCode}`)
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const { member, desk, wrappedIdentity, share, proof } = signedIn.json()
  const identity = await openWith((d) => d.addPassphrase(base64(keys.wrapping)), wrappedIdentity)
  const deskKey = share === null ? null : await openWith((d) => d.addIdentity(identity), share)
  const earlier = deskKey && desk.earlier ? await openWith((d) => d.addIdentity(deskKey), desk.earlier) : ''
  const deskKeys = [deskKey ?? '', ...earlier.split('\n')].filter((key) => key !== '')

  const headers = { cookie, 'x-baken-proof': proof as string }
  const get = (url: string) => triage.inject({ url, headers })
  const post = (url: string, payload: object = {}) => triage.inject({ method: 'POST', url, headers, payload })
  const open = async (
    sealed: string | Buffer,
    expected: { kind: PartKind; of: string },
  ): Promise<unknown> => {
    if (deskKey === null) throw new Error('this member has no key')
    return openJson(deskKeys, typeof sealed === 'string' ? Buffer.from(sealed, 'base64') : sealed, expected)
  }

  return {
    cookie,
    proof,
    member,
    desk,
    deskKey,
    get,
    post,
    async inbox() {
      const items: Omit<InboxItem, 'header'>[] = []
      for (let after: string | null = ''; after !== null; ) {
        const page: { items: typeof items; next: string | null } = (
          await get(`/inbox${after && `?after=${after}`}`)
        ).json()
        items.push(...page.items)
        after = page.next
      }
      items.push(...(await get('/inbox/assessed')).json().items)
      const headers = new Map<string, string>()
      for (let at = 0; at < items.length; at += HEADERS_AT_ONCE) {
        const ids = items.slice(at, at + HEADERS_AT_ONCE).map(({ id }) => id)
        for (const one of (await post('/inbox/headers', { ids })).json().headers)
          headers.set(one.id, one.header)
      }
      return items.map((item) => ({ ...item, header: headers.get(item.id) ?? '' }))
    },
    header: async ({ id, header }) => (await open(header, { kind: 'header', of: id })) as ReportHeader,
    claimNext: async () => (await post('/claim-next')).json().report,
    async section(report, kind) {
      const { parts } = (await get(`/reports/${report}`)).json() as { parts: { id: string; kind: string }[] }
      const part = parts.find((candidate) => candidate.kind === kind)
      return open((await get(`/reports/${report}/parts/${part?.id}`)).rawPayload, { kind, of: report })
    },
    async assess(report, assessment) {
      const packed = packJson({ kind: 'assessment', of: report }, assessment)
      const sealed = await sealTo([desk.recipient, desk.recoveryRecipient], packed)
      return post(`/reports/${report}/assessment`, { sealed: base64(sealed) })
    },
    async ask(mailbox, text) {
      const { recipient } = (await get(`/mailboxes/${mailbox}`)).json()
      const packed = packJson({ kind: 'question', of: mailbox }, { text })
      const sealed = await sealTo([recipient, desk.recipient, desk.recoveryRecipient], packed)
      const id = randomUUID()
      const asked = await post(`/mailboxes/${mailbox}/questions`, { id, sealed: base64(sealed) })
      if (asked.statusCode !== 204) throw new Error(`asking was answered with ${asked.statusCode}`)
      return id
    },
    async answers(mailbox) {
      const { questions } = (await get(`/mailboxes/${mailbox}`)).json() as {
        questions: { id: string; answers: { sealed: string }[] }[]
      }
      const opened = questions.flatMap(({ id, answers }) =>
        answers.map(({ sealed }) => open(sealed, { kind: 'answer', of: id }) as Promise<{ text: string }>),
      )
      return (await Promise.all(opened)).map(({ text }) => text)
    },
    async additions(mailbox) {
      const { additions } = (await get(`/mailboxes/${mailbox}`)).json() as { additions: Addition[] }
      const opened = additions.map(async ({ id, kind, sealed }) => {
        if (kind === 'added_file') {
          const { rawPayload } = await get(`/mailboxes/${mailbox}/files/${id}`)
          return `${kind} ${(await openPart(deskKey ?? '', rawPayload)).label.type}`
        }
        const { text } = (await open(sealed ?? '', { kind, of: mailbox })) as { text?: string }
        return `${kind} ${text ?? ''}`.trim()
      })
      return (await Promise.all(opened)).sort()
    },
  }
}

async function openWith(prepare: (decrypter: Decrypter) => void, sealed: string): Promise<string> {
  const decrypter = new Decrypter()
  prepare(decrypter)
  return decrypter.decrypt(Buffer.from(sealed, 'base64'), 'text')
}
