// Fetches the inbox: rows in pages, then the sealed headers that are not open yet, in the order of the rows.
import { api, type InboxItem, type InboxPage } from './api.js'
import type { Desk } from './context.js'
import type { OpenedHeader } from './open-headers.js'

/** As many open reports as the page holds. */
export const MOST_ROWS = 5_000
const HEADERS_AT_ONCE = 200

export interface LoadedInbox extends Pick<InboxPage, 'targets' | 'notices'> {
  readonly items: readonly InboxItem[]
  /** whether more reports are open than the page holds */
  readonly hasMore: boolean
}

/** What is open, the most pressing first, and the newest of what was assessed. */
export async function loadInbox(signal: AbortSignal): Promise<LoadedInbox> {
  const first = await api.inbox(null, signal)
  // A report that somebody takes meanwhile stands in two pages, or in none until the next look.
  const items = new Map(first.items.map((item) => [item.id, item]))
  let { next } = first
  while (next !== null && items.size < MOST_ROWS) {
    const page = await api.inbox(next, signal)
    for (const item of page.items) items.set(item.id, item)
    next = page.next
  }
  for (const item of await api.assessed(signal)) items.set(item.id, item)
  return {
    items: [...items.values()],
    hasMore: next !== null,
    targets: first.targets,
    notices: first.notices,
  }
}

/** Fetches and opens these headers, some at a time; one that is not there (any more) comes as null. */
export async function* openHeaders(
  desk: Desk,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly OpenedHeader[]> {
  for (let at = 0; at < ids.length; at += HEADERS_AT_ONCE) {
    const wanted = ids.slice(at, at + HEADERS_AT_ONCE)
    const sealed = await api.headers(wanted, signal)
    yield* desk.memory.headerOpener.open(sealed, signal)
    const there = new Set(sealed.map(({ id }) => id))
    const missing = wanted.filter((id) => !there.has(id))
    if (missing.length > 0) yield missing.map((id) => ({ id, header: null }))
  }
}
