// A file that comes in: in memory as far as photographs and documents may go, what is more of sound and video on the disk,
// encrypted (docs/decisions/0023).
import { createHmac } from 'node:crypto'
import { isMediaKind } from '../report/file-kinds.js'
import { detectKind, mostBytes, type Original, type SanitisingLimits } from '../sanitising/index.js'
import type { Place, Room } from './room.js'
import { openWaitingStore, type WaitingStore } from './waiting-store.js'

/** Why a file was not even read. */
export type UnreadFile = 'too-large' | 'took-too-long' | 'no-room'

export type FileLimits = Pick<
  SanitisingLimits,
  'maxInputBytes' | 'maxSoundBytes' | 'maxVideoBytes' | 'maxSoundSeconds' | 'maxVideoSeconds'
>

export interface ArrivingFile {
  /** Takes the next bytes, waiting while there is no room. Gives the reason when the file cannot be taken. */
  add(piece: Buffer): Promise<UnreadFile | null>
  /** The whole file, which will be worked on, or null when it had to make way for others. */
  settle(): ArrivedFile | null
  /** Lets go of everything. */
  leave(): Promise<void>
}

export interface ArrivedFile extends Original {
  /** whether making it anew takes long, as with sound and video */
  readonly isSlow: boolean
  /** the same for the same bytes under the same key */
  digest(key: string): Promise<string>
}

/** The rooms for files that come in: memory, and the disk for what is more. */
export interface FileRooms {
  readonly memory: Room
  readonly disk: Room
}

/** Begins to take a file of somebody in this network. */
export function receiveFile(network: string, { memory, disk }: FileRooms, limits: FileLimits): ArrivingFile {
  const kept: Buffer[] = []
  let inMemory = 0
  let onDisk = 0
  let most: number | null = null
  let store: WaitingStore | null = null
  let diskPlace: Place | null = null
  let isGone = false
  const memoryPlace = memory.enter(network, () => {
    isGone = true
    kept.splice(0)
  })

  const closeStore = async (): Promise<void> => {
    const closing = store
    store = null
    // Gone with the process at the latest.
    await closing?.close().catch(() => undefined)
  }
  const addToDisk = async (piece: Buffer): Promise<UnreadFile | null> => {
    most ??= mostOnDisk(Buffer.concat(kept), limits)
    if (inMemory + onDisk + piece.length > most) return 'too-large'
    diskPlace ??= disk.enter(network, () => {
      isGone = true
      void closeStore()
    })
    if (!(await diskPlace.grow(piece.length)) || isGone) return 'no-room'
    try {
      store ??= await openWaitingStore()
      await store.append(piece)
    } catch {
      return 'no-room'
    }
    onDisk += piece.length
    return null
  }

  return {
    async add(piece) {
      // Memory first, to its brim: what is more begins where that ends.
      const fits = piece.subarray(0, Math.max(0, limits.maxInputBytes - inMemory))
      const rest = piece.subarray(fits.length)
      if (fits.length > 0) {
        // It may be turned out in the moment between the answer and the next line.
        if (!(await memoryPlace.grow(fits.length)) || isGone) return 'no-room'
        kept.push(fits)
        inMemory += fits.length
      }
      return rest.length > 0 ? addToDisk(rest) : null
    },
    settle() {
      const isHere = memoryPlace.settle() && diskPlace?.settle() !== false
      if (!isHere) return null
      const head = Buffer.concat(kept.splice(0))
      const kind = detectKind(head)
      const pieces = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
        yield head
        if (store) yield* store.pieces()
      }
      return {
        size: head.length + onDisk,
        head,
        isSlow: kind !== undefined && isMediaKind(kind),
        pieces,
        async digest(key) {
          const hash = createHmac('sha256', key)
          for await (const piece of pieces()) hash.update(piece)
          return hash.digest('base64url')
        },
      }
    },
    async leave() {
      memoryPlace.leave()
      diskPlace?.leave()
      await closeStore()
    },
  }
}

/** What a file may weigh whose beginning fills the memory that it may take: more only when it is sound or video. */
function mostOnDisk(head: Uint8Array, limits: FileLimits): number {
  const kind = detectKind(head)
  return kind && isMediaKind(kind) ? mostBytes(kind, limits) : 0
}
