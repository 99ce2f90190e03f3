import t from 'tap'
import { describeHours, isReadingAt, readDeskHours } from '../../server/report/desk-hours.js'

t.test('hours are read, and anything else is refused', async (t) => {
  t.ok(readDeskHours('mon-fri 09:00-17:00, sat 10:00-14:00'))
  t.ok(readDeskHours('mon-sun 00:00-24:00'))
  for (const wrong of [
    '',
    'always',
    'mon 9-17',
    'fri-mon 09:00-17:00',
    'mon 17:00-09:00',
    'mon 09:00-24:01',
    'mon 09:60-10:00',
    'mon 09:00-17:00,',
  ])
    t.equal(readDeskHours(wrong), null, wrong)
})

t.test(
  'whether somebody reads is told by the clock of the Netherlands, in winter and in summer',
  async (t) => {
    const hours = readDeskHours('mon-fri 09:00-17:00') ?? []
    for (const [moment, reads] of [
      ['2026-11-23T07:59:59Z', false],
      ['2026-11-23T08:00:00Z', true],
      ['2026-11-23T15:59:59Z', true],
      ['2026-11-23T16:00:00Z', false],
      ['2026-07-06T06:59:59Z', false],
      ['2026-07-06T07:00:00Z', true],
      ['2026-11-22T10:00:00Z', false],
      ['2026-11-28T10:00:00Z', false],
    ] as const)
      t.equal(isReadingAt(hours, new Date(moment)), reads, moment)
  },
)

t.test('hours are told in the words of a language', async (t) => {
  const hours = readDeskHours('mon-fri 09:00-17:00, sun 10:00-12:30') ?? []
  t.equal(describeHours(hours, 'en'), 'Monday – Friday 09:00 – 17:00; Sunday 10:00 – 12:30')
  t.equal(describeHours(hours, 'nl'), 'maandag – vrijdag 09:00 – 17:00; zondag 10:00 – 12:30')
})
