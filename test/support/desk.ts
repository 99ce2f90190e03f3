// The cast: Noor reports, Sam and Ilse triage at the desk, Max left last month. Their desk has a real key, and what
// was sealed to it can be opened here: only tests and the desk's browsers can do that.

import { createHash, randomUUID } from 'node:crypto'
import { Decrypter } from 'age-encryption'
import {
  type DeskKeys,
  deriveKeys,
  makeDeskKeys,
  makeMemberKeys,
  sealShare,
} from '../../server/member-keys.js'
import { type PartKind, unpackJson, unpackPart } from '../../server/report/envelope.js'
import type { Queryable } from '../../server/storage/connect.js'
import { createDesk } from '../../server/storage/owner.js'

export const PASSPHRASE = 'canal lemon orbit velvet paper dawn'
export const MEMBERS = ['sam', 'ilse', 'max'] as const

export interface TestDesk {
  readonly id: string
  readonly keys: DeskKeys
}

/** A live desk with Sam and Ilse, and Max who left. All have the same passphrase. */
export async function createTestDesk(owner: Queryable): Promise<TestDesk> {
  const keys = await makeDeskKeys()
  const id = await createDesk(owner, 'Test desk')
  await owner.query('update desk set recipient = $2, recovery_recipient = $3 where id = $1', [
    id,
    keys.recipient,
    keys.recoveryRecipient,
  ])
  for (const name of MEMBERS) {
    const member = await makeMemberKeys(PASSPHRASE)
    const memberId = randomUUID()
    await owner.query(
      `insert into member (id, desk, name, salt, authentication_hash, recipient, wrapped_identity, left_desk)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        memberId,
        id,
        name,
        member.salt,
        createHash('sha256').update(member.authentication).digest(),
        member.recipient,
        member.wrappedIdentity,
        name === 'max',
      ],
    )
    await owner.query('insert into desk_key_share values ($1, $2, $3)', [
      id,
      memberId,
      await sealShare(keys.identity, member.recipient),
    ])
  }
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
  identity: string,
  sealed: Uint8Array,
  expected: { kind: PartKind; of: string },
) {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return unpackJson(await decrypter.decrypt(sealed), expected)
}
