// The people of the desk, for who looks after them: inviting, roles, ending sessions, leaving. Nothing here opens or
// gives the desk's key; that is for two members who have it or wait for it.
import { isRoleSet, ROLES, type Role } from '../../server/report/roles.js'
import { api, type PeopleAnswer, type Person, Problem } from './api.js'
import type { Desk } from './context.js'
import { button, element, facts, form } from './dom.js'
import { choice, showErrors, textField } from './forms.js'
import { countText, deskLanguage, languageText, text } from './texts.js'

/** Everybody of the desk, and a form to invite somebody. */
export async function showPeople(desk: Desk): Promise<void> {
  const list = element('ul', { class: 'rows', role: 'list' })
  const invited = element('div')
  const draw = async (signal: AbortSignal) => {
    const answer = await api.people(signal)
    signal.throwIfAborted()
    list.replaceChildren(...answer.people.map((person) => drawPerson(desk, person, refresh)))
    invited.replaceChildren(...drawInvitations(desk, answer, refresh))
  }
  const refresh = async (message: string) => {
    await draw(desk.signal)
    document.querySelector('h1')?.focus()
    desk.page.say(message)
  }
  desk.page.show(
    text('people.title'),
    element('p', { class: 'lede' }, text('people.lede')),
    inviteForm(desk, () => draw(desk.signal)),
    invited,
    element(
      'section',
      { class: 'group', 'aria-labelledby': 'people-list' },
      element('h2', { id: 'people-list' }, text('people.list')),
      list,
    ),
  )
  await desk.run(draw)
}

/** The words of roles, in the order in which they are always named. */
export function rolesText(roles: readonly Role[]): string {
  return ROLES.filter((role) => roles.includes(role))
    .map((role) => text(`role.${role}`))
    .join(', ')
}

function inviteForm(desk: Desk, changed: () => Promise<void>): HTMLElement {
  const name = textField({ id: 'invite-name', label: text('people.name'), hint: text('people.name-hint') })
  const roles = roleBoxes('invite-roles', [])
  const link = element('div', { role: 'status' })
  const made = form(
    {},
    () =>
      desk.confirm(async () => {
        const given = { name: name.control.value.trim(), roles: roles.chosen() }
        const errors = [
          ...(given.name === '' ? [{ field: 'invite-name', text: text('people.no-name') }] : []),
          ...(isRoleSet(given.roles) ? [] : [{ field: roles.first, text: text('people.no-roles') }]),
        ]
        if (showErrors(desk.page, made, errors)) return
        let token: string
        try {
          token = await api.invite(given.name, given.roles)
        } catch (error) {
          if (!(error instanceof Problem && error.status === 409)) throw error
          showErrors(desk.page, made, [{ field: 'invite-name', text: text('people.name-taken') }])
          return
        }
        name.control.value = ''
        link.replaceChildren(drawLink(given.name, token))
        await changed()
      }),
    name.wrapper,
    roles.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('people.invite')),
  )
  return element(
    'section',
    { class: 'card narrow', 'aria-labelledby': 'invite-title' },
    element('h2', { id: 'invite-title' }, text('people.invite-title')),
    made,
    link,
  )
}

/** The link is shown once: the server keeps only a hash of what makes it work. */
function drawLink(name: string, token: string): HTMLElement {
  const address = `${location.origin}/${deskLanguage}/join#${token}`
  return element(
    'div',
    { class: 'notice' },
    element('p', {}, text('people.link', { name })),
    element('p', {}, element('code', { class: 'invitation', dir: 'ltr', translate: 'no' }, address)),
    element('p', { class: 'hint' }, text('people.link-hint', { name })),
  )
}

