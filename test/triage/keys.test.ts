// A new key of the desk over the interface and on the command line: what is refused, and that no part is ever lost.
import { createHash, randomUUID } from 'node:crypto'
import t from 'tap'
import { areWords, checkWords } from '../../server/check-words.js'
import { makeDeskKeys, makeMemberKeys } from '../../server/member-keys.js'
import { wordsStandFor } from '../../server/report/new-key.js'
import { createMember } from '../../server/storage/owner.js'
import { acceptKey } from '../../server/storage/owner-keys.js'
import { startApps, type TestApps } from '../support/apps.js'
import { baken, bakenJson } from '../support/cli.js'
import { PASSPHRASE } from '../support/desk.js'
import { base64, type DeskClient, sealTo, signIn } from '../support/desk-client.js'
import { shareFor } from '../support/join.js'
import { type KeyMember, makeProposal } from '../support/new-key.js'
import { openedBy, sealedRows } from '../support/sealed-rows.js'
import { createSecondDesk } from '../support/second-desk.js'
import { sendReport } from '../support/send-report.js'

const holder = ({ deskKey, desk }: DeskClient) => ({ deskKey: deskKey ?? '', liveKey: desk.key })

const membersOf = async (client: DeskClient): Promise<KeyMember[]> =>
  (await client.get('/key')).json().members

/** A new key of Sam's, accepted. */
async function rotate({ desk, triage, database }: TestApps): Promise<{ old: string; identity: string }> {
  const sam = await signIn(triage, 'sam')
  const { keys, body } = await makeProposal(holder(sam), await membersOf(sam))
  if ((await sam.post('/key/proposal', body)).statusCode !== 204) throw new Error('the proposal was refused')
  const accepted = await acceptKey(database.owner, desk.id, () => true)
  if (accepted !== 'accepted') throw new Error(accepted)
  return { old: sam.deskKey ?? '', identity: keys.identity }
}

t.test('one new key waits at a time, for members of the desk, and can be taken back', async (t) => {
  const apps = await startApps(t)
  const otherDesk = await createSecondDesk(apps.database.owner)
  const [sam, ilse, bo] = [
    await signIn(apps.triage, 'sam'),
    await signIn(apps.triage, 'ilse'),
    await signIn(apps.triage, 'bo'),
  ]
  const members = await membersOf(sam)
  t.same(
    members.map(({ name }) => name),
    ['ilse', 'sam'],
    'not who left',
  )
  const own = members.filter(({ id }) => id === sam.member.id)
  const others = await membersOf(bo)
  const { body } = await makeProposal(holder(sam), members)
  const propose = async (client: DeskClient, given: object) =>
    (await client.post('/key/proposal', given)).statusCode

  t.equal(await propose(ilse, (await makeProposal(holder(ilse), own)).body), 400, 'who makes it has it')
  t.equal(
    await propose(sam, (await makeProposal(holder(sam), [...own, ...others])).body),
    409,
    'not for another desk',
  )
  t.equal(await propose(sam, { ...body, replaces: randomUUID() }), 409, 'not in the place of another key')
  t.equal(await propose(sam, { ...body, recipient: 'age1nothing' }), 400)
  t.equal(await propose(sam, { ...body, shares: [...body.shares, ...body.shares] }), 400)
  t.equal(await propose(sam, body), 204)
  t.equal(await propose(ilse, (await makeProposal(holder(ilse), members)).body), 409, 'one at a time')
  const state = (await ilse.get('/key')).json()
  t.match(state.proposal, { id: body.id, by: 'sam', recipient: body.recipient })
  t.equal((await bo.get('/key')).json().proposal, null, 'another desk sees nothing of it')
  t.equal((await bo.post(`/key/proposal/${body.id}/withdraw`)).statusCode, 404)
  const live = (await apps.database.owner.query('select recipient from desk where id = $1', [apps.desk.id]))
    .rows
  t.same(live, [{ recipient: apps.desk.keys.recipient }], 'it is not live')

  t.equal((await ilse.post(`/key/proposal/${body.id}/withdraw`)).statusCode, 204)
  t.equal((await ilse.post(`/key/proposal/${body.id}/withdraw`)).statusCode, 404)
  t.equal(await acceptKey(apps.database.owner, apps.desk.id, () => true), 'none-waits')
  t.equal(await acceptKey(apps.database.owner, otherDesk, () => true), 'none-waits')
  const { rows } = await apps.database.owner.query(
    `select act from audit where act like 'key.%' order by number`,
  )
  t.same(
    rows.map(({ act }) => act),
    ['key.proposed', 'key.withdrawn'],
  )
})

