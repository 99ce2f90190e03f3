// Filters of the inbox, on headers that were opened in the browser. Within one question an answer is enough; all
// questions must be answered. The server never learns what the desk looks for.
import * as z from 'zod'
import { bandOf, type Targets } from './ageing.js'
import type { QueueState } from './case.js'
import type { ReportHeader } from './report.js'

/** What can be ticked, in the order in which it is shown. */
export const FACETS = [
  'state',
  'band',
  'urgent',
  'danger',
  'minor',
  'watched',
  'language',
  'vantage',
  'form',
  'unit',
  'mailbox',
  'files',
] as const
export type Facet = (typeof FACETS)[number]

const HALF_DAY = /^\d{4}-\d{2}-\d{2} (am|pm)$/
const LONGEST = 100

export const filterSchema = z.strictObject({
  chosen: z.partialRecord(z.enum(FACETS), z.array(z.string().max(LONGEST)).max(LONGEST)),
  /** a part of the municipality's name, in any letters */
  place: z.string().max(LONGEST),
  from: z.string().regex(HALF_DAY).nullable(),
  to: z.string().regex(HALF_DAY).nullable(),
})
export type InboxFilter = z.infer<typeof filterSchema>

export const NO_FILTER: InboxFilter = { chosen: {}, place: '', from: null, to: null }

/** What a saved view holds; sealed as a whole. */
export const savedViewSchema = z.strictObject({ name: z.string().min(1).max(LONGEST), filter: filterSchema })
export type SavedViewContent = z.infer<typeof savedViewSchema>

export interface FilterItem {
  readonly id: string
  readonly policeUnit: string
  readonly urgent: boolean
  readonly late: boolean
  readonly halfDay: string
  readonly files: number
  readonly state: QueueState
  readonly mine: boolean
  readonly watched: boolean
}

export interface FilterSetting {
  headerOf(id: string): ReportHeader | undefined
  municipalityName(code: string): string
  readonly targets: Targets
  /** this half-day */
  readonly now: string
}

export interface Filtered<Item> {
  readonly items: readonly Item[]
  /** of each answer: how many reports there would be with it, whatever else is ticked at that question */
  readonly counts: Readonly<Record<Facet, ReadonlyMap<string, number>>>
}

export function isFiltering({ chosen, place, from, to }: InboxFilter): boolean {
  const isTicked = Object.values(chosen).some((values) => (values?.length ?? 0) > 0)
  return isTicked || place !== '' || from !== null || to !== null
}

/** What passes the filter, in the order it came, with the counts beside each answer. */
export function filterInbox<Item extends FilterItem>(
  items: readonly Item[],
  filter: InboxFilter,
  setting: FilterSetting,
): Filtered<Item> {
  const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map<string, number>()])) as Record<
    Facet,
    Map<string, number>
  >
  const ticked = FACETS.flatMap((facet) => {
    const values = filter.chosen[facet]
    return values && values.length > 0 ? [[facet, new Set(values)] as const] : []
  })
  const words = plain(filter.place)
  const passing: Item[] = []
  for (const item of items) {
    const header = setting.headerOf(item.id)
    if (!isWithin(item, filter) || !isAt(header, words, setting)) continue
    const answers = answersOf(item, header, setting)
    const failed = ticked.filter(([facet, values]) => !answers[facet].some((value) => values.has(value)))
    if (failed.length === 0) passing.push(item)
    // What fails at one question only would be there with another answer to it.
    for (const facet of FACETS) {
      if (failed.length === 0 || (failed.length === 1 && failed[0]?.[0] === facet)) {
        for (const value of answers[facet]) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1)
      }
    }
  }
  return { items: passing, counts }
}

function isWithin({ halfDay }: FilterItem, { from, to }: InboxFilter): boolean {
  return (from === null || halfDay >= from) && (to === null || halfDay <= to)
}

function isAt(header: ReportHeader | undefined, words: string, { municipalityName }: FilterSetting): boolean {
  if (words === '') return true
  return header?.municipality != null && plain(municipalityName(header.municipality)).includes(words)
}

/** Small letters without accents or marks. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
}

function answersOf(
  item: FilterItem,
  header: ReportHeader | undefined,
  { targets, now }: FilterSetting,
): Readonly<Record<Facet, readonly string[]>> {
  const yes = (is: boolean): string[] => (is ? ['yes'] : [])
  return {
    state: [item.state === 'claimed' && item.mine ? 'mine' : item.state],
    band: item.state === 'assessed' ? [] : [bandOf(item, header?.danger === 'yes', targets, now)],
    urgent: yes(item.urgent),
    danger: yes(header?.danger === 'yes'),
    minor: yes(header?.minor === true),
    watched: yes(item.watched),
    language: header ? [header.language] : [],
    vantage: header ? [header.vantage ?? 'unknown'] : [],
    form: header?.forms ?? [],
    unit: [item.policeUnit],
    mailbox: header ? [header.mailbox ? 'yes' : 'no'] : [],
    files: [item.files > 0 ? 'yes' : 'no'],
  }
}
