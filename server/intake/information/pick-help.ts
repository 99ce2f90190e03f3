import { type HelpRow, namedHelp } from '../../help/directory.js'
import type { Site } from '../site.js'

/** Rows of the help directory, in the order they are named. Throws on one that was never there. */
export function pickHelp(site: Site, language: string, ids: readonly string[]): HelpRow[] {
  return ids.map((id) => namedHelp(site.directory, language, id))
}
