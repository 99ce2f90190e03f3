import type { HelpRow } from '../../help/directory.js'
import type { Site } from '../site.js'

/** Rows of the help directory, in the order they are named. Throws on one that is not there. */
export function pickHelp(site: Site, language: string, ids: readonly string[]): HelpRow[] {
  const rows = site.help(language)
  return ids.map((id) => {
    const row = rows.find((one) => one.id === id)
    if (!row) throw new Error(`${id} is not in the help directory`)
    return row
  })
}
