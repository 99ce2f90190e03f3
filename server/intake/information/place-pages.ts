// A page per municipality: who helps near it, and the rest of the directory with filters that work in the browser's
// style alone, so that what somebody looks for is never asked of us. 342 pages in every language are made when they
// are first asked for, and only some are kept.
import type { FastifyInstance } from 'fastify'
import { isIn } from '../../help/areas.js'
import { type Coordinator, HELP_GROUPS, HELP_KINDS } from '../../help/entry.js'
import { type Change, type Municipality, slugOf } from '../../regions/index.js'
import { FORMS } from '../../report/signs.js'
import type { PageSource } from '../../web/prebuilt-pages.js'
import { readFields } from '../form-body.js'
import type { IntakeParts } from '../parts.js'
import type { Site } from '../site.js'
import { sendPage } from '../visit.js'
import { nearbyPage } from './help-pages.js'
import { gatherSources, languageName, nowOf, showEntry, spokenLanguages } from './help-rows.js'
import { coordinatorsOf, dayOf, helpTrail, PLACE_SOURCES, shortly, showCoordinators } from './places.js'
import type { FoundPlace } from './search-pages.js'

/** How many made pages are kept, of all languages and encodings: about 4 MB. */
export const MOST_PLACES_KEPT = 400
/** The style sheet has a rule for so many languages. */
export const MOST_LANGUAGES = 40
/** Longer than any name; the rest of it is not looked at. */
const LONGEST_TYPED = 100
/** Kinds that are no answer to "what do you look for". */
const NOT_ASKED = ['danger']

/** The addresses below `/<language>` of all municipalities that exist today. */
export function placeAddresses(site: Site): readonly string[] {
  return site.catalogue.regions.standing(dayOf(site)).map(({ slug }) => `/help/${slug}`)
}

/** The same places with the names by which a search finds them. */
export function placesToFind(site: Site): readonly FoundPlace[] {
  const { regions } = site.catalogue
  return regions.standing(dayOf(site)).map(({ code, name, called, slug }) => ({
    path: `/help/${slug}`,
    name: called,
    otherNames: [name, ...regions.otherNames(code).map((other) => other.name)],
  }))
}

/** The page of an address such as `/nl/help/utrecht`; undefined when it is the page of no municipality and no name. */
export function placePages(site: Site): PageSource {
  return {
    get(path) {
      const [, language = '', , slug = ''] = /^\/([a-z-]+)\/(help)\/([a-z0-9-]+)$/.exec(path) ?? []
      if (!site.languages.some(({ code }) => code === language)) return undefined
      const meaning = site.catalogue.regions.meaning(slug, dayOf(site))
      if (meaning.kind === 'unknown' || meaning.slug !== slug) return undefined
      if (meaning.kind === 'one') return () => placePage(site, language, meaning.municipality, [])
      const own = meaning.municipalities.find((one) => one.slug === slug)
      const others = meaning.municipalities.filter((one) => one !== own)
      return () =>
        own
          ? placePage(site, language, own, others)
          : namesakesPage(site, language, meaning.name, slug, meaning.municipalities)
    },
  }
}

/** Where the page of a place is whose address was asked for by another of its names; null when there is none. */
export function placeAddressFor(site: Site, path: string): string | null {
  const [, language = '', asked = ''] = /^\/([a-z-]+)\/help\/([^/]+)$/.exec(path) ?? []
  if (!site.languages.some(({ code }) => code === language)) return null
  const meaning = site.catalogue.regions.meaning(asked, dayOf(site))
  return meaning.kind === 'unknown' ? null : `/${language}/help/${meaning.slug}`
}

/**
 * Registers the form that asks where somebody is. The typed name is compared and forgotten: it leads to an address that
 * was there before, or comes back in the page.
 */
export function registerPlaces(
  app: FastifyInstance,
  { site, informationPolicy }: Pick<IntakeParts, 'site' | 'informationPolicy'>,
): void {
  const { regions } = site.catalogue
  for (const { code: language } of site.languages) {
    app.post(`/${language}/help/nearby`, (request, reply) => {
      const typed = (readFields(request).get('place')?.at(-1) ?? '').slice(0, LONGEST_TYPED)
      const meaning = regions.meaning(typed, dayOf(site))
      if (meaning.kind !== 'unknown') return reply.redirect(`/${language}/help/${meaning.slug}`, 303)
      const near = regions
        .near(typed, dayOf(site))
        .map(({ name, of }) => ({ slug: of.slug, name, called: of.called }))
      const error = typed.trim() === '' ? 'near.empty' : 'near.unknown'
      reply.header('content-security-policy', informationPolicy)
      return sendPage(request, reply, nearbyPage(site, language, { typed, error, near }), 422)
    })
  }
}

