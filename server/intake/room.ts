// The memory that files take while they come in. A slow telephone may take its ten minutes, and many of them may do
// so at once; only when the room is full somebody has to go, and then it is the file that comes in slowest of the
// network that holds most. So nobody keeps others out by holding places.

/** Progress is counted over this time; who is younger is not called slow. */
const WINDOW_MS = 10_000

export interface Place {
  /**
   * Asks for so many more bytes, waiting while others finish. False when the file has to go: its bytes must not be
   * kept, and the place is empty.
   */
  grow(bytes: number): Promise<boolean>
  /** Takes so many bytes at once, also when the room is full: they are there already, and others make way later. */
  hold(bytes: number): void
  /** The file is whole: it will be worked on and go by itself. False when it had to go before. */
  settle(): boolean
  leave(): void
}

export interface Room {
  /** A place for one file; `onGone` lets go of its bytes when it is turned out. */
  enter(network: string, onGone: () => void): Place
}

interface Guest {
  readonly network: string
  readonly since: number
  readonly onGone: () => void
  bytes: number
  isSettled: boolean
  isGone: boolean
  windowStart: number
  inWindow: number
  before: number
}

/** A room for so many bytes, at least several of the largest files. `now` gives milliseconds from any beginning. */
export function createRoom(capacity: number, now: () => number): Room {
  const guests = new Set<Guest>()
  let used = 0
  let waiting: (() => void)[] = []

  const wakeAll = (): void => {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  const leave = (guest: Guest): void => {
    if (!guests.delete(guest)) return
    guest.isGone = true
    used -= guest.bytes
    wakeAll()
  }
  const turnOut = (guest: Guest): void => {
    guest.onGone()
    leave(guest)
  }

  const hold = (guest: Guest, bytes: number): void => {
    used += bytes
    guest.bytes += bytes
    shiftWindow(guest, now())
    guest.inWindow += bytes
  }

  async function grow(guest: Guest, bytes: number): Promise<boolean> {
    while (!guest.isGone && used + bytes > capacity) {
      const victim = findVictim(guest)
      if (victim) turnOut(victim)
      else await new Promise<void>((wake) => waiting.push(wake))
    }
    if (guest.isGone) return false
    hold(guest, bytes)
    return true
  }

  /** Who must go for somebody else; null when waiting is enough because a whole file is being worked on. */
  function findVictim(asking: Guest): Guest | null {
    const totals = new Map<string, number>()
    for (const { network, bytes } of guests) totals.set(network, (totals.get(network) ?? 0) + bytes)
    const most = Math.max(...totals.values())
    const isHeaviest = (network: string): boolean => totals.get(network) === most
    const workedOn = [...guests].some(({ isSettled }) => isSettled)
    if (workedOn && isHeaviest(asking.network)) return null
    const at = now()
    const slowFirst = [...guests]
      .filter((guest) => !guest.isSettled && isHeaviest(guest.network))
      .map((guest) => ({ guest, young: at - guest.since < WINDOW_MS, progress: progressOf(guest, at) }))
      .sort((a, b) => Number(a.young) - Number(b.young) || a.progress - b.progress)
    return slowFirst[0]?.guest ?? null
  }

  return {
    enter(network, onGone) {
      const at = now()
      const guest: Guest = {
        network,
        since: at,
        onGone,
        bytes: 0,
        isSettled: false,
        isGone: false,
        windowStart: at,
        inWindow: 0,
        before: 0,
      }
      guests.add(guest)
      return {
        grow: (bytes) => grow(guest, bytes),
        hold: (bytes) => hold(guest, bytes),
        settle: () => {
          guest.isSettled = !guest.isGone
          return guest.isSettled
        },
        leave: () => leave(guest),
      }
    },
  }
}

function shiftWindow(guest: Guest, at: number): void {
  const windows = Math.floor((at - guest.windowStart) / WINDOW_MS)
  if (windows === 0) return
  guest.before = windows === 1 ? guest.inWindow : 0
  guest.inWindow = 0
  guest.windowStart += windows * WINDOW_MS
}

/** Bytes of this window and the one before. */
function progressOf(guest: Guest, at: number): number {
  shiftWindow(guest, at)
  return guest.before + guest.inWindow
}
