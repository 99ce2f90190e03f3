// Which reports the desk's browser puts together.
import fc from 'fast-check'
import t from 'tap'
import { type Alike, areAlike, LEAST_EQUAL_SAMPLES, SAMPLES } from '../../server/report/alike.js'
import { FEWEST_WITHOUT_WORDS, groupAlike } from '../../server/report/group-alike.js'
import { headerSchema, type ReportHeader } from '../../server/report/report.js'

const long = process.env.BAKEN_TEST_LONG === 'yes'
const runs = { numRuns: long ? 2_000 : 100 }

interface Report {
  readonly id: number
  readonly header: ReportHeader
}

function report(id: number, alike: Alike | null, over: Partial<ReportHeader> = {}): Report {
  const nothing = { language: 'nl', vantage: null, municipality: null, forms: [], signs: 0, danger: null }
  return { id, header: { ...nothing, minor: false, when: null, mailbox: null, ...over, alike } }
}
const byWords = (sketches: readonly string[]) =>
  sketches.map((sketch, id) => report(id, { by: 'words', sketch }))
const ids = (groups: ReturnType<typeof groupAlike<Report>>) =>
  groups.map(({ reports }) => reports.map(({ id }) => id))
/** The same groups, whatever their order and that of their reports. */
const asSets = (groups: ReturnType<typeof groupAlike<Report>>) =>
  ids(groups)
    .map((group) => group.sort((a, b) => a - b).join())
    .sort()

const digit = fc.constantFrom(...'0123456789abcdef')
const sketch = fc.string({ unit: digit, minLength: SAMPLES, maxLength: SAMPLES })
/** A text and some that differ from it in so many samples at most. */
const family = (most: number) =>
  fc
    .tuple(sketch, fc.array(fc.array(fc.tuple(fc.nat({ max: SAMPLES - 1 }), digit), { maxLength: most })))
    .map(([first, changes]) => [
      first,
      ...changes.map((own) => own.reduce((text, [at, to]) => change(text, at, to), first)),
    ])
const change = (text: string, at: number, to: string) => text.slice(0, at) + to + text.slice(at + 1)
/** A small sequence of numbers that looks like chance and is the same each time. */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state
  }
}

t.test('what differs in a few samples stands together, what differs in more does not', async (t) => {
  const first = '0'.repeat(SAMPLES)
  const most = SAMPLES - LEAST_EQUAL_SAMPLES
  const near = 'f'.repeat(most) + '0'.repeat(SAMPLES - most)
  const far = 'f'.repeat(most + 1) + '0'.repeat(SAMPLES - most - 1)
  t.same(ids(groupAlike(byWords([first, near]))), [[0, 1]])
  t.same(groupAlike(byWords([first, far])), [])
  t.same(groupAlike([...byWords([first, far]), report(2, null), report(3, null)]), [], 'older headers')
})

t.test('alike sketches are always compared, wherever they differ', async () => {
  const most = SAMPLES - LEAST_EQUAL_SAMPLES
  fc.assert(
    fc.property(sketch, fc.subarray([...Array(SAMPLES).keys()], { maxLength: most }), (one, places) => {
      const other = places.reduce((text, at) => change(text, at, text[at] === '0' ? '1' : '0'), one)
      return groupAlike(byWords([one, other])).length === 1
    }),
    { numRuns: long ? 20_000 : 2_000 },
  )
})

t.test('the order in which reports come changes nothing but the order in which they stand', async () => {
  const many = fc
    .array(family(18), { minLength: 1, maxLength: 6 })
    .map((families) => byWords(families.flat()))
  const shuffled = many.chain((reports) =>
    fc.tuple(fc.constant(reports), fc.shuffledSubarray(reports, { minLength: reports.length })),
  )
  fc.assert(
    fc.property(shuffled, ([given, other]) => {
      const own = ids(groupAlike(other))
      const places = new Map(other.map(({ id }, at) => [id, at]))
      const inOrder = own.every((group) =>
        group.every((id, i) => i === 0 || (places.get(group[i - 1] as number) ?? 0) < (places.get(id) ?? 0)),
      )
      return inOrder && asSets(groupAlike(given)).join(';') === asSets(groupAlike(other)).join(';')
    }),
    runs,
  )
})

t.test(
  'a chain of small steps does not become one group: each has a middle that all are alike to',
  async (t) => {
    const chain = Array.from({ length: 200 }, (_, i) =>
      Array.from({ length: SAMPLES }, (_, at) =>
        ((Math.floor((i * 8 + SAMPLES - 1 - at) / SAMPLES) * 7) % 16).toString(16),
      ).join(''),
    )
    t.ok(
      chain.every((one, i) => i === 0 || areAlike(one, chain[i - 1] as string)),
      'each is alike to the next',
    )
    const groups = ids(groupAlike(byWords(chain)))
    t.ok(groups.length > 50, `${groups.length} groups`)
    for (const group of groups) {
      const middle = group.find((one) =>
        group.every((id) => areAlike(chain[one] as string, chain[id] as string)),
      )
      t.not(middle, undefined)
    }
  },
)

t.test('5,000 reports are compared a bounded number of times, whatever they say', async (t) => {
  const numbers = chance(7)
  const next = (below: number) => (numbers.next().value % 65_521) % below
  const made = () => Array.from({ length: SAMPLES }, () => next(16).toString(16)).join('')
  const one = made()
  const changed = (times: number) =>
    Array.from({ length: times }).reduce<string>(
      (text) => change(text, next(SAMPLES), next(16).toString(16)),
      one,
    )
  const floods = {
    'the same words': { make: () => one, most: 0, groups: 1 },
    'nearly the same words': { make: () => changed(6), most: 20_000, groups: 1 },
    'words just too different': { make: () => changed(24), most: 1_280_000, groups: null },
    'nothing alike': { make: made, most: 20_000, groups: 0 },
  }
  for (const [name, { make, most, groups }] of Object.entries(floods)) {
    let compared = 0
    const found = groupAlike(byWords(Array.from({ length: 5_000 }, make)), (a, b) => {
      compared++
      return areAlike(a, b)
    })
    t.ok(compared <= most, `${name}: compared ${compared} times`)
    if (groups !== null) t.equal(found.length, groups, name)
  }
})

t.test(
  'the same ticks are put together only when very many have them, and nothing else differs',
  async (t) => {
    const same = (length: number, over: Partial<ReportHeader> = {}) =>
      Array.from({ length }, (_, id) => report(id, { by: 'answers', sketch: 'abcd' }, over))
    t.same(groupAlike(same(2)), [])
    t.same(groupAlike(same(FEWEST_WITHOUT_WORDS - 1)), [])
    t.match(groupAlike(same(FEWEST_WITHOUT_WORDS)), [{ by: 'answers' }])
    const nearly = [...same(FEWEST_WITHOUT_WORDS - 1), ...same(1, { municipality: 'GM0344' })]
    t.same(groupAlike(nearly), [], 'one of another place is not among them')
    const languages = [...same(FEWEST_WITHOUT_WORDS - 1), ...same(1, { language: 'en' })]
    t.equal(groupAlike(languages).length, 1)
  },
)

t.test('a header of an older version opens as before, and one with a made-up value does not', async (t) => {
  const { alike: _, ...old } = report(0, null).header
  t.equal(headerSchema.parse(old).alike, null)
  for (const alike of [
    'abcd',
    { by: 'words', sketch: 'abcd' },
    { by: 'answers', sketch: '<b>x' },
    { by: 'x' },
  ])
    t.notOk(headerSchema.safeParse({ ...old, alike }).success)
})
