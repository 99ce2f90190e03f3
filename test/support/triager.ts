// Sam and Ilse: a signed-in member of the desk in a few lines, sealing as the desk's browser does.
import { randomUUID } from 'node:crypto'
import { Encrypter } from 'age-encryption'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Assessment } from '../../server/report/case.js'
import { packJson } from '../../server/report/envelope.js'
import { authenticationOf, PASSPHRASE, type TestDesk } from './desk.js'

export interface Triager {
  get(path: string): Promise<LightMyRequestResponse>
  post(path: string, body?: object): Promise<LightMyRequestResponse>
  /** asks the holder of a mailbox and gives the question's id */
  ask(mailbox: { id: string; recipient: string }, text: string): Promise<string>
  assess(report: string, assessment: Assessment): Promise<LightMyRequestResponse>
}

/** Signs in with the passphrase of all test members. */
export async function signIn(app: FastifyInstance, desk: TestDesk, name = 'sam'): Promise<Triager> {
  const begun = await app.inject({ method: 'POST', url: '/sign-in/begin', payload: { name } })
  const authentication = authenticationOf(PASSPHRASE, Buffer.from(begun.json().salt, 'base64'))
  const signedIn = await app.inject({ method: 'POST', url: '/sign-in', payload: { name, authentication } })
  if (signedIn.statusCode !== 200) throw new Error(`${name} was not let in: ${signedIn.statusCode}`)
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const post = (url: string, payload: object = {}) =>
    app.inject({ method: 'POST', url, headers: { cookie }, payload })
  return {
    get: (url) => app.inject({ url, headers: { cookie } }),
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
