// Rows of the help directory as pages show them: what is known and how sure that is, in words of the reader's language.
import {
  type Coordinator,
  HELP_GROUPS,
  HELP_KINDS,
  isStale,
  shownPhone,
  type ToldEntry,
} from '../../help/entry.js'
import type { Source } from '../../pages/sources.js'
import { FORMS } from '../../report/signs.js'
import type { Site } from '../site.js'

/** A source as the list below a page shows it; what an operator wrote himself has no address. */
export type ShownSource = Pick<Source, 'id' | 'title' | 'url' | 'site' | 'date' | 'verified_on'>

export interface ShownPhone {
  readonly shown: string
  readonly tel: string
  /** nobody looked lately, and the sentence beside the number says so */
  readonly softened: boolean
}

interface ShownFacts {
  readonly id: string
  readonly phone: ShownPhone | null
  readonly website: string | null
  /** the name of the website */
  readonly site: string | null
  readonly confidence: 'A' | 'B' | 'C'
  readonly verified_on: string | null
  readonly sources: readonly string[]
}

export interface ShownEntry extends ShownFacts {
  readonly entry: ToldEntry
  readonly abroad: ShownPhone | null
  /** names of languages, in the reader's language */
  readonly languages: readonly string[]
  /** what the filters look at: `k1 k4 fx gx lx` */
  readonly marks: string
  /** the language of its sentences when that is not the page's */
  readonly lang: string | null
}

export interface ShownCoordinator extends ShownFacts {
  readonly role: Coordinator['role']
  readonly name: string | null
  readonly area: string
  readonly whom: string
  readonly age_group: Coordinator['age_group']
  readonly valid_from: string | null
  readonly valid_to: string | null
}

/** The moment by which facts are old; the same for all rows of a page. */
export function nowOf(site: Site): Date {
  return site.directory.today()
}

/** The languages that filters offer: those in which somebody of these rows certainly speaks, in a fixed order. */
export function spokenLanguages(entries: readonly ToldEntry[]): readonly string[] {
  return [...new Set(entries.flatMap(({ languages }) => languages))].sort()
}

/** `spoken` are the languages that the filters of the page offer. */
export function showEntry(
  entry: ToldEntry,
  language: string,
  now: Date,
  spoken: readonly string[] = [],
): ShownEntry {
  const abroad = shownPhone({ ...entry, phone: entry.phone_abroad })
  return {
    ...factsOf(entry, now),
    entry,
    // Without a number to show, the one for calls from abroad would lead to the same people.
    abroad: abroad && shownPhone(entry) ? { ...abroad, softened: isStale(entry.verified_on, now) } : null,
    languages: entry.languages.map((code) => languageName(code, language)),
    marks: marksOf(entry, spoken),
    lang: entry.told_in === language ? null : entry.told_in,
  }
}

/** `areaNames` stand where no words for the area were given. */
export function showCoordinator(
  coordinator: Coordinator,
  language: string,
  now: Date,
  areaNames: readonly string[],
): ShownCoordinator {
  const { role, name, age_group, valid_from, valid_to, texts } = coordinator
  const told = texts[language] ?? Object.values(texts)[0]
  return {
    ...factsOf(coordinator, now),
    role,
    name,
    area: told?.area || areaNames.join(', '),
    whom: told?.whom ?? '',
    age_group,
    valid_from,
    valid_to,
  }
}

function factsOf(row: ToldEntry | Coordinator, now: Date): ShownFacts {
  const phone = shownPhone(row)
  const { id, website, confidence, verified_on, sources } = row
  return {
    id,
    // The emergency number is never put in doubt: hesitating there costs more than an old date.
    phone: phone && { ...phone, softened: phone.tel !== '112' && isStale(verified_on, now) },
    website,
    site: website && new URL(website).host.replace(/^www\./, ''),
    confidence,
    verified_on,
    sources,
  }
}

/**
 * One mark for each answer of a filter that this row fits, by its place in the list; `x` fits every answer. Who is for
 * everybody fits every group; but a language nobody is sure of is not promised.
 */
function marksOf(entry: ToldEntry, spoken: readonly string[]): string {
  const mark = (letter: string, all: readonly string[], own: readonly string[]): string =>
    own.map((one) => `${letter}${all.indexOf(one) + 1}`).join(' ')
  return [
    mark('k', HELP_KINDS, entry.kinds),
    entry.forms.length === 0 ? 'fx' : mark('f', FORMS, entry.forms),
    entry.groups.length === 0 ? 'gx' : mark('g', HELP_GROUPS, entry.groups),
    mark(
      'l',
      spoken,
      entry.languages.filter((code) => spoken.includes(code)),
    ),
  ]
    .filter(Boolean)
    .join(' ')
}

const namers = new Map<string, Intl.DisplayNames>()

/** The name of a language in the reader's own, with a capital; its code where nobody knows a name. */
export function languageName(code: string, reader: string): string {
  const namer = namers.get(reader) ?? new Intl.DisplayNames([reader], { type: 'language' })
  namers.set(reader, namer)
  const name = namer.of(code) ?? code
  return name.charAt(0).toLocaleUpperCase(reader) + name.slice(1)
}

/** The sources of what a page shows, each once, numbered by their place. */
export function gatherSources(site: Site, ids: readonly string[]): readonly ShownSource[] {
  return [...new Set(ids)].map((id, i) => {
    try {
      return site.source(id)
    } catch (error) {
      if ((error as Error).message !== `no source ${id}`) throw error
      // An operator's own source is what he wrote.
      return { id: `own-${i + 1}`, title: id, url: null, site: null, date: null, verified_on: null }
    }
  })
}
