// The partner app: one page for everything, because the desk's private key lives in this page's memory and would be
// gone after a page load. The server never sees the passphrase, the key or anything opened.
import './zod-settings.js'
import { identityToRecipient } from 'age-encryption'
import { showAccount } from './account.js'
import { api, listenForKey, Problem } from './api.js'
import { confirmed } from './confirm.js'
import type { Desk } from './context.js'
import { showJoin } from './join.js'
import { showUnlock, signOut, watchInput } from './lock.js'
import { showWaitingForKey } from './members.js'
import { type Account, type Keys, Memory } from './memory.js'
import { createPage } from './page.js'
import { QueueWatch } from './queue.js'
import { readsReports, viewAt, viewsFor, waitsForKey } from './routes.js'
import { listenForShortcuts } from './shortcuts.js'
import { openDeskKeys, showSignIn } from './sign-in.js'
import { codeText, text } from './texts.js'

function start(place: HTMLElement): void {
  const page = createPage(place)
  const memory = new Memory()
  let view = new AbortController()
  let messageForNextView = ''

  const desk: Desk = {
    page,
    memory,
    queue: new QueueWatch(),
    get signal() {
      return view.signal
    },
    async run(work) {
      const { signal } = view
      try {
        await work(signal)
      } catch (error) {
        // A view that was left, or locked, has nothing to say any more.
        if (!signal.aborted) fail(error)
      }
    },
    confirm: (work) =>
      desk.run(async (signal) => {
        await confirmed(desk, signal, () => work(signal))
      }),
    begin() {
      view.abort()
      view = new AbortController()
    },
    go(route, message = '') {
      if (location.hash === `#${route}`) return desk.enter(message)
      messageForNextView = message
      location.hash = route
    },
    enter(message = '') {
      const { account, keys } = memory
      if (account === null) return showSignIn(desk)
      if (keys === null) return showUnlock(desk)
      desk.begin()
      page.identify({
        desk: account.desk.name,
        member: account.member.name,
        links: account.secondFactor.isNeeded
          ? []
          : viewsFor(account.member.roles).flatMap(({ link }) => link ?? []),
        lock,
        signOut: () => signOut(desk),
      })
      page.say(message)
      void desk.run(() => drawView(account, keys))
    },
  }

  async function drawView(account: Account, keys: Keys): Promise<void> {
    // Until there is a second factor, where the desk asks for one, nothing else is open.
    if (account.secondFactor.isNeeded) return showAccount(desk)
    const { roles } = account.member
    const found = viewAt(roles, location.hash.slice(1))
    const lacksKey = keys.desk === null && waitsForKey(roles)
    if (lacksKey && (!found || found.view.needsKey)) {
      return showWaitingForKey(desk, await identityToRecipient(keys.member))
    }
    if (keys.desk !== null && readsReports(roles)) desk.queue.begin(desk, memory.isOpen)
    await found?.view.show(desk, found.match)
  }

  /**
   * The desk has another key than this page: takes it up, or waits for it. Throws Problem `key-stranger` when the new one
   * does not know the one before: then it was not made by somebody who had it.
   */
  async function renewKeys({ salt }: Account, keys: Keys): Promise<void> {
    // Not with the signal of a view: several may wait for this.
    const session = await api.session(new AbortController().signal)
    const opened = await openDeskKeys(session, keys.member)
    if (memory.keys !== keys) return
    const before = keys.desk?.[0]
    if (before !== undefined && opened && !opened.includes(before)) throw new Problem('key-stranger')
    await memory.open({ ...session, salt }, { member: keys.member, desk: opened })
    if (before === undefined) return
    if (opened === null) desk.enter(text('key.not-for-you'))
    else page.say(text('key.renewed'))
  }

  let renewing: Promise<void> | null = null
  listenForKey(async (key) => {
    const { account, keys } = memory
    if (account === null || keys === null || account.desk.key === key) return
    renewing ??= renewKeys(account, keys).finally(() => {
      renewing = null
    })
    await renewing
  })

  /** Drops keys and everything opened, from memory and from the page; what was typed stays, sealed. */
  function lock(): void {
    if (memory.keys === null) return
    memory.lock()
    // A dialog lies over the page, and would keep the words away from it.
    for (const dialog of document.querySelectorAll('dialog')) dialog.close()
    showUnlock(desk)
  }

  function fail(error: unknown): void {
    const code = error instanceof Problem ? error.code : 'unexpected-failure'
    if (code === 'not-signed-in') {
      const name = memory.account?.member.name
      memory.lock()
      showSignIn(desk, name, text('problem.not-signed-in'))
      return
    }
    if (code === 'locked' || code === 'proof-needed') {
      lock()
      return
    }
    // The desk began to ask for a second factor while this session was open.
    if (code === 'second-factor-needed') {
      desk.go('account', text('problem.second-factor-needed'))
      return
    }
    const words = codeText('problem', code)
    page.say(words === code ? text('problem.unexpected-failure') : words, 'problem')
  }

  addEventListener('hashchange', () => {
    if (memory.keys === null) return
    const message = messageForNextView
    messageForNextView = ''
    desk.enter(message)
  })
  // A page that is left may be kept whole by the browser for its Back button.
  addEventListener('pagehide', lock)
  document.addEventListener('click', jumpWithoutRoute)
  // What was said about the last act is over when the next begins.
  const begins = (event: MouseEvent) => event.target instanceof Element && event.target.closest('main button')
  document.addEventListener('click', (event) => begins(event) && page.say(''), { capture: true })
  watchInput({
    lock,
    warn: () => memory.keys !== null && page.say(text('lock.warning')),
  })
  listenForShortcuts()

  if (/\/join\/?$/.test(location.pathname)) void showJoin(desk)
  else showSignIn(desk)
}

/** Links to a place on this page (skip link, error summary) move the focus and leave the address, which is the route. */
function jumpWithoutRoute(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
  const target = link && document.getElementById(link.getAttribute('href')?.slice(1) ?? '')
  if (!target) return
  event.preventDefault()
  target.focus()
  target.scrollIntoView({ block: 'center' })
}

const place = document.getElementById('desk')
if (place) start(place)
