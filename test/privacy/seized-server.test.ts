// Somebody takes both servers with everything on them, and the database besides: the environments, the passwords, the
// pepper, every row, every constant in the code. Whatever can be derived from that is tried on everything that is sealed.
// Without a member's words, a code or a recovery sheet nothing opens.
import { createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { bech32 } from '@scure/base'
import { Decrypter } from 'age-encryption'
import t from 'tap'
import { createDraftStore, readDraftToken } from '../../server/intake/draft.js'
import { createMailboxKeys, makeReceiptCode, readReceiptCode } from '../../server/intake/receipt.js'
import { deriveKeys } from '../../server/member-keys.js'
import type { Queryable } from '../../server/storage/connect.js'
import { openIntakeStorage } from '../../server/storage/intake/index.js'
import { acceptKey } from '../../server/storage/owner-keys.js'
import { asIdentity, type Identity, opensStanza, stanzasOf } from '../support/age-header.js'
import { ROOT, until } from '../support/baken-process.js'
import { PASSPHRASE } from '../support/desk.js'
import { dirtyPhoto } from '../support/dirty-files.js'
import { readSources } from '../support/imports.js'
import { type KeyMember, makeProposal } from '../support/new-key.js'
import { findInMemory } from '../support/process-memory.js'
import { signInTo } from '../support/triager.js'
import { startTwoProcesses, type TwoProcesses } from '../support/two-processes.js'
import { createVisitor, shownCode } from '../support/visitor.js'

const WORDS = 'Zwarte bestelwagen zevenendertig, elke nacht om drie uur'
const KEY_BYTES = 32
/** An X25519 identity, as age writes it. */
const IDENTITY = /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/

interface Sealed {
  readonly name: string
  readonly bytes: Uint8Array
}

t.test('everything on both servers, and the whole database, opens nothing that is sealed', async (t) => {
  const apps = await startTwoProcesses(t)
  const { database, desk, site } = apps
  const noor = createVisitor(site)
  const code = await sendReport(noor)
  await until(
    'the report is released',
    async () => (await database.owner.query('select from mailbox')).rowCount === 1,
  )
  await converse(apps, code)
  const newKeys = await makeNewKeys(apps)
  await createVisitor(site).post('/en/report/words', { words: WORDS })

  const sealed = await everythingSealed(database.owner)
  t.same([...new Set(sealed.map(({ name }) => name))].sort(), [
    'added_file',
    'addition',
    'answer',
    'assessment',
    'desk_key',
    'desk_key_proposal',
    'desk_key_proposal_share',
    'desk_key_share',
    'ending',
    'file',
    'header',
    'member',
    'offenders',
    'place',
    'question',
    'situation',
    'source',
    'victims',
    'withdrawal',
  ])
  const secrets = await everythingKnown(apps)
  const keys = derive(secrets, readFileSync(apps.pepperFile))
  t.ok(keys.length > 200, `${keys.length} keys out of ${secrets.length} values`)
  const identities = keys.map(asIdentity)
  const passphrases = [...new Set(secrets.flatMap(spellings))]

  t.same(opened(sealed, identities), [], 'no derived identity opens anything')
  const members = sealed.filter(({ name }) => name === 'member')
  t.same(await openedByPassphrase(members, passphrases), [], 'nor does any value as a passphrase')
  t.same(await openedByPassphrase(members.slice(0, 1), [await wrappingKey(database.owner)]), ['member'])
  for (const { name, bytes } of sealed.filter((part) => !members.includes(part))) {
    const wanted = { question: 3, desk_key_share: 1, desk_key_proposal_share: 1 }[name] ?? 2
    t.same(
      stanzasOf(bytes).map(({ kind }) => kind),
      Array(wanted).fill('X25519'),
      `${name} has no other way in`,
    )
  }

  const withDesk = opened(sealed, [...identities, identityOf(desk.keys.identity)])
  const forDesk = sealed
    .map(({ name }) => name)
    .filter((name) => name !== 'member' && !name.startsWith('desk_key'))
  t.same(withDesk, forDesk, 'the same search with the key of the desk opens all of them')
  for (const { identity, opens } of newKeys)
    t.same(opened(sealed, [identityOf(identity)]), [opens], 'a new key opens the list of the keys before it')
  const derived = createMailboxKeys(readFileSync(apps.pepperFile), (task) => task())
  const { identity } = await derived(readReceiptCode(code) ?? makeReceiptCode(randomBytes))
  t.same(opened(sealed, [identityOf(identity)]), ['question'], 'the code opens the question alone')
})

t.test('no key lies in the code, the settings or the pepper', async (t) => {
  const apps = await startTwoProcesses(t)
  const code = [...readSources(ROOT, ['server', 'views/browser']).values()]
  const others = [JSON.stringify(apps.settings), readFileSync(apps.pepperFile, 'latin1')]
  for (const text of [...code, ...others, ...environmentOf(apps.intake.pid)]) t.notOk(IDENTITY.test(text))
  t.ok(IDENTITY.test(apps.desk.keys.identity), 'one would be found')
})

t.test('a draft that waits is opened by its cookie and by nothing on the server', async (t) => {
  const apps = await startTwoProcesses(t)
  const noor = createVisitor(apps.site)
  await noor.post('/en/report/words', { words: WORDS })
  await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto({ canary: 'canary' }) }])
  const { rows } = await apps.database.owner.query<{ body: Buffer; place: string }>(
    `select body, 'draft' as place from draft union all select body, file || ' ' || chunk from draft_chunk`,
  )
  t.equal(rows.length, 3, 'the draft, a file and its small picture')
  const keys = derive(await everythingKnown(apps), readFileSync(apps.pepperFile))
  for (const { body, place } of rows) {
    t.notOk(
      keys.some((key) => openDraft(key, body, place)),
      `${place} stays closed to ${keys.length} keys`,
    )
  }
  const token = readDraftToken(noor.cookie().slice(2))
  if (!token) throw new Error('there is no cookie')
  const own = new Uint8Array(hkdfSync('sha256', token, '', 'baken draft content', KEY_BYTES))
  t.ok(
    rows.every(({ body, place }) => openDraft(own, body, place)),
    'the cookie opens both',
  )
  const storage = openIntakeStorage({ target: apps.database.intakeUrl })
  t.teardown(() => storage.close())
  t.equal((await createDraftStore(storage).get(token))?.report?.answers.words, WORDS)
})

