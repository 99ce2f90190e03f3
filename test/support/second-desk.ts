// Another desk with a member of its own, who must see nothing of the first one.
import { createHash, randomUUID } from 'node:crypto'
import { makeDeskKeys, makeMemberKeys, sealShare } from '../../server/member-keys.js'
import type { Queryable } from '../../server/storage/connect.js'
import { createDesk } from '../../server/storage/owner.js'
import { PASSPHRASE } from './desk.js'

/** Makes a closed desk (only one can take reports) and Bo, who works there. Gives the desk's id. */
export async function createSecondDesk(owner: Queryable): Promise<string> {
  const desk = await createDesk(owner, 'Second desk')
  const keys = await makeDeskKeys()
  await owner.query('update desk set recipient = $2, recovery_recipient = $3, closed = true where id = $1', [
    desk,
    keys.recipient,
    keys.recoveryRecipient,
  ])
  const bo = await makeMemberKeys(PASSPHRASE)
  const id = randomUUID()
  const hash = createHash('sha256').update(bo.authentication).digest()
  await owner.query(
    `insert into member (id, desk, name, salt, authentication_hash, recipient, wrapped_identity)
     values ($1, $2, 'bo', $3, $4, $5, $6)`,
    [id, desk, bo.salt, hash, bo.recipient, bo.wrappedIdentity],
  )
  const share = await sealShare(keys.identity, bo.recipient)
  await owner.query('insert into desk_key_share values ($1, $2, $3)', [desk, id, share])
  return desk
}