function drawInvitations(
  desk: Desk,
  { invitations }: PeopleAnswer,
  refresh: (message: string) => Promise<void>,
): HTMLElement[] {
  if (invitations.length === 0) return []
  const ends = new Intl.DateTimeFormat(deskLanguage, { dateStyle: 'medium', timeStyle: 'short' })
  return [
    element(
      'section',
      { class: 'group', 'aria-labelledby': 'people-invited' },
      element('h2', { id: 'people-invited' }, text('people.invited')),
      element(
        'ul',
        { class: 'rows', role: 'list' },
        ...invitations.map(({ id, name, roles, endsAt }) =>
          element(
            'li',
            { class: 'card' },
            element('h3', {}, name),
            facts([
              [text('people.roles'), rolesText(roles)],
              [text('people.ends'), ends.format(new Date(endsAt))],
            ]),
            button(
              text('people.withdraw', { name }),
              () =>
                desk.confirm(async () => {
                  await api.withdrawInvitation(id)
                  await refresh(text('people.withdrawn', { name }))
                }),
              { class: 'secondary' },
            ),
          ),
        ),
      ),
    ),
  ]
}

function drawPerson(desk: Desk, person: Person, refresh: (message: string) => Promise<void>): HTMLElement {
  const { id, name, roles, readingLanguages, hasKey, sessions, left } = person
  const isSelf = id === desk.memory.signedIn.member.id
  const languages = readingLanguages.map(languageText).join(', ')
  return element(
    'li',
    { class: 'card', 'aria-labelledby': `person-${id}`, 'data-person': name },
    element('h3', { id: `person-${id}` }, name),
    (left || isSelf) &&
      element(
        'p',
        { class: 'marks' },
        element('span', { class: 'mark' }, text(left ? 'people.left' : 'people.self')),
      ),
    facts([
      [text('people.roles'), rolesText(roles)],
      [text('people.languages'), languages || text('people.any-language')],
      [text('people.key'), text(hasKey ? 'people.has-key' : 'people.no-key')],
      [text('people.sessions'), left ? '' : countText('people.session-count', sessions)],
    ]),
    !left && !isSelf && element('div', { class: 'person-acts' }, ...personActs(desk, person, refresh)),
  )
}

function personActs(
  desk: Desk,
  { id, name, roles }: Person,
  refresh: (message: string) => Promise<void>,
): HTMLElement[] {
  const act = (work: () => Promise<void>, message: string) => () =>
    desk.confirm(async () => {
      await work()
      await refresh(message)
    })
  const boxes = roleBoxes(`roles-${id}`, roles)
  const change = form(
    {},
    () =>
      desk.confirm(async () => {
        const chosen = boxes.chosen()
        const errors = isRoleSet(chosen) ? [] : [{ field: boxes.first, text: text('people.no-roles') }]
        if (showErrors(desk.page, change, errors)) return
        await api.changeRoles(id, chosen)
        await refresh(text('people.roles-changed', { name }))
      }),
    boxes.wrapper,
    element('p', { class: 'hint' }, text('people.roles-effect')),
    element('button', { type: 'submit', class: 'secondary' }, text('people.change-roles-of', { name })),
  )
  const fold = (title: string, ...content: Node[]) =>
    element('details', { class: 'fold' }, element('summary', {}, title), ...content)
  return [
    fold(text('people.change-roles'), change),
    fold(
      text('people.end-sessions'),
      element('p', {}, text('people.end-sessions-effect', { name })),
      button(
        text('people.end-sessions-of', { name }),
        act(() => api.endSessions(id), text('people.sessions-ended', { name })),
        { class: 'secondary' },
      ),
    ),
    fold(
      text('people.leave'),
      element('p', {}, text('people.leave-effect', { name })),
      button(
        text('people.leave-of', { name }),
        act(() => api.leave(id), text('people.left-now', { name })),
        { class: 'secondary' },
      ),
    ),
  ]
}

function roleBoxes(
  id: string,
  chosen: readonly Role[],
): { wrapper: HTMLElement; first: string; chosen(): Role[] } {
  const boxes = ROLES.map((role) => ({
    role,
    box: element('input', { type: 'checkbox', id: `${id}-${role}`, checked: chosen.includes(role) }),
  }))
  return {
    first: `${id}-${ROLES[0]}`,
    chosen: () => boxes.filter(({ box }) => box.checked).map(({ role }) => role),
    wrapper: element(
      'fieldset',
      { class: 'field' },
      element('legend', {}, text('people.roles')),
      element('p', { class: 'hint' }, text('people.roles-hint')),
      ...boxes.map(({ role, box }) => choice(box, `${text(`role.${role}`)}: ${text(`role.${role}.does`)}`)),
    ),
  }
}
