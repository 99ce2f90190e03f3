// Views that members keep of the inbox. Name and filter are sealed to the desk in the browser.
import type { Queryable } from '../connect.js'

export interface SavedView {
  readonly id: string
  readonly shared: boolean
  readonly mine: boolean
  readonly sealed: Uint8Array
}

interface Owner {
  readonly desk: string
  readonly member: string
}

/** As many as a member may keep. */
const MOST_VIEWS = 50

/** A member's own views and those of the team. */
export async function listViews(pool: Queryable, { desk, member }: Owner): Promise<SavedView[]> {
  const { rows } = await pool.query<SavedView>(
    `select id, shared, member = $2 as mine, sealed from saved_view
     where desk = $1 and (shared or member = $2) order by shared, id`,
    [desk, member],
  )
  return rows
}

/** Keeps a view; false when the member keeps too many or the id is taken. */
export async function saveView(
  pool: Queryable,
  { desk, member }: Owner,
  { id, shared, sealed }: Omit<SavedView, 'mine'>,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into saved_view (id, desk, member, shared, sealed) select $1::uuid, $2::uuid, $3::uuid, $4::boolean, $5::bytea
     where (select count(*) from saved_view where member = $3) < ${MOST_VIEWS} on conflict (id) do nothing`,
    [id, desk, member, shared, sealed],
  )
  return rowCount === 1
}

/** Removes a view: one's own, and as a desk lead also another's of the team. False when there is none such. */
export async function removeView(
  pool: Queryable,
  { desk, member }: Owner,
  id: string,
  isLead: boolean,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'delete from saved_view where id = $3 and desk = $1 and (member = $2 or (shared and $4))',
    [desk, member, id, isLead],
  )
  return rowCount === 1
}
