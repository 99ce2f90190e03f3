// What a browser sends when somebody follows an invitation, for tests of joining a desk.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import {
  type DeskKeys,
  makeDeskKeys,
  makeMemberKeys,
  makeVouch,
  sealShare,
} from '../../server/member-keys.js'
import { PASSPHRASE } from './desk.js'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Joins with a token; the first member of a desk brings the desk's keys. */
export async function join(
  triage: FastifyInstance,
  token: string,
  deskKeys: DeskKeys | null,
): Promise<LightMyRequestResponse> {
  const member = await makeMemberKeys(PASSPHRASE)
  const payload = {
    token,
    salt: base64(member.salt),
    authentication: base64(member.authentication),
    recipient: member.recipient,
    wrappedIdentity: base64(member.wrappedIdentity),
    ...(deskKeys && {
      deskRecipient: deskKeys.recipient,
      recoveryRecipient: deskKeys.recoveryRecipient,
      share: base64(await sealShare(deskKeys.identity, member.recipient)),
      vouch: base64(makeVouch(deskKeys.identity, 'the first member', member.recipient)),
    }),
  }
  return triage.inject({ method: 'POST', url: '/join', payload })
}

/** What a member's browser sends to give somebody the desk's key. */
export async function shareFor(
  giver: { readonly desk: { readonly key: string } },
  deskIdentity: string,
  { name, recipient }: { readonly name: string; readonly recipient: string },
) {
  return {
    sealed: base64(await sealShare(deskIdentity, recipient)),
    vouch: base64(makeVouch(deskIdentity, name, recipient)),
    key: giver.desk.key,
  }
}

/** The first member of a new desk joins; gives the desk's keys. */
export async function joinFirst(
  triage: FastifyInstance,
  token: string,
): Promise<{ response: LightMyRequestResponse; keys: DeskKeys }> {
  const keys = await makeDeskKeys()
  return { response: await join(triage, token, keys), keys }
}
