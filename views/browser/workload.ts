// How much work lies with whom, for who divides it: counts, in the order of names. Nobody is ranked.
import { type Ageing, isOverTarget, type Targets, targetsSchema } from '../../server/report/ageing.js'
import { api, type WorkloadAnswer } from './api.js'
import type { Desk } from './context.js'
import { element, facts, form } from './dom.js'
import { showErrors, textField } from './forms.js'
import { thisHalfDay } from './inbox-age.js'
import { languageText, text } from './texts.js'

/** Everybody's work, what waits, and the desk's targets. */
export async function showWorkload(desk: Desk): Promise<void> {
  const body = element('div', { class: 'groups' })
  desk.page.show(text('workload.title'), element('p', { class: 'lede' }, text('workload.lede')), body)
  const draw = async (signal: AbortSignal) => {
    const answer = await api.workload(signal)
    signal.throwIfAborted()
    body.replaceChildren(drawWaiting(answer), drawMembers(answer), drawTargets(desk, answer.targets))
  }
  await desk.run(draw)
}

type Counted = WorkloadAnswer['open'][number]

const sum = (rows: readonly Counted[]): string => String(rows.reduce((total, { count }) => total + count, 0))

function asAgeing(row: Counted): Ageing {
  return { ...row, state: row.member === null ? 'waiting' : 'claimed' }
}

function drawWaiting({ open, targets }: WorkloadAnswer): HTMLElement {
  const now = thisHalfDay()
  const waiting = open.filter(({ member }) => member === null)
  const over = (row: Counted) => isOverTarget(asAgeing(row), targets, now)
  const urgent = waiting.filter((row) => row.urgent)
  const others = waiting.filter((row) => !row.urgent)
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'waiting-title' },
    element('h2', { id: 'waiting-title' }, text('workload.waiting')),
    facts([
      [text('workload.urgent'), sum(urgent)],
      [text('workload.urgent-over'), sum(urgent.filter(over))],
      [text('workload.others'), sum(others)],
      [text('workload.others-over'), sum(others.filter(over))],
    ]),
  )
}

function drawMembers({ members, open, targets }: WorkloadAnswer): HTMLElement {
  const now = thisHalfDay()
  return element(
    'section',
    { class: 'group', 'aria-labelledby': 'members-title' },
    element('h2', { id: 'members-title' }, text('workload.members')),
    element(
      'ul',
      { class: 'rows', role: 'list' },
      ...members.map(({ id, name, readingLanguages, assessed }) => {
        const own = open.filter(({ member }) => member === id)
        return element(
          'li',
          { class: 'card', 'aria-labelledby': `worker-${id}` },
          element('h3', { id: `worker-${id}` }, name),
          facts([
            [text('workload.in-hand'), sum(own)],
            [text('workload.urgent-in-hand'), sum(own.filter(({ urgent }) => urgent))],
            [text('workload.over'), sum(own.filter((row) => isOverTarget(asAgeing(row), targets, now)))],
            [text('workload.assessed'), String(assessed)],
            [
              text('workload.languages'),
              readingLanguages.length === 0
                ? text('assign.any-language')
                : readingLanguages.map(languageText).join(', '),
            ],
          ]),
        )
      }),
    ),
  )
}

function drawTargets(desk: Desk, targets: Targets): HTMLElement {
  const fields = {
    urgentMinutes: numberField('target-urgent', 'urgent', targets.urgentMinutes),
    waitingHalfDays: numberField('target-waiting', 'waiting', targets.waitingHalfDays),
    readingHalfDays: numberField('target-reading', 'reading', targets.readingHalfDays),
  }
  const save = () =>
    desk.run(async (signal) => {
      const typed = Object.fromEntries(
        Object.entries(fields).map(([name, { control }]) => [
          name,
          Number(control.value.trim() || Number.NaN),
        ]),
      )
      const parsed = targetsSchema.safeParse(typed)
      const wrong = new Set(parsed.error?.issues.map(({ path: [name] }) => String(name)))
      const errors = Object.entries(fields)
        .filter(([name]) => wrong.has(name))
        .map(([, { control, key }]) => ({ field: control.id, text: text(`target.${key}-wrong`) }))
      if (showErrors(desk.page, made, errors) || !parsed.success) return
      await api.setTargets(parsed.data)
      signal.throwIfAborted()
      desk.enter(text('target.saved'))
    })
  const made = form(
    {},
    save,
    ...Object.values(fields).map(({ wrapper }) => wrapper),
    element('button', { type: 'submit', class: 'primary' }, text('target.save')),
  )
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'targets-title' },
    element('h2', { id: 'targets-title' }, text('target.title')),
    element('p', {}, text('target.lede')),
    element('div', { class: 'narrow' }, made),
  )
}

function numberField(id: string, key: string, value: number) {
  return {
    key,
    ...textField({
      id,
      label: text(`target.${key}`),
      hint: text(`target.${key}-hint`),
      attributes: { inputmode: 'numeric', value },
    }),
  }
}
