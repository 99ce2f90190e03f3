// Account numbers, the Dutch personal number, telephone numbers: libraries and check digits decide, words nearby help.
import { electronicFormatIBAN, getCountrySpecifications, isValidBBAN, isValidIBAN } from 'ibantools'
import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/min'
import type { Budget } from './budget.js'
import type { Folded } from './fold.js'
import { type Found, foundWhole } from './kinds.js'
import type { Lexicon } from './lexicon.js'
import { HOME } from './rules.js'
import { isNear, type Word } from './words.js'

const IBAN = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,36}/g
const SPECIFICATIONS = getCountrySpecifications()
const BSN = /(?<![\d+.,-]|\d )\d(?:[ .-]?\d){7,8}(?![ .-]?\d)/g
const DIGITS = /(?<!\d|\d[.,])(?:\+|\(\+?)?\d(?:[ ()./-]{0,3}\d){6,40}/g
const DATE =
  /(?<!\d|\d[-./])(?:\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d|\d{1,2}[-./]\d{1,2}[-./]\d\d(?![-./ ]?\d)|(?:19|20)\d\d-\d\d-\d\d)(?!\d)/g
/** What a question to the library costs in steps over words: it tries long rows of digits piece by piece. */
const stepsOf = ({ length }: string): number => length * Math.max(40, length)

/** An account number as its country writes it. One with wrong check digits counts: people mistype. */
export function* findIbans({ plain }: Folded, budget: Budget): Generator<Found> {
  for (const { 0: text, index } of plain.matchAll(IBAN)) {
    if (!budget.spend(5)) return
    const country = text.slice(0, 2).toUpperCase()
    const length = SPECIFICATIONS[country]?.chars
    if (!length) continue
    let end = 0
    for (let counted = 0; counted < length && end < text.length; end++)
      if (/[A-Za-z0-9]/.test(text[end] ?? '')) counted++
    const number = electronicFormatIBAN(text.slice(0, end))
    if (!number || /[A-Za-z0-9]/.test(plain[index + end] ?? '')) continue
    if (isValidIBAN(number) || isValidBBAN(number.slice(4), country))
      yield foundWhole('iban', index, index + end)
  }
}

/** Eight digits count with a nought before them, as on old papers. */
export function passesElevenTest(digits: string): boolean {
  const nine = digits.padStart(9, '0')
  if (!/^\d{9}$/.test(nine) || /^0*$/.test(nine)) return false
  const sum = [...nine].reduce((total, digit, i) => total + Number(digit) * (i === 8 ? -1 : 9 - i), 0)
  return sum % 11 === 0
}

/** Nine digits that pass, or any nine right after the word for it: people mistype. */
export function* findBsns(
  { plain }: Folded,
  words: readonly Word[],
  lexicon: Lexicon,
  budget: Budget,
): Generator<Found> {
  const other = (word: string) => lexicon.otherNumber(word) || lexicon.nearPhone(word)
  for (const { 0: text, index } of withoutDates(plain).matchAll(BSN)) {
    if (!budget.spend(5)) return
    const digits = text.replace(/\D/g, '')
    const named = isNear(words, index, lexicon.nearBsn)
    if (!named && (digits.length < 9 || isNear(words, index, other, 2))) continue
    if (named ? digits.length === 9 || passesElevenTest(digits) : passesElevenTest(digits))
      yield foundWhole('bsn', index, index + text.length)
  }
}

/** Dutch numbers and international ones; numbers of other countries without prefix only beside a word for them. */
export function* findPhones(
  { plain }: Folded,
  words: readonly Word[],
  lexicon: Lexicon,
  budget: Budget,
): Generator<Found> {
  for (const { 0: text, index } of withoutDates(plain).matchAll(DIGITS)) {
    if (!budget.spend(1)) return
    const other = isNear(words, index, lexicon.otherNumber)
    const named = isNear(words, index, lexicon.nearPhone) && !other
    const prefixed = /^\(?(?:\+|0)/.test(text)
    if (!named && !prefixed) continue
    const digits = text.replace(/\D/g, '').length
    const foreign = named || (!other && (digits === 10 || digits === 11))
    const numbers = lookUp(text, foreign ? lexicon.countries : [HOME], budget)
    for (const { startsAt, endsAt } of numbers) yield foundWhole('phone', index + startsAt, index + endsAt)
    // Called a telephone number, but a digit short or of a range that no country gives out: people mistype.
    if (numbers.length === 0 && named && prefixed && digits >= 8 && digits <= 15)
      yield foundWhole('phone', index, index + text.length)
  }
}

/** The numbers in a few characters, as the first of these countries reads them that leaves no digits before. */
function lookUp(text: string, countries: readonly CountryCode[], budget: Budget) {
  let part: ReturnType<typeof findPhoneNumbersInText> = []
  for (const country of countries) {
    if (!budget.spend(stepsOf(text))) return []
    const numbers = findPhoneNumbersInText(text, country)
    if (numbers[0] && numbers[0].startsAt <= 1) return numbers
    if (part.length === 0) part = numbers
  }
  return part
}

/** Dates are made of digits and dashes too. Their places stay, so that offsets hold. */
function withoutDates(text: string): string {
  return text.replace(DATE, (date) => '_'.repeat(date.length))
}
