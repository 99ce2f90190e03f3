// The key of the desk, for key holders: who has it, a new one that waits for the operator, and sealing open work anew.
import { api, type KeyAnswer } from './api.js'
import type { Desk } from './context.js'
import { button, element, facts } from './dom.js'
import { drawWaitingMembers } from './members.js'
import { divideMembers } from './new-key.js'
import { repeat } from './repeat.js'
import { drawReseal } from './reseal-view.js'
import { countText, dayText, listText, text } from './texts.js'

const LOOK_EVERY_MS = 10_000

/** Draws itself anew when something changed: never while nothing did, which would take the focus away. */
export async function showKey(desk: Desk): Promise<void> {
  const [members, news] = [element('div'), element('div')]
  const [work, holders] = [element('div'), element('div')]
  let drawn = ''
  let live = ''
  let reseal: ReturnType<typeof drawReseal> = null
  const draw = async (signal: AbortSignal): Promise<void> => {
    const answer = await api.key(signal)
    await drawWaitingMembers(desk, members, signal)
    signal.throwIfAborted()
    const { keys, gone, proposal } = answer
    if (keys[0] && keys[0].id !== live) {
      live = keys[0].id
      reseal = drawReseal(desk, answer)
      work.replaceChildren(...(reseal ? [reseal.section] : []))
    }
    reseal?.update(answer)
    const state = JSON.stringify([keys, answer.members, gone, proposal?.id])
    if (state === drawn) return
    drawn = state
    const hadFocus = news.contains(document.activeElement)
    // Who left is told above, with the same way to a new key.
    const offer = gone.length === 0 ? [drawOffer()] : []
    news.replaceChildren(...(proposal ? [drawProposal(desk, proposal)] : offer))
    holders.replaceChildren(drawHolders(desk, answer))
    if (hadFocus) document.querySelector('h1')?.focus()
  }
  desk.page.show(
    text('key.title'),
    element('p', { class: 'lede' }, text('key.lede')),
    ...[members, news, work, holders],
    drawHost(),
  )
  await desk.run(draw)
  repeat(() => desk.run(draw), LOOK_EVERY_MS, desk.signal)
}

function section(id: string, title: string, attributes: { class: string }, ...content: Node[]): HTMLElement {
  return element(
    'section',
    { ...attributes, 'aria-labelledby': id },
    element('h2', { id, tabindex: -1 }, title),
    ...content,
  )
}

function drawOffer(): HTMLElement {
  return section(
    'key-offer',
    text('key.offer-title'),
    { class: 'card' },
    element('p', {}, text('key.offer')),
    element('p', {}, element('a', { href: '#key-new', class: 'bar-link' }, text('key.make-new'))),
  )
}

/** What waits for the operator. Its words stand only on the page that made it. */
function drawProposal(desk: Desk, proposal: NonNullable<KeyAnswer['proposal']>): HTMLElement {
  const isHere = desk.memory.proposed?.id === proposal.id
  const withdraw = () =>
    desk.run(async (signal) => {
      await api.withdrawKey(proposal.id)
      desk.memory.proposed = null
      signal.throwIfAborted()
      desk.enter(text('key.withdrawn'))
    })
  return section(
    'key-proposal',
    text('key.proposal-title', { name: proposal.by }),
    { class: 'card notice' },
    isHere
      ? element('p', {}, element('a', { href: '#key-wait', class: 'bar-link' }, text('key.to-words')))
      : element('p', {}, text('key.words-elsewhere', { name: proposal.by })),
    button(text('key.withdraw'), withdraw, { class: 'secondary' }),
  )
}

function drawHolders(desk: Desk, answer: KeyAnswer): HTMLElement {
  const [live, ...earlier] = answer.keys
  const { deskKeys, signedIn } = desk.memory
  const holders = answer.members.filter(({ hasKey }) => hasKey)
  const waiting = answer.members.filter(({ hasKey }) => !hasKey)
  const unvouched = divideMembers({ members: holders }, signedIn.member.id, deskKeys[0]).wait
  const names = (members: readonly { name: string }[]) =>
    members.length > 0 ? listText(members.map(({ name }) => name)) : ''
  const made = section(
    'key-holders',
    text('key.holders-title'),
    { class: 'card' },
    facts([
      [text('key.live-since'), live && dayText(live.since)],
      [text('key.have'), names(holders)],
      [text('key.waiting'), names(waiting)],
      [text('key.earlier'), earlier.map(({ since }) => dayText(since)).join(', ')],
    ]),
  )
  if (unvouched.length > 0)
    made.append(element('p', { class: 'hint' }, text('key.unvouched', { names: names(unvouched) })))
  const missing = earlier.length - (deskKeys.length - 1)
  if (missing > 0) made.append(element('p', { class: 'damage' }, countText('key.missing', missing)))
  return made
}

/** Said plainly: what keys protect from, and what not. */
function drawHost(): HTMLElement {
  const list = (key: string, count: number): HTMLElement =>
    element('ul', {}, ...Array.from({ length: count }, (_, i) => element('li', {}, text(`${key}-${i + 1}`))))
  return section(
    'key-host',
    text('key.host-title'),
    { class: 'card' },
    element('p', {}, text('key.host')),
    element('h3', {}, text('key.host-cannot')),
    list('key.host-cannot', 3),
    element('h3', {}, text('key.host-can')),
    list('key.host-can', 3),
  )
}
