// Whose turn it is. Work that must wait stands in a line for each visitor, within a line for each network; turns go
// round the networks, and within one round its visitors. So a flood waits for itself, and everybody else comes next.
// When the waiting room is full, the longest line loses its last comer: nobody is refused for what others do.
import { Problem } from '../problem.js'

/** Who asks, as keys that say nothing by themselves; they are kept only while somebody waits. */
export interface Asker {
  readonly network: string
  readonly visitor: string
}

/** For work that is not done for one visitor more than for another. */
export const ANYBODY: Asker = { network: '', visitor: '' }

interface Waiting {
  readonly weight: number
  go(): void
  refuse(): void
}

interface Line {
  readonly waiting: Waiting[]
  weight: number
}

interface Network {
  /** in the order in which their turns come */
  readonly visitors: Map<string, Line>
  weight: number
}

export interface Turns {
  /**
   * Resolves when it is the asker's turn, with what ends the turn (calling it twice does no harm). `weight` is what
   * waiting costs, in the unit of the room. Rejects with the problem `busy` when the room is full and no other line
   * is longer.
   */
  take(asker: Asker, weight?: number): Promise<() => void>
  /** Runs a task in a turn of its own. */
  run<T>(asker: Asker, task: () => Promise<T>): Promise<T>
}

/** `atOnce` turns at a time; those who wait may weigh `room` together. */
export function createTurns({ atOnce, room }: { atOnce: number; room: number }): Turns {
  const networks = new Map<string, Network>()
  let running = 0
  let weight = 0

  const take: Turns['take'] = async (asker, cost = 1) => {
    if (running < atOnce) running++
    else await wait(asker, cost)
    let over = false
    return () => {
      if (over) return
      over = true
      const next = pickNext()
      if (next) next.go()
      else running--
    }
  }

  function wait({ network, visitor }: Asker, cost: number): Promise<void> {
    return new Promise((go, fail) => {
      const of = getOrAdd(networks, network, () => ({ visitors: new Map(), weight: 0 }))
      const line = getOrAdd(of.visitors, visitor, () => ({ waiting: [], weight: 0 }))
      line.waiting.push({ weight: cost, go, refuse: () => fail(new Problem('busy')) })
      for (const counted of [of, line]) counted.weight += cost
      weight += cost
      while (weight > room) dropFromLongest()
    })
  }

  function pickNext(): Waiting | undefined {
    for (const [network, of] of networks) {
      for (const [visitor, line] of of.visitors) {
        const next = line.waiting.shift()
        if (!next) continue
        settle(network, visitor, next)
        moveToEnd(networks, network)
        moveToEnd(of.visitors, visitor)
        return next
      }
    }
    return undefined
  }

  function dropFromLongest(): void {
    const [network, of] = heaviest(networks)
    const [visitor, line] = heaviest(of.visitors)
    const last = line.waiting.pop()
    if (!last) throw new Error('a line that weighs something has nobody in it')
    settle(network, visitor, last)
    last.refuse()
  }

  /** Takes the weight of somebody who left a line out of the counts, and forgets lines that are empty. */
  function settle(network: string, visitor: string, { weight: cost }: Waiting): void {
    const of = networks.get(network)
    const line = of?.visitors.get(visitor)
    if (!of || !line) return
    weight -= cost
    of.weight -= cost
    line.weight -= cost
    if (line.waiting.length === 0) of.visitors.delete(visitor)
    if (of.visitors.size === 0) networks.delete(network)
  }

  return {
    take,
    async run(asker, task) {
      const end = await take(asker)
      try {
        return await task()
      } finally {
        end()
      }
    },
  }
}

function getOrAdd<V>(map: Map<string, V>, key: string, make: () => V): V {
  const there = map.get(key)
  if (there !== undefined) return there
  const made = make()
  map.set(key, made)
  return made
}

/** A map keeps the order of putting in: who goes to the end comes last in the next round. */
function moveToEnd<V>(map: Map<string, V>, key: string): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}

function heaviest<V extends { weight: number }>(map: Map<string, V>): [string, V] {
  let most: [string, V] | null = null
  for (const entry of map) if (!most || entry[1].weight > most[1].weight) most = entry
  if (!most) throw new Error('nobody waits')
  return most
}
