// What a member shows besides words: passkeys and codes of an app, and the questions that a passkey answers once.
import { inTransaction, isUniqueViolation, type Pool, type Queryable } from '../connect.js'
import { addAuditLine } from './audit.js'
import type { Means } from './sessions.js'
import { withAuditLine } from './with-audit-line.js'

export type ChallengePurpose = 'sign-in' | 'prove' | 'add'

export interface Challenge {
  readonly hash: Uint8Array
  readonly purpose: ChallengePurpose
  /** null before somebody is signed in */
  readonly member: string | null
}

export interface Passkey {
  readonly id: string
  readonly member: string
  readonly credential: Uint8Array
  readonly publicKey: Uint8Array
  readonly transports: readonly string[]
  readonly wrappedIdentity: Uint8Array | null
}

export interface PasskeyShown {
  readonly id: string
  readonly name: string
  /** YYYY-MM-DD */
  readonly addedOn: string
  /** whether it opens the member's key without words */
  readonly opensKey: boolean
}

export interface CodeApp {
  readonly sealedSecret: Uint8Array
  readonly addedOn: string
}

export interface Factors {
  readonly code: CodeApp | null
  readonly passkeys: number
}

/** What a member can show besides words. */
export async function findFactors(pool: Queryable, member: string): Promise<Factors> {
  const { rows } = await pool.query<{ sealed: Uint8Array | null; added: string | null; passkeys: number }>(
    `select c.sealed_secret as sealed, c.added_on::text as added,
       (select count(*)::integer from passkey p where p.member = $1) as passkeys
     from (select 1) one left join code_app c on c.member = $1`,
    [member],
  )
  const { sealed = null, added = null, passkeys = 0 } = rows[0] ?? {}
  return { code: sealed && { sealedSecret: sealed, addedOn: added ?? '' }, passkeys }
}

/** Keeps a question for five minutes. */
export async function addChallenge(pool: Queryable, challenge: Challenge): Promise<void> {
  await pool.query('delete from passkey_challenge where ends_at < now()')
  await pool.query('insert into passkey_challenge (hash, purpose, member) values ($1, $2, $3)', [
    challenge.hash,
    challenge.purpose,
    challenge.member,
  ])
}

/** Uses up a question. False when it was not asked for this, of this member, in the last five minutes, or was used. */
export async function takeChallenge(pool: Queryable, challenge: Challenge): Promise<boolean> {
  const { rowCount } = await pool.query(
    `delete from passkey_challenge
     where hash = $1 and purpose = $2 and member is not distinct from $3 and ends_at > now()`,
    [challenge.hash, challenge.purpose, challenge.member],
  )
  return rowCount === 1
}

/** The passkey with this number; null when there is none, or its member left. */
export async function findPasskey(pool: Queryable, credential: Uint8Array): Promise<Passkey | null> {
  const { rows } = await pool.query<Passkey>(
    `select p.id, p.member, p.credential, p.public_key as "publicKey", p.transports,
       p.wrapped_identity as "wrappedIdentity"
     from passkey p join member m on m.id = p.member and not m.left_desk where p.credential = $1`,
    [credential],
  )
  return rows[0] ?? null
}

/** Keeps how often the device signed. False when it says no more than before: then there is a copy of it. */
export async function countPasskeyUse(pool: Queryable, id: string, counter: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update passkey set counter = $2 where id = $1 and (counter < $2 or (counter = 0 and $2::bigint = 0))',
    [id, counter],
  )
  return rowCount === 1
}

export interface NewPasskey {
  readonly credential: Uint8Array
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
  readonly wrappedIdentity: Uint8Array | null
  readonly name: string
}

