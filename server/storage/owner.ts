// What only the owner of the database does: desks, invitations, the inventory, and looking whether all is well.
import { randomUUID } from 'node:crypto'
import { CONTENT_ROLES, type Role } from '../report/roles.js'
import { inTransaction, type Pool, type Queryable } from './connect.js'

/**
 * Makes a desk without a key and returns its id; it takes no reports until its first member joined. Words alone let
 * nobody in, unless it is a desk for show.
 */
export async function createDesk(
  owner: Queryable,
  name: string,
  { asksSecondFactor = true }: { readonly asksSecondFactor?: boolean } = {},
): Promise<string> {
  const id = randomUUID()
  await owner.query('insert into desk (id, name, asks_second_factor) values ($1, $2, $3)', [
    id,
    name,
    asksSecondFactor,
  ])
  return id
}

export interface NewMember {
  readonly desk: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly keys: {
    readonly salt: Uint8Array
    readonly authentication: Uint8Array
    readonly recipient: string
    readonly wrappedIdentity: Uint8Array
  }
  /** the desk's key, sealed to the member; null for who may not read reports, or waits for it */
  readonly share: Uint8Array | null
  /** the word of who gave the share; without one, the next new key waits for this member */
  readonly vouch?: Uint8Array | null
}

/** Makes a member without an invitation, for a demonstration and for tests; gives the id. */
export async function createMember(owner: Queryable, member: NewMember): Promise<string> {
  const id = randomUUID()
  const { desk, name, roles, keys, share, vouch = null } = member
  await owner.query(
    `insert into member (id, desk, name, roles, salt, authentication_hash, recipient, wrapped_identity)
     values ($1, $2, $3, $4, $5, sha256($6), $7, $8)`,
    [id, desk, name, roles, keys.salt, keys.authentication, keys.recipient, keys.wrappedIdentity],
  )
  if (share) {
    await owner.query('insert into desk_key_share (desk, member, sealed, vouch) values ($1, $2, $3, $4)', [
      desk,
      id,
      share,
      vouch,
    ])
  }
  return id
}

export interface DeskRow {
  readonly id: string
  readonly name: string
  /** age recipient that reports are sealed to; null until the first member joined */
  readonly recipient: string | null
  readonly closed: boolean
  readonly members: number
  /** members who may read reports and joined, but were not given the desk's key yet */
  readonly waiting: number
}

/** The desks of this database. */
export async function listDesks(owner: Queryable): Promise<DeskRow[]> {
  const { rows } = await owner.query<DeskRow>(
    `select d.id, d.name, d.recipient, d.closed, count(m.id)::integer as members,
       count(m.id) filter (where k.member is null and m.roles && $1)::integer as waiting
     from desk d
     left join member m on m.desk = d.id and not m.left_desk
     left join desk_key_share k on k.member = m.id and k.desk = d.id
     group by d.id order by d.closed, d.name, d.id`,
    [CONTENT_ROLES],
  )
  return rows
}

/** A closed desk takes no reports, and nobody makes a key for it any more; its members read on. */
export async function closeDesk(owner: Pool, desk: string): Promise<void> {
  await inTransaction(owner, async (client) => {
    await client.query('update desk set closed = true where id = $1', [desk])
    await client.query(
      `update invitation i set used = true from desk d
       where d.id = $1 and i.desk = d.id and d.recipient is null and not i.used`,
      [desk],
    )
  })
}

/**
 * Stores an invitation to a desk for three days; earlier ones of that name to this desk end. False when a member has
 * the name, also one who left.
 */
export async function createInvitation(
  owner: Queryable,
  invitation: { desk: string; name: string; roles: readonly Role[]; tokenHash: Uint8Array },
): Promise<boolean> {
  const { rowCount } = await owner.query(
    `with earlier as (
       update invitation set used = true where desk = $2 and lower(name) = lower($3) and not used
     )
     insert into invitation (id, desk, name, token_hash, expires_at, roles)
     select $1::uuid, $2, $3, $4, now() + interval '3 days', $5
     where not exists (select from member m where lower(m.name) = lower($3))`,
    [randomUUID(), invitation.desk, invitation.name, invitation.tokenHash, invitation.roles],
  )
  return rowCount === 1
}

export interface InventoryRow {
  readonly table: string
  readonly column: string
  /** the class and what it says, or null: then the column is not classified */
  readonly description: string | null
}

/** Every column of everything that holds rows, in whatever schema, with its data class. */
export async function listColumns(owner: Queryable): Promise<InventoryRow[]> {
  const { rows } = await owner.query<InventoryRow>(
    `select case n.nspname when 'public' then c.relname else n.nspname || '.' || c.relname end as table,
       a.attname as column, col_description(c.oid, a.attnum) as description
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p', 'm', 'f')
       and a.attnum > 0 and not a.attisdropped
     order by 1, a.attnum`,
  )
  return rows
}

/** Removes what moved rows leave behind in the tables intake writes to: it lies there in order of arrival. */
export async function vacuumArrivals(owner: { query: Queryable['query'] }): Promise<void> {
  await owner.query('vacuum arrival, arrival_part, arrival_mailbox, arrival_answer, arrival_addition')
}
