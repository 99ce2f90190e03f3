// What the test of the access table needs: somebody in each role, and something of each kind to ask for. The expectations
// come from the table; here stands only how a thing of a kind is made.
import { createHash, randomUUID } from 'node:crypto'
import { json } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { makeMemberKeys, sealShare } from '../../server/member-keys.js'
import { CONTENT_ROLES, type Role } from '../../server/report/roles.js'
import { createMember } from '../../server/storage/owner.js'
import { hashToken } from '../../server/triage/access.js'
import type { Access, RouteName } from '../../server/triage/access-table.js'
import type { TestApps } from './apps.js'
import { PASSPHRASE } from './desk.js'
import { base64, type DeskClient, signIn } from './desk-client.js'
import { sendReport } from './send-report.js'

export interface Actor {
  readonly role: Role
  readonly id: string
  readonly client: DeskClient
  /** a proof that was given more than ten minutes ago */
  readonly oldProof: string
}

/** Somebody who has this role and no other, signed in; with the desk's key where the role may have it. */
export async function actorIn(apps: TestApps, role: Role): Promise<Actor> {
  const { database, desk, triage, triageStorage } = apps
  const name = `only ${role}`
  const keys = await makeMemberKeys(PASSPHRASE)
  const isReader = (CONTENT_ROLES as readonly Role[]).includes(role)
  const share = isReader ? await sealShare(desk.keys.identity, keys.recipient) : null
  const id = await createMember(database.owner, { desk: desk.id, name, roles: [role], keys, share })
  const client = await signIn(triage, name)
  const oldProof = randomUUID()
  const { rows } = await database.owner.query<{ id: string }>('select id from session where member = $1', [
    id,
  ])
  await triageStorage.addProof(rows[0]?.id ?? '', hashToken(oldProof))
  await database.owner.query(
    `update session_proof set proved_at = now() - interval '11 minutes' where token_hash = $1`,
    [hashToken(oldProof)],
  )
  return { role, id, client, oldProof }
}

/** Something that a route may be asked about. */
export interface Thing {
  /** in the words of the kind: `mine`, `of a colleague`, `of another desk`, … */
  readonly name: string
  /** whether the table lets an actor in a role of the route do it */
  readonly isAllowed: boolean
  /** what stands for `:id` and the others in the address */
  readonly ids: Readonly<Record<string, string>>
}

type Kind = NonNullable<Access['object']>

/** Makes things of every kind; each call puts them back as they were. */
export interface Things {
  of(kind: Kind, actor: Actor): Promise<Thing[]>
}

