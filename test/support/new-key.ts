// A new key of the desk as a member's browser makes and proposes it.
import { randomUUID } from 'node:crypto'
import { makeDeskKeys, makeVouch, sealShare } from '../../server/member-keys.js'
import { base64, sealTo } from './desk-client.js'

export interface KeyMember {
  readonly id: string
  readonly name: string
  readonly recipient: string
}

/** A new key for these members, by somebody who has the live one: the key, and what is sent to propose it. */
export async function makeProposal(
  { deskKey, liveKey }: { readonly deskKey: string; readonly liveKey: string },
  members: readonly KeyMember[],
) {
  const keys = await makeDeskKeys()
  const shares = members.map(async ({ id, name, recipient }) => ({
    member: id,
    sealed: base64(await sealShare(keys.identity, recipient)),
    vouch: base64(makeVouch(keys.identity, name, recipient)),
  }))
  const body = {
    id: randomUUID(),
    replaces: liveKey,
    recipient: keys.recipient,
    recoveryRecipient: keys.recoveryRecipient,
    earlier: base64(await sealTo([keys.recipient, keys.recoveryRecipient], Buffer.from(`${deskKey}\n`))),
    shares: await Promise.all(shares),
  }
  return { keys, body }
}