t.test('the operator accepts only what was said, with both of its recipients', async (t) => {
  const { database, desk, triage } = await startApps(t)
  const env = { DATABASE_URL: database.ownerUrl }
  const keys = (...words: string[]) => baken(['keys', ...words, '--desk', 'test desk'], { env })
  const sam = await signIn(triage, 'sam')
  t.equal((await keys('accept', '--words', 'a b c d e f')).code, 1)
  t.equal((await keys('refuse')).code, 1)
  t.equal((await keys('accept')).code, 2, 'the words are not left out')
  const { body } = await makeProposal(holder(sam), await membersOf(sam))
  await sam.post('/key/proposal', body)
  const words = checkWords(wordsStandFor(body))
  t.equal(words.split(' ').length, 6)
  t.ok(areWords(` ${words.toUpperCase().replace(' ', '-')} `, words))

  // Somebody with the rights of the partner app keeps the proposal and puts another sheet beside it.
  const attacker = await makeDeskKeys()
  const { rows } = await database.owner.query('select * from desk_key_proposal')
  await database.owner.query('update desk_key_proposal set recovery_recipient = $1', [attacker.recipient])
  const refused = await keys('accept', '--words', words)
  t.equal(refused.code, 1)
  t.match(refused.stderr, /not the words/)
  t.equal((await database.owner.query('select from desk_key')).rowCount, 1)
  await database.owner.query('update desk_key_proposal set recovery_recipient = $1', [
    rows[0].recovery_recipient,
  ])

  const accepted = await bakenJson(['keys', 'accept', '--desk', desk.id, '--words', words], { env })
  t.match(accepted.json, { desk: { name: 'Test desk' }, accepted: true })
  t.match(accepted.stderr, /still sealed to the earlier key/)
  const listed = await keys('list')
  t.match(listed.stdout, /^live key, since \d{4}-\d\d-\d\d\nearlier key, since .*\nhave it: ilse, sam\n$/)
  t.equal((await keys('accept', '--words', words)).code, 1, 'once')
  const { body: second } = await makeProposal(holder(await signIn(triage, 'ilse')), await membersOf(sam))
  await sam.post('/key/proposal', { ...second, shares: second.shares })
  t.match((await bakenJson(['keys', 'refuse', '--desk', desk.id], { env })).json, { refused: true })
  t.equal((await database.owner.query('select from desk_key_proposal')).rowCount, 0)
  const { body: third } = await makeProposal(holder(await signIn(triage, 'ilse')), await membersOf(sam))
  await sam.post('/key/proposal', third)
  await database.owner.query('update member set left_desk = true')
  const forNobody = await keys('accept', '--words', checkWords(wordsStandFor(third)))
  t.match(forNobody.stderr, /everybody for whom this key was made has left/)
  await database.owner.query(`update member set left_desk = false where name = 'sam'`)
  t.equal((await sam.get('/key')).headers['x-baken-key'], body.id, 'every answer tells which key is live')
})

