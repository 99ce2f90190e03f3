// The phrases of each language, from locales/giveaways/. They are data so that a native speaker can mend them.
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min'
import { z } from 'zod'
import { readData } from '../i18n/index.js'

/** Every language is searched for in every text: people mix them, and write in other ones than they read. */
export const RULE_LANGUAGES = ['nl', 'en', 'pl', 'ro', 'ar'] as const
export type RuleLanguage = (typeof RULE_LANGUAGES)[number]

/** A telephone number without prefix is one of this country. */
export const HOME = 'NL'

const word = z.string().regex(/^[^\s|]+$/)
const words = z.array(word)
const country = z.custom<CountryCode>((code) => typeof code === 'string' && isSupportedCountry(code))

/**
 * Words with spaces between. `a|b` one of them, `a?` may be missing, `a*` begins so, `*a` ends so, `<list>` one of a
 * list, `#` a number, `..3` up to three other words but no barrier, and `…` at the end takes the rest of the clause
 * along.
 */
const phrase = z
  .string()
  .regex(/^(?![<.*])\S+(?: \S+)*$|^<\w+>(?: \S+)*$/)
  .refine((text) => (text.match(/\.\.\d/g) ?? []).length <= 2, 'at most two gaps')
  .refine((text) => (text.match(/\?/g) ?? []).length <= 3, 'at most three words that may be missing')
const phrases = z.array(phrase)

export const rulesSchema = z.strictObject({
  reviewed: z.boolean(),
  /** whether names are written with a capital */
  hasCapitals: z.boolean(),
  /** letters that are written before a word without a space, such as "and" in Arabic */
  joined: words,
  /** words that end a clause without a comma */
  stops: words,
  /** no gap reaches over them: they deny, or what follows is said of somebody else */
  barriers: words,
  /** right before a verb they say that it is not the reporter who does it: in some languages the verb is the same */
  others: words,
  lists: z.record(z.string().regex(/^\w+$/), words),
  phone: z.strictObject({
    countries: z.array(country),
    near: words,
    /** how a number is said digit by digit */
    spelled: z.strictObject({ nought: words, digits: words }),
  }),
  email: z.strictObject({ sign: words, at: words, dot: words }),
  bsn: z.strictObject({ near: words }),
  /** what other long numbers are called: orders, advertisements */
  otherNumbers: words,
  plate: z.strictObject({ near: words }),
  name: z.strictObject({
    /** a name follows, whatever it looks like; with a colon at the end only when one stands there */
    phrases,
    /** a name follows if it begins with a capital */
    capital: phrases,
    /** a name stands before it */
    before: phrases,
    /** before or within a name */
    titles: words,
    within: words,
    /** what follows such a phrase and is no name */
    never: words,
  }),
  relation: phrases,
  place: phrases,
  act: phrases,
  /** the end of a letter: a name follows, and little after it. What is `sure` is said nowhere else. */
  signature: z.strictObject({ sure: phrases, thanks: phrases }),
})
export type Rules = z.infer<typeof rulesSchema>

/** Throws when a file is missing or malformed: that stops the start. */
export function readRules(): Readonly<Record<RuleLanguage, Rules>> {
  const read = (language: RuleLanguage) => readData(`giveaways/${language}.json`, rulesSchema)
  return { nl: read('nl'), en: read('en'), pl: read('pl'), ro: read('ro'), ar: read('ar') }
}
