// The rules of who is pointed where, as a table: the first number is the one that stands on top.
import t from 'tap'
import { z } from 'zod'
import { readData } from '../../server/i18n/index.js'
import { helpOf, type RoutingFacts, routeSchema, routesOf } from '../../server/report/routing.js'

const routes = readData('routes.json', z.array(routeSchema))
const NOTHING: RoutingFacts = {
  danger: null,
  vantage: null,
  forms: [],
  minor: false,
  border: false,
  onlySource: false,
}

const TABLE: readonly (readonly [
  says: string,
  facts: Partial<RoutingFacts>,
  rules: string[],
  first: string,
])[] = [
  ['somebody who says nothing', {}, ['anyone'], 'mma'],
  [
    'danger comes before everything',
    { danger: 'yes', vantage: 'affected' },
    ['danger', 'affected', 'anyone'],
    'emergency',
  ],
  ['no danger is no rule', { danger: 'no' }, ['anyone'], 'mma'],
  ['help for the person affected', { vantage: 'affected' }, ['affected', 'anyone'], 'comensha'],
  [
    'a young person affected',
    { vantage: 'affected', minor: true },
    ['affected-minor', 'affected', 'minor', 'anyone'],
    'kindertelefoon',
  ],
  [
    'own work case',
    { vantage: 'affected', forms: ['labour'] },
    ['affected-work', 'affected', 'work', 'anyone'],
    'fairwork',
  ],
  ['a minor seen by somebody', { vantage: 'citizen', minor: true }, ['minor', 'anyone'], 'veiligthuis'],
  [
    'a minor seen by a professional',
    { vantage: 'professional', minor: true },
    ['professional-minor', 'minor', 'professional', 'anyone'],
    'veiligthuis',
  ],
  [
    'a minor at work: minors above work',
    { minor: true, forms: ['services'] },
    ['minor', 'work', 'anyone'],
    'veiligthuis',
  ],
  [
    'work seen by somebody: inspection above police',
    { vantage: 'citizen', forms: ['labour'] },
    ['work', 'anyone'],
    'nla',
  ],
  ['at a border', { border: true }, ['border', 'anyone'], 'kmar'],
  ['a professional asks for advice', { vantage: 'professional' }, ['professional', 'anyone'], 'comensha'],
  ['a sex worker', { vantage: 'sex_worker' }, ['sex-worker', 'anyone'], 'comensha'],
  ['a client stays unknown', { vantage: 'client', forms: ['sexual'] }, ['anyone'], 'mma'],
  ['the only one who can know', { onlySource: true }, ['only-source', 'anyone'], 'tci'],
]

for (const [says, facts, rules, first] of TABLE) {
  t.test(says, async (t) => {
    const given = { ...NOTHING, ...facts }
    t.same(
      routesOf(routes, given)
        .map(({ id }) => id)
        .sort(),
      [...rules].sort(),
    )
    t.equal(helpOf(routes, given)[0], first)
  })
}

t.test('every rule stands in the table, and every number is a published row of the directory', async (t) => {
  const shown = new Set(TABLE.flatMap(([, , rules]) => rules))
  t.same(
    routes.map(({ id }) => id).filter((id) => !shown.has(id)),
    [],
  )
  const directory = readData(
    'help-directory.json',
    z.array(z.object({ id: z.string(), publish: z.boolean() })),
  )
  const published = directory.filter(({ publish }) => publish).map(({ id }) => id)
  t.same(
    routes.flatMap(({ help }) => help).filter((id) => !published.includes(id)),
    [],
  )
})
