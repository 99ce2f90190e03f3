// How long a report waits, in words: there is no exact time, and none is shown.
import { type Ageing, halfDaysBetween, type Targets } from '../../server/report/ageing.js'
import { halfDayOf } from '../../server/report/half-day.js'
import { countText, text } from './texts.js'

/** This half-day, as people in the Netherlands count it. */
export function thisHalfDay(): string {
  return halfDayOf(new Date())
}

/** `over an hour`, `since yesterday afternoon`; nothing for what was assessed. */
export function ageText(report: Ageing, targets: Targets, now: string): string {
  if (report.state === 'assessed') return ''
  if (report.urgent) return targetText(report.late ? 'age.over' : 'age.within', targets.urgentMinutes)
  return sinceText(report.halfDay, now)
}

/** Minutes in the words of people: an hour, hours, minutes. `key` is what is said of them. */
export function targetText(key: string, minutes: number): string {
  if (minutes === 60) return text(`${key}-hour`)
  if (minutes % 60 === 0) return text(`${key}-hours`, { count: minutes / 60 })
  return text(`${key}-minutes`, { count: minutes })
}

function sinceText(halfDay: string, now: string): string {
  const half = halfDay.endsWith('am') ? 'am' : 'pm'
  const age = halfDaysBetween(halfDay, now)
  const isAfternoon = now.endsWith('pm')
  // Half-days are counted from the morning: so many of today are over.
  const days = Math.ceil((age - (isAfternoon ? 1 : 0)) / 2)
  if (days <= 0) return text(`age.today-${half}`)
  if (days === 1) return text(`age.yesterday-${half}`)
  return countText('age.days', days)
}
