import { SECTIONS } from '../../server/report/envelope.js'
import type { ReportHeader } from '../../server/report/report.js'
import { api, fromBase64, Problem, type ReportAnswer } from './api.js'
import { assessmentDrafts, drawAssessment, drawAssessmentForm } from './assessment-form.js'
import type { Desk } from './context.js'
import { button, element, facts } from './dom.js'
import { drawFiles } from './files.js'
import { rowTitle, stateText, vantageText } from './inbox-row.js'
import { hearReport } from './inbox-signal.js'
import { drawLost, keepLease } from './lease.js'
import { drawMailbox } from './mailbox.js'
import { openAssessment, openHeader } from './open-report.js'
import { showReportDialog } from './report-dialog.js'
import { drawSection } from './report-sections.js'
import { codeText, countText, halfDayText, languageText, placeText, text } from './texts.js'

/** One report, opened in this page: facts, sections, files, the desk's own judgement and the mailbox. */
export async function showReport(desk: Desk, id: string): Promise<void> {
  const body = element('div', { class: 'report' }, element('p', { class: 'lede' }, text('report.opening')))
  desk.page.show(text('report.title'), backLink(), body)
  await desk.run(async (signal) => {
    let report: ReportAnswer
    try {
      report = await api.report(id, signal)
    } catch (error) {
      const words = error instanceof Problem ? refusal(error) : null
      if (words === null || signal.aborted) throw error
      const isOthers = error instanceof Problem && error.status === 403
      body.replaceChildren(
        element('p', { class: 'card' }, words),
        ...(isOthers && desk.memory.signedIn.member.roles.includes('triager') ? [drawLost(desk, id)] : []),
      )
      return
    }
    const header = await openReportHeader(desk, report, signal)
    const sections = await Promise.all(
      SECTIONS.map((kind) => drawSection(desk, report, kind, header, signal)),
    )
    const assessment = await drawJudgement(desk, report)
    signal.throwIfAborted()
    const warning = element('div', { role: 'status' })
    const lost = element('div')
    if (report.state === 'claimed' && report.mine) {
      hearReport(desk, id)
      keepLease(desk, id, lost)
    }
    const mailbox = header?.mailbox ? [drawMailbox(desk, header, { files: report.files, warning })] : []
    body.replaceChildren(
      lost,
      warning,
      reportFacts(report, header),
      element('div', { class: 'sections' }, ...sections),
      ...drawFiles(desk, report),
      element('div', { class: 'work' }, assessment, ...mailbox),
      ...(report.state === 'claimed' && report.mine ? [handBack(desk, id)] : []),
      moreButton(desk, report, header),
    )
  })
}

/** The header from the inbox, or from the report itself; null when it cannot be opened. */
async function openReportHeader(
  desk: Desk,
  report: ReportAnswer,
  signal: AbortSignal,
): Promise<ReportHeader | null> {
  const known = desk.memory.headers.get(report.id)
  const part = report.parts.find(({ kind }) => kind === 'header')
  if (known || !part) return known ?? null
  const sealed = await api.part(report.id, part.id, signal)
  const header = await openHeader(sealed, desk.memory.deskKeys, report.id).catch(() => null)
  signal.throwIfAborted()
  if (header) desk.memory.headers.set(report.id, header)
  return header
}

async function drawJudgement(desk: Desk, report: ReportAnswer): Promise<HTMLElement> {
  if (report.assessment === null) return drawAssessmentForm(desk, report.id)
  const opened = await openAssessment(fromBase64(report.assessment), desk.memory.deskKeys, report.id).catch(
    () => null,
  )
  return drawAssessment(opened)
}

function reportFacts(report: ReportAnswer, header: ReportHeader | null): HTMLElement {
  const { urgent, halfDay, policeUnit, files } = report
  const rest: [string, string | null][] = header
    ? [
        [text('inbox.place'), placeText(header.municipality, policeUnit)],
        [text('inbox.language'), languageText(header.language)],
        [text('inbox.vantage'), vantageText(header)],
        [text('report.danger'), header.danger && codeText('danger', header.danger)],
        [text('report.minor'), header.minor ? text('report.minor-yes') : null],
        [text('inbox.mailbox'), text(header.mailbox ? 'inbox.yes' : 'inbox.no')],
      ]
    : [[text('inbox.place'), placeText(null, policeUnit)]]
  return element(
    'section',
    { class: 'card overview', 'aria-labelledby': 'overview-title' },
    element('h2', { id: 'overview-title' }, text('report.overview')),
    urgent &&
      element('p', { class: 'marks' }, element('span', { class: 'mark urgent' }, text('inbox.urgent'))),
    !header && element('p', { class: 'damage' }, text('problem.cannot-open')),
    facts([
      [text('inbox.arrived'), halfDayText(halfDay)],
      ...rest,
      [text('inbox.files'), files === 0 ? text('inbox.no-files') : countText('inbox.file-count', files)],
      [text('inbox.state'), stateText(report)],
    ]),
  )
}

function handBack(desk: Desk, id: string): HTMLElement {
  const press = () =>
    desk.run(async (signal) => {
      await api.handBack(id)
      desk.memory.drafts.remove(...assessmentDrafts(id))
      signal.throwIfAborted()
      desk.go('inbox', text('report.handed-back'))
    })
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'hand-back-title' },
    element('h2', { id: 'hand-back-title' }, text('report.hand-back-title')),
    element('p', {}, text('report.hand-back-effect')),
    button(text('report.hand-back'), press, { class: 'secondary', 'data-key': 'hand-back' }),
  )
}

/** Following it, or passing it on: the report is then somebody else's. */
function moreButton(desk: Desk, report: ReportAnswer, header: ReportHeader | null): HTMLElement {
  const about = { title: rowTitle(header ?? 'damaged'), language: header?.language ?? null }
  const press = () =>
    desk.run(() =>
      showReportDialog(desk, report, about, async (message) => {
        desk.go('inbox', message)
      }),
    )
  return button(text('inbox.more'), press, {
    class: 'secondary',
    id: 'report-more',
    'data-key': 'watch',
  })
}

function backLink(): HTMLElement {
  return element('p', { class: 'back' }, element('a', { href: '#inbox' }, text('report.back')))
}

function refusal({ status }: Problem): string | null {
  if (status === 403) return text('report.somebody-else')
  return status === 404 || status === 400 ? text('report.gone') : null
}
