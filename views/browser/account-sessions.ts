import { type AccountView, part } from './account-part.js'
import { api, type OwnSession } from './api.js'
import { button, element, facts } from './dom.js'
import { codeText, deskLanguage, text } from './texts.js'

/** Where the member is signed in, and ending it there. */
export function showOwnSessions(view: AccountView, sessions: readonly OwnSession[]): HTMLElement {
  const { desk, changed } = view
  const endOthers = () =>
    desk.run(async () => {
      await api.endOtherSessions()
      await changed(text('sessions.others-ended'))
    })
  return part(
    'account-sessions',
    text('sessions.title'),
    element('p', {}, text('sessions.what')),
    element('ul', { class: 'rows', role: 'list' }, ...sessions.map((session) => drawSession(view, session))),
    sessions.length > 1 && button(text('sessions.end-others'), endOthers, { class: 'secondary' }),
  )
}

function drawSession({ desk, changed }: AccountView, session: OwnSession): HTMLElement {
  const { id, beganAt, lastSeenAt, means, isThis } = session
  const moment = new Intl.DateTimeFormat(deskLanguage, { dateStyle: 'medium', timeStyle: 'short' })
  const began = moment.format(new Date(beganAt))
  const end = () =>
    desk.run(async () => {
      await api.endSession(id)
      await changed(text('sessions.ended'))
    })
  return element(
    'li',
    { class: 'card' },
    isThis && element('p', { class: 'marks' }, element('span', { class: 'mark' }, text('sessions.this'))),
    facts([
      [text('sessions.began'), began],
      [text('sessions.seen'), moment.format(new Date(lastSeenAt))],
      [text('sessions.means'), codeText('means', means)],
    ]),
    !isThis && button(text('sessions.end', { began }), end, { class: 'secondary' }),
  )
}
