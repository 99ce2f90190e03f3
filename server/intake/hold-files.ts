// Files of a form without a draft: made anew, they wait in the room for files until their report is stored.
import type { FastifyRequest } from 'fastify'
import type { StrippedFile } from '../sanitising/index.js'
import type { ArrivedFile, UnreadFile } from './arriving-file.js'
import { stripFile } from './keep-files.js'
import type { IntakeParts } from './parts.js'
import type { Place } from './room.js'

export interface LeftOut {
  readonly number: number
  readonly reason: string
}

interface Held {
  readonly number: number
  file: StrippedFile | null
  readonly place: Place
}

export interface HeldFiles {
  /** Makes the next file anew and keeps it, or remembers why not. */
  take(original: ArrivedFile | UnreadFile): Promise<void>
  /** Those that are still here, in their order. From now on none of them has to make way. */
  settle(): StrippedFile[]
  /** Which were left out, by their number in the form. */
  leftOut(): LeftOut[]
  leave(): void
}

export function holdFiles(request: FastifyRequest, parts: IntakeParts): HeldFiles {
  const { network } = parts.askerOf(request)
  const held: Held[] = []
  const refused: LeftOut[] = []
  const kept = (): Held[] => held.filter(({ file }) => file !== null)
  return {
    async take(original) {
      const number = held.length + refused.length + 1
      const result = await stripFile(original, kept().length, parts)
      if (typeof result === 'string') {
        refused.push({ number, reason: result })
        return
      }
      const one: Held = {
        number,
        file: result,
        place: parts.fileRooms.memory.enter(network, () => {
          one.file = null
        }),
      }
      one.place.hold(result.bytes.length)
      held.push(one)
    },
    settle: () => kept().flatMap(({ file, place }) => (place.settle() && file ? [file] : [])),
    leftOut: () =>
      [
        ...refused,
        ...held.filter(({ file }) => file === null).map(({ number }) => ({ number, reason: 'no-room' })),
      ].sort((a, b) => a.number - b.number),
    leave: () => {
      for (const { place } of held) place.leave()
    },
  }
}
