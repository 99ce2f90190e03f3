// What the operator imports into the help directory, with the owner's password: all of it or nothing.
import type { Coordinator, HelpEntry } from '../help/entry.js'
import { inTransaction, type Pool } from './connect.js'
import { countHelpUp, type HelpToStore, storeCoordinator, storeEntry } from './help-rows.js'

export interface HelpToImport {
  readonly entries: readonly HelpToStore<HelpEntry>[]
  readonly coordinators: readonly HelpToStore<Coordinator>[]
}

class ChangedMeanwhile extends Error {}

/**
 * Stores rows of an import, each with a line in the trail that names no member: it was the operator. False when a row
 * was changed since it was read; then nothing is stored.
 */
export async function importHelp(owner: Pool, given: HelpToImport): Promise<boolean> {
  return inTransaction(owner, async (client) => {
    const note = async (stored: boolean, help: string): Promise<void> => {
      if (!stored) throw new ChangedMeanwhile()
      await client.query(`insert into audit (act, help) values ('help.imported', $1)`, [help])
    }
    for (const one of given.entries) await note(await storeEntry(client, one), `entry/${one.row.id}`)
    for (const one of given.coordinators)
      await note(await storeCoordinator(client, one), `coordinator/${one.row.id}`)
    await countHelpUp(client)
    return true
  }).catch((error: unknown) => {
    if (error instanceof ChangedMeanwhile) return false
    throw error
  })
}
