// What a file costs: Baken's sanitiser beside Debian's mat2 on the same files in the same run.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createSanitiser } from '../server/sanitising/index.js'
import { percentile } from './load.js'
import { hasMat2, place, SAMPLES, type Sample } from './sample-files.js'

const ROUNDS = 3
const LOOK_EVERY_MS = 10
const AT_ONCE = 4
const FILES_AT_ONCE = 12

export interface Cost {
  readonly seconds: number
  /** the most that all its processes together held at one moment */
  readonly megabytes: number
}
export interface FileRow {
  readonly name: string
  readonly megabytes: number
  readonly baken: Cost
  /** null where it is not installed or does not take such files */
  readonly mat2: Cost | null
}
export interface FileCosts {
  readonly mat2: boolean
  readonly rows: readonly FileRow[]
  /** photographs a second, four at once */
  readonly together: { readonly baken: number; readonly mat2: number | null }
}

export async function fileCosts(): Promise<FileCosts> {
  const mat2 = hasMat2()
  const folder = mkdtempSync(join(tmpdir(), 'baken-bench-files-'))
  // On a machine with other work too, the figure is wanted and not the refusal.
  const sanitiser = createSanitiser({ mediaTimeoutMs: 900_000, mediaCpuSeconds: 900 })
  const bakenTakes = async (bytes: Uint8Array): Promise<void> => {
    const outcome = await sanitiser.sanitise(bytes)
    if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.reason}`)
  }
  let number = 0
  const mat2Takes = (sample: Sample, bytes: Uint8Array): Promise<boolean> => {
    const path = place(folder, number++, sample, bytes)
    return mat2Run(path)
  }
  const rows: FileRow[] = []
  for (const sample of SAMPLES) {
    const bytes = await sample.make()
    // The first round only warms: what is read from the disk, and how workers are shut in here.
    const [own, others]: [Cost[], (Cost | null)[]] = [[], []]
    for (let round = 0; round <= ROUNDS; round++) {
      const baken = await costOf(() => bakenTakes(bytes))
      let isTaken = false
      const other = mat2
        ? await costOf(async () => {
            isTaken = await mat2Takes(sample, bytes)
          })
        : null
      if (round === 0) continue
      own.push(baken)
      others.push(isTaken ? other : null)
    }
    const taken = others.filter((one) => one !== null)
    rows.push({
      name: sample.name,
      megabytes: bytes.length / 2 ** 20,
      baken: middle(own),
      mat2: taken.length === ROUNDS ? middle(taken) : null,
    })
  }
  const photograph = SAMPLES.at(0)
  if (photograph === undefined) throw new Error('no photograph')
  const bytes = await photograph.make()
  const together = {
    baken: await perSecond(() => bakenTakes(bytes)),
    mat2: mat2 ? await perSecond(async () => void (await mat2Takes(photograph, bytes))) : null,
  }
  await sanitiser.close()
  rmSync(folder, { recursive: true })
  return { mat2, rows, together }
}

async function perSecond(act: () => Promise<void>): Promise<number> {
  const start = performance.now()
  let left = FILES_AT_ONCE
  const one = async (): Promise<void> => {
    while (left-- > 0) await act()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
  return FILES_AT_ONCE / ((performance.now() - start) / 1000)
}

/** False when it does not take the file. */
function mat2Run(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('mat2', [path], { stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code === 0))
  })
}

async function costOf(act: () => Promise<void>): Promise<Cost> {
  let most = 0
  const look = setInterval(() => {
    most = Math.max(most, megabytesBelow(process.pid))
  }, LOOK_EVERY_MS)
  const start = performance.now()
  await act()
  const seconds = (performance.now() - start) / 1000
  clearInterval(look)
  return { seconds, megabytes: most }
}

function middle(costs: readonly Cost[]): Cost {
  return {
    seconds: percentile(
      costs.map(({ seconds }) => seconds),
      0.5,
    ),
    megabytes: percentile(
      costs.map(({ megabytes }) => megabytes),
      0.5,
    ),
  }
}

/** Resident memory of all processes that this one started, and those they started. */
function megabytesBelow(pid: number): number {
  const children = childrenOf(pid)
  return children.reduce((sum, child) => sum + residentMegabytes(child) + megabytesBelow(child), 0)
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    // Gone in the meantime.
    return []
  }
}

function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** The part of docs/benchmarks.md. */
export function filesTable({ mat2, rows, together }: FileCosts): string {
  const n = (value: number, digits = 1): string => value.toFixed(digits)
  const beside = ({ baken, mat2: other }: FileRow): string =>
    other === null
      ? `| ${mat2 ? 'refuses it' : 'not installed'} | | |`
      : `| ${n(other.seconds, 2)} | ${n(other.megabytes, 0)} | ${n(other.seconds / baken.seconds)} |`
  return `## A file made anew
Beside Debian's mat2, one process for each file like Baken's, on the same files in the same run. mat2 copies the coded
sound and pictures of a video; Baken codes them anew. Goal for a photograph of 12 megapixels: one second, 300 MB.

| file | MB | Baken s | peak MB | mat2 s | peak MB | times faster |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row.name} | ${n(row.megabytes)} | ${n(row.baken.seconds, 2)} | ${n(row.baken.megabytes, 0)} ${beside(row)}`).join('\n')}

Photographs a second with ${AT_ONCE} uploads at once: ${n(together.baken, 2)}${together.mat2 === null ? '' : `, mat2 ${n(together.mat2, 2)}`}.
`
}

if (process.argv.includes('--alone')) process.stdout.write(filesTable(await fileCosts()))
