import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { asHalfDay, halfDayOf } from '../../server/report/half-day.js'

t.test('noon and midnight of the Netherlands are the borders, in winter and in summer', async (t) => {
  for (const [moment, expected] of [
    ['2026-11-22T22:59:59.999Z', '2026-11-22 pm'],
    ['2026-11-22T23:00:00.000Z', '2026-11-23 am'],
    ['2026-11-23T10:59:59.999Z', '2026-11-23 am'],
    ['2026-11-23T11:00:00.000Z', '2026-11-23 pm'],
    ['2026-07-14T21:59:59.999Z', '2026-07-14 pm'],
    ['2026-07-14T22:00:00.000Z', '2026-07-15 am'],
    ['2026-07-15T09:59:59.999Z', '2026-07-15 am'],
    ['2026-07-15T10:00:00.000Z', '2026-07-15 pm'],
    ['2026-12-31T23:30:00.000Z', '2027-01-01 am'],
    ['2028-02-28T23:30:00.000Z', '2028-02-29 am'],
  ] as const) {
    t.equal(halfDayOf(new Date(moment)), expected, moment)
  }
})

t.test('on the days the clocks change, noon is where the clocks on the wall say', async (t) => {
  for (const [moment, expected] of [
    ['2026-03-28T23:00:00Z', '2026-03-29 am'],
    ['2026-03-29T09:59:59Z', '2026-03-29 am'],
    ['2026-03-29T10:00:00Z', '2026-03-29 pm'],
    ['2026-03-29T22:00:00Z', '2026-03-30 am'],
    ['2026-10-24T22:00:00Z', '2026-10-25 am'],
    ['2026-10-25T00:30:00Z', '2026-10-25 am'],
    ['2026-10-25T01:30:00Z', '2026-10-25 am'],
    ['2026-10-25T10:59:59Z', '2026-10-25 am'],
    ['2026-10-25T11:00:00Z', '2026-10-25 pm'],
    ['2026-10-25T23:00:00Z', '2026-10-26 am'],
  ] as const) {
    t.equal(halfDayOf(new Date(moment)), expected, moment)
  }
})

t.test('the zone and the language of the server change nothing', async (t) => {
  const code = `import { halfDayOf } from ${JSON.stringify(new URL('../../server/report/half-day.js', import.meta.url).href)}
    process.stdout.write(halfDayOf(new Date('2026-11-22T23:00:00Z')))`
  for (const TZ of ['America/Los_Angeles', 'Pacific/Kiritimati', 'UTC', 'Asia/Tehran']) {
    const env = { TZ, LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8' }
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
      env,
      encoding: 'utf8',
    })
    t.equal(told, '2026-11-23 am', TZ)
  }
})

t.test('no moment gives anything finer than a half-day, and order is kept', async () => {
  const moments = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, fc.nat({ max: 10 ** 9 }), (moment, later) => {
      const [one, two] = [halfDayOf(moment), halfDayOf(new Date(moment.getTime() + later))]
      return /^20\d\d-\d\d-\d\d (am|pm)$/.test(one) && one <= two
    }),
  )
})

t.test('what is read back must be a half-day and nothing around it', async (t) => {
  t.equal(asHalfDay('2026-11-23 pm'), '2026-11-23 pm')
  for (const text of [
    '2026-11-23',
    '2026-11-23 14:05',
    '2026-11-23 pm ',
    '\n2026-11-23 pm',
    '٢٠٢٦-١١-٢٣ pm',
  ]) {
    t.throws(() => asHalfDay(text), text)
  }
  t.throws(() => asHalfDay('2026-11-23 pm\n'), 'nor a line end')
})
