// Taking reports from the list, one of them or the next, and what else can be done with a row.
import type { ReportHeader } from '../../server/report/report.js'
import { api, type InboxItem, Problem } from './api.js'
import type { Desk } from './context.js'
import { type RowHeader, rowTitle } from './inbox-row.js'
import { showReportDialog } from './report-dialog.js'
import { text } from './texts.js'

interface List {
  items(): readonly InboxItem[]
  itemOf(id: string): InboxItem | undefined
  headerOf(id: string): RowHeader
  refresh(signal: AbortSignal): Promise<void>
}

/** What can be done from the list. Whoever was slower is told, and the list is fetched anew. */
export function createActs(desk: Desk, { items, itemOf, headerOf, refresh }: List) {
  const { memory, page } = desk
  const open = (report: string) => desk.go(`report-${report}`)

  async function takeThis(report: string, signal: AbortSignal): Promise<void> {
    try {
      await api.claim(report)
    } catch (error) {
      if (!(error instanceof Problem && error.status === 409)) throw error
      await refresh(signal)
      page.say(text('inbox.taken'), 'problem')
      return
    }
    signal.throwIfAborted()
    open(report)
  }

  return {
    open,
    take: (report: string) => desk.run((signal) => takeThis(report, signal)),
    async takeNext(signal: AbortSignal): Promise<void> {
      const report = await api.claimNext()
      signal.throwIfAborted()
      if (report !== null) return open(report)
      await refresh(signal)
      page.say(text('inbox.none-waits'))
    },
    /** the next one in a language that the member reads */
    async takeNextToRead(signal: AbortSignal): Promise<void> {
      const { readingLanguages } = memory.signedIn.member
      const report = await takeInLanguages(items(), readingLanguages, (id) => memory.headers.get(id))
      signal.throwIfAborted()
      if (report !== null) return open(report)
      await refresh(signal)
      const isWaiting = items().some(({ state }) => state === 'waiting')
      page.say(text(isWaiting ? 'inbox.other-languages' : 'inbox.none-waits'))
    },
    more(item: InboxItem): void {
      const header = headerOf(item.id)
      const about = {
        title: rowTitle(header),
        language: typeof header === 'string' ? null : header.language,
      }
      void desk.run(() =>
        showReportDialog(desk, itemOf(item.id) ?? item, about, async (message) => {
          await desk.run(refresh)
          page.say(message)
          document.getElementById(`more-${item.id}`)?.focus()
        }),
      )
    },
  }
}

/**
 * Takes the most pressing waiting report in one of these languages; when somebody was faster, the one after it. Null when
 * none of those that are open here is in one of them. The server does not know the language of a report.
 */
async function takeInLanguages(
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
