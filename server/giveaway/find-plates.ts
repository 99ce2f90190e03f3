// Licence plates. Dutch ones have one of a few forms; others are only believed beside a word for them.
import type { Budget } from './budget.js'
import type { Folded } from './fold.js'
import { type Found, foundWhole } from './kinds.js'
import type { Lexicon } from './lexicon.js'
import { isNear, type Word } from './words.js'

/** The forms of the Dutch vehicle authority: A a letter, 9 a digit, - where the groups part. */
const SIDECODES = [
  'AA-99-99',
  '99-99-AA',
  '99-AA-99',
  'AA-99-AA',
  'AA-AA-99',
  '99-AA-AA',
  '99-AAA-9',
  '9-AAA-99',
  'AA-999-A',
  'A-999-AA',
  'AAA-99-A',
  'A-99-AAA',
  '9-AA-999',
  '999-AA-9',
]
const COUNTIES =
  'AB|AG|AR|B|BC|BH|BN|BR|BT|BV|BZ|CJ|CL|CS|CT|CV|DB|DJ|GJ|GL|GR|HD|HR|IF|IL|IS|MH|MM|MS|NT|OT|PH|SB|SJ|SM|SV|TL|TM|TR|VL|VN|VS'

const DASHED = oneOf(SIDECODES, '[- ]')
const SIX = oneOf(SIDECODES, '')
/** The forms of since 2006 are like nothing else that people write; the older ones are also postcodes and sizes. */
const RECENT = oneOf(SIDECODES.slice(6), '')
/** As it stands on British and most Romanian plates: AB12CDE. */
const SEVEN = /^[A-Z]{2}\d{2}[A-Z]{3}$/
const ROMANIAN = new RegExp(`^(?:${COUNTIES})[ -]\\d{2,3}[ -][A-Z]{3}$`)

const DUTCH = /(?<![\p{L}\d-])[A-Za-z\d]{1,3}([- ])[A-Za-z\d]{2,3}\1[A-Za-z\d]{1,3}(?![\p{L}\d]|-[\p{L}\d])/gu
const TOGETHER = /(?<![\p{L}\d-])[A-Za-z\d]{5,8}(?![\p{L}\d]|-[\p{L}\d])/gu
const SPACED = /(?<![\p{L}\d-])[A-Z]{1,2}[ -]\d{2,3}[ -][A-Z]{3}(?![\p{L}\d])/gu
const FOREIGN = /(?<![\p{L}\d-])(?=[A-Z\d -]{0,9}\d)[A-Z\d]{1,5}(?:[ -][A-Z\d]{1,5}){0,2}(?![\p{L}\d])/gu

export function* findPlates(
  { plain }: Folded,
  words: readonly Word[],
  lexicon: Lexicon,
  budget: Budget,
): Generator<Found> {
  const named = (index: number) => isNear(words, index, lexicon.nearPlate)
  for (const { 0: text, 1: between, index } of searchOverlapping(plain, DUTCH)) {
    if (!budget.spend(5)) return
    if (!DASHED.test(text.toUpperCase())) continue
    const typical = between === '-' ? !/[a-z]/.test(text) || !/[aeiou]/i.test(text) : !/[a-z]/.test(text)
    if (typical || named(index)) yield foundWhole('plate', index, index + text.length)
  }
  for (const { 0: text, index } of plain.matchAll(TOGETHER)) {
    if (!budget.spend(5)) return
    const capitals = text.toUpperCase()
    const typical = SEVEN.test(capitals) || (RECENT.test(capitals) && !/[AEIOU]/.test(capitals))
    if (typical || ((SIX.test(capitals) || /[A-Z]\d/.test(capitals)) && named(index)))
      yield foundWhole('plate', index, index + text.length)
  }
  for (const { 0: text, index } of plain.matchAll(SPACED)) {
    if (!budget.spend(5)) return
    if (ROMANIAN.test(text)) yield foundWhole('plate', index, index + text.length)
  }
  for (const { 0: text, index } of plain.matchAll(FOREIGN)) {
    if (!budget.spend(5)) return
    const size = text.replace(/[ -]/g, '').length
    if (size >= 5 && size <= 8 && /[A-Z]/.test(text) && named(index))
      yield foundWhole('plate', index, index + text.length)
  }
}

/** Groups may follow a word that looks like one: "de 12-GB-BX" begins with "de 12-GB". */
function* searchOverlapping(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  const own = new RegExp(pattern)
  for (let found = own.exec(text); found; found = own.exec(text)) {
    yield found
    own.lastIndex = found.index + (/^[A-Za-z\d]+/.exec(found[0])?.[0].length ?? 1)
  }
}

function oneOf(forms: readonly string[], between: string): RegExp {
  const signs: Readonly<Record<string, string>> = { A: '[A-Z]', 9: '\\d', '-': between }
  const groups = forms.map((form) => [...form].map((sign) => signs[sign]).join(''))
  return new RegExp(`^(?:${groups.join('|')})$`)
}
