// A new key was made on this page and waits for the operator, who has to hear its words. The words are shown only here: on
// any other page they would be what the server says.
import { api, type KeyAnswer } from './api.js'
import type { Desk } from './context.js'
import { button, element } from './dom.js'
import { wordsOfProposal } from './new-key.js'
import { repeat } from './repeat.js'
import { text } from './texts.js'

const LOOK_EVERY_MS = 3_000

/** Goes on by itself when the operator accepts the key, or when it is gone. */
export function showKeyWait(desk: Desk): void {
  const { proposed, signedIn } = desk.memory
  if (proposed === null) return void desk.go('key')
  const isStill = ({ proposal }: KeyAnswer): boolean =>
    proposal?.id === proposed.id &&
    proposal.recipient === proposed.recipient &&
    proposal.recoveryRecipient === proposed.recoveryRecipient
  const leave = (message: string): void => {
    desk.memory.proposed = null
    desk.go('key', message)
  }
  const look = () =>
    desk.run(async (signal) => {
      const answer = await api.key(signal)
      signal.throwIfAborted()
      if (answer.keys.some(({ id, live }) => live && id === proposed.id)) leave(text('key.accepted'))
      else if (!isStill(answer)) leave(text('key.refused'))
    })
  const withdraw = () =>
    desk.run(async (signal) => {
      await api.withdrawKey(proposed.id)
      signal.throwIfAborted()
      leave(text('key.withdrawn'))
    })
  desk.page.show(
    text('key.wait-title'),
    element('p', { class: 'lede' }, text('key.say')),
    element(
      'section',
      { class: 'card notice', 'aria-labelledby': 'key-words' },
      element('h2', { id: 'key-words' }, text('key.words-title')),
      element(
        'p',
        { class: 'words-to-say', id: 'new-key-words', translate: 'no', lang: 'en' },
        wordsOfProposal(proposed),
      ),
      element('p', {}, text('key.words-why')),
      element('p', {}, text('key.operator-does')),
      element(
        'p',
        {},
        element(
          'code',
          { class: 'invitation', dir: 'ltr', translate: 'no' },
          `baken keys accept --desk "${signedIn.desk.name}" --words "…"`,
        ),
      ),
      element('p', { class: 'hint' }, text('key.goes-on')),
    ),
    button(text('key.withdraw'), withdraw, { class: 'secondary' }),
  )
  repeat(look, LOOK_EVERY_MS, desk.signal)
}
