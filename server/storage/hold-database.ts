// One combined process per database. The server itself keeps the hold, for as long as the session lives: a process
// that is killed lets go, however it ends.
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Pool, Queryable } from './connect.js'

/** A killed process's session may live on for a moment. */
const PATIENCE_MS = 5_000
const LOOK_AGAIN_MS = 250

export interface Hold {
  /** runs on the session that holds */
  readonly query: Queryable['query']
  release(): void
}

/** Takes the hold, or null when another process has it. A session that is lost with the server is replaced. */
export async function holdDatabase(owner: Pool): Promise<Hold | null> {
  const deadline = Date.now() + PATIENCE_MS
  let session = await takeHold(owner)
  while (!session && Date.now() < deadline) {
    await wait(LOOK_AGAIN_MS)
    session = await takeHold(owner)
  }
  if (!session) return null
  let current = session
  let released = false

  const keep = async (): Promise<void> => {
    for (;;) {
      await new Promise<void>((resolve) => current.once('end', resolve))
      if (released) return
      current.release(true)
      let next: pg.PoolClient | null = null
      while (!next && !released) {
        await wait(LOOK_AGAIN_MS, undefined, { ref: false })
        next = await takeHold(owner).catch(() => null)
      }
      if (!next) return
      current = next
      if (released) current.release(true)
    }
  }
  void keep()

  return {
    query: ((...given: Parameters<Queryable['query']>) => current.query(...given)) as Queryable['query'],
    release() {
      released = true
      current.release(true)
    },
  }
}

async function takeHold(owner: Pool): Promise<pg.PoolClient | null> {
  const session = await owner.connect()
  const { rows } = await session.query<{ held: boolean }>(
    `select pg_try_advisory_lock(hashtext('baken combined')) as held`,
  )
  if (rows[0]?.held) return session
  session.release()
  return null
}