t.test('the search finds what could be derived, and the key of a dump that was planted', async (t) => {
  const secret = Buffer.alloc(KEY_BYTES, 7)
  const pepper = Buffer.alloc(KEY_BYTES, 9)
  const keys = derive([secret], pepper).map((key) => Buffer.from(key).toString('hex'))
  const wanted = {
    'the value itself': secret,
    'its hash': createHash('sha256').update(secret).digest(),
    'its hash under the pepper': createHmac('sha256', pepper).update(secret).digest(),
    'the mailbox identity of it': Buffer.from(
      hkdfSync('sha256', secret, pepper, 'baken mailbox identity', KEY_BYTES),
    ),
    'the draft key of it': Buffer.from(hkdfSync('sha256', secret, '', 'baken draft content', KEY_BYTES)),
  }
  for (const [name, key] of Object.entries(wanted)) t.ok(keys.includes(key.toString('hex')), name)
})

t.test('the memory of the processes holds no key of the desk; what it holds of words is told', async (t) => {
  const { site, intake, triage, desk } = await startTwoProcesses(t)
  const code = await sendReport(createVisitor(site))
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  const wanted = {
    words: WORDS,
    code,
    'identity of the desk': desk.keys.identity,
  }
  for (const [name, { pid }] of Object.entries({ 'public app': intake, 'partner app': triage })) {
    const found = findInMemory(pid, [...Object.values(wanted), desk.keys.recoveryIdentity], IDENTITY)
    if (!found) {
      t.comment(`the memory of the ${name} cannot be read here`)
      continue
    }
    const told = Object.entries(wanted).map(([what, text]) => `${what} ${found.counts.get(text) ?? 0}`)
    t.comment(`${name}, 5 s after a report: ${told.join(', ')}; identities ${found.matches.length}`)
    t.equal(found.counts.get(desk.keys.identity), 0, `${name}: not the desk's identity`)
    t.equal(found.counts.get(desk.keys.recoveryIdentity), 0, `${name}: nor its recovery key`)
  }
  t.ok(
    findInMemory(process.pid, [desk.keys.identity], IDENTITY)?.counts.get(desk.keys.identity) !== 0,
    'here it is found',
  )
})

