// What in a reporter's own words may tell who they are. The answer is a list of questions to the reporter: nothing
// is taken out, judged or kept here. Rules and check digits only; no model, no network, and no word is logged or put
// into an error. Decision 17.
import type { Giveaway } from './kinds.js'
import { makeLexicon } from './lexicon.js'
import { readRules } from './rules.js'
import { search } from './search.js'

export { GIVEAWAY_KINDS, type Giveaway, type GiveawayKind, type Range } from './kinds.js'
export { MARK, takeOut } from './take-out.js'

export interface Giveaways<Field extends string> {
  /** by field, in the order in which they came, then by place; never overlapping */
  readonly giveaways: readonly Giveaway<Field>[]
  /** the texts were too long or too full to be searched to the end */
  readonly more: boolean
}

export type FindGiveaways = <Field extends string>(
  texts: Readonly<Partial<Record<Field, string | undefined>>>,
) => Giveaways<Field>

/** Reads the rules of all languages once. Throws when one is missing or malformed: that stops the start. */
export function loadGiveaways(): FindGiveaways {
  const lexicon = makeLexicon(Object.values(readRules()))
  return (texts) => {
    const { giveaways, more } = search(texts, lexicon)
    return { giveaways, more }
  }
}
