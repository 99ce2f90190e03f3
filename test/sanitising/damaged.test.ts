// Thousands of damaged files: each is refused or comes out clean, in time, and nothing else happens. Most are made anew
// by the worker's own functions in processes that live longer; the others, and all sound and video, go through the door.
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import {
  FILE_KINDS,
  type FileKind,
  isMediaKind,
  MEDIA_KINDS,
  type StillKind,
} from '../../server/report/file-kinds.js'
import { BECOMES } from '../../server/sanitising/detect.js'
import { createSanitiser, DEFAULT_LIMITS } from '../../server/sanitising/index.js'
import { verify } from '../../server/sanitising/verify.js'
import { withRightSums } from '../support/check-sums.js'
import { chanceOf, damaged } from '../support/damage.js'
import { CANARY, findCanary, readTagsOf, strangeTags } from '../support/dirty-files.js'
import { recreateMany } from '../support/many-files.js'
import { MATRIX } from '../support/matrix/index.js'
import { workersOf } from './workers.js'

const long = process.env.BAKEN_TEST_LONG === 'yes'
/** Files of each kind. */
const TOGETHER = long ? 2200 : 24
const THROUGH_THE_DOOR = long ? 160 : 5
const MEDIA_THROUGH_THE_DOOR = long ? 250 : 6
const ROWS = long ? Number.POSITIVE_INFINITY : 4
const AT_ONCE = 2
const LIMITS = {
  ...DEFAULT_LIMITS,
  timeoutMs: 10_000,
  mediaTimeoutMs: 15_000,
  cpuSeconds: 10,
  mediaCpuSeconds: 15,
}
/** The longest that a file may take, with a machine that has other work. */
const LONGEST_MS = 25_000
const SEED = Number(process.env.BAKEN_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
t.setTimeout(long ? 5_400_000 : 240_000)
t.comment(`seed ${SEED}; to have the same files again: BAKEN_TEST_SEED=${SEED}`)

interface Tally {
  refused: number
  stripped: number
  /** of the refused: what the second look held back */
  heldBack: number
  crashed: number
  slowestMs: number
}
interface Case {
  readonly kind: FileKind
  readonly number: number
  readonly bytes: Uint8Array
}

const sanitiser = createSanitiser(LIMITS)
t.teardown(() => sanitiser.close())
const tallies = new Map<FileKind, Tally>()
const wrong: string[] = []
const toRead: { readonly name: string; readonly bytes: Uint8Array }[] = []

/** Damage may bring colours that spell the canary into sight, where they may stay. */
const seeds = new Map(
  await Promise.all(
    FILE_KINDS.map(async (kind) => {
      const rows = (MATRIX[kind] ?? []).filter(({ colours }) => !colours)
      const chance = chanceOf(SEED)
      const chosen = rows.length <= ROWS ? rows : Array.from({ length: ROWS }, () => chance.of(rows))
      return [kind, await Promise.all(chosen.map(({ make }) => make()))] as const
    }),
  ),
)

function cases(kinds: readonly FileKind[], each: number, from: number): Case[] {
  return Array.from({ length: each }, (_, i) => from + i).flatMap((number) =>
    kinds.map((kind) => {
      const broken = damaged(seeds.get(kind) ?? [], chanceOf(SEED + number))
      return { kind, number, bytes: number % 4 === 0 ? broken : withRightSums(kind, broken) }
    }),
  )
}

function tallyOf(kind: FileKind): Tally {
  const tally = tallies.get(kind) ?? { refused: 0, stripped: 0, heldBack: 0, crashed: 0, slowestMs: 0 }
  tallies.set(kind, tally)
  return tally
}

async function judge(
  { kind, number }: Case,
  type: (typeof BECOMES)[StillKind] | 'audio/webm' | 'video/webm',
  made: Uint8Array,
) {
  const name = `${kind} ${number}`
  if ((await verify(type, made)).kind === 'finding') wrong.push(`${name}: a finding was passed on`)
  if (findCanary(made, CANARY).length > 0) wrong.push(`${name}: the word is in it`)
  if (toRead.length < 3000) toRead.push({ name, bytes: made })
}

/** Takes the next case until none is left, `AT_ONCE` at a time. */
async function eachOf(list: readonly Case[], work: (one: Case) => Promise<void>): Promise<void> {
  const left = list.values()
  const take = async (): Promise<void> => {
    for (const one of left) {
      const start = performance.now()
      await work(one)
      const took = performance.now() - start
      const tally = tallyOf(one.kind)
      tally.slowestMs = Math.max(tally.slowestMs, took)
      if (took > LONGEST_MS) wrong.push(`${one.kind} ${one.number}: took ${Math.round(took)} ms`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, take))
}

t.test('damaged pictures and documents are refused or come out clean', async (t) => {
  const kinds = FILE_KINDS.filter((kind): kind is StillKind => !isMediaKind(kind))
  for (const kind of kinds) {
    const processes = Array.from({ length: AT_ONCE }, () => recreateMany(LIMITS))
    const free = [...processes]
    await eachOf(cases([kind], TOGETHER, 0), async (one) => {
      const many = free.pop()
      if (many === undefined) throw new Error('more at once than there are processes')
      const outcome = await many.recreate(kind, one.bytes)
      free.push(many)
      const tally = tallyOf(kind)
      if (outcome.kind === 'crashed') tally.crashed++
      if (outcome.kind !== 'made') {
        tally.refused++
        return
      }
      // The door's own second look, which refuses what it finds something in.
      if ((await verify(BECOMES[kind], outcome.bytes)).kind === 'finding') {
        tally.refused++
        tally.heldBack++
        return
      }
      tally.stripped++
      await judge(one, BECOMES[kind], outcome.bytes)
    })
    await Promise.all(processes.map((one) => one.close()))
  }
  t.same(wrong, [])
})

t.test('damaged files of every kind go through the door as well', async (t) => {
  const stills = FILE_KINDS.filter((kind) => !isMediaKind(kind))
  const list = [
    ...cases(stills, THROUGH_THE_DOOR, 1_000_000),
    ...cases(MEDIA_KINDS, MEDIA_THROUGH_THE_DOOR, 1_000_000),
  ]
  await eachOf(list, async (one) => {
    const outcome = await sanitiser.sanitise(one.bytes)
    const tally = tallyOf(one.kind)
    tally[outcome.kind]++
    if (outcome.kind === 'refused' && outcome.reason === 'failed-second-look') tally.heldBack++
    if (outcome.kind === 'stripped') await judge(one, outcome.type, outcome.bytes)
  })
  t.same(wrong, [])
})

t.test('exiftool finds structure only in what came out', async (t) => {
  const tags = readTagsOf(toRead.map(({ bytes }) => bytes))
  const strange = toRead.flatMap(({ name }, i) =>
    strangeTags(tags[i] ?? new Map()).map((tag) => `${name}: ${tag}`),
  )
  t.same(strange, [])
})

t.test('both ends were seen, and no process is left', async (t) => {
  await sanitiser.close()
  await sleep(200)
  t.same(workersOf(process.pid), [])
  let all = 0
  for (const [kind, { refused, stripped, heldBack, crashed, slowestMs }] of tallies) {
    all += refused + stripped
    t.comment(
      `${kind}: ${refused + stripped} files, ${stripped} made anew, ${refused} refused (${heldBack} by the second look, ${crashed} workers died), slowest ${Math.round(slowestMs)} ms`,
    )
  }
  t.comment(`${all} files`)
  const sum = (what: keyof Tally) => [...tallies.values()].reduce((total, tally) => total + tally[what], 0)
  t.ok(sum('refused') > 0 && sum('stripped') > 0)
  t.equal(tallies.size, FILE_KINDS.length)
})
