// Another desk with a member of its own, who must see nothing of the first one.
import { makeDeskKeys, makeMemberKeys, sealShare } from '../../server/member-keys.js'
import { FIRST_ROLES } from '../../server/report/roles.js'
import type { Queryable } from '../../server/storage/connect.js'
import { createDesk, createMember } from '../../server/storage/owner.js'
import { setDeskKey } from '../../server/storage/owner-keys.js'
import { PASSPHRASE } from './desk.js'

/** Makes a closed desk (only one can take reports) and Bo, who works there. Gives the desk's id. */
export async function createSecondDesk(owner: Queryable): Promise<string> {
  const desk = await createDesk(owner, 'Second desk', { asksSecondFactor: false })
  const keys = await makeDeskKeys()
  await owner.query('update desk set closed = true where id = $1', [desk])
  await setDeskKey(owner, desk, keys)
  const bo = await makeMemberKeys(PASSPHRASE)
  const share = await sealShare(keys.identity, bo.recipient)
  await createMember(owner, { desk, name: 'bo', roles: FIRST_ROLES, keys: bo, share })
  return desk
}
