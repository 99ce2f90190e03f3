/** What may tell who the reporter is. In this order the kinds win where two lay claim to the same words. */
export const GIVEAWAY_KINDS = [
  'email',
  'iban',
  'bsn',
  'phone',
  'plate',
  'signature',
  'name',
  'act',
  'relation',
  'place',
] as const
export type GiveawayKind = (typeof GIVEAWAY_KINDS)[number]

/** A place in a text: UTF-16 offsets, the end not included, as `slice` takes them. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Giveaway<Field extends string = string> extends Range {
  readonly field: Field
  readonly kind: GiveawayKind
  readonly text: string
}

/** What one searcher found, in offsets of the folded text. Up to `core` it must stay whole; the rest may be cut. */
export interface Found extends Range {
  readonly kind: GiveawayKind
  readonly core: number
}

export function foundWhole(kind: GiveawayKind, start: number, end: number): Found {
  return { kind, start, end, core: end }
}
