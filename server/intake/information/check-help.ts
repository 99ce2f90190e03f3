// Looks at the data behind the pages of help before the server is built.
import { HELP_GROUPS, HELP_KINDS } from '../../help/entry.js'
import type { Site } from '../site.js'
import { WANTS } from './help-pages.js'
import { spokenLanguages } from './help-rows.js'
import { MOST_LANGUAGES, placeAddresses, placePages } from './place-pages.js'
import { dayOf, PLACE_SOURCES } from './places.js'

/** One page of so many municipalities is made in every language; all of them have the same template. */
const EVERY = 40

/** Everything wrong with regions, filters and the pages of municipalities, in all languages; empty when all is well. */
export function findHelpProblems(site: Site): string[] {
  return [...findUnknownSources(site), ...findUnsorted(site), ...findBrokenPlaces(site)]
}

function findUnknownSources(site: Site): string[] {
  const changes = site.catalogue.regions.changes.map(({ source }) => source)
  return [...PLACE_SOURCES, ...changes].flatMap((id) =>
    tryTo(() => site.source(id)).map((why) => `regions: ${why}`),
  )
}

/** Every kind is under a want, and has words in every language, like every group; no language is without its rule. */
function findUnsorted(site: Site): string[] {
  const sorted = new Set(WANTS.flatMap(({ kinds }) => kinds))
  const lost = HELP_KINDS.filter((kind) => kind !== 'danger' && !sorted.has(kind))
  const keys = [
    ...HELP_KINDS.map((kind) => `near.kind.${kind}`),
    ...HELP_GROUPS.map((group) => `near.group.${group}`),
    ...WANTS.map(({ id }) => `near.want.${id}`),
    ...['A', 'B', 'C'].map((level) => `near.confidence.${level}`),
    ...site.catalogue.regions.changes.flatMap(({ status }) =>
      ['coming', 'past'].map((when) => `near.change.${status}.${when}`),
    ),
  ]
  return [
    ...lost.map((kind) => `help: nobody finds the kind ${kind} on the page of help`),
    ...site.languages.flatMap(({ code }) =>
      keys.flatMap((key) => tryTo(() => site.translate(code)(key)).map((why) => `${code}: ${why}`)),
    ),
    ...site.languages
      .filter(({ code }) => spokenLanguages(site.directory.entries(code)).length > MOST_LANGUAGES)
      .map(({ code }) => `${code}: the filters have rules for ${MOST_LANGUAGES} languages only`),
  ]
}

function findBrokenPlaces(site: Site): string[] {
  const places = placePages(site)
  const addresses = placeAddresses(site)
  const lost = addresses.filter((path) => !places.get(`/${site.settings.defaultLanguage}${path}`))
  return [
    ...lost.map((path) => `regions: no page at ${path} on ${dayOf(site)}`),
    ...site.languages.flatMap(({ code }) =>
      addresses
        .filter((_, i) => i % EVERY === 0)
        .flatMap((path) =>
          tryTo(() => places.get(`/${code}${path}`)?.()).map((why) => `/${code}${path}: ${why}`),
        ),
    ),
  ]
}

function tryTo(act: () => unknown): string[] {
  try {
    act()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
