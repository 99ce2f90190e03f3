/** The only time of a reporter's act that Baken keeps: a date and its half, as people in the Netherlands count it. */
declare const halfDayBrand: unique symbol
export type HalfDay = string & { readonly [halfDayBrand]: true }

const HALF_DAY = /^\d{4}-\d{2}-\d{2} (am|pm)$/

const dutchClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  calendar: 'gregory',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  hourCycle: 'h23',
})

/** `2026-11-23 pm` for any moment of that afternoon or evening in the Netherlands. */
export function halfDayOf(moment: Date): HalfDay {
  const part = Object.fromEntries(dutchClock.formatToParts(moment).map(({ type, value }) => [type, value]))
  return asHalfDay(`${part.year}-${part.month}-${part.day} ${Number(part.hour) < 12 ? 'am' : 'pm'}`)
}

/** Brands a text read back from storage. Throws on any other shape. */
export function asHalfDay(text: string): HalfDay {
  if (!HALF_DAY.test(text)) throw new Error('not a date with am or pm')
  return text as HalfDay
}
