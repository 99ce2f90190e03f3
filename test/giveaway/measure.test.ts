// The document tells how well the search does; the code must do at least that.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { GIVEAWAY_KINDS, loadGiveaways } from '../../server/giveaway/index.js'
import { readSentences, SENTENCE_SETS } from '../support/giveaway-sentences.js'
import {
  coverage,
  type Figures,
  measure,
  measureSet,
  precision,
  recall,
  TITLES,
} from '../support/measure-giveaways.js'

const document = readFileSync(new URL('../../../docs/giveaways.md', import.meta.url), 'utf8')

/** The rows of a section: name, marked, recall, covered, found, precision. */
function rowsOf(title: string): Map<string, number[]> {
  const section = document.split(`\n## ${title}`)[1]?.split('\n## ')[0] ?? ''
  const rows = [...section.matchAll(/^\| (\w+) +\|([\d.| –]+)\|$/gm)]
  return new Map(
    rows.map(([, name = '', cells = '']) => [name, cells.split('|').map((cell) => Number(cell.trim()))]),
  )
}

for (const set of SENTENCE_SETS) {
  t.test(`${TITLES[set]}: the search does not fall below what the document says`, async (t) => {
    const told = rowsOf(TITLES[set])
    const { byLanguage, byKind, total } = measureSet(set)
    const all: [string, Figures][] = [...byLanguage, ...byKind, ['all', total]]
    t.equal(told.size, all.length)
    for (const [name, figures] of all) {
      const [marked = 0, toldRecall = 1, toldCoverage = 1, , toldPrecision = 1] = told.get(name) ?? []
      t.equal(figures.marked, marked, `${name}: the document counts the same marks`)
      t.ok(recall(figures) >= toldRecall - 0.005, `${name}: recall`)
      t.ok(coverage(figures) >= toldCoverage - 0.005, `${name}: covered`)
      t.ok(precision(figures) >= toldPrecision - 0.005, `${name}: precision`)
    }
  })
}

t.test(
  'every kind and every language is marked in each set, and a good part of the sentences is calm',
  async (t) => {
    for (const set of SENTENCE_SETS) {
      const sentences = readSentences(set)
      t.ok(sentences.length >= 120)
      for (const kind of GIVEAWAY_KINDS)
        t.ok(sentences.filter(({ marks }) => marks.some((mark) => mark.kind === kind)).length >= 5, kind)
      for (const language of ['nl', 'en', 'pl', 'ro', 'ar'])
        t.ok(sentences.filter((one) => one.language === language).length >= 20, language)
      t.ok(sentences.filter(({ marks }) => marks.length === 0).length > sentences.length / 5)
    }
  },
)

t.test('the measure counts what is missed, found in part, and found wrongly', async (t) => {
  const mark = (kind: 'phone' | 'name', start: number, end: number) => ({ kind, start, end })
  const measured = measure(
    [
      { language: 'nl', text: 'mijn nummer 0612', marks: [mark('phone', 12, 16)] },
      { language: 'nl', text: 'Mijn naam is Bo Vis, ik heet Bo', marks: [mark('name', 13, 19)] },
    ],
    loadGiveaways(),
  )
  t.match(measured.total, { marked: 2, met: 1, covered: 1, found: 2, right: 1 })
  t.equal(measured.misses.length, 1)
  t.equal(measured.falseAlarms.length, 1)
})