t.test('who leaves while it waits gets no share of it, and neither does who comes too late', async (t) => {
  const apps = await startApps(t)
  const { database, desk, triage } = apps
  const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
  const keys = await makeMemberKeys(PASSPHRASE)
  const fatima = { desk: desk.id, name: 'fatima', roles: ['triager'], keys, share: null } as const
  await createMember(database.owner, fatima)
  const [waiting] = (await sam.get('/members/waiting')).json().members
  const share = await shareFor(sam, desk.keys.identity, waiting)
  const { body } = await makeProposal(
    holder(sam),
    await membersOf(sam).then((all) => all.filter((one) => one.name !== 'fatima')),
  )
  await sam.post('/key/proposal', body)
  const { triageStorage } = apps
  const between = { desk: desk.id, member: sam.member.id, colleague: ilse.member.id }
  t.ok(await triageStorage.leave(between))
  t.equal(await acceptKey(database.owner, desk.id, () => true), 'accepted')

  const { rows } = await database.owner.query(
    'select m.name from desk_key_share k join member m on m.id = k.member order by 1',
  )
  t.same(rows, [{ name: 'sam' }])
  const state = (await sam.get('/key')).json()
  t.same(state.gone, ['ilse'], 'the new key was made for her too: another one is due')
  t.equal((await sam.post(`/members/${waiting.id}/share`, share)).statusCode, 409, 'a share of the old key')
  const again = await signIn(triage, 'sam')
  t.equal(
    (await again.post(`/members/${waiting.id}/share`, await shareFor(again, again.deskKey ?? '', waiting)))
      .statusCode,
    204,
  )
  t.equal((await signIn(triage, 'fatima')).deskKey, again.deskKey)
})

t.test(
  'nothing takes the place of a part but the same part, sealed to the live key and read back',
  async (t) => {
    const apps = await startApps(t)
    const { database, triage } = apps
    await sendReport(apps.intake, { words: 'the first house' })
    await sendReport(apps.intake, { words: 'the second house' })
    await apps.release()
    const early = await signIn(triage, 'sam')
    const { run: tooEarly } = (await early.post('/key/reseal')).json()
    const untouched = await sealedRows(database.owner)
    const [part, other] = untouched
    if (!part || !other) throw new Error('nothing is there')
    const at = (run: string, id = part.id) => `/key/reseal/${run}/report_part/${id}`
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64')
    const stage = async (
      client: DeskClient,
      run: string,
      bytes: Uint8Array,
      id = part.id,
    ): Promise<string> => {
      const tried = randomUUID()
      const piece = { try: tried, chunk: 0, sealed: base64(bytes) }
      const { statusCode } = await client.post(`${at(run, id)}/pieces`, piece)
      return statusCode === 204 ? tried : String(statusCode)
    }
    const put = async (client: DeskClient, run: string, tried: string, bytes: Uint8Array, id = part.id) =>
      (await client.post(`${at(run, id)}/put`, { try: tried, hashes: [sha256(bytes)] })).statusCode
    const same = new Uint8Array(part.sealed.length).fill(1)
    t.equal(
      await put(early, tooEarly, await stage(early, tooEarly, same), same),
      409,
      'a desk with one key has nothing to change',
    )

    const { old, identity } = await rotate(apps)
    t.equal((await early.get(`/key/reseal/${tooEarly}`)).statusCode, 403, 'a run for an earlier key is over')
    const [sam, ilse] = [await signIn(triage, 'sam'), await signIn(triage, 'ilse')]
    const { run } = (await sam.post('/key/reseal')).json()
    const { run: foreign } = (await ilse.post('/key/reseal')).json()
    const plain = Buffer.from((await openedBy(old, part)) ?? '', 'hex')
    const sealed = await sealTo([sam.desk.recipient, sam.desk.recoveryRecipient], plain)

    t.equal(await stage(sam, foreign, sealed), '403', 'not under the run of somebody else')
    t.equal(await stage(sam, run, sealed, randomUUID()), '404', 'no part that is not there')
    const long = { try: randomUUID(), chunk: 1, sealed: base64(sealed) }
    t.equal((await sam.post(`${at(run)}/pieces`, long)).statusCode, 413, 'nothing longer than the part')
    const shorter = sealed.subarray(0, -1)
    t.equal(await put(sam, run, await stage(sam, run, shorter), shorter), 409, 'one that is cut short')
    t.equal(await put(sam, run, await stage(sam, run, sealed), same), 409, 'one that was not read back so')
    t.equal(
      await put(sam, run, await stage(sam, run, sealed), sealed, other.id),
      409,
      'another part than it was made of',
    )
    t.equal(await put(sam, run, randomUUID(), sealed), 409, 'one that nobody sent')
    t.equal((await sam.get(`/key/reseal/${run}/member/${part.id}`)).statusCode, 404, 'no other table')
    t.same(await sealedRows(database.owner), untouched, 'everything is as it was')

    const tried = await stage(sam, run, sealed)
    t.same((await sam.get(`${at(run)}/tries/${tried}`)).rawPayload, Buffer.from(sealed))
    const before = await ilse.post(`${at(foreign)}/pieces`, {
      try: randomUUID(),
      chunk: 0,
      sealed: base64(same),
    })
    t.equal(before.statusCode, 204, 'somebody else is at it too')
    t.equal(await put(sam, run, tried, sealed), 204)
    t.equal(
      await put(sam, run, await stage(sam, run, same), same),
      409,
      'what is sealed to the live key stays',
    )
    const [now] = await sealedRows(database.owner)
    t.same(
      [await openedBy(old, now ?? part), await openedBy(identity, now ?? part)],
      [null, plain.toString('hex')],
    )
    t.equal((await database.owner.query('select from resealed_part where run = $1', [foreign])).rowCount, 0)
    t.same((await sealedRows(database.owner)).slice(1), untouched.slice(1), 'no other part was touched')
    await sam.post('/sign-out')
    t.equal(
      (await database.owner.query('select from reseal_run where id = $1', [run])).rowCount,
      0,
      'over with the session',
    )
    t.same(apps.log, [])
  },
)

