// What the inbox shows through a filter, how pressing a report is, and for how long.
import fc from 'fast-check'
import t from 'tap'
import {
  type Ageing,
  bandOf,
  DEFAULT_TARGETS,
  halfDaysBetween,
  isOverTarget,
} from '../../server/report/ageing.js'
import {
  FACETS,
  type FilterItem,
  filterInbox,
  filterSchema,
  type InboxFilter,
  isFiltering,
  NO_FILTER,
} from '../../server/report/inbox-filter.js'
import type { ReportHeader } from '../../server/report/report.js'

const NOW = '2026-11-24 am'
const HALF_DAYS = ['2026-11-20 am', '2026-11-23 pm', NOW] as const
const NAMES: Readonly<Record<string, string>> = { GM0344: 'Utrecht', GM0363: 'Amsterdam', GM0772: 'Súdwest' }

const header: fc.Arbitrary<ReportHeader> = fc.record({
  language: fc.constantFrom('nl', 'pl'),
  vantage: fc.constantFrom('citizen' as const, null),
  municipality: fc.constantFrom('GM0344', 'GM0363', 'GM0772', null),
  forms: fc.subarray(['labour', 'sexual']),
  signs: fc.nat(3),
  danger: fc.constantFrom('yes' as const, 'no' as const, null),
  minor: fc.boolean(),
  when: fc.constant(null),
  mailbox: fc.constantFrom('8c8c5d1e-6f3c-4c5e-9a53-0d6b6c8d1f00', null),
  alike: fc.constant(null),
})
const item: fc.Arbitrary<FilterItem & { header: ReportHeader | undefined }> = fc.record({
  id: fc.uuid(),
  policeUnit: fc.constantFrom('Oost-Nederland', 'national'),
  urgent: fc.boolean(),
  late: fc.boolean(),
  halfDay: fc.constantFrom(...HALF_DAYS),
  files: fc.nat(2),
  state: fc.constantFrom('waiting' as const, 'claimed' as const, 'assessed' as const),
  mine: fc.boolean(),
  watched: fc.boolean(),
  header: fc.option(header, { nil: undefined }),
})
const filter: fc.Arbitrary<InboxFilter> = fc.record({
  chosen: fc.record(
    {
      state: fc.subarray(['waiting', 'mine', 'claimed', 'assessed']),
      language: fc.subarray(['nl', 'pl']),
      minor: fc.subarray(['yes']),
      form: fc.subarray(['labour', 'sexual']),
      files: fc.subarray(['yes', 'no']),
    },
    { requiredKeys: [] },
  ),
  place: fc.constantFrom('', 'UTR', 'sudwest'),
  from: fc.constantFrom(null, ...HALF_DAYS),
  to: fc.constantFrom(null, ...HALF_DAYS),
})

const through = (items: readonly (FilterItem & { header: ReportHeader | undefined })[], by: InboxFilter) => {
  const headers = new Map(items.map((one) => [one.id, one.header]))
  return filterInbox(items, by, {
    headerOf: (id) => headers.get(id),
    municipalityName: (code) => NAMES[code] ?? '',
    targets: DEFAULT_TARGETS,
    now: NOW,
  })
}

t.test('no filter shows everything, and each step of a filter shows some of it in the same order', (t) => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), filter, (items, by) => {
      const whole = through(items, NO_FILTER).items
      const shown = through(items, by).items
      const order = shown.map((one) => items.indexOf(one as never))
      return (
        whole.length === items.length &&
        order.every((at, i) => at >= 0 && (i === 0 || at > (order[i - 1] ?? 0))) &&
        (isFiltering(by) || shown.length === items.length)
      )
    }),
  )
  t.end()
})

t.test(
  'the count beside an answer is how many reports there are when it alone is ticked at its question',
  (t) => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), filter, (items, by) => {
        const { counts } = through(items, by)
        return FACETS.every((facet) =>
          [...counts[facet]].every(([value, count]) => {
            const alone = { ...by, chosen: { ...by.chosen, [facet]: [value] } }
            return through(items, alone).items.length === count
          }),
        )
      }),
    )
    t.end()
  },
)

t.test('a filter survives being kept, and nothing else is taken for one', (t) => {
  fc.assert(
    fc.property(filter, (by) => {
      const kept = filterSchema.parse(JSON.parse(JSON.stringify(by)))
      return JSON.stringify(kept) === JSON.stringify(by)
    }),
  )
  for (const wrong of [
    { ...NO_FILTER, more: 1 },
    { ...NO_FILTER, from: '2026' },
    { ...NO_FILTER, chosen: { name: ['x'] } },
  ]) {
    t.notOk(filterSchema.safeParse(wrong).success)
  }
  t.end()
})

t.test('a place is found by a part of its name, whatever the letters', (t) => {
  const base = { policeUnit: 'national', urgent: false, late: false, halfDay: NOW, files: 0 }
  const [nl] = fc.sample(header, 1)
  const at = (id: string, municipality: string | null) => ({
    ...base,
    id,
    state: 'waiting' as const,
    mine: false,
    watched: false,
    header: { ...(nl as ReportHeader), municipality },
  })
  const items = [at('a', 'GM0772'), at('b', 'GM0344'), at('c', null), { ...at('d', null), header: undefined }]
  const found = (place: string) => through(items, { ...NO_FILTER, place }).items.map(({ id }) => id)
  t.same(found('sudw'), ['a'])
  t.same(found(' TRECHT '), ['b'])
  t.same(found('e'), ['a', 'b'])
  t.end()
})

t.test('half-days are counted over days and months', (t) => {
  for (const [from, to, count] of [
    ['2026-11-23 am', '2026-11-23 am', 0],
    ['2026-11-23 am', '2026-11-23 pm', 1],
    ['2026-11-23 pm', '2026-11-24 am', 1],
    ['2026-10-24 pm', '2026-10-26 am', 3],
    ['2026-12-31 pm', '2027-01-01 pm', 2],
    ['nonsense', '2026-11-23 am', 0],
  ] as const) {
    t.equal(halfDaysBetween(from, to), count, `${from} to ${to}`)
  }
  t.end()
})

t.test('danger comes first; an urgent report goes by the desk’s countdown, another by its half-days', (t) => {
  const waiting: Ageing = { urgent: false, late: false, halfDay: NOW, state: 'waiting' }
  const urgent = { ...waiting, urgent: true }
  const band = (report: Ageing, isDanger = false) => bandOf(report, isDanger, DEFAULT_TARGETS, NOW)
  t.equal(band(urgent, true), 'danger')
  t.equal(band(urgent), 'due')
  t.equal(band({ ...urgent, late: true }), 'overdue')
  t.same(
    ['2026-11-24 am', '2026-11-23 am', '2026-11-22 pm', '2026-11-22 am', '2026-11-21 pm'].map((halfDay) =>
      band({ ...waiting, halfDay }),
    ),
    ['later', 'later', 'due', 'due', 'overdue'],
    'four half-days may one wait',
  )
  t.equal(band({ ...waiting, state: 'claimed', halfDay: '2026-11-21 pm' }), 'later', 'reading may take ten')
  t.equal(
    isOverTarget({ ...waiting, state: 'claimed', halfDay: '2026-11-18 am' }, DEFAULT_TARGETS, NOW),
    true,
  )
  t.equal(isOverTarget(urgent, DEFAULT_TARGETS, NOW), false)
  t.end()
})
