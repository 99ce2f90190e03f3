// What only the owner of the database does: desks, invitations, the inventory, and looking whether all is well.
import { randomUUID } from 'node:crypto'
import type { Pool, Queryable } from './connect.js'

/** Makes a desk without a key and returns its id; it takes no reports until its first member joined. */
export async function createDesk(owner: Queryable, name: string): Promise<string> {
  const id = randomUUID()
  await owner.query('insert into desk (id, name) values ($1, $2)', [id, name])
  return id
}

/** The desks of this database. */
export async function listDesks(
  owner: Queryable,
): Promise<{ id: string; name: string; recipient: string | null; closed: boolean; members: number }[]> {
  const { rows } = await owner.query<{
    id: string
    name: string
    recipient: string | null
    closed: boolean
    members: number
  }>(
    `select d.id, d.name, d.recipient, d.closed,
       (select count(*)::integer from member m where m.desk = d.id and not m.left_desk) as members
     from desk d order by d.name`,
  )
  return rows
}

/** Stores an invitation to a desk for three days. Throws when the name is taken by a member. */
export async function createInvitation(
  owner: Queryable,
  invitation: { desk: string; name: string; tokenHash: Uint8Array },
): Promise<void> {
  const taken = await owner.query('select from member where lower(name) = lower($1)', [invitation.name])
  if (taken.rowCount !== 0) throw new Error(`there is a member called ${invitation.name} already`)
  await owner.query(
    `insert into invitation (id, desk, name, token_hash, expires_at) values ($1, $2, $3, $4, now() + interval '3 days')`,
    [randomUUID(), invitation.desk, invitation.name, invitation.tokenHash],
  )
}

export interface InventoryRow {
  readonly table: string
  readonly column: string
  /** the class and what it says, or null: then the column is not classified */
  readonly description: string | null
}

/** Every column of every table of ours with its data class. */
export async function listColumns(owner: Queryable): Promise<InventoryRow[]> {
  const { rows } = await owner.query<InventoryRow>(
    `select c.relname as table, a.attname as column, col_description(c.oid, a.attnum) as description
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  )
  return rows
}

/** Holds the database for one combined process; null when another one has it. Ends with the connection. */
export async function holdDatabase(
  owner: Pool,
): Promise<{ query: Queryable['query']; release(): void } | null> {
  const client = await owner.connect()
  // Without a listener a lost connection would end the process; the pools tell the loss where it matters.
  client.on('error', () => undefined)
  const { rows } = await client.query<{ held: boolean }>(
    `select pg_try_advisory_lock(hashtext('baken combined')) as held`,
  )
  if (!rows[0]?.held) {
    client.release()
    return null
  }
  return { query: client.query.bind(client) as Queryable['query'], release: () => client.release(true) }
}

/** Removes what moved rows leave behind in the tables intake writes to: it lies there in order of arrival. */
export async function vacuumArrivals(owner: { query: Queryable['query'] }): Promise<void> {
  await owner.query('vacuum arrival, arrival_part, arrival_mailbox, arrival_answer')
}
