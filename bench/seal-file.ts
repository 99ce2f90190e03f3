// A process that seals one file and tells how long it took and how much memory it took at most.
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { packFile } from '../server/intake/pack-file.js'
import { packPart } from '../server/report/envelope.js'
import { createSealer } from '../server/sealing/index.js'

const MEGABYTE = 1024 * 1024
const type = 'video/webm'
const of = randomUUID()
const recipients = await Promise.all(
  [1, 2].map(async () => identityToRecipient(await generateX25519Identity())),
)

export interface SealFile {
  /** as Baken does it, or as one call of the library does it */
  readonly way: 'pieces' | 'whole'
  readonly megabytes: number
}

export interface SealedFile {
  readonly seconds: number
  /** at most, over what the process had before */
  readonly megabytes: number
}

/** One piece as it comes out of a draft, again and again. */
async function* pieces(megabytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let i = 0; i < megabytes; i++) yield new Uint8Array(MEGABYTE).fill(i)
}

const sealer = createSealer(1)
const ways: Record<SealFile['way'], (megabytes: number) => Promise<unknown>> = {
  pieces: async (megabytes) => {
    const file = { type, covered: false, bytes: megabytes * MEGABYTE, sha256: '0'.repeat(64) } as const
    const packed = packFile({ kind: 'file', of }, { ...file, read: () => pieces(megabytes) })
    for await (const sealed of sealer.sealStream(packed, recipients)) sealed.at(-1)
  },
  whole: async (megabytes) => {
    const encrypter = new Encrypter()
    for (const recipient of recipients) encrypter.addRecipient(recipient)
    await encrypter.encrypt(packPart({ kind: 'file', of, type }, new Uint8Array(megabytes * MEGABYTE)))
  },
}

function memory(line: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
}

process.once('message', async ({ way, megabytes }: SealFile) => {
  // So that threads and compiled code are there.
  await ways[way](1)
  // Forgets the highest so far: proc(5), clear_refs.
  writeFileSync('/proc/self/clear_refs', '5')
  const before = memory('VmRSS')
  const start = performance.now()
  await ways[way](megabytes)
  const result: SealedFile = {
    seconds: (performance.now() - start) / 1000,
    megabytes: memory('VmHWM') - before,
  }
  process.send?.(result, () => process.exit())
})
