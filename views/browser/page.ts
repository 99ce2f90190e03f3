import { button, type Child, element, present } from './dom.js'
import { showKeys } from './shortcuts.js'
import { codeHash, text } from './texts.js'

/** What the header offers to somebody who is signed in. */
export interface Identification {
  readonly desk: string
  readonly member: string
  /** the views of this member: route, and the key of its words */
  readonly links: readonly { readonly route: string; readonly text: string }[]
  lock(): void
  signOut(): Promise<void>
}

export interface Page {
  /** Draws a view: its heading gets the focus, its title (never anything from a report) the browser's tab. */
  show(title: string, ...content: Child[]): void
  /** Says a message to eyes and ears without moving the focus. An empty one clears it. */
  say(message: string, kind?: 'done' | 'problem'): void
  /** Puts "Error:" before the title, or takes it away. */
  markTitle(hasErrors: boolean): void
  identify(who: Identification | null): void
  /**
   * Shows a sign above every view, said to ears as well, with a mark in the tab's title; null takes it away. The same key
   * again changes nothing.
   */
  alert(sign: { readonly key: string; readonly content: HTMLElement } | null): void
}

/** Builds header, message line and main in the shell's empty place. */
export function createPage(place: HTMLElement): Page {
  const header = element('header', { class: 'bar' })
  const message = element('div', { role: 'status', class: 'message' })
  const main = element('main', { id: 'main', tabindex: -1 })
  const alerts = element('div', { role: 'status', class: 'alerts' })
  place.replaceChildren(header, message, alerts, main)
  let title = ''
  let isFirstView = true
  let speaking = 0

  let alertKey: string | null = null
  let titleHasErrors = false

  const setTitle = (hasErrors: boolean) => {
    titleHasErrors = hasErrors
    const mark = alertKey === null ? '' : text('signal.title-mark')
    document.title = `${mark}${hasErrors ? text('error.prefix') : ''}${title} – Baken`
  }

  return {
    show(newTitle, ...content) {
      const heading = element('h1', { tabindex: -1 }, newTitle)
      main.replaceChildren(heading, ...present(content))
      title = newTitle
      setTitle(false)
      // On arrival the first tab stop must stay the skip link.
      if (!isFirstView) heading.focus()
      isFirstView = false
    },
    say(words, kind = 'done') {
      clearTimeout(speaking)
      message.replaceChildren()
      message.dataset.kind = kind
      // Emptied first and filled a moment later, so that the same words twice are spoken twice.
      if (words !== '') speaking = setTimeout(() => message.replaceChildren(element('p', {}, words)), 50)
    },
    markTitle: setTitle,
    alert(sign) {
      if ((sign?.key ?? null) === alertKey) return
      alertKey = sign?.key ?? null
      alerts.replaceChildren(...(sign ? [sign.content] : []))
      if (title !== '') setTitle(titleHasErrors)
    },
    identify(who) {
      header.replaceChildren(
        ...(who ? knownHeader(who) : [element('p', { class: 'bar-name' }, text('app.name')), codeName()]),
      )
    },
  }
}

/** By which people compare this page's code before they give it their words: docs/desk-code.md. */
function codeName(): HTMLElement {
  return element(
    'p',
    { class: 'bar-code' },
    text('app.code'),
    ' ',
    element('code', { dir: 'ltr', translate: 'no' }, codeHash),
  )
}

function knownHeader(who: Identification): Node[] {
  return [
    element(
      'div',
      { class: 'bar-name' },
      element('p', {}, who.desk),
      element(
        'p',
        { class: 'bar-member' },
        text('app.signed-in-as', { name: who.member }),
        ' ',
        element('a', { href: '#account', class: 'bar-link' }, text('account.title')),
      ),
    ),
    element(
      'nav',
      { 'aria-label': text('app.navigation') },
      ...who.links.map((link) =>
        element('a', { href: `#${link.route}`, class: 'bar-link' }, text(link.text)),
      ),
    ),
    element(
      'div',
      { class: 'actions' },
      button(text('keys.button'), showKeys, { class: 'secondary', 'data-key': 'keys' }),
      button(text('app.lock'), who.lock, { class: 'secondary', 'data-key': 'lock' }),
      button(text('app.sign-out'), who.signOut, { class: 'secondary' }),
    ),
  ]
}
