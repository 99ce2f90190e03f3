import { button, element } from './dom.js'
import { text } from './texts.js'

const GROUP_CHARACTERS = 4

/** The sheet for the safe, with a button that prints it alone. It is drawn once and kept nowhere. */
export function recoverySheet(deskName: string, identity: string): HTMLElement {
  const sheet = element(
    'div',
    { class: 'sheet' },
    element('h3', {}, text('sheet.title', { desk: deskName })),
    element('p', {}, text('sheet.what')),
    element('p', {}, text('sheet.keep')),
    element('p', {}, text('sheet.how')),
    element(
      'p',
      { class: 'identity', id: 'recovery-identity', translate: 'no', dir: 'ltr' },
      ...groups(identity),
    ),
    element('p', { class: 'sheet-signature' }, text('sheet.place')),
  )
  return element(
    'div',
    {},
    sheet,
    button(text('sheet.print'), () => window.print(), { class: 'secondary' }),
  )
}

/** Groups for the eye only: copied or read by a program, the identity is one piece. */
function groups(identity: string): HTMLElement[] {
  const pieces = identity.match(new RegExp(`.{1,${GROUP_CHARACTERS}}`, 'g')) ?? []
  return pieces.map((piece) => element('span', {}, piece))
}
