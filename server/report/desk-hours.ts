// When somebody reads reports, so that the pages promise no more than that. Hours are the desk's own, as a setting.

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const PERIOD =
  /^(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/
const DAY_MINUTES = 24 * 60
/** Any Monday: the names of days are counted from here. */
const A_MONDAY = Date.UTC(2024, 0, 1, 12)
const DAY_MS = 24 * 60 * 60 * 1000

interface Period {
  /** 0 is Monday */
  readonly from: number
  readonly to: number
  /** minutes since midnight */
  readonly begins: number
  readonly ends: number
}
export type DeskHours = readonly Period[]

const dutchClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/**
 * Reads `mon-fri 09:00-17:00, sat 10:00-14:00` (times in the Netherlands, up to 24:00; a period ends on the day it
 * begins). Null when it cannot be read so.
 */
export function readDeskHours(text: string): DeskHours | null {
  const periods = text.split(',').map((part) => readPeriod(part.trim()))
  return periods.every((period) => period !== null) ? periods : null
}

function readPeriod(text: string): Period | null {
  const [, first, last = first, ...times] = PERIOD.exec(text) ?? []
  const [beginHour = 0, beginMinute = 0, endHour = 0, endMinute = 0] = times.map(Number)
  const period = {
    from: dayNumber(first),
    to: dayNumber(last),
    begins: beginHour * 60 + beginMinute,
    ends: endHour * 60 + endMinute,
  }
  const isRight = period.from >= 0 && period.from <= period.to && beginMinute < 60 && endMinute < 60
  return isRight && period.begins < period.ends && period.ends <= DAY_MINUTES ? period : null
}

function dayNumber(name: string | undefined): number {
  return DAYS.findIndex((day) => day.startsWith(name ?? '-'))
}

/** Whether somebody reads at this moment. */
export function isReadingAt(hours: DeskHours, moment: Date): boolean {
  const part = Object.fromEntries(dutchClock.formatToParts(moment).map(({ type, value }) => [type, value]))
  const day = dayNumber(part.weekday?.toLowerCase())
  const minutes = Number(part.hour) * 60 + Number(part.minute)
  return hours.some(
    ({ from, to, begins, ends }) => from <= day && day <= to && begins <= minutes && minutes < ends,
  )
}

/** The hours in words of a language: `Monday – Friday 09:00 – 17:00`. */
export function describeHours(hours: DeskHours, language: string): string {
  const names = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  const name = (day: number): string => names.format(new Date(A_MONDAY + day * DAY_MS))
  const clock = (minutes: number): string =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const spoken = hours.map(({ from, to, begins, ends }) => {
    const days = from === to ? name(from) : `${name(from)} – ${name(to)}`
    return `${days} ${clock(begins)} – ${clock(ends)}`
  })
  return spoken.join('; ')
}
