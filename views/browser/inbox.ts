import { bandOf, DEFAULT_TARGETS } from '../../server/report/ageing.js'
import { filterInbox, type InboxFilter, isFiltering, NO_FILTER } from '../../server/report/inbox-filter.js'
import { api, type InboxItem, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, present } from './dom.js'
import { createActs } from './inbox-acts.js'
import { ageText, thisHalfDay } from './inbox-age.js'
import { type AlikeRows, findAlike } from './inbox-alike.js'
import { createFilters } from './inbox-filters.js'
import { drawSections } from './inbox-list.js'
import { type LoadedInbox, loadInbox, MOST_ROWS, openHeaders } from './inbox-load.js'
import { drawNotices } from './inbox-notices.js'
import { fillRow, type RowActions, type RowHeader } from './inbox-row.js'
import { settings } from './inbox-settings.js'
import { signalUrgent } from './inbox-signal.js'
import {
  drawRemoveView,
  drawViewForm,
  drawViewLinks,
  loadViews,
  nameOf,
  type OpenedView,
} from './inbox-views.js'
import { keepingFocus } from './keep-focus.js'
import { drawWaitingMembers } from './members.js'
import { countText, languageText, municipalities, text } from './texts.js'

/** While headers are being opened, filters and groups are counted anew after so many. */
const COUNT_EVERY = 400
const SAY_EVERY_MS = 15_000

/** Which reports the inbox shows. */
export type InboxView =
  | { readonly kind: 'all' }
  | { readonly kind: 'watched' }
  | { readonly kind: 'saved'; readonly id: string }

const NOTHING: LoadedInbox = { items: [], hasMore: false, targets: DEFAULT_TARGETS, notices: [] }

