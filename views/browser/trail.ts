// The trail of what the people of the desk did, for the auditor: who, what, when and on which report by its id. Nothing of
// a report stands in it.
import { ROLES, type Role } from '../../server/report/roles.js'
import { api, type TrailLine } from './api.js'
import type { Desk } from './context.js'
import { button, element, spoken } from './dom.js'
import { rolesText } from './people.js'
import { codeText, deskLanguage, text } from './texts.js'

const SHORT_ID = 8

export async function showTrail(desk: Desk): Promise<void> {
  const rows = element('tbody')
  let last: string | null = null
  const older = button(text('trail.older'), () => desk.run(more), { class: 'secondary' })
  older.hidden = true
  async function more(signal: AbortSignal): Promise<void> {
    const lines = await api.trail(last, signal)
    signal.throwIfAborted()
    last = lines.at(-1)?.number ?? last
    const drawn = lines.map(drawLine)
    const isFirst = rows.children.length === 0
    rows.append(...drawn)
    older.hidden = lines.length === 0 || last === '1'
    if (!isFirst) drawn[0]?.focus()
    desk.page.say(lines.length === 0 ? text('trail.end') : '')
  }
  const headings = ['at', 'member', 'act', 'about'].map((name) =>
    element('th', { scope: 'col' }, text(`trail.${name}`)),
  )
  desk.page.show(
    text('trail.title'),
    element('p', { class: 'lede' }, text('trail.lede')),
    element(
      'div',
      { class: 'scrolls', tabindex: 0, role: 'region', 'aria-label': text('trail.title') },
      element('table', { class: 'trail' }, element('thead', {}, element('tr', {}, ...headings)), rows),
    ),
    older,
  )
  await desk.run(more)
}

function drawLine(line: TrailLine): HTMLElement {
  const at = new Intl.DateTimeFormat(deskLanguage, { dateStyle: 'medium', timeStyle: 'short' })
  return element(
    'tr',
    { tabindex: -1 },
    element('td', {}, at.format(new Date(line.at))),
    element('td', {}, line.member ?? text('trail.operator')),
    element('td', {}, codeText('act', line.act)),
    element('td', {}, ...aboutOf(line)),
  )
}

/** A report by the first signs of its id, which say nothing; the whole id for who looks closer. */
function aboutOf({ report, about, help, reason }: TrailLine): Node[] {
  const parts: Node[] = []
  if (report) {
    const short = report.slice(0, SHORT_ID)
    parts.push(
      element(
        'span',
        { title: report },
        `${text('trail.report')} `,
        element('code', { dir: 'ltr' }, short),
        spoken('. '),
      ),
    )
  }
  if (about) parts.push(element('span', {}, `${about} `))
  if (help) parts.push(element('code', { dir: 'ltr' }, help))
  if (reason) parts.push(element('span', {}, `(${reasonText(reason)})`))
  return parts
}

/** A fixed code, or the roles that were given. */
function reasonText(reason: string): string {
  const words = reason.split(' ')
  const roles = words.filter((word): word is Role => (ROLES as readonly string[]).includes(word))
  return roles.length === words.length ? rolesText(roles) : codeText('reason', reason)
}