export async function makeThings(apps: TestApps, otherDesk: string): Promise<Things> {
  const { database, intake } = apps
  const { owner } = database
  for (let i = 0; i < 5; i++) await sendReport(intake, { words: 'a van at night', written: 'yes' })
  await apps.release()
  const { rows: reports } = await owner.query<{ id: string }>('select id from report order by id')
  const [mine = '', colleagues = '', waiting = '', assessed = '', foreign = ''] = reports.map(({ id }) => id)
  await owner.query('update report set desk = $2 where id = $1', [foreign, otherDesk])
  await owner.query('update queue_item set desk = $2 where report = $1', [foreign, otherDesk])
  const { rows: parts } = await owner.query<{ report: string; id: string }>(
    `select report, id from report_part where kind = 'situation'`,
  )
  const partOf = (report: string) => parts.find((part) => part.report === report)?.id ?? ''
  const idOf = async (name: string): Promise<string> => {
    const { rows } = await owner.query<{ id: string }>('select id from member where name = $1', [name])
    return rows[0]?.id ?? ''
  }
  const [ilse, bo, max] = [await idOf('ilse'), await idOf('bo'), await idOf('max')]
  const sam = await idOf('sam')
  const waitingForKey = await newcomer(apps, apps.desk.id, 'waits for the key')
  const elsewhere = await newcomer(apps, otherDesk, 'waits elsewhere')
  const { rows: mailboxes } = await owner.query<{ id: string }>('select id from mailbox limit 1')

  const putReports = async (actor: Actor): Promise<void> => {
    await owner.query('delete from assessment')
    await owner.query(`update queue_item set state = 'waiting', member = null`)
    await owner.query(`update queue_item set state = 'claimed', member = $2 where report = $1`, [
      mine,
      actor.id,
    ])
    await owner.query(`update queue_item set state = 'claimed', member = $2 where report = $1`, [
      colleagues,
      ilse,
    ])
    await owner.query(`update queue_item set state = 'assessed', member = $2 where report = $1`, [
      assessed,
      ilse,
    ])
  }
  const reportThings = async (actor: Actor, allowed: readonly string[]): Promise<Thing[]> => {
    await putReports(actor)
    const named = { mine, 'of a colleague': colleagues, waiting, assessed, 'of another desk': foreign }
    return Object.entries({ ...named, unknown: randomUUID() }).map(([name, id]) => ({
      name,
      isAllowed: allowed.includes(name),
      ids: { id, part: partOf(id) || randomUUID(), member: sam },
    }))
  }
  const memberThings = (named: Readonly<Record<string, string>>, allowed: string): Thing[] =>
    Object.entries({ ...named, unknown: randomUUID() }).map(([name, id]) => ({
      name,
      isAllowed: name === allowed,
      ids: { id },
    }))

  return {
    async of(kind, actor) {
      switch (kind) {
        case 'held':
          return reportThings(actor, ['mine'])
        case 'readable':
          return reportThings(actor, ['mine', 'assessed'])
        case 'waiting':
          return reportThings(actor, ['waiting'])
        case 'desk':
          return reportThings(actor, ['mine', 'of a colleague', 'waiting', 'assessed'])
        case 'mailbox': {
          await owner.query('update mailbox set closed = false')
          const file = randomUUID()
          await owner.query('delete from addition')
          await owner.query(
            `insert into addition values ($1, 0, $2, 'added_file', '\\x00', '2026-11-23 pm')`,
            [file, mailboxes[0]?.id],
          )
          return memberThings({ known: mailboxes[0]?.id ?? '' }, 'known').map((thing) => ({
            ...thing,
            ids: { ...thing.ids, file },
          }))
        }
        case 'colleague': {
          const there = await newcomer(apps, apps.desk.id, `colleague ${randomUUID()}`)
          const named = { 'a colleague': there, oneself: actor.id, 'of another desk': bo, 'who left': max }
          return memberThings(named, 'a colleague')
        }
        case 'key': {
          await owner.query('delete from desk_key_share where member in ($1, $2)', [waitingForKey, elsewhere])
          const named = { 'who waits': waitingForKey, 'who has it': ilse, 'of another desk': elsewhere }
          const { rows } = await owner.query<{ id: string }>(
            'select id from desk_key where desk = $1 and live',
            [apps.desk.id],
          )
          const things = memberThings({ ...named, 'who may not': await idOf('only auditor') }, 'who waits')
          return things.map((thing) => ({ ...thing, ids: { ...thing.ids, key: rows[0]?.id ?? '' } }))
        }
        case 'divided': {
          const isLead = actor.role === 'desk_lead'
          return reportThings(actor, isLead ? ['mine', 'of a colleague', 'waiting'] : ['mine'])
        }
        case 'view': {
          await owner.query('delete from saved_view')
          const keep = async (desk: string, member: string, shared: boolean): Promise<string> => {
            const id = randomUUID()
            await owner.query(`insert into saved_view values ($1, $2, $3, $4, '')`, [
              id,
              desk,
              member,
              shared,
            ])
            return id
          }
          const [own, team, theirs, elsewhere] = [
            await keep(apps.desk.id, actor.id, false),
            await keep(apps.desk.id, ilse, true),
            await keep(apps.desk.id, ilse, false),
            await keep(otherDesk, bo, true),
          ]
          const named = { 'a colleague’s': theirs, 'of another desk': elsewhere }
          const teams = memberThings({ 'of the team': team }, actor.role === 'desk_lead' ? 'of the team' : '')
          return [...memberThings({ own }, 'own'), ...memberThings(named, ''), ...teams]
        }
        case 'run':
          return runThings(apps, actor, partOf(waiting))
        case 'proposal':
          return proposalThings(apps, otherDesk)
        case 'invitation': {
          const [open, over, elsewhere] = [randomUUID(), randomUUID(), randomUUID()]
          const rows = [
            [open, apps.desk.id, '1 day'],
            [over, apps.desk.id, '-1 day'],
            [elsewhere, otherDesk, '1 day'],
          ]
          for (const [id, desk, time] of rows) {
            await owner.query(
              `insert into invitation (id, desk, name, token_hash, expires_at)
               values ($1::uuid, $2, 'somebody', uuid_send($1), now() + $3::interval)`,
              [id, desk, time],
            )
          }
          return memberThings({ open, 'that is over': over, 'of another desk': elsewhere }, 'open')
        }
        case 'own': {
          const named = { mine: await ownThing(apps, actor.id), 'of a colleague': await ownThing(apps, ilse) }
          return memberThings({ ...named, 'of another desk': await ownThing(apps, bo) }, 'mine')
        }
      }
    },
  }
}