/** The list of reports. It is drawn anew only when something changed. */
export async function showInbox(desk: Desk, view: InboxView): Promise<void> {
  const { memory, page } = desk
  const route = view.kind === 'all' ? 'inbox' : view.kind === 'watched' ? 'watched' : `view-${view.id}`
  const own = memory.signedIn.member
  const summary = element('p', { class: 'lede' }, text('inbox.loading'))
  const members = element('div')
  const notices = element('div')
  const links = element('div')
  const viewPlace = element('div', { class: 'actions' })
  const list = element('div', { class: 'groups' })
  const damaged = new Set<string>()
  let loaded = NOTHING
  let current = new Map<string, InboxItem>()
  let alike: readonly AlikeRows[] = []
  let withdrawn: ReadonlySet<string> = new Set()
  let drawn: string | null = null
  let hasFailed = false
  let lastSaid = 0
  let filter: InboxFilter =
    view.kind === 'all'
      ? memory.inbox.filter
      : view.kind === 'watched'
        ? { ...NO_FILTER, chosen: { watched: ['yes'] } }
        : NO_FILTER

  const headerOf = (id: string): RowHeader =>
    memory.headers.get(id) ?? (damaged.has(id) ? 'damaged' : 'opening')
  const acts = createActs(desk, {
    refresh,
    headerOf,
    items: () => loaded.items,
    itemOf: (id) => current.get(id),
  })
  const actions: RowActions = {
    ...acts,
    mayTake: own.roles.includes('triager'),
    isWithdrawn: (mailbox) => withdrawn.has(mailbox),
    age: (item) => ageText(item, loaded.targets, thisHalfDay()),
  }

  /** Looks for changes, once at a time: who asks meanwhile waits for a look that begins after. */
  let looking: Promise<void> | null = null
  let lookAgain: Promise<void> | null = null
  async function refresh(signal: AbortSignal): Promise<void> {
    if (looking) {
      lookAgain ??= looking
        .catch(() => undefined)
        .then(() => {
          lookAgain = null
          return refresh(signal)
        })
      return lookAgain
    }
    looking = fetchAll(signal)
    await looking.finally(() => {
      looking = null
    })
    // The rows are there: what comes meanwhile need not wait for all headers.
    await openMissing(signal)
  }

  async function fetchAll(signal: AbortSignal): Promise<void> {
    const [inbox, mailboxes] = await Promise.all([loadInbox(signal), api.withdrawn(signal)])
    hasFailed = false
    await drawWaitingMembers(desk, members, signal)
    signal.throwIfAborted()
    const state = JSON.stringify([inbox, mailboxes, thisHalfDay()])
    if (state === drawn) return
    const isFirst = drawn === null
    drawn = state
    loaded = inbox
    withdrawn = new Set(mailboxes)
    current = new Map(inbox.items.map((item) => [item.id, item]))
    signalUrgent(desk, inbox.items)
    const words = summaryText(inbox)
    summary.textContent = words
    draw()
    // At a busy desk something changes all the time: the line above says it, and ears hear it now and then.
    if (isFirst || Date.now() - lastSaid < SAY_EVERY_MS) return
    lastSaid = Date.now()
    page.say(text('inbox.changed', { summary: words }))
  }

  function filtered() {
    return filterInbox(loaded.items, filter, {
      headerOf: (id) => memory.headers.get(id),
      municipalityName: (code) => municipalities[code] ?? '',
      targets: loaded.targets,
      now: thisHalfDay(),
    })
  }

  function alikeAmong(items: readonly InboxItem[]): AlikeRows[] {
    return options.putsTogether() ? findAlike(items, memory.headers) : []
  }

  function draw(focus?: string): void {
    const result = filtered()
    alike = alikeAmong(result.items)
    // A row that somebody is at is neither folded away nor cut off under their hands.
    const focused = document.activeElement?.closest<HTMLElement>('.row')?.dataset.report
    if (focused !== undefined) memory.unfolded.add(focused)
    const now = thisHalfDay()
    const sections = drawSections(result.items, alike, {
      headerOf,
      unfolded: memory.unfolded,
      shown: memory.inbox.shown,
      actions,
      focused,
      bandOf: (item) => bandOf(item, memory.headers.get(item.id)?.danger === 'yes', loaded.targets, now),
      redraw: draw,
      empty: isFiltering(filter) ? '' : text('inbox.empty'),
    })
    keepingFocus([list, filters.content], () => {
      filters.draw(result, loaded.items)
      list.replaceChildren(...sections)
      if (result.items.length === 0 && isFiltering(filter)) {
        list.prepend(element('p', { class: 'card empty' }, text('filter.none')))
      }
    })
    drawNotices(desk, notices, loaded.notices, {
      itemOf: (id) => current.get(id),
      headerOf: (id) => memory.headers.get(id),
    })
    if (focus !== undefined) document.querySelector<HTMLElement>(`#row-${CSS.escape(focus)} button`)?.focus()
  }

  /** Opens what is not open yet, also what comes meanwhile, once at a time. */
  let isOpening = false
  async function openMissing(signal: AbortSignal): Promise<void> {
    if (isOpening) return
    isOpening = true
    try {
      for (let ids = missing(); ids.length > 0; ids = missing()) await openAll(ids, signal)
    } finally {
      isOpening = false
    }
  }

  function missing(): string[] {
    return loaded.items.filter(({ id }) => !memory.headers.has(id) && !damaged.has(id)).map(({ id }) => id)
  }

  async function openAll(ids: readonly string[], signal: AbortSignal): Promise<void> {
    let uncounted = 0
    for await (const opened of openHeaders(desk, ids, signal)) {
      signal.throwIfAborted()
      for (const { id, header } of opened) {
        if (header) memory.headers.set(id, header)
        else damaged.add(id)
        // The list may have been drawn anew meanwhile, with other states.
        const row = document.getElementById(`row-${id}`)
        const newest = current.get(id)
        if (row && newest) {
          const heading = row.querySelector('h5') ? 'h5' : 'h4'
          keepingFocus([row], () => fillRow(row, newest, header ?? 'damaged', actions, heading))
        }
      }
      uncounted += opened.length
      if (uncounted >= COUNT_EVERY) {
        uncounted = 0
        draw()
      }
    }
    draw()
  }

  function changeFilter(changed: InboxFilter): void {
    filter = changed
    if (view.kind === 'all') memory.inbox.filter = changed
    memory.inbox.shown.clear()
    draw()
    // The panel is drawn anew around the control; what was taken off is gone, and the count says what is left.
    if (document.activeElement === document.body)
      document.querySelector<HTMLElement>('.filters > summary')?.focus()
    page.say(countText('filter.count', filtered().items.length))
  }

  /** A lost connection or a failing server is told once, not every minute. */
  const look = async (signal: AbortSignal) => {
    try {
      await refresh(signal)
    } catch (error) {
      const isLasting = error instanceof Problem && (error.status === 0 || error.status >= 500)
      if (isLasting && error.code !== 'locked' && hasFailed) return
      hasFailed = isLasting
      throw error
    }
  }

  async function drawViews(signal: AbortSignal): Promise<void> {
    const views: readonly OpenedView[] = await loadViews(desk, signal)
    signal.throwIfAborted()
    links.replaceChildren(drawViewLinks(views, route))
    if (view.kind !== 'saved') return
    const shown = views.find(({ id }) => id === view.id)
    filter = shown?.content?.filter ?? NO_FILTER
    viewPlace.replaceChildren(
      element('p', {}, shown ? text('view.shown', { name: nameOf(shown) }) : text('view.gone')),
      ...(shown ? drawRemoveView(desk, shown) : []),
    )
  }

  const options = settings({
    refresh() {
      lastSaid = 0
      return desk.run(look)
    },
    draw: () => draw(),
  })
  const filters = createFilters(() => filter, changeFilter)
  const languages = own.readingLanguages.map(languageText).join(', ')
  page.show(
    text('inbox.title'),
    summary,
    ...(present([
      actions.mayTake &&
        element(
          'div',
          { class: 'actions' },
          button(text('inbox.take-next'), () => desk.run(acts.takeNext), {
            class: 'primary',
            'data-key': 'take-next',
          }),
          own.readingLanguages.length > 0 &&
            button(text('inbox.take-next-in', { languages }), () => desk.run(acts.takeNextToRead), {
              class: 'secondary',
            }),
        ),
    ]) as Node[]),
    notices,
    members,
    links,
    viewPlace,
    filters.content,
    list,
    drawViewForm(
      desk,
      () => filter,
      (kept, message) => desk.go(kept, message),
    ),
    options.content,
  )
  await desk.run(drawViews)
  desk.queue.listen(async (word) => {
    if (word === 'urgent' || options.refreshesItself()) await desk.run(look)
  }, desk.signal)
  await desk.run(look)
}

function summaryText({ items, hasMore }: LoadedInbox): string {
  const waiting = items.filter(({ state }) => state === 'waiting').length
  const mine = items.filter(({ state, mine }) => state === 'claimed' && mine).length
  const parts = [
    waiting > 0 ? countText('inbox.waiting-count', waiting) : text('inbox.none-waits'),
    ...(mine > 0 ? [countText('inbox.mine-count', mine)] : []),
    ...(hasMore ? [text('inbox.more-open', { most: MOST_ROWS })] : []),
  ]
  return parts.join(' ')
}
