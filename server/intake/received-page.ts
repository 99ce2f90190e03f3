// What is shown once a report lies in the queue. The answers are gone by then and nothing is known of who reads this,
// so the page is the same for everybody but for the files that were refused a moment ago.

import type { HelpRow } from '../help/directory.js'
import { describeHours } from '../report/desk-hours.js'
import { tellLimits } from '../sanitising/index.js'
import type { IntakeParts } from './parts.js'

/** More numbers than one can choose from help nobody. */
const MOST_NUMBERS = 3

/** `path` is the page's address without the language; `refused` the files that were left out. */
export function receivedPage(
  { site, deskHours, fileLimits }: Pick<IntakeParts, 'site' | 'deskHours' | 'fileLimits'>,
  language: string,
  path: string,
  refused: readonly { readonly number: number; readonly reason: string }[] = [],
): string {
  return site.page(
    language,
    'received',
    {
      refused,
      limits: tellLimits(fileLimits),
      hours: deskHours && describeHours(deskHours, language),
      rows: toTalkTo(site.help(language)),
    },
    { title: site.translate(language)('received.browserTitle'), path },
  )
}

/** The first numbers of the directory where one can simply talk. */
function toTalkTo(rows: readonly HelpRow[]): HelpRow[] {
  return rows.filter(({ phone, kinds }) => phone !== null && kinds.includes('talk')).slice(0, MOST_NUMBERS)
}
