import fc from 'fast-check'
import t from 'tap'
import { createRoom, type Place } from '../../server/intake/room.js'

/** A room of 100 with a clock of its own, and who had to go. */
function roomOf100() {
  let at = 0
  const gone: string[] = []
  const room = createRoom(100, () => at)
  const enter = (network: string, name: string): Place => room.enter(network, () => gone.push(name))
  return { enter, gone, pass: (ms: number) => (at += ms) }
}

/** Whether a promise is still waiting after everything that can happen at once has happened. */
async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
  const waits = Symbol('waits')
  const soon = new Promise((resolve) => setImmediate(resolve, waits))
  return (await Promise.race([promise, soon])) === waits
}

t.test('slow files may lie there for as long as there is room', async (t) => {
  const { enter, gone, pass } = roomOf100()
  const slow = [enter('a', '1'), enter('a', '2'), enter('b', '3')]
  for (let second = 0; second < 600; second += 30) {
    for (const place of slow) t.ok(await place.grow(1))
    pass(30_000)
  }
  t.ok(slow.every((place) => place.settle()))
  t.same(gone, [])
})

t.test('when it is full, the file that stands still goes, of the network that holds most', async (t) => {
  const { enter, gone, pass } = roomOf100()
  const still = enter('flood', 'still')
  const moving = enter('flood', 'moving')
  const home = enter('home', 'home')
  await still.grow(50)
  await moving.grow(10)
  await home.grow(20)
  pass(25_000)
  await moving.grow(10)
  t.ok(await home.grow(40))
  t.same(gone, ['still'])
  t.equal(await still.grow(1), false)
  t.equal(still.settle(), false)
  t.ok(moving.settle())
})

t.test(
  'who holds most cannot push others out: it goes itself, or waits for its own to be worked on',
  async (t) => {
    const { enter, gone, pass } = roomOf100()
    const home = enter('home', 'home')
    await home.grow(20)
    const flood = [enter('flood', 'f1'), enter('flood', 'f2')]
    await flood[0]?.grow(40)
    await flood[1]?.grow(40)
    pass(60_000)
    flood[0]?.settle()
    const asked = flood[1]?.grow(10) ?? Promise.resolve(false)
    t.ok(await isWaiting(asked), 'one of its files is being worked on and will leave')
    t.same(gone, [])
    flood[0]?.leave()
    t.equal(await asked, true)
    await flood[1]?.grow(30)
    await flood[1]?.grow(10)
    t.same(gone, ['f2'], 'with nothing being worked on, it is its own file that goes')
    t.ok(home.settle())
  },
)

t.test('a file that has just begun is not called slow', async (t) => {
  const { enter, gone, pass } = roomOf100()
  const old = enter('shelter', 'old')
  await old.grow(90)
  pass(30_000)
  await old.grow(1)
  const fresh = enter('shelter', 'fresh')
  t.ok(await fresh.grow(5))
  t.ok(await fresh.grow(5))
  t.same(gone, ['old'])
})

t.test('whatever comes and goes, the room is never over its size and nobody waits for ever', async () => {
  const act = fc.record({
    who: fc.nat({ max: 7 }),
    what: fc.constantFrom('grow', 'grow', 'grow', 'settle', 'leave', 'pass'),
    bytes: fc.integer({ min: 1, max: 40 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
      let at = 0
      const room = createRoom(100, () => at)
      const bytes = Array<number>(8).fill(0)
      const gone = new Set<number>()
      const places = bytes.map((_, i) =>
        room.enter(`network ${i % 3}`, () => {
          gone.add(i)
          bytes[i] = 0
        }),
      )
      const busy = new Set<number>()
      const growing: Promise<void>[] = []
      for (const { who, what, bytes: more } of acts) {
        const place = places[who]
        if (!place) return false
        if (what === 'pass') at += more * 1000
        else if (what === 'leave') {
          bytes[who] = 0
          place.leave()
          if (await place.grow(1)) return false
        } else if (busy.has(who)) continue
        else if (what === 'settle') place.settle()
        else {
          busy.add(who)
          growing.push(
            place.grow(more).then((came) => {
              // Somebody else's bytes may have turned it out between the answer and this line.
              if (came && !gone.has(who)) bytes[who] = (bytes[who] ?? 0) + more
              busy.delete(who)
            }),
          )
        }
        await new Promise((resolve) => setImmediate(resolve))
        if (bytes.reduce((sum, one) => sum + one, 0) > 100) return false
      }
      for (const place of places) place.leave()
      await Promise.all(growing)
      return true
    }),
    { numRuns: 300 },
  )
})
