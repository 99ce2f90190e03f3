import type { Coordinator, HelpEntry } from '../../help/entry.js'
import type { Pool } from '../connect.js'
import { countHelpUp, type HelpToStore, storeCoordinator, storeEntry } from '../help-rows.js'
import type { AuditAct } from './audit.js'
import { withAuditLine } from './with-audit-line.js'

export { readHelp } from '../help-rows.js'

/** Which of the two lists, with the row in its form. */
export type HelpChangeOf =
  | { readonly kind: 'entry'; readonly change: HelpToStore<HelpEntry> }
  | { readonly kind: 'coordinator'; readonly change: HelpToStore<Coordinator> }

/**
 * Stores what a member changed in the help directory, with its line in the trail. False when somebody else changed the
 * row since this member saw it; then nothing is done.
 */
export async function storeHelp(
  pool: Pool,
  { act, member }: { readonly act: AuditAct & `help.${string}`; readonly member: string },
  given: HelpChangeOf,
): Promise<boolean> {
  const help = `${given.kind}/${given.change.row.id}`
  return withAuditLine(pool, { act, member, help }, async (client) => {
    const stored =
      given.kind === 'entry'
        ? await storeEntry(client, given.change)
        : await storeCoordinator(client, given.change)
    if (stored) await countHelpUp(client)
    return stored
  })
}
