import { api, fromBase64, type InboxItem, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, pause } from './dom.js'
import { type AlikeRows, findAlike } from './inbox-alike.js'
import { drawSections } from './inbox-list.js'
import { fillRow, type RowActions } from './inbox-row.js'
import { settings } from './inbox-settings.js'
import { drawWaitingMembers } from './members.js'
import { openHeader } from './open-report.js'
import { repeat } from './repeat.js'
import { countText, text } from './texts.js'

const LOOK_EVERY_MS = 15_000
/** A header takes some milliseconds to open; after so many the page may draw and answer keys. */
const HEADERS_AT_ONCE = 8

/** The list of reports. It looks for changes by itself and is drawn anew only when there are any. */
export async function showInbox(desk: Desk): Promise<void> {
  const summary = element('p', { class: 'lede' }, text('inbox.loading'))
  const members = element('div')
  const list = element('div', { class: 'groups' })
  const damaged = new Set<string>()
  let current = new Map<string, InboxItem>()
  let alike: readonly AlikeRows[] = []
  let withdrawn: ReadonlySet<string> = new Set()
  let drawn: string | null = null
  let hasFailed = false

  const open = (report: string) => desk.go(`report-${report}`)
  const actions: RowActions = {
    open,
    take: (report) => desk.run((signal) => take(report, signal)),
    isWithdrawn: (mailbox) => withdrawn.has(mailbox),
  }

  async function take(report: string, signal: AbortSignal): Promise<void> {
    try {
      await api.claim(report)
    } catch (error) {
      if (!(error instanceof Problem && error.status === 409)) throw error
      await refresh(signal)
      desk.page.say(text('inbox.taken'), 'problem')
      return
    }
    signal.throwIfAborted()
    open(report)
  }

  async function takeNext(signal: AbortSignal): Promise<void> {
    const report = await api.claimNext()
    signal.throwIfAborted()
    if (report !== null) return open(report)
    await refresh(signal)
    desk.page.say(text('inbox.none-waits'))
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    const [items, mailboxes] = await Promise.all([api.inbox(signal), api.withdrawn(signal)])
    hasFailed = false
    await drawWaitingMembers(desk, members, signal)
    signal.throwIfAborted()
    const state = JSON.stringify([items.map(({ header: _, ...item }) => item), mailboxes])
    if (state === drawn) return
    const isFirst = drawn === null
    drawn = state
    withdrawn = new Set(mailboxes)
    current = new Map(items.map((item) => [item.id, item]))
    summary.textContent = summaryText(items)
    draw()
    if (!isFirst) desk.page.say(text('inbox.changed', { summary: summaryText(items) }))
    await openHeaders(items, signal)
    const found = alikeNow()
    if (idsOf(found) !== idsOf(alike)) draw(found)
  }

  function alikeNow(): AlikeRows[] {
    return options.putsTogether() ? findAlike([...current.values()], desk.memory.headers) : []
  }

  function draw(found = alikeNow()): void {
    alike = found
    // A row that somebody is at is not folded away under their hands.
    const focused = document.activeElement?.closest<HTMLElement>('.row')?.dataset.report
    if (focused !== undefined) desk.memory.unfolded.add(focused)
    const sections = drawSections([...current.values()], alike, {
      headerOf: (id) => desk.memory.headers.get(id) ?? (damaged.has(id) ? 'damaged' : 'opening'),
      unfolded: desk.memory.unfolded,
      actions,
    })
    keepingFocus(list, () => list.replaceChildren(...sections))
  }

  async function openHeaders(items: readonly InboxItem[], signal: AbortSignal): Promise<void> {
    const isOpened = ({ id }: InboxItem) => desk.memory.headers.has(id) || damaged.has(id)
    let opened = 0
    for (const item of items) {
      if (isOpened(item)) continue
      if (opened++ % HEADERS_AT_ONCE === 0) await pause()
      const sealed = fromBase64(item.header)
      const header = await openHeader(sealed, desk.memory.deskKeys, item.id).catch(() => null)
      signal.throwIfAborted()
      if (header) desk.memory.headers.set(item.id, header)
      else damaged.add(item.id)
      // The list may have been drawn anew meanwhile, with other states.
      const row = document.getElementById(`row-${item.id}`)
      const newest = current.get(item.id)
      if (row && newest) keepingFocus(row, () => fillRow(row, newest, header ?? 'damaged', actions))
    }
  }

  /** A lost connection or a failing server is told once, not every fifteen seconds. */
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

  const options = settings({ refresh: () => desk.run(look), draw: () => draw() })
  desk.page.show(
    text('inbox.title'),
    summary,
    element(
      'div',
      { class: 'actions' },
      button(text('inbox.take-next'), () => desk.run(takeNext), { class: 'primary' }),
    ),
    members,
    list,
    options.content,
  )
  repeat(
    async () => {
      if (options.refreshesItself()) await desk.run(look)
    },
    LOOK_EVERY_MS,
    desk.signal,
  )
  await desk.run(look)
}

function summaryText(items: readonly InboxItem[]): string {
  const waiting = items.filter(({ state }) => state === 'waiting').length
  const mine = items.filter(({ state, mine }) => state === 'claimed' && mine).length
  const words = waiting > 0 ? countText('inbox.waiting-count', waiting) : text('inbox.none-waits')
  return mine > 0 ? `${words} ${countText('inbox.mine-count', mine)}` : words
}

function idsOf(alike: readonly AlikeRows[]): string {
  return JSON.stringify(alike.map(({ first, others }) => [first, ...others].map(({ id }) => id)))
}

/** Draws something anew and puts the focus back on the control with the same id, or on the heading when it is gone. */
function keepingFocus(place: HTMLElement, draw: () => void): void {
  const focused = document.activeElement
  const id = focused && place.contains(focused) ? focused.id : null
  draw()
  if (id === null || document.activeElement === focused) return
  const again = document.getElementById(id) ?? document.querySelector('h1')
  again?.focus({ preventScroll: true })
}