const RESEALED = new Uint8Array(200)

/** Runs of sealing anew, with a try of a part in each that is as good as finished. */
async function runThings({ database, desk }: TestApps, actor: Actor, part: string): Promise<Thing[]> {
  const { owner } = database
  const tried = randomUUID()
  await owner.query('update report_part set sealed = $2, desk_key = null where id = $1', [part, RESEALED])
  await owner.query('delete from reseal_run')
  // Only a desk that had another key before has something to seal anew.
  await owner.query(
    `insert into desk_key (desk, recipient, recovery_recipient, live) select $1, 'earlier', 'earlier', false
     where not exists (select from desk_key where desk = $1 and not live)`,
    [desk.id],
  )
  const begin = async (session: string): Promise<string> => {
    const run = randomUUID()
    await owner.query('insert into reseal_run select $1, $2, id from desk_key where desk = $3 and live', [
      run,
      session,
      desk.id,
    ])
    return run
  }
  const { rows } = await owner.query<{ id: string; mine: boolean }>(
    'select id, token_hash = $1 as mine from session order by token_hash = $1 desc',
    [hashToken(actor.client.cookie.split('=')[1] ?? '')],
  )
  const mine = await begin(rows.find((session) => session.mine)?.id ?? '')
  const others = await begin(rows.find((session) => !session.mine)?.id ?? '')
  await owner.query(
    'insert into resealed_part (attempt, chunk, part, run, sealed) values ($1, 0, $2, $3, $4)',
    [tried, part, mine, RESEALED],
  )
  const { rows: mailboxes } = await owner.query<{ id: string }>('select id from mailbox limit 1')
  const more = { place: 'report_part', part, try: tried, mailbox: mailboxes[0]?.id ?? '' }
  return Object.entries({ mine, 'of another session': others, unknown: randomUUID() }).map(([name, id]) => ({
    name,
    isAllowed: name === 'mine',
    ids: { id, ...more },
  }))
}

/** The new keys that wait, of this desk and of another. */
async function proposalThings({ database, desk }: TestApps, otherDesk: string): Promise<Thing[]> {
  const ids = { 'of the desk': randomUUID(), 'of another desk': randomUUID() }
  await database.owner.query('delete from desk_key_proposal')
  for (const [of, id] of [
    [desk.id, ids['of the desk']],
    [otherDesk, ids['of another desk']],
  ]) {
    await database.owner.query(
      `insert into desk_key_proposal (desk, id, replaces, member, recipient, recovery_recipient, earlier)
       select $1, $2, k.id, m.id, 'new', 'new recovery', '\\x00'
       from desk_key k join member m on m.desk = k.desk where k.desk = $1 and k.live limit 1`,
      [of, id],
    )
  }
  return Object.entries({ ...ids, unknown: randomUUID() }).map(([name, id]) => ({
    name,
    isAllowed: name === 'of the desk',
    ids: { id },
  }))
}

