// Measures the search for giveaways on the labelled sentences. `node dist/test/support/measure-giveaways.js` prints the
// figures of the known half; with `--write` it writes those of all sentences into docs/giveaways.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type FindGiveaways,
  GIVEAWAY_KINDS,
  type Giveaway,
  type GiveawayKind,
  loadGiveaways,
} from '../../server/giveaway/index.js'
import {
  type Mark,
  readSentences,
  SENTENCE_SETS,
  type Sentence,
  type SentenceSet,
} from './giveaway-sentences.js'

export interface Figures {
  /** marks in the sentences */
  marked: number
  /** marks that a finding of the same kind touches */
  met: number
  /** marks that such a finding covers to the last character */
  covered: number
  /** findings */
  found: number
  /** findings that touch a mark of the same kind */
  right: number
}

export interface Measure {
  readonly sentences: number
  readonly total: Figures
  readonly byLanguage: ReadonlyMap<string, Figures>
  readonly byKind: ReadonlyMap<string, Figures>
  /** by kind, then by language */
  readonly byBoth: ReadonlyMap<string, ReadonlyMap<string, Figures>>
  readonly misses: readonly string[]
  readonly falseAlarms: readonly string[]
}

const none = (): Figures => ({ marked: 0, met: 0, covered: 0, found: 0, right: 0 })
const touches = (one: Mark, other: Mark): boolean =>
  one.kind === other.kind && one.start < other.end && other.start < one.end

export function measure(sentences: readonly Sentence[], find: FindGiveaways): Measure {
  const total = none()
  const byLanguage = new Map<string, Figures>()
  const byKind = new Map<string, Figures>(GIVEAWAY_KINDS.map((kind) => [kind, none()]))
  const languages = [...new Set(sentences.map(({ language }) => language))]
  const byBoth = new Map<string, ReadonlyMap<string, Figures>>(
    GIVEAWAY_KINDS.map((kind) => [kind, new Map(languages.map((language) => [language, none()]))]),
  )
  const misses: string[] = []
  const falseAlarms: string[] = []
  for (const { language, text, marks } of sentences) {
    const own = byLanguage.get(language) ?? none()
    byLanguage.set(language, own)
    const counting = (kind: GiveawayKind): readonly Figures[] =>
      [total, own, byKind.get(kind), byBoth.get(kind)?.get(language)].filter(
        (figures) => figures !== undefined,
      )
    const { giveaways } = find({ text })
    for (const mark of marks) {
      const meeting = giveaways.filter((giveaway) => touches(giveaway, mark))
      const covered = meeting.some(({ start, end }) => start <= mark.start && end >= mark.end)
      for (const figures of counting(mark.kind)) {
        figures.marked++
        if (meeting.length > 0) figures.met++
        if (covered) figures.covered++
      }
      if (!covered) misses.push(describe(language, text, mark, meeting))
    }
    for (const giveaway of giveaways) {
      const right = marks.some((mark) => touches(mark, giveaway))
      for (const figures of counting(giveaway.kind)) {
        figures.found++
        if (right) figures.right++
      }
      if (!right) falseAlarms.push(describe(language, text, giveaway, []))
    }
  }
  return { sentences: sentences.length, total, byLanguage, byKind, byBoth, misses, falseAlarms }
}

function describe(
  language: string,
  text: string,
  { kind, start, end }: Mark,
  part: readonly Giveaway[],
): string {
  const shown = `${text.slice(0, start)}**${text.slice(start, end)}**${text.slice(end)}`
  const only = part.map((giveaway) => `“${giveaway.text}”`).join(', ')
  return `${language}, ${kind}: ${shown}${only === '' ? '' : ` (only ${only})`}`.replaceAll('\n', ' ⏎ ')
}

export const recall = ({ met, marked }: Figures): number => (marked === 0 ? 1 : met / marked)
export const coverage = ({ covered, marked }: Figures): number => (marked === 0 ? 1 : covered / marked)
export const precision = ({ right, found }: Figures): number => (found === 0 ? 1 : right / found)

export function measureSet(set: SentenceSet): Measure {
  return measure(readSentences(set), loadGiveaways())
}

const per = (part: number, whole: number): string => (whole === 0 ? '–' : (part / whole).toFixed(2))

function table(head: string, all: ReadonlyMap<string, Figures>, total: Figures): string {
  const rows = [...all, ['all', total] as const].map(([name, { marked, met, covered, found, right }]) => [
    name,
    String(marked),
    per(met, marked),
    per(covered, marked),
    String(found),
    per(right, found),
  ])
  const titles = [head, 'marked', 'recall', 'covered', 'found', 'precision']
  return draw(titles, rows)
}

/** What was found of the marks of each kind in each language, and how many findings were wrong. */
function crossTable({ byBoth, byLanguage }: Measure): string {
  const cell = ({ met, marked, found, right }: Figures) =>
    `${met} of ${marked}${found > right ? `, ${found - right} wrong` : ''}`
  const rows = [...byBoth].map(([kind, own]) => [kind, ...[...own.values()].map(cell)])
  return draw(['kind in language', ...byLanguage.keys()], rows)
}

function draw(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const list = (rows: readonly string[]): string =>
  rows.length === 0 ? 'None.' : rows.map((row) => `- ${row}`).join('\n')

export const TITLES: Readonly<Record<SentenceSet, string>> = {
  known: 'The known half',
  unseen: 'The unseen half',
  second: 'The second author today',
}

export function report(set: SentenceSet, own: Measure): string {
  const parts = [
    `## ${TITLES[set]}: ${own.sentences} sentences`,
    table('language', own.byLanguage, own.total),
    table('kind', own.byKind, own.total),
    crossTable(own),
    `Missed, or found in part:`,
    list(own.misses),
    'False alarms:',
    list(own.falseAlarms),
  ]
  return `${parts.join('\n\n')}\n`
}

const DOCUMENT = new URL('../../../docs/giveaways.md', import.meta.url)
const BEGIN = '<!-- figures: written by test/support/measure-giveaways.ts -->\n'
const END = '<!-- end of the figures -->\n'

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) {
    const [above = '', rest = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN)
    const [, below = ''] = rest.split(END)
    const figures = SENTENCE_SETS.toReversed().map((set) => `\n${report(set, measureSet(set))}`)
    writeFileSync(DOCUMENT, `${above}${BEGIN}${figures.join('')}\n${END}${below}`)
  } else {
    console.log(report('known', measureSet('known')))
  }
}