t.test(
  'a report that is sent while a key goes live is sealed to one of both, with all its parts',
  async (t) => {
    let between: () => Promise<unknown> = async () => undefined
    const apps: TestApps = await startApps(t, {
      through: (storage) => ({
        ...storage,
        storeReport: async (...given) => {
          await between()
          return storage.storeReport(...given)
        },
      }),
    })
    let identity = ''
    between = async () => {
      ;({ identity } = await rotate(apps))
    }
    await sendReport(apps.intake, { words: 'the first house' })
    between = async () => undefined
    await sendReport(apps.intake, { words: 'the second house' })
    await apps.release()
    const rows = await sealedRows(apps.database.owner)
    const keysOf = async (report: string): Promise<string[]> => {
      const { rows: parts } = await apps.database.owner.query(
        'select id from report_part where report = $1',
        [report],
      )
      const found = rows
        .filter(({ id }) => parts.some((part) => part.id === id))
        .map(async (row) =>
          (await openedBy(apps.desk.keys.identity, row))
            ? 'old'
            : (await openedBy(identity, row))
              ? 'new'
              : 'none',
        )
      return [...new Set(await Promise.all(found))]
    }
    const { rows: reports } = await apps.database.owner.query<{ id: string }>('select id from report')
    t.same((await Promise.all(reports.map(({ id }) => keysOf(id)))).sort(), [['new'], ['old']])
    const sam = await signIn(apps.triage, 'sam')
    const items = await sam.inbox()
    t.equal((await Promise.all(items.map((item) => sam.header(item)))).length, 2, 'Sam reads both')
    const { run } = (await sam.post('/key/reseal')).json()
    const { reports: work } = (await sam.get(`/key/reseal/${run}`)).json()
    t.equal(work.length, 2, 'and a run finds both')
  },
)