/** A triager without a key. */
async function newcomer({ database }: TestApps, desk: string, name: string): Promise<string> {
  const bytes = new Uint8Array(32)
  const keys = {
    salt: bytes,
    authentication: bytes,
    recipient: `age1${'q'.repeat(58)}`,
    wrappedIdentity: bytes,
  }
  return createMember(database.owner, { desk, name, roles: ['triager'], keys, share: null })
}

/** A session and a passkey of a member, under one id. */
async function ownThing({ database: { owner } }: TestApps, member: string): Promise<string> {
  const id = randomUUID()
  await owner.query(
    `insert into session (token_hash, member, last_seen_at, ends_at, id)
     values (uuid_send(gen_random_uuid()), $1, now(), now() + interval '1 hour', $2)`,
    [member, id],
  )
  await owner.query(
    `insert into passkey (id, member, credential, public_key, counter, transports, name)
     values ($2, $1, uuid_send(gen_random_uuid()), '\\x00', 0, '{}', 'x')`,
    [member, id],
  )
  return id
}

/** What is sent with a route, so that nothing but the access decides. */
export function bodyFor(name: RouteName, ids: Readonly<Record<string, string>> = {}): object {
  const sealed = base64(new Uint8Array(200))
  const bodies: Partial<Record<RouteName, object>> = {
    'POST /prove': { authentication: base64(new Uint8Array(32)) },
    'POST /reading-languages': { languages: ['nl'] },
    'POST /reports/:id/assessment': { sealed },
    'POST /reports/:id/assign': { member: ids.member, reason: 'workload' },
    'POST /reports/:id/watch': { on: true },
    'POST /inbox/headers': { ids: [] },
    'POST /notices/heard': { report: randomUUID(), kind: 'watched' },
    'POST /views': { id: randomUUID(), shared: false, sealed },
    'POST /targets': { urgentMinutes: 60, waitingHalfDays: 4, readingHalfDays: 10 },
    'POST /mailboxes/:id/questions': { id: randomUUID(), sealed },
    'POST /members/:id/share': { sealed, vouch: base64(new Uint8Array(32)), key: ids.key },
    'POST /key/reseal/:id/:place/:part/pieces': { try: ids.try, chunk: 0, sealed: base64(RESEALED) },
    'POST /key/reseal/:id/:place/:part/put': {
      try: ids.try,
      hashes: [createHash('sha256').update(RESEALED).digest('base64')],
    },
    'POST /members/invite': { name: `invited ${randomUUID()}`, roles: ['triager'] },
    'POST /members/:id/roles': { roles: ['reviewer'] },
    'POST /help/save': {},
    'POST /help/verify': { kind: 'entry', id: 'police', seen: 0 },
    'POST /help/retire': { kind: 'entry', id: 'police', seen: 0, retired: false },
  }
  return bodies[name] ?? {}
}

/** Asks a route about a thing. */
export async function ask(
  triage: FastifyInstance,
  name: RouteName,
  ids: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; problem: string }> {
  const [method = 'GET', path = ''] = name.split(' ')
  const url = path.replace(/:(\w+)/g, (_, id: string) => ids[id] ?? randomUUID())
  const answer = await triage.inject({
    method: method as 'GET' | 'POST',
    url,
    headers: { ...headers },
    // One of them does not end by itself.
    payloadAsStream: true,
    ...(method === 'POST' && { payload: bodyFor(name, ids) }),
  })
  const isJson = /json/.test(String(answer.headers['content-type']))
  if (!isJson) answer.stream().destroy()
  const body = isJson ? ((await json(answer.stream())) as { problem?: string }) : {}
  return { status: answer.statusCode, problem: body.problem ?? '' }
}
