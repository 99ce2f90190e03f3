// What sealing a file costs by its size, in a process of its own each: memory must not grow with the file.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { percentile } from './load.js'
import type { SealedFile, SealFile } from './seal-file.js'

const SIZES = [8, 64, 200] as const
const COMPARED = 64
const ROUNDS = 3

export interface LargeFiles {
  readonly pieces: readonly ({ readonly size: number } & SealedFile)[]
  /** the compared size in one call of the library */
  readonly whole: SealedFile
}

async function sealFile(task: SealFile): Promise<SealedFile> {
  const child = fork(fileURLToPath(new URL('./seal-file.js', import.meta.url)))
  child.send(task)
  const [result] = (await once(child, 'message')) as [SealedFile]
  await once(child, 'exit')
  return result
}

/** The middle of some rounds, the ways in turn: what else the machine does at a moment falls on all. */
export async function largeFiles(): Promise<LargeFiles> {
  const tasks: SealFile[] = [
    ...SIZES.map((megabytes) => ({ way: 'pieces' as const, megabytes })),
    { way: 'whole', megabytes: COMPARED },
  ]
  const results = tasks.map((): SealedFile[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, task] of tasks.entries()) results[i]?.push(await sealFile(task))
  const middle = (all: readonly SealedFile[] = []): SealedFile => ({
    seconds: percentile(
      all.map(({ seconds }) => seconds),
      0.5,
    ),
    megabytes: percentile(
      all.map(({ megabytes }) => megabytes),
      0.5,
    ),
  })
  return {
    pieces: SIZES.map((size, i) => ({ size, ...middle(results[i]) })),
    whole: middle(results.at(-1)),
  }
}

export function largeFilesTable({ pieces, whole }: LargeFiles): string {
  const n = (value: number, digits = 0): string => value.toFixed(digits)
  const compared = pieces.find(({ size }) => size === COMPARED)
  const memory = (size: number): number => pieces.find((row) => row.size === size)?.megabytes ?? 0
  return `## A large file
Packed and sealed to two keys piece by piece, as when a report is sent, and a file of ${COMPARED} MB in one call of the age
library. Memory is the highest of the process over what it had before.

| file | way | seconds | memory MB |
|---|---|---|---|
${pieces.map((row) => `| ${row.size} MB | in pieces | ${n(row.seconds, 2)} | ${n(row.megabytes)} |`).join('\n')}
| ${COMPARED} MB | whole | ${n(whole.seconds, 2)} | ${n(whole.megabytes)} |

Memory of 200 MB against 64 MB: ${n(memory(200) / memory(64), 2)} times (goal: at most 1.2); of 64 MB in pieces against whole: ${n(memory(64) / whole.megabytes, 2)}. Time of 64 MB in pieces
against whole: ${n((compared?.seconds ?? 0) / whole.seconds, 2)} (goal: at most 1.2).
`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(largeFilesTable(await largeFiles()))
