import t from 'tap'
import { FIRST_ROLES } from '../../../server/report/roles.js'
import { createDesk, createInvitation } from '../../../server/storage/owner.js'
import { hashToken, makeToken } from '../../../server/triage/access.js'
import { startApps } from '../../support/apps.js'
import { join, joinFirst } from '../../support/join.js'

t.test(
  'a second invitation for a name that joined meanwhile is a conflict, and changes nothing',
  async (t) => {
    const { triage, database, desk } = await startApps(t)
    const tokens = [makeToken(), makeToken()]
    for (const token of tokens) {
      await database.owner.query(
        `insert into invitation values (gen_random_uuid(), $1, 'Fatima', $2, now() + interval '1 day')`,
        [desk.id, hashToken(token)],
      )
    }
    t.equal((await join(triage, tokens[0] ?? '', null)).statusCode, 204)
    const second = await join(triage, tokens[1] ?? '', null)
    t.equal(second.statusCode, 409)
    t.same(second.json(), { problem: 'conflict' })
    const named = await database.owner.query(`select from member where name = 'Fatima'`)
    t.equal(named.rowCount, 1)
  },
)

t.test('a desk gets no key while another desk is live, until that one closes', async (t) => {
  const { triage, database } = await startApps(t)
  const token = makeToken()
  const desk = await createDesk(database.owner, 'Next desk')
  await createInvitation(database.owner, {
    desk,
    name: 'first',
    roles: FIRST_ROLES,
    tokenHash: hashToken(token),
  })
  t.equal((await joinFirst(triage, token)).response.statusCode, 409)
  await database.owner.query(`update desk set closed = true where name = 'Test desk'`)
  t.equal((await joinFirst(triage, token)).response.statusCode, 204, 'the invitation still works')
})
