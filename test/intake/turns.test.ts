import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { ANYBODY, createTurns } from '../../server/intake/turns.js'

const noor = { network: 'shelter', visitor: 'noor' }

/** `many` requests of one asker that wait; gives the order in which all turns came. */
function crowd(turns: ReturnType<typeof createTurns>, order: string[]) {
  return (network: string, visitor: string, many: number): Promise<unknown>[] =>
    Array.from({ length: many }, (_, i) =>
      turns
        .run({ network, visitor }, async () => order.push(`${network} ${visitor} ${i}`))
        .catch(() => undefined),
    )
}

t.test('so many run at once, the room bounds who waits, and all others come through', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 12 }),
      fc.array(fc.record({ network: fc.constantFrom('a', 'b', 'c'), visitor: fc.constantFrom('1', '2') }), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.scheduler(),
      async (atOnce, room, askers, scheduler) => {
        const turns = createTurns({ atOnce, room })
        let running = 0
        let most = 0
        const all = askers.map((asker, i) =>
          turns.run(asker, async () => {
            most = Math.max(most, ++running)
            await scheduler.schedule(Promise.resolve(), `task ${i}`)
            running--
            if (i % 3 === 0) throw new Error('a task that fails')
          }),
        )
        const settled = Promise.allSettled(all)
        for (await turn(); scheduler.count() > 0; await turn()) await scheduler.waitOne()
        const outcomes = await settled
        const busy = outcomes.filter(
          (outcome) => outcome.status === 'rejected' && String(outcome.reason).includes('busy'),
        )
        const refused = Math.max(0, askers.length - atOnce - room)
        const after = await turns.run(ANYBODY, async () => 7)
        return most === Math.min(atOnce, askers.length) && busy.length === refused && after === 7
      },
    ),
    { numRuns: 150 },
  )
})

t.test('one line is served in turn', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 10 })
  const order: number[] = []
  await Promise.all([0, 1, 2, 3, 4].map((i) => turns.run(ANYBODY, async () => order.push(i))))
  t.same(order, [0, 1, 2, 3, 4])
})

t.test('whoever comes from elsewhere is next, however many wait in one network', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 1000 })
  const order: string[] = []
  const from = crowd(turns, order)
  const end = await turns.take(ANYBODY)
  const all = [...from('flood', '', 300), ...from('home', 'noor', 1), ...from('tower', 'sam', 1)]
  end()
  await Promise.all(all)
  t.same(order.slice(0, 4), ['flood  0', 'home noor 0', 'tower sam 0', 'flood  1'])
})

t.test('within one network a visitor with a line of her own does not stand behind the crowd', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 1000 })
  const order: string[] = []
  const from = crowd(turns, order)
  const end = await turns.take(ANYBODY)
  const all = [...from('proxy', '', 300), ...from('proxy', 'noor', 2)]
  end()
  await Promise.all(all)
  t.same(order.slice(0, 4), ['proxy  0', 'proxy noor 0', 'proxy  1', 'proxy noor 1'])
})

t.test('a full room refuses the longest line, never the short one that comes last', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 50 })
  const order: string[] = []
  const from = crowd(turns, order)
  const end = await turns.take(ANYBODY)
  const flood = from('flood', 'x', 200)
  const others = [...from('home', 'noor', 1), ...from('flood', 'sam', 1)]
  end()
  await Promise.all([...flood, ...others])
  t.ok(order.includes('home noor 0'))
  t.ok(order.includes('flood sam 0'))
  t.equal(order.length, 50)
})

t.test('who waits with much in hand counts for much', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 100 })
  const end = await turns.take(ANYBODY)
  const takeHeavy = () => turns.take({ network: 'flood', visitor: '' }, 40)
  const [first, second, third] = [takeHeavy(), takeHeavy(), takeHeavy()]
  const light = turns.take(noor, 1)
  await t.rejects(third, { code: 'busy' })
  end()
  for (const one of [first, light, second]) (await one)()
  t.pass('the others had their turns')
})

t.test('giving a turn back twice gives it to one only', async (t) => {
  const turns = createTurns({ atOnce: 1, room: 10 })
  const end = await turns.take(noor)
  let had = 0
  const waiting = [1, 2].map(() => turns.take(noor).finally(() => had++))
  end()
  end()
  await turn()
  t.equal(had, 1)
  ;(await waiting[0])?.()
  await waiting[1]
})
