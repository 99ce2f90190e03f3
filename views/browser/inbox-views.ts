// Saved views: a filter with a name, of one member or of the team. Both are sealed to the desk before they leave the
// page; the address holds the view's random id alone.
import { packJson } from '../../server/report/envelope.js'
import {
  type InboxFilter,
  isFiltering,
  type SavedViewContent,
  savedViewSchema,
} from '../../server/report/inbox-filter.js'
import { api, Problem, type SealedView } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { choice, showErrors, textField } from './forms.js'
import { openJson } from './open-report.js'
import { sealTo } from './reseal.js'
import { text } from './texts.js'

const LONGEST_NAME = 100

export interface OpenedView extends Omit<SealedView, 'sealed'> {
  /** null when it cannot be opened: it was sealed to another key */
  readonly content: SavedViewContent | null
}

/** The member's own views and those of the team, opened. */
export async function loadViews(desk: Desk, signal: AbortSignal): Promise<OpenedView[]> {
  const sealed = await api.views(signal)
  const opened = await Promise.all(
    sealed.map(async ({ sealed: bytes, ...view }) => ({
      ...view,
      content: await openJson(
        bytes,
        desk.memory.deskKeys,
        { kind: 'view', of: view.id },
        savedViewSchema,
      ).catch(() => null),
    })),
  )
  return opened.sort((a, b) => nameOf(a).localeCompare(nameOf(b)))
}

export function nameOf({ content }: OpenedView): string {
  return content?.name ?? text('view.damaged')
}

/** Links to all reports, those that are followed, and each view. */
export function drawViewLinks(views: readonly OpenedView[], route: string): HTMLElement {
  const link = (to: string, words: string, shared = false) =>
    element(
      'a',
      { href: `#${to}`, class: 'bar-link', 'aria-current': to === route ? 'page' : null },
      shared ? text('view.of-team', { name: words }) : words,
    )
  return element(
    'nav',
    { class: 'views', 'aria-label': text('view.title') },
    link('inbox', text('view.all')),
    link('watched', text('view.watched')),
    ...views.map((view) => link(`view-${view.id}`, nameOf(view), view.shared)),
  )
}

/** A form to keep the filter that is on. `kept` is called with the new view's route. */
export function drawViewForm(
  desk: Desk,
  current: () => InboxFilter,
  kept: (route: string, message: string) => void,
): HTMLElement {
  const name = textField({
    id: 'view-name',
    label: text('view.name'),
    hint: text('view.name-hint'),
    attributes: { maxlength: LONGEST_NAME },
  })
  const shared = element('input', { type: 'checkbox', id: 'view-shared' })
  const save = () =>
    desk.run(async () => {
      const content = { name: name.control.value.trim(), filter: current() }
      const errors = [
        ...(content.name === '' ? [{ field: 'view-name', text: text('view.no-name') }] : []),
        ...(isFiltering(content.filter) ? [] : [{ field: 'view-name', text: text('view.no-filter') }]),
      ]
      if (showErrors(desk.page, made, errors)) return
      const id = crypto.randomUUID()
      const { recipient, recoveryRecipient } = desk.memory.signedIn.desk
      const sealed = await sealTo([recipient, recoveryRecipient], packJson({ kind: 'view', of: id }, content))
      try {
        await api.saveView(id, shared.checked, sealed)
      } catch (error) {
        if (!(error instanceof Problem && error.status === 409)) throw error
        throw new Problem('too-many-views', 409)
      }
      kept(`view-${id}`, text('view.kept'))
    })
  const made = form(
    {},
    save,
    name.wrapper,
    choice(shared, text('view.shared')),
    element('button', { type: 'submit', class: 'secondary' }, text('view.save')),
  )
  return element(
    'details',
    { class: 'keep-view' },
    element('summary', { id: 'keep-view' }, text('view.keep')),
    element('div', { class: 'narrow' }, made),
  )
}

/** A button to remove a view, for who may: who made it, and of the team's views the desk lead. */
export function drawRemoveView(desk: Desk, view: OpenedView): HTMLElement[] {
  const isLead = desk.memory.signedIn.member.roles.includes('desk_lead')
  if (!view.mine && !(view.shared && isLead)) return []
  const remove = () =>
    desk.run(async (signal) => {
      await api.removeView(view.id)
      signal.throwIfAborted()
      desk.go('inbox', text('view.removed'))
    })
  return [button(text('view.remove'), remove, { class: 'secondary', id: 'remove-view' })]
}
