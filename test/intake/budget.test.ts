import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { createGate } from '../../server/intake/budget.js'

t.test('a gate lets so many run and so many wait, and tells everybody else that it is busy', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.nat({ max: 5 }),
      fc.integer({ min: 1, max: 20 }),
      fc.scheduler(),
      async (atOnce, waiting, asking, scheduler) => {
        const gate = createGate(atOnce, waiting)
        let running = 0
        let most = 0
        const all = Array.from({ length: asking }, (_, i) =>
          gate(async () => {
            most = Math.max(most, ++running)
            await scheduler.schedule(Promise.resolve(), `task ${i}`)
            running--
            if (i % 3 === 0) throw new Error('a task that fails')
          }),
        )
        const settled = Promise.allSettled(all)
        while (scheduler.count() > 0) {
          await scheduler.waitOne()
          await turn()
        }
        const busy = (await settled).filter(
          (outcome) => outcome.status === 'rejected' && String(outcome.reason).includes('busy'),
        )
        const refused = Math.max(0, asking - atOnce - waiting)
        return (
          most === Math.min(atOnce, asking) && busy.length === refused && (await gate(async () => 7)) === 7
        )
      },
    ),
    { numRuns: 100 },
  )
})

t.test('who waits is served in turn', async (t) => {
  const gate = createGate(1, 10)
  const order: number[] = []
  await Promise.all([0, 1, 2, 3, 4].map((i) => gate(async () => order.push(i))))
  t.same(order, [0, 1, 2, 3, 4])
})
