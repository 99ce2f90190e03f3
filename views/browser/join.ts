// Becoming a member. The keys are made here; the server gets only recipients, an authentication value and wrapped
// or sealed identities. The first member of a desk also makes the desk's key and its recovery sheet.
import { api, type Invitation, type Joining, Problem, toBase64 } from './api.js'
import type { Desk } from './context.js'
import { element, form, present } from './dom.js'
import { choice, type FieldError, showErrors } from './forms.js'
import {
  deriveKeys,
  type KeyPair,
  makeVouch,
  newKeyPair,
  newPassphrase,
  newSalt,
  sealShare,
  wrapIdentity,
} from './keys.js'
import { chooseWords } from './own-words.js'
import { recoverySheet } from './recovery-sheet.js'
import { narrow, showSignIn } from './sign-in.js'
import { siteName, text } from './texts.js'

/** The view of an invitation; the token stands behind the `#` of its address, which no server sees. */
export async function showJoin(desk: Desk): Promise<void> {
  const token = location.hash.slice(1)
  desk.begin()
  desk.page.identify(null)
  desk.page.show(text('join.title'), element('p', { class: 'lede' }, text('join.looking')))
  await desk.run(async (signal) => {
    let invitation: Invitation
    try {
      invitation = await api.beginJoin(token)
    } catch (error) {
      if (!(error instanceof Problem && (error.status === 404 || error.status === 400))) throw error
      desk.page.show(
        text('join.title'),
        element('p', { class: 'lede' }, text('join.expired')),
        element('p', {}, element('a', { href: './', class: 'bar-link' }, text('join.to-sign-in'))),
      )
      return
    }
    const isFirst = invitation.desk.recipient === null && invitation.roles.includes('key_holder')
    const made = {
      passphrase: newPassphrase(),
      member: await newKeyPair(),
      first: isFirst ? { desk: await newKeyPair(), recovery: await newKeyPair() } : null,
    }
    signal.throwIfAborted()
    showSteps(desk, token, invitation, made)
  })
}

/** False when the invitation does not fit any more: it was used, or somebody else made the desk's key meanwhile. */
async function join(joining: Joining): Promise<boolean> {
  try {
    await api.join(joining)
    return true
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 409)) return false
    throw error
  }
}

interface Made {
  readonly passphrase: string
  readonly member: KeyPair
  readonly first: { readonly desk: KeyPair; readonly recovery: KeyPair } | null
}

function showSteps(desk: Desk, token: string, invitation: Invitation, made: Made): void {
  const about = [invitation.name, invitation.desk.name, siteName]
  const words = chooseWords(made.passphrase, about, desk.signal)
  const safe = element('input', { type: 'checkbox', id: 'safe' })
  const sent = form(
    {},
    () =>
      desk.run(async (signal) => {
        const taken = await words.take()
        const errors: FieldError[] = [
          ...('errors' in taken ? taken.errors : []),
          ...(made.first && !safe.checked ? [{ field: 'safe', text: text('join.not-safe') }] : []),
        ]
        if (showErrors(desk.page, sent, errors) || !('words' in taken)) return
        desk.page.say(text('sign-in.one-moment'))
        if (!(await join(await joining(token, invitation.name, { ...made, passphrase: taken.words })))) {
          await showJoin(desk)
          desk.page.say(text('join.conflict'), 'problem')
          return
        }
        signal.throwIfAborted()
        // The used token leaves the address, and with it the way back to this page.
        history.replaceState(null, '', location.pathname.replace(/join\/?$/, ''))
        showSignIn(desk, invitation.name, text('join.done'))
      }),
    step('join-words', text('join.words-title'), [element('p', {}, text('join.words-why')), words.choice]),
    made.first &&
      step('join-sheet', text('join.sheet-title'), [
        element('p', {}, text('join.sheet-why')),
        recoverySheet(invitation.desk.name, made.first.recovery.identity),
      ]),
    step('join-check', text('join.check-title'), [
      narrow(
        ...present([
          words.again,
          made.first && element('div', { class: 'field' }, choice(safe, text('join.safe'))),
          element('button', { type: 'submit', class: 'primary' }, text('join.submit')),
        ]),
      ),
    ]),
  )
  const values = { name: invitation.name, desk: invitation.desk.name }
  desk.page.show(text('join.title'), element('p', { class: 'lede' }, text('join.lede', values)), sent)
}

function step(id: string, title: string, content: Node[]): HTMLElement {
  return element(
    'section',
    { class: 'card', 'aria-labelledby': id },
    element('h2', { id }, title),
    ...content,
  )
}

async function joining(token: string, name: string, { passphrase, member, first }: Made): Promise<Joining> {
  const salt = newSalt()
  const { authentication, wrapping } = await deriveKeys(passphrase, salt)
  const wrapped = await wrapIdentity(member.identity, wrapping)
  wrapping.fill(0)
  const own = {
    token,
    salt: toBase64(salt),
    authentication: toBase64(authentication),
    recipient: member.recipient,
    wrappedIdentity: toBase64(wrapped),
  }
  if (first === null) return own
  return {
    ...own,
    deskRecipient: first.desk.recipient,
    recoveryRecipient: first.recovery.recipient,
    share: toBase64(await sealShare(first.desk.identity, member.recipient)),
    vouch: toBase64(makeVouch(first.desk.identity, name, member.recipient)),
  }
}
