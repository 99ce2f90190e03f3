// The reporter's mailbox: the desk may ask, the reporter may answer with the code. Questions are sealed to the
// mailbox, to the desk and to the recovery key; whoever holds the server reads none of them.
import type { ReportHeader } from '../../server/report/report.js'
import { api, fromBase64, type MailboxAnswer } from './api.js'
import type { Desk } from './context.js'
import { button, element, form } from './dom.js'
import { drawAddedFiles } from './files.js'
import { showErrors, textField } from './forms.js'
import { openMessage } from './open-report.js'
import { drawQuestionForm } from './question-form.js'
import { words } from './report-sections.js'
import { sealQuestion } from './reseal.js'
import { halfDayText, languageText, text } from './texts.js'

const LONGEST_QUESTION = 5_000
const QUESTION_ROWS = 4

/** The mailbox of a report as a card that fills itself; `warning` is filled when the reporter withdrew the report. */
export function drawMailbox(
  desk: Desk,
  header: ReportHeader,
  { files, warning }: { files: number; warning: HTMLElement },
): HTMLElement {
  const body = element('div', {}, element('p', {}, text('mailbox.opening')))
  const mailbox = header.mailbox ?? ''
  const load = (): Promise<void> =>
    desk.run(async (signal) => {
      const found = await api.mailbox(mailbox, signal)
      const talk = await drawTalk(desk, found, header.language)
      const added = await drawAdditions(desk, found, header.language, files)
      signal.throwIfAborted()
      const isWithdrawn = found.additions.some(({ kind }) => kind === 'withdrawal')
      warning.replaceChildren(...(isWithdrawn ? [withdrawnNote()] : []))
      const rest = isWithdrawn || found.closed ? [closedNote(found)] : writing(desk, found, header, load)
      body.replaceChildren(talk, ...added, ...rest)
    })
  void load()
  return element(
    'section',
    { class: 'card mailbox', 'aria-labelledby': 'mailbox-title' },
    element('h2', { id: 'mailbox-title', tabindex: -1 }, text('mailbox.title')),
    body,
  )
}

/** Questions with their answers, each opened by itself: a damaged one does not hide the others. */
async function drawTalk(desk: Desk, mailbox: MailboxAnswer, language: string): Promise<HTMLElement> {
  if (mailbox.questions.length === 0) return element('p', { class: 'quiet' }, text('mailbox.empty'))
  const { deskKeys } = desk.memory
  const read = async (sealed: string, kind: 'question' | 'answer', of: string): Promise<HTMLElement> => {
    const opened = await openMessage(fromBase64(sealed), deskKeys, { kind, of }).catch(() => null)
    if (opened === null) return element('p', { class: 'damage' }, text('problem.cannot-open'))
    return words(opened, language) ?? element('p', { class: 'quiet' }, text('section.empty'))
  }
  const items: HTMLElement[] = []
  for (const question of mailbox.questions) {
    const answers: HTMLElement[] = []
    for (const answer of question.answers) {
      const heading = element('h4', {}, text('mailbox.answer', { arrived: halfDayText(answer.halfDay) }))
      answers.push(
        element('div', { class: 'answer' }, heading, await read(answer.sealed, 'answer', question.id)),
      )
    }
    const unanswered = element('p', { class: 'quiet' }, text('mailbox.no-answer'))
    items.push(
      element(
        'li',
        {},
        element('h3', {}, text('mailbox.question')),
        await read(question.sealed, 'question', mailbox.id),
        ...(answers.length > 0 ? answers : [unanswered]),
      ),
    )
  }
  return element('ol', { class: 'talk', role: 'list' }, ...items)
}

