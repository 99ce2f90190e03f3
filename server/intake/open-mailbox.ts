// The only file of the public side that can open anything: the desk's questions, with the identity derived from a
// code that was typed in this very request. It takes nothing else, and no report is ever sealed to such an identity.
import { Decrypter } from 'age-encryption'
import { unpackJson } from '../report/envelope.js'
import { messageSchema } from '../report/report.js'
import type { MailboxIdentity } from './receipt.js'

/** The text of one question. Throws when it was not sealed to this mailbox. */
export async function openQuestion(
  identity: MailboxIdentity,
  mailbox: string,
  sealed: Uint8Array,
): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const opened = await decrypter.decrypt(sealed)
  return messageSchema.parse(unpackJson(opened, { kind: 'question', of: mailbox })).text
}