async function sendReport(noor: ReturnType<typeof createVisitor>): Promise<string> {
  await noor.post('/en/report/words', { words: WORDS })
  await noor.post('/en/report/where', { municipality: 'Utrecht', place: 'behind the station' })
  await noor.upload('/en/report/files', [{ bytes: await dirtyPhoto({ canary: 'canary' }) }])
  const code = shownCode((await noor.post('/en/report/code', {})).body)
  const received = await noor.post('/en/report/send', { with_code: 'yes', written: 'yes' })
  if (!received.body.includes('<h1>Received</h1>')) throw new Error('the report was not received')
  return code
}

/** The desk asks, the reporter answers, the desk assesses. */
async function converse({ partnerSite, site, desk, database }: TwoProcesses, code: string): Promise<void> {
  const sam = await signInTo(partnerSite, desk)
  const { report } = (await sam.post('/claim-next')).json() as { report: string }
  const { rows } = await database.owner.query('select id, recipient from mailbox')
  await sam.ask(rows[0], 'What colour was it?')
  const noor = createVisitor(site)
  const page = (await noor.post('/en/return', { code })).body
  const question = /name="question" value="([^"]+)"/.exec(page)?.[1] ?? ''
  await noor.post('/en/return/messages', { question, answer: 'white' })
  await noor.post('/en/return/add', { words: 'and a dent' })
  await noor.upload('/en/return/files', [{ bytes: await dirtyPhoto({ canary: 'canary' }) }])
  await noor.post('/en/return/files/send', { go: 'yes' })
  await noor.post('/en/return/withdraw', { go: 'yes' })
  await noor.post('/en/return/end', { go: 'yes' })
  await sam.assess(report, { usable: true, reason: 'concrete', note: 'a note' })
  await until(
    'the answer is released',
    async () => (await database.owner.query('select from answer, addition')).rowCount === 4,
  )
}

/** Sam makes a new key that goes live, and another one that waits for the operator; what came before stays as it is. */
async function makeNewKeys({ partnerSite, desk, database }: TwoProcesses) {
  const sam = await signInTo(partnerSite, desk)
  const made: { identity: string; opens: string }[] = []
  let deskKey = desk.keys.identity
  for (const opens of ['desk_key', 'desk_key_proposal']) {
    const { keys: live, members } = (await sam.get('/key')).json() as {
      keys: { id: string }[]
      members: KeyMember[]
    }
    const { keys, body } = await makeProposal({ deskKey, liveKey: live[0]?.id ?? '' }, members)
    const proposed = await sam.post('/key/proposal', body)
    if (proposed.statusCode !== 204) throw new Error(`the key was answered with ${proposed.statusCode}`)
    if (opens === 'desk_key') await acceptKey(database.owner, desk.id, () => true)
    made.push({ identity: keys.identity, opens })
    deskKey = keys.identity
  }
  return made
}

/** What the passphrase of the first member gives: the value that opens that member's key. */
async function wrappingKey(owner: Queryable): Promise<string> {
  const { rows } = await owner.query('select salt from member order by name limit 1')
  return Buffer.from(deriveKeys(PASSPHRASE, rows[0].salt).wrapping).toString('base64')
}

async function everythingSealed(owner: Queryable): Promise<Sealed[]> {
  const { rows } = await owner.query<Sealed>(
    `select kind as name, string_agg(sealed, '' order by chunk) as bytes from report_part group by id, kind
     union all select 'question', sealed from question union all select 'answer', sealed from answer
     union all select kind, string_agg(sealed, '' order by chunk) from addition group by id, kind
     union all select 'assessment', sealed from assessment union all select 'desk_key_share', sealed from desk_key_share
     union all select 'desk_key', earlier from desk_key where earlier is not null
     union all select 'desk_key_proposal', earlier from desk_key_proposal
     union all select 'desk_key_proposal_share', sealed from desk_key_proposal_share
     union all select 'member', wrapped_identity from (select * from member order by name) m`,
  )
  return rows
}

