// The cast: Noor reports, Sam and Ilse triage at the desk, Max left last month. Their desk has a real key, and what
// was sealed to it can be opened here: only tests and the desk's browsers can do that.

import { Decrypter } from 'age-encryption'
import {
  type DeskKeys,
  deriveKeys,
  makeDeskKeys,
  makeMemberKeys,
  makeVouch,
  sealShare,
} from '../../server/member-keys.js'
import { type PartKind, unpackJson, unpackPart } from '../../server/report/envelope.js'
import { FIRST_ROLES } from '../../server/report/roles.js'
import type { Queryable } from '../../server/storage/connect.js'
import { createDesk, createMember } from '../../server/storage/owner.js'
import { setDeskKey } from '../../server/storage/owner-keys.js'

export const PASSPHRASE = 'canal lemon orbit velvet paper dawn'
export const MEMBERS = ['sam', 'ilse', 'max'] as const

export interface TestDesk {
  readonly id: string
  readonly keys: DeskKeys
}

/** A live desk with Sam and Ilse, and Max who left. All have the same passphrase. */
export async function createTestDesk(owner: Queryable): Promise<TestDesk> {
  const keys = await makeDeskKeys()
  const id = await createDesk(owner, 'Test desk', { asksSecondFactor: false })
  await setDeskKey(owner, id, keys)
  for (const name of MEMBERS) {
    const member = await makeMemberKeys(PASSPHRASE)
    const share = await sealShare(keys.identity, member.recipient)
    const vouch = makeVouch(keys.identity, name, member.recipient)
    await createMember(owner, { desk: id, name, roles: FIRST_ROLES, keys: member, share, vouch })
  }
  await owner.query(`update member set left_desk = true where name = 'max'`)
  return { id, keys }
}

/** What a browser sends to sign in. */
export function authenticationOf(passphrase: string, salt: Uint8Array): string {
  return Buffer.from(deriveKeys(passphrase, salt).authentication).toString('base64')
}

/** Opens a sealed part with an age identity. */
export async function openPart(identity: string, sealed: Uint8Array) {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return unpackPart(await decrypter.decrypt(sealed))
}

/** Opens a sealed JSON part. */
export async function openJson(
  identity: string | readonly string[],
  sealed: Uint8Array,
  expected: { kind: PartKind; of: string },
) {
  const decrypter = new Decrypter()
  for (const one of [identity].flat()) decrypter.addIdentity(one)
  return unpackJson(await decrypter.decrypt(sealed), expected)
}