/** Adds a passkey; the session that did it then has a second factor. False when there is one with this number. */
export async function addPasskey(
  pool: Pool,
  by: { readonly member: string; readonly session: string },
  passkey: NewPasskey,
): Promise<boolean> {
  return withAuditLine(pool, { act: 'member.passkey-added', member: by.member }, async (client) => {
    await client.query(
      `insert into passkey (member, credential, public_key, counter, transports, wrapped_identity, name)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        by.member,
        passkey.credential,
        passkey.publicKey,
        passkey.counter,
        passkey.transports,
        passkey.wrappedIdentity,
        passkey.name,
      ],
    )
    await raiseMeans(client, by.session, 'words_and_passkey')
    return true
  }).catch((error: unknown) => {
    if (isUniqueViolation(error)) return false
    throw error
  })
}

/** The passkeys of a member, the oldest first. */
export async function listPasskeys(pool: Queryable, member: string): Promise<PasskeyShown[]> {
  const { rows } = await pool.query<PasskeyShown>(
    `select id, name, added_on::text as "addedOn", wrapped_identity is not null as "opensKey"
     from passkey where member = $1 order by added_on, lower(name), id`,
    [member],
  )
  return rows
}

/** The numbers of a member's passkeys, so that a device is not added twice. */
export async function listCredentials(pool: Queryable, member: string): Promise<Uint8Array[]> {
  const { rows } = await pool.query<{ credential: Uint8Array }>(
    'select credential from passkey where member = $1',
    [member],
  )
  return rows.map(({ credential }) => credential)
}

/** Forgets everything that somebody who leaves showed beside words. */
export async function forgetFactors(pool: Queryable, member: string): Promise<void> {
  await pool.query('delete from passkey where member = $1', [member])
  await pool.query('delete from code_app where member = $1', [member])
  await pool.query('delete from passkey_challenge where member = $1', [member])
}

/** What became of taking away a factor; `last`: the desk asks for one, and this is the only one. */
export type Removal = 'removed' | 'missing' | 'last'

/** Takes away a passkey of this member. */
export function removePasskey(pool: Pool, member: string, id: string): Promise<Removal> {
  return removeFactor(pool, member, 'member.passkey-removed', (client) =>
    client.query('delete from passkey where id = $2 and member = $1', [member, id]),
  )
}

/** Takes away the codes of this member. */
export function removeCodeApp(pool: Pool, member: string): Promise<Removal> {
  return removeFactor(pool, member, 'member.code-removed', (client) =>
    client.query('delete from code_app where member = $1', [member]),
  )
}

class IsLast extends Error {}

async function removeFactor(
  pool: Pool,
  member: string,
  act: 'member.passkey-removed' | 'member.code-removed',
  remove: (client: Queryable) => Promise<{ rowCount: number | null }>,
): Promise<Removal> {
  return inTransaction(pool, async (client): Promise<Removal> => {
    // One at a time: of two factors that are taken away at the same moment one must stay.
    const { rows } = await client.query<{ asks: boolean }>(
      `select d.asks_second_factor as asks from member m join desk d on d.id = m.desk
       where m.id = $1 for update of m`,
      [member],
    )
    if ((await remove(client)).rowCount !== 1) return 'missing'
    const left = await findFactors(client, member)
    if (rows[0]?.asks !== false && left.code === null && left.passkeys === 0) throw new IsLast()
    await addAuditLine(client, { act, member })
    return 'removed'
  }).catch((error: unknown) => {
    if (error instanceof IsLast) return 'last'
    throw error
  })
}

/**
 * Keeps the secret of a member's codes instead of an earlier one; the session that did it then has a second factor.
 * `step` is that of the code which was typed to show that it works.
 */
export async function setCodeApp(
  pool: Pool,
  by: { readonly member: string; readonly session: string },
  sealedSecret: Uint8Array,
  step: number,
): Promise<void> {
  await withAuditLine(pool, { act: 'member.code-added', member: by.member }, async (client) => {
    await client.query(
      `insert into code_app (member, sealed_secret, last_step) values ($1, $2, $3)
       on conflict (member) do update set sealed_secret = $2, last_step = $3, added_on = current_date`,
      [by.member, sealedSecret, step],
    )
    await raiseMeans(client, by.session, 'words_and_code')
    return true
  })
}

/** Uses up the code of a half minute. False when it, or a later one, was used before. */
export async function spendCode(pool: Queryable, member: string, step: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update code_app set last_step = $2 where member = $1 and last_step < $2',
    [member, step],
  )
  return rowCount === 1
}

export interface NewWords {
  readonly salt: Uint8Array
  readonly authenticationHash: Uint8Array
  readonly wrappedIdentity: Uint8Array
  /** the secret of the codes under the new words; null when there are no codes */
  readonly sealedSecret: Uint8Array | null
}

/** Changes a member's words and ends all other sessions: who knows the old words is out. */
export async function changeWords(
  pool: Pool,
  by: { readonly member: string; readonly session: string },
  words: NewWords,
): Promise<void> {
  await withAuditLine(pool, { act: 'member.words-changed', member: by.member }, async (client) => {
    await client.query(
      'update member set salt = $2, authentication_hash = $3, wrapped_identity = $4 where id = $1',
      [by.member, words.salt, words.authenticationHash, words.wrappedIdentity],
    )
    if (words.sealedSecret) {
      await client.query('update code_app set sealed_secret = $2 where member = $1', [
        by.member,
        words.sealedSecret,
      ])
    }
    await client.query('delete from session where member = $1 and id <> $2', [by.member, by.session])
    return true
  })
}

/** Somebody who signed in with words alone and then adds a second factor has shown both. */
async function raiseMeans(client: Queryable, session: string, means: Means): Promise<void> {
  await client.query(`update session set means = $2 where id = $1 and means = 'words'`, [session, means])
}
