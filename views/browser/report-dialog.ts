// More for one report: following it, giving it to a colleague, taking it over. What is said to the server is an id and a
// fixed reason.
import { ASSIGN_REASONS, type AssignReason } from '../../server/report/case.js'
import { api, type InboxItem, Problem, type Triager } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { radioGroup, showErrors } from './forms.js'
import { languageText, text } from './texts.js'

export type DialogItem = Pick<InboxItem, 'id' | 'state' | 'mine' | 'watched'>

/**
 * Opens the dialog. `language` is that of the report when it is known: who reads it stands first. `done` is called with
 * what to say after something was done.
 */
export async function showReportDialog(
  desk: Desk,
  item: DialogItem,
  about: { readonly title: string; readonly language: string | null },
  done: (message: string) => Promise<void>,
): Promise<void> {
  const { signal } = desk
  const members = mayGive(desk, item) ? await api.triagers(signal) : []
  signal.throwIfAborted()
  const status = element('p', { role: 'status' })
  const close = () => dialog.close()
  const finish = async (message: string) => {
    close()
    await done(message)
  }
  /** What fails is told in the dialog: behind it nobody sees it. */
  const act = (work: () => Promise<string>) => async () => {
    status.textContent = ''
    try {
      await finish(await work())
    } catch (error) {
      if (!(error instanceof Problem && (error.status === 409 || error.code === 'not-allowed'))) {
        close()
        return desk.run(() => Promise.reject(error))
      }
      status.textContent = text('assign.changed')
    }
  }
  const watch = act(async () => {
    await api.watch(item.id, !item.watched)
    return text(item.watched ? 'watch.stopped' : 'watch.begun')
  })
  const dialog: HTMLDialogElement = element(
    'dialog',
    { class: 'card', 'aria-labelledby': 'more-title' },
    element('h2', { id: 'more-title' }, text('more.title', { title: about.title })),
    element('p', { class: 'hint' }, text('watch.hint')),
    button(text(item.watched ? 'watch.stop' : 'watch.begin'), watch, { class: 'secondary' }),
    members.length > 0 && giveForm(desk, item, sortByLanguage(members, about.language), act),
    status,
    button(text('keys.close'), close, { class: 'secondary' }),
  )
  dialog.addEventListener('close', () => {
    signal.removeEventListener('abort', close)
    dialog.remove()
  })
  signal.addEventListener('abort', close)
  document.body.append(dialog)
  dialog.showModal()
}

/** A lead divides what is open; who has a report may pass it on; what a colleague has, a triager may take over. */
function mayGive(desk: Desk, { state, mine }: DialogItem): boolean {
  const { roles } = desk.memory.signedIn.member
  if (state === 'assessed') return false
  return roles.includes('desk_lead') || (state === 'claimed' && (mine || roles.includes('triager')))
}

interface Reader extends Triager {
  readonly readsIt: boolean
}

function sortByLanguage(members: readonly Triager[], language: string | null): Reader[] {
  const readers = members.map((member) => ({
    ...member,
    readsIt:
      language !== null &&
      (member.readingLanguages.length === 0 || member.readingLanguages.includes(language)),
  }))
  return [...readers.filter(({ readsIt }) => readsIt), ...readers.filter(({ readsIt }) => !readsIt)]
}

function giveForm(
  desk: Desk,
  item: DialogItem,
  members: readonly Reader[],
  act: (work: () => Promise<string>) => () => Promise<void>,
): HTMLElement {
  const own = desk.memory.signedIn.member
  const isLead = own.roles.includes('desk_lead')
  // Somebody who is no lead and does not have the report can only take it over.
  const offered = members.filter(({ id }) =>
    id === own.id ? item.state === 'claimed' && !item.mine : isLead || item.mine,
  )
  if (offered.length === 0) return element('p', { class: 'hint' }, text('assign.nobody'))
  const to = radioGroup(
    'assign-to',
    text('assign.to'),
    offered.map((member) => ({
      value: member.id,
      label: `${member.id === own.id ? text('assign.myself') : member.name} – ${languagesText(member)}`,
    })),
  )
  const why = radioGroup(
    'assign-reason',
    text('assign.why'),
    ASSIGN_REASONS.map((value) => ({ value, label: text(`assign.${value}`) })),
  )
  const chosen = (radios: readonly HTMLInputElement[]) => radios.find(({ checked }) => checked)?.value
  const made = form(
    {},
    async () => {
      const [member, reason] = [chosen(to.radios), chosen(why.radios)]
      const errors = [
        ...(member ? [] : [{ field: 'assign-to', text: text('assign.no-member') }]),
        ...(reason ? [] : [{ field: 'assign-reason', text: text('assign.no-reason') }]),
      ]
      if (showErrors(desk.page, made, errors) || !member) return
      await act(async () => {
        await api.assign(item.id, member, reason as AssignReason)
        const name = offered.find(({ id }) => id === member)?.name ?? ''
        return member === own.id ? text('assign.taken-over') : text('assign.given', { name })
      })()
    },
    to.wrapper,
    why.wrapper,
    element('button', { type: 'submit', class: 'primary' }, text('assign.give')),
  )
  return element(
    'section',
    { 'aria-labelledby': 'assign-title', class: 'group' },
    element('h3', { id: 'assign-title' }, text(isLead || item.mine ? 'assign.title' : 'assign.take-over')),
    made,
  )
}

function languagesText({ readingLanguages, readsIt }: Reader): string {
  const languages =
    readingLanguages.length === 0
      ? text('assign.any-language')
      : text('assign.reads', { languages: readingLanguages.map(languageText).join(', ') })
  return readsIt && readingLanguages.length > 0 ? `${languages} (${text('assign.reads-it')})` : languages
}
