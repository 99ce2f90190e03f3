// Puts reports together that say nearly the same, in the desk's browser. Each group has one sketch in its middle, and
// every report in it is alike to that one: so a chain in which each is a little different from the one before does
// not become one group. Groups do not depend on the order in which reports come.
import { type Alike, areAlike, SAMPLES } from './alike.js'
import type { ReportHeader } from './report.js'

/** Two people who tick the same have not reported the same: without words only a flood is put together. */
export const FEWEST_WITHOUT_WORDS = 20
const FEWEST_WITH_WORDS = 2
/** Only sketches that share a piece are compared. Alike ones differ in fifteen samples at most, so one of sixteen is equal. */
const PIECE_SAMPLES = 4
/** With so many at most a sketch is compared for each of its pieces, whatever somebody sends. */
const MOST_WITH_PIECE = 16

export interface AlikeGroup<Report> {
  readonly by: Alike['by']
  /** in the order in which they were given */
  readonly reports: readonly Report[]
}

/** Groups of two or more; of twenty or more where there are too few words. Reports like no other one are left out. */
export function groupAlike<Report extends { readonly header: ReportHeader }>(
  reports: readonly Report[],
  compare: (one: string, other: string) => boolean = areAlike,
): AlikeGroup<Report>[] {
  const middleOf = findMiddles(reports, compare)
  const groups = new Map<string, { by: Alike['by']; reports: Report[] }>()
  for (const report of reports) {
    const { alike } = report.header
    if (alike === null) continue
    const key = alike.by === 'words' ? middleOf.get(alike.sketch) : answersKey(report.header)
    if (key === undefined) continue
    const group = groups.get(key) ?? { by: alike.by, reports: [] }
    group.reports.push(report)
    groups.set(key, group)
  }
  return [...groups.values()].filter(
    ({ by, reports }) => reports.length >= (by === 'words' ? FEWEST_WITH_WORDS : FEWEST_WITHOUT_WORDS),
  )
}

/** For each sketch the one in whose group it is. What was sent most often comes to stand in the middle. */
function findMiddles(
  reports: readonly { readonly header: ReportHeader }[],
  compare: (one: string, other: string) => boolean,
): Map<string, string> {
  const counts = new Map<string, number>()
  for (const { header } of reports) {
    if (header.alike?.by !== 'words') continue
    const { sketch } = header.alike
    counts.set(sketch, (counts.get(sketch) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  const middleOf = new Map<string, string>()
  const middlesWith = new Map<number, string[]>()
  for (const [sketch] of sorted) {
    const found = findMiddle(sketch, middlesWith, compare)
    middleOf.set(sketch, found ?? sketch)
    if (found === undefined) addMiddle(sketch, middlesWith)
  }
  return middleOf
}

function findMiddle(
  sketch: string,
  middlesWith: ReadonlyMap<number, readonly string[]>,
  compare: (one: string, other: string) => boolean,
): string | undefined {
  const compared = new Set<string>()
  for (const piece of piecesOf(sketch)) {
    for (const middle of middlesWith.get(piece) ?? []) {
      if (compared.has(middle)) continue
      if (compare(middle, sketch)) return middle
      compared.add(middle)
    }
  }
  return undefined
}

function addMiddle(sketch: string, middlesWith: Map<number, string[]>): void {
  for (const piece of piecesOf(sketch)) {
    const others = middlesWith.get(piece)
    if (!others) middlesWith.set(piece, [sketch])
    else if (others.length < MOST_WITH_PIECE) others.push(sketch)
  }
}

/** Each piece with its place in the sketch, as one number. Done for thousands while somebody looks at the page. */
function piecesOf(sketch: string): number[] {
  const pieces: number[] = []
  for (let at = 0; at < SAMPLES; at += PIECE_SAMPLES) {
    let piece = at / PIECE_SAMPLES
    for (let i = at; i < at + PIECE_SAMPLES; i++) piece = piece * 16 + digitAt(sketch, i)
    pieces.push(piece)
  }
  return pieces
}

/** The value of a small hexadecimal digit: letters stand after a gap of 39 behind the numbers. */
function digitAt(sketch: string, at: number): number {
  const code = sketch.charCodeAt(at) - 48
  return code > 9 ? code - 39 : code
}

/** Sixteen bits alone would now and then be those of other answers: what the header says must be the same too. */
function answersKey({ language: _, mailbox: __, ...answers }: ReportHeader): string {
  return JSON.stringify(answers)
}