/** What the reporter sent without being asked: words and files. */
async function drawAdditions(
  desk: Desk,
  { id, additions }: MailboxAnswer,
  language: string,
  filesBefore: number,
): Promise<HTMLElement[]> {
  const drawn: HTMLElement[] = []
  for (const { kind, halfDay, sealed } of additions) {
    if (kind !== 'addition' || sealed === null) continue
    const opened = await openMessage(fromBase64(sealed), desk.memory.deskKeys, { kind, of: id }).catch(
      () => null,
    )
    const damage = element('p', { class: 'damage' }, text('problem.cannot-open'))
    const heading = element('h3', {}, text('mailbox.added', { arrived: halfDayText(halfDay) }))
    drawn.push(
      element(
        'div',
        { class: 'answer' },
        heading,
        opened === null ? damage : (words(opened, language) ?? damage),
      ),
    )
  }
  const files = additions.filter(({ kind }) => kind === 'added_file')
  if (files.length > 0) {
    drawn.push(
      element('h3', {}, text('mailbox.added-files')),
      element('p', { class: 'hint' }, text('files.care')),
      drawAddedFiles(desk, id, files, filesBefore),
    )
  }
  return drawn
}

function writing(
  desk: Desk,
  mailbox: MailboxAnswer,
  header: ReportHeader,
  reload: () => Promise<void>,
): HTMLElement[] {
  const { drafts, signedIn } = desk.memory
  const draft = `question-${mailbox.id}`
  const question = textField({
    id: 'question',
    label: text('mailbox.ask-label'),
    hint: text('mailbox.ask-hint', { language: languageText(header.language) }),
    rows: QUESTION_ROWS,
    attributes: { dir: 'auto', translate: 'no' },
  })
  drafts.keep(question.control, draft)
  // The same question keeps its id, so that a second try after a lost answer stores it once.
  let attempt = { written: '', id: '' }
  const send = async (written: string): Promise<void> => {
    if (attempt.written !== written) attempt = { written, id: crypto.randomUUID() }
    await api.ask(mailbox.id, attempt.id, await sealQuestion(mailbox, written, signedIn.desk))
  }
  const askFixed = (written: string) =>
    desk.run(async (signal) => {
      await send(written)
      signal.throwIfAborted()
      await done(desk, 'mailbox.asked', reload)
    })
  const ask = () =>
    desk.run(async (signal) => {
      const written = question.control.value.trim()
      const mistake =
        written === '' ? 'mailbox.nothing' : written.length > LONGEST_QUESTION ? 'mailbox.too-long' : null
      const errors = mistake ? [{ field: 'question', text: text(mistake, { most: LONGEST_QUESTION }) }] : []
      if (showErrors(desk.page, made, errors)) return
      await send(written)
      drafts.remove(draft)
      signal.throwIfAborted()
      await done(desk, 'mailbox.asked', reload)
    })
  const close = () =>
    desk.run(async (signal) => {
      await api.closeMailbox(mailbox.id)
      drafts.remove(draft)
      signal.throwIfAborted()
      await done(desk, 'mailbox.closed-now', reload)
    })
  const made = form(
    {},
    ask,
    question.wrapper,
    element('button', { type: 'submit', class: 'secondary' }, text('mailbox.ask')),
  )
  const reminder = element('p', { class: 'reminder' }, text('mailbox.never-who'))
  const fixed = drawQuestionForm(desk, header.language, askFixed)
  const closing = element(
    'details',
    { class: 'closing' },
    element('summary', {}, text('mailbox.close')),
    element('p', {}, text('mailbox.close-effect')),
    button(text('mailbox.close-now'), close, { class: 'secondary' }),
  )
  return [reminder, ...(fixed ? [fixed] : []), made, closing]
}

async function done(desk: Desk, key: string, reload: () => Promise<void>): Promise<void> {
  await reload()
  document.getElementById('mailbox-title')?.focus()
  desk.page.say(text(key))
}

function closedNote({ additions }: MailboxAnswer): HTMLElement {
  const isEnded = additions.some(({ kind }) => kind === 'ending')
  const isWithdrawn = additions.some(({ kind }) => kind === 'withdrawal')
  const key = isEnded ? 'mailbox.is-ended' : isWithdrawn ? 'mailbox.no-more-questions' : 'mailbox.is-closed'
  return element('p', { class: 'quiet' }, text(key))
}

function withdrawnNote(): HTMLElement {
  return element(
    'section',
    { class: 'card withdrawn', 'aria-labelledby': 'withdrawn-title' },
    element('h2', { id: 'withdrawn-title' }, text('withdrawn.title')),
    element('p', {}, text('withdrawn.what')),
    element('p', {}, text('withdrawn.not')),
  )
}