function placePage(
  site: Site,
  language: string,
  municipality: Municipality,
  namesakes: readonly Municipality[],
): string {
  const t = site.translate(language)
  const now = nowOf(site)
  const day = dayOf(site)
  const { regions } = site.catalogue
  // What was true for a municipality that went into this one is true for that part of it.
  const parts = regions.municipalities.filter((one) => regions.partOf(one, day) === municipality)
  const entries = site.directory
    .entries(language)
    .filter(({ area }) => parts.some((part) => isIn(part, area)))
    .filter(({ kinds }) => !kinds.includes('danger'))
  const spoken = spokenLanguages(entries).slice(0, MOST_LANGUAGES)
  const rows = entries.map((entry) => showEntry(entry, language, now, spoken))
  const coordinators = showCoordinators(site, language, coordinatorsOf(site, parts).toSorted(nearestFirst))
  const changes = regions.changes.filter(({ code, into }) =>
    [code, into].some((one) => parts.some((part) => part.code === one)),
  )
  const otherNames = parts.flatMap(({ code }) => regions.otherNames(code))
  const forms = site.forms(language)
  return site.page(
    language,
    'information/help-place',
    {
      place: municipality,
      province: { name: municipality.province, slug: slugOf(municipality.province) },
      unit: { name: municipality.policeUnit, slug: slugOf(municipality.policeUnit) },
      namesakes,
      changes: changes.map((change) => tellChange(site, change, day)),
      ...coordinators,
      local: rows.filter(({ entry }) => entry.area.level !== 'national'),
      national: rows.filter(({ entry }) => entry.area.level === 'national'),
      comensha: shortly(site, language, 'comensha'),
      young: shortly(site, language, 'veiligthuis'),
      police: shortly(site, language, 'police'),
      filters: [
        {
          letter: 'k',
          name: 'kind',
          options: HELP_KINDS.map((kind, i) => ({
            number: i + 1,
            kind,
            text: t(`near.kind.${kind}`),
          })).filter(({ kind }) => !NOT_ASKED.includes(kind)),
        },
        {
          letter: 'g',
          name: 'group',
          options: HELP_GROUPS.map((group, i) => ({ number: i + 1, text: t(`near.group.${group}`) })),
        },
        {
          letter: 'f',
          name: 'form',
          options: FORMS.map((form, i) => ({
            number: i + 1,
            text: forms.find(({ code }) => code === form)?.title ?? form,
          })),
        },
        {
          letter: 'l',
          name: 'language',
          options: spoken
            .map((code, i) => ({ number: i + 1, text: languageName(code, language) }))
            .sort((a, b) => a.text.localeCompare(b.text, language)),
        },
      ],
      otherNames,
      sources: gatherSources(site, [
        ...[...coordinators.care, ...coordinators.chain, ...rows].flatMap(({ sources }) => sources),
        ...PLACE_SOURCES,
        ...changes.map(({ source }) => source),
      ]),
    },
    {
      title: t('near.placeTitle', { name: municipality.called }),
      path: `/help/${municipality.slug}`,
      indexable: true,
      trail: helpTrail(site, language, {
        href: `/help/p/${slugOf(municipality.province)}`,
        title: municipality.province,
      }),
      own: site.near,
    },
  )
}

const LEVELS = ['municipality', 'safety_region', 'police_unit', 'province', 'national']

/** Who is there for a smaller area knows it better. */
function nearestFirst(a: Coordinator, b: Coordinator): number {
  return LEVELS.indexOf(a.area.level) - LEVELS.indexOf(b.area.level)
}

function tellChange(site: Site, { code, into, from, status, verified_on }: Change, day: string) {
  const { regions } = site.catalogue
  const [name, target] = [regions.byCode(code), regions.byCode(into)]
  return {
    key: `near.change.${status}.${from <= day ? 'past' : 'coming'}`,
    name: name?.called ?? code,
    into: target?.called ?? into,
    from,
    verified_on,
  }
}

/** A name that several municipalities share, and that is the official name of none. */
function namesakesPage(
  site: Site,
  language: string,
  name: string,
  slug: string,
  municipalities: readonly Municipality[],
): string {
  return site.page(
    language,
    'information/help-namesakes',
    { name, municipalities },
    {
      title: site.translate(language)('near.placeTitle', { name }),
      path: `/help/${slug}`,
      trail: helpTrail(site, language, {
        href: '/help/nearby',
        title: site.translate(language)('near.title'),
      }),
      own: site.near,
    },
  )
}
