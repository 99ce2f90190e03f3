// Sealing what the desk itself writes: assessments, questions, and typed text while the desk is locked.
import { Encrypter } from 'age-encryption'
import type { Assessment } from '../../server/report/case.js'
import { packJson } from '../../server/report/envelope.js'

interface DeskRecipients {
  readonly recipient: string
  readonly recoveryRecipient: string
}

const X25519 = /^age1[02-9ac-hj-np-z]{58}$/
const POST_QUANTUM = /^age1pq1[02-9ac-hj-np-z]+$/

/**
 * Seals to all recipients. Throws when one is no age recipient, or when X25519 and post-quantum ones would come
 * together: such a file is only as strong as the weaker kind.
 */
export async function sealTo(recipients: readonly string[], plaintext: Uint8Array): Promise<Uint8Array> {
  return encrypterTo(recipients).encrypt(plaintext)
}

/** The same for something that comes in pieces: of a large file never more than a piece lies in memory. */
export async function sealStreamTo(
  recipients: readonly string[],
  plaintext: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  return encrypterTo(recipients).encrypt(plaintext)
}

function encrypterTo(recipients: readonly string[]): Encrypter {
  const isOneKind = [X25519, POST_QUANTUM].some((kind) => recipients.every((one) => kind.test(one)))
  if (recipients.length === 0 || !isOneKind) throw new Error('these recipients cannot be sealed to')
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return encrypter
}

/** An assessment is for the desk alone. */
export function sealAssessment(
  report: string,
  assessment: Assessment,
  desk: DeskRecipients,
): Promise<Uint8Array> {
  const packed = packJson({ kind: 'assessment', of: report }, assessment)
  return sealTo([desk.recipient, desk.recoveryRecipient], packed)
}

/** A question for the reporter, which the desk can read again itself. */
export function sealQuestion(
  mailbox: { readonly id: string; readonly recipient: string },
  text: string,
  desk: DeskRecipients,
): Promise<Uint8Array> {
  const packed = packJson({ kind: 'question', of: mailbox.id }, { text })
  return sealTo([mailbox.recipient, desk.recipient, desk.recoveryRecipient], packed)
}
