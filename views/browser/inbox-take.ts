import type { ReportHeader } from '../../server/report/report.js'
import { api, type InboxItem, Problem } from './api.js'

/**
 * Takes the most pressing waiting report in one of these languages; when somebody was faster, the one after it. Null when
 * none of those that are open here is in one of them. The server does not know the language of a report.
 */
export async function takeInLanguages(
  items: readonly InboxItem[],
  languages: readonly string[],
  headerOf: (id: string) => ReportHeader | undefined,
): Promise<string | null> {
  for (const { id, state } of items) {
    const language = headerOf(id)?.language
    if (state !== 'waiting' || language === undefined || !languages.includes(language)) continue
    try {
      await api.claim(id)
      return id
    } catch (error) {
      if (!(error instanceof Problem && error.status === 409)) throw error
    }
  }
  return null
}
