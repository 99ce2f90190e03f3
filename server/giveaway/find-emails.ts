// Addresses with their sign, and spelled out: "noor at example dot org".
import type { Budget } from './budget.js'
import type { Folded } from './fold.js'
import { type Found, foundWhole } from './kinds.js'
import type { Lexicon } from './lexicon.js'
import type { Word } from './words.js'

const LONGEST_NAME = 64
const LONGEST_DOMAIN = 120
const MOST_PARTS = 4

export function* findEmails({ plain }: Folded, budget: Budget): Generator<Found> {
  for (let at = plain.indexOf('@'); at >= 0; at = plain.indexOf('@', at + 1)) {
    if (!budget.spend(5)) return
    const name = /[\p{L}\d._%+'-]+ ?$/u.exec(plain.slice(Math.max(0, at - LONGEST_NAME), at))?.[0]
    const domain = /^ ?[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/u.exec(
      plain.slice(at + 1, at + 1 + LONGEST_DOMAIN),
    )?.[0]
    if (name && domain) yield foundWhole('email', at - name.length, at + 1 + domain.length)
  }
}

/** A word for "at" that means other things too asks for a spelled dot after it. */
export function* findSpelledEmails(
  words: readonly Word[],
  lexicon: Lexicon,
  budget: Budget,
): Generator<Found> {
  for (const [index, word] of words.entries()) {
    if (!budget.spend(1)) return
    const sure = lexicon.emailSign(word.text)
    if (!sure && !lexicon.emailAt(word.text)) continue
    const last = domainEnd(words, index, lexicon, sure)
    const first = nameStart(words, index, lexicon)
    if (last > index && first < index)
      yield foundWhole('email', words[first]?.start ?? 0, words[last]?.end ?? 0)
  }
}

const adjoins = (word: Word | undefined): boolean => word !== undefined && /^[ [\]()_-]{0,4}$/.test(word.gap)

function domainEnd(words: readonly Word[], at: number, lexicon: Lexicon, sure: boolean): number {
  if (!adjoins(words[at + 1])) return at
  let end = at + 1
  let dots = 0
  for (; dots < MOST_PARTS; dots++) {
    const next = words[end + 1]
    const written = sure && next?.gap === '.'
    const spelled = adjoins(next) && lexicon.emailDot(next?.text ?? '') && adjoins(words[end + 2])
    if (!written && !spelled) break
    end += written ? 1 : 2
  }
  return dots > 0 ? end : at
}

function nameStart(words: readonly Word[], at: number, lexicon: Lexicon): number {
  if (!adjoins(words[at])) return at
  let start = at - 1
  for (let parts = 1; parts < MOST_PARTS; parts++) {
    const own = words[start]
    if (own?.gap === '.' || own?.gap === '_' || own?.gap === '-') start -= 1
    else if (adjoins(own) && adjoins(words[start - 1]) && lexicon.emailDot(words[start - 1]?.text ?? ''))
      start -= 2
    else break
  }
  return Math.max(0, start)
}
