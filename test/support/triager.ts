// Sam and Ilse: a signed-in member of the desk in a few lines, sealing as the desk's browser does.
import { randomUUID } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import type { FastifyInstance } from 'fastify'
import type { Assessment } from '../../server/report/case.js'
import { packJson } from '../../server/report/envelope.js'
import { authenticationOf, PASSPHRASE, type TestDesk } from './desk.js'

export interface DeskAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  json(): unknown
}

export interface Triager {
  get(path: string): Promise<DeskAnswer>
  post(path: string, body?: object): Promise<DeskAnswer>
  /** asks the holder of a mailbox and gives the question's id */
  ask(mailbox: { id: string; recipient: string }, text: string): Promise<string>
  assess(report: string, assessment: Assessment): Promise<DeskAnswer>
}

type Headers = Readonly<Record<string, string>>
type Send = (method: 'GET' | 'POST', path: string, headers: Headers, body?: object) => Promise<DeskAnswer>

/** Signs in with the passphrase of all test members. */
export function signIn(app: FastifyInstance, desk: TestDesk, name = 'sam'): Promise<Triager> {
  return signInBy(
    (method, url, headers, payload) =>
      app.inject({ method, url, headers: { ...headers }, ...(payload && { payload }) }),
    desk,
    name,
  )
}

/** The same over a real connection; `site` is the address without a slash at the end. */
export function signInTo(site: string, desk: TestDesk, name = 'sam'): Promise<Triager> {
  const send: Send = async (method, path, headers, payload) => {
    const answer = await fetch(site + path, {
      method,
      headers: { ...headers, ...(payload && { 'content-type': 'application/json' }) },
      ...(payload && { body: JSON.stringify(payload) }),
    })
    const body = await answer.text()
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body,
      json: () => JSON.parse(body),
    }
  }
  return signInBy(send, desk, name)
}

async function signInBy(send: Send, desk: TestDesk, name: string): Promise<Triager> {
  const begun = await send('POST', '/sign-in/begin', {}, { name })
  const { salt } = begun.json() as { salt: string }
  const authentication = authenticationOf(PASSPHRASE, Buffer.from(salt, 'base64'))
  const signedIn = await send('POST', '/sign-in', {}, { name, authentication })
  if (signedIn.statusCode !== 200) throw new Error(`${name} was not let in: ${signedIn.statusCode}`)
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const { proof } = signedIn.json() as { proof: string }
  const headers = { cookie, 'x-baken-proof': proof }
  const post = (path: string, body: object = {}) => send('POST', path, headers, body)
  return {
    get: (path) => send('GET', path, headers),
    post,
    ask: async (mailbox, text) => {
      const id = randomUUID()
      const sealed = await sealQuestion(desk, mailbox, text)
      const asked = await post(`/mailboxes/${mailbox.id}/questions`, { id, sealed })
      if (asked.statusCode !== 204) throw new Error(`the question was not taken: ${asked.statusCode}`)
      return id
    },
    assess: async (report, assessment) =>
      post(`/reports/${report}/assessment`, { sealed: await sealAssessment(desk, report, assessment) }),
  }
}

/** A question in base64, sealed to the reporter's code, to the desk and to its recovery key. */
export function sealQuestion(
  { keys }: TestDesk,
  mailbox: { id: string; recipient: string },
  text: string,
): Promise<string> {
  const packed = packJson({ kind: 'question', of: mailbox.id }, { text })
  return sealTo([mailbox.recipient, keys.recipient, keys.recoveryRecipient], packed)
}

/** An assessment in base64, sealed to the desk. */
export function sealAssessment({ keys }: TestDesk, report: string, assessment: Assessment): Promise<string> {
  const packed = packJson({ kind: 'assessment', of: report }, assessment)
  return sealTo([keys.recipient, keys.recoveryRecipient], packed)
}

async function sealTo(recipients: readonly string[], plaintext: Uint8Array): Promise<string> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(plaintext)).toString('base64')
}
