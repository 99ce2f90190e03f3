// Which views there are, for whom, and which of them stand in the header.
import { mayReadContent, ROLES, type Role } from '../../server/report/roles.js'
import { showAccount } from './account.js'
import type { Desk } from './context.js'
import { showHelpForm } from './help-form.js'
import { showHelp } from './help-list.js'
import { showInbox } from './inbox.js'
import { showNewKey, showRecovery } from './key-new.js'
import { showKey } from './key-view.js'
import { showKeyWait } from './key-wait.js'
import { showPeople } from './people.js'
import { showReport } from './report-view.js'
import { showTrail } from './trail.js'
import { showWorkload } from './workload.js'

export interface View {
  /** what stands behind the `#` of the address, without anything of a report but its random id */
  readonly route: RegExp
  readonly roles: readonly Role[]
  /** where the header leads, and the key of its words; none for views behind another one */
  readonly link?: { readonly route: string; readonly text: string }
  /** whether it is drawn only with the desk's key */
  readonly needsKey: boolean
  show(desk: Desk, match: RegExpExecArray): void | Promise<void>
}

const READERS: readonly Role[] = ['triager', 'reviewer', 'desk_lead']
const KEEPERS_OF_HELP: readonly Role[] = [...READERS, 'administrator']

/** In the order of the header; the first that a member may see is where they begin. */
const VIEWS: readonly View[] = [
  {
    route: /^inbox$/,
    roles: READERS,
    link: { route: 'inbox', text: 'inbox.title' },
    needsKey: true,
    show: (desk) => showInbox(desk, { kind: 'all' }),
  },
  {
    route: /^watched$/,
    roles: READERS,
    needsKey: true,
    show: (desk) => showInbox(desk, { kind: 'watched' }),
  },
  {
    route: /^view-([0-9a-f-]{36})$/,
    roles: READERS,
    needsKey: true,
    show: (desk, [, id = '']) => showInbox(desk, { kind: 'saved', id }),
  },
  {
    route: /^workload$/,
    roles: ['desk_lead'],
    link: { route: 'workload', text: 'workload.title' },
    needsKey: true,
    show: showWorkload,
  },
  {
    route: /^report-([0-9a-f-]{36})$/,
    roles: READERS,
    needsKey: true,
    show: (desk, [, report = '']) => showReport(desk, report),
  },
  {
    route: /^key$/,
    roles: ['key_holder'],
    link: { route: 'key', text: 'key.link' },
    needsKey: true,
    show: showKey,
  },
  { route: /^key-new$/, roles: ['key_holder'], needsKey: true, show: showNewKey },
  // Who waits, and whom nobody can give the key any more, comes here.
  { route: /^key-recover$/, roles: ['key_holder'], needsKey: false, show: showRecovery },
  { route: /^key-wait$/, roles: ['key_holder'], needsKey: false, show: showKeyWait },
  {
    route: /^people$/,
    roles: ['administrator'],
    link: { route: 'people', text: 'people.title' },
    needsKey: false,
    show: showPeople,
  },
  {
    route: /^trail$/,
    roles: ['auditor'],
    link: { route: 'trail', text: 'trail.title' },
    needsKey: false,
    show: showTrail,
  },
  {
    route: /^help$/,
    roles: KEEPERS_OF_HELP,
    link: { route: 'help', text: 'help.title' },
    needsKey: false,
    show: showHelp,
  },
  {
    route: /^help-(new-)?(entry|coordinator)(?:-([a-z0-9_-]+))?$/,
    roles: KEEPERS_OF_HELP,
    needsKey: false,
    show: (desk, [, isNew, kind, id]) =>
      showHelpForm(desk, kind === 'entry' ? 'entry' : 'coordinator', isNew ? null : (id ?? '')),
  },
  // Stands in the header by the member's name.
  { route: /^account$/, roles: ROLES, needsKey: false, show: showAccount },
]

/** The views that somebody in these roles may see. */
export function viewsFor(roles: readonly Role[]): readonly View[] {
  return VIEWS.filter((view) => view.roles.some((role) => roles.includes(role)))
}

/** The view behind a route and what the route says, or the member's first view; null when there is none for these roles. */
export function viewAt(roles: readonly Role[], route: string): { view: View; match: RegExpExecArray } | null {
  const views = viewsFor(roles)
  for (const view of views) {
    const match = view.route.exec(route)
    if (match) return { view, match }
  }
  const [first] = views
  const match = first?.route.exec(first.link?.route ?? 'account')
  return first && match ? { view: first, match } : null
}

/** Whether somebody in these roles waits for the desk's key as long as they do not have it. */
export function waitsForKey(roles: readonly Role[]): boolean {
  return mayReadContent(roles)
}

/** Whether somebody in these roles sees the queue. */
export function readsReports(roles: readonly Role[]): boolean {
  return roles.some((role) => READERS.includes(role))
}
