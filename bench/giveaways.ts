// `node dist/bench/giveaways.js`: how long the search for giveaways holds up the process, for texts of the greatest length.
import { performance } from 'node:perf_hooks'
import { loadGiveaways } from '../server/giveaway/index.js'
import { MOST_CHARACTERS } from '../server/giveaway/search.js'
import { readSentences } from '../test/support/giveaway-sentences.js'

const ROUNDS = 5
const began = performance.now()
const find = loadGiveaways()
console.log(`rules read and compiled: ${(performance.now() - began).toFixed(0)} ms`)

const TEXTS: Readonly<Record<string, string>> = {
  'ordinary words': 'Een witte bus stopt elke nacht bij de schuur, en twee mensen komen nooit buiten. ',
  'the known sentences': readSentences('known')
    .map(({ text }) => text)
    .join(' '),
  'telephone numbers': 'bel 06-12345678 ',
  'numbers that are none': 'bel 0612345 ',
  'digits with spaces': '0 1 ',
  'account numbers': 'NL91ABNA0417164300 ',
  'the first half of a phrase': 'ik heb ',
}

for (const [name, piece] of Object.entries(TEXTS)) {
  const text = piece.repeat(Math.ceil(MOST_CHARACTERS / piece.length)).slice(0, MOST_CHARACTERS)
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now()
    find({ text })
    return performance.now() - start
  })
  console.log(
    `${name.padEnd(28)} ${Math.min(...times)
      .toFixed(0)
      .padStart(4)} ms`,
  )
}