/** Every value an attacker has who took the server and the database. */
async function everythingKnown({
  intake,
  triage,
  settings,
  pepperFile,
  database,
}: TwoProcesses): Promise<Buffer[]> {
  const known = new Set<string>()
  const keep = (bytes: Uint8Array) => known.add(Buffer.from(bytes).toString('hex'))
  keep(readFileSync(pepperFile))
  const environments = [intake, triage].flatMap(({ pid }) => environmentOf(pid))
  for (const value of [...Object.values(settings), ...environments]) keep(Buffer.from(value))
  for (const url of [database.intakeUrl, database.triageUrl, database.ownerUrl])
    keep(Buffer.from(new URL(url).password))
  const { rows: columns } = await database.owner.query<{ table: string; column: string }>(
    `select attrelid::regclass::text as table, quote_ident(attname) as column from pg_attribute
     join pg_class c on c.oid = attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and attnum > 0 and not attisdropped`,
  )
  for (const { table, column } of columns) {
    const { rows } = await database.owner.query<{ value: unknown }>(
      `select distinct ${column} as value from ${table}`,
    )
    for (const { value } of rows) {
      if (Buffer.isBuffer(value) && value.length <= 64) keep(value)
      if (typeof value === 'string' && value.length > 0) keep(Buffer.from(value))
    }
  }
  return [...known].map((hex) => Buffer.from(hex, 'hex')).filter(({ length }) => length > 7)
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((pair) => pair.slice(pair.indexOf('=') + 1))
  } catch {
    return []
  }
}

/** Keys of 32 bytes: the values themselves, their hashes, and every derivation with a label that stands in the code. */
function derive(secrets: readonly Uint8Array[], pepper: Uint8Array): Uint8Array[] {
  const labels = labelsInCode()
  const keys = new Map<string, Uint8Array>()
  const keep = (bytes: ArrayBuffer | Uint8Array) => {
    const key = Buffer.from(bytes as Uint8Array).subarray(0, KEY_BYTES)
    if (key.length === KEY_BYTES) keys.set(key.toString('hex'), key)
  }
  for (const secret of secrets) {
    keep(secret)
    keep(createHash('sha256').update(secret).digest())
    keep(createHmac('sha256', pepper).update(secret).digest())
    // What is a key already, or could be one, goes through all that the code does with keys.
    if (secret.length !== KEY_BYTES) continue
    for (const label of labels)
      for (const salt of [new Uint8Array(), pepper]) keep(hkdfSync('sha256', secret, salt, label, KEY_BYTES))
  }
  return [...keys.values()]
}

/** Every text of the server's code that names a derivation. */
function labelsInCode(): string[] {
  const texts = [...readSources(ROOT, ['server']).values()].join('\n')
  const labels = [...texts.matchAll(/['`](baken [a-z][a-z -]*)/g)].map(([, label = '']) => label.trim())
  return [...new Set([...labels, ''])]
}

function identityOf(text: string): Identity {
  return asIdentity(bech32.decodeToBytes(text.toLowerCase()).bytes)
}

function spellings(secret: Buffer): string[] {
  return [
    secret.toString('hex'),
    secret.toString('base64'),
    secret.toString('base64url'),
    secret.toString('utf8'),
  ]
}

/** Names of the sealed parts that at least one identity opens. */
function opened(sealed: readonly Sealed[], identities: readonly Identity[]): string[] {
  return sealed
    .filter(({ bytes }) =>
      stanzasOf(bytes).some((stanza) => identities.some((identity) => opensStanza(stanza, identity))),
    )
    .map(({ name }) => name)
}

async function openedByPassphrase(
  sealed: readonly Sealed[],
  passphrases: readonly string[],
): Promise<string[]> {
  const decrypter = new Decrypter()
  for (const passphrase of passphrases) decrypter.addPassphrase(passphrase)
  const names: string[] = []
  for (const { name, bytes } of sealed) {
    const isOpen = await decrypter.decrypt(bytes).then(
      () => true,
      () => false,
    )
    if (isOpen) names.push(name)
  }
  return names
}

function openDraft(key: Uint8Array, body: Buffer, place: string): boolean {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12)).setAAD(Buffer.from(place))
    decipher.setAuthTag(body.subarray(body.length - 16))
    decipher.update(body.subarray(12, -16))
    decipher.final()
    return true
  } catch {
    return false
  }
}
