// Help for the whole country, and where it is: by want, by province, by region. Nothing here depends on the reader.
import { isIn } from '../../help/areas.js'
import { type Coordinator, type HelpKind, isInForce } from '../../help/entry.js'
import { type Municipality, slugOf } from '../../regions/index.js'
import { halfDayOf } from '../../report/half-day.js'
import type { Crumb, Site } from '../site.js'
import { gatherSources, nowOf, type ShownEntry, showCoordinator, showEntry } from './help-rows.js'

/** What people want, in the order of the page; an entry stands whole under the first that fits, named under others. */
export const WANTS: readonly { readonly id: string; readonly kinds: readonly HelpKind[] }[] = [
  { id: 'talk', kinds: ['talk', 'advice'] },
  { id: 'safe', kinds: ['shelter', 'coordination'] },
  { id: 'hurt', kinds: ['violence', 'suicide', 'health'] },
  { id: 'young', kinds: ['children'] },
  { id: 'work', kinds: ['work', 'change_work'] },
  { id: 'report', kinds: ['report', 'police', 'border'] },
  { id: 'rights', kinds: ['legal'] },
]
/** Which want an entry is whole under: the more special one first. */
const MOST_SPECIAL = ['safe', 'work', 'young', 'hurt', 'report', 'talk', 'rights']

/** Where municipalities, units and their mergers come from; ids of locales/sources.json. */
const OF_MUNICIPALITIES = 'municipalities-2025'
const OF_UNITS = 'police-units'

/** The sources of a municipality's place in the country. */
export const PLACE_SOURCES = [OF_MUNICIPALITIES, OF_UNITS] as const

export interface Unit {
  readonly slug: string
  readonly name: string
}

const MINUTE_MS = 60_000
let lastDay = { minute: Number.NaN, day: '' }

/** The day it is in the Netherlands, YYYY-MM-DD; worked out once a minute, as it is asked for with every page. */
export function dayOf(site: Site): string {
  const now = nowOf(site)
  const minute = Math.floor(now.getTime() / MINUTE_MS)
  if (lastDay.minute !== minute) lastDay = { minute, day: halfDayOf(now).slice(0, 10) }
  return lastDay.day
}

/** What pages of help depend on besides their address: another value means that they must be made again. */
export function helpEdition(site: Site): string {
  return `${dayOf(site)} ${site.directory.version}`
}

/** The twelve provinces or the ten units of the police, by name. */
export function unitsOf(
  municipalities: readonly Municipality[],
  key: 'province' | 'policeUnit',
): readonly Unit[] {
  const names = [...new Set(municipalities.map((one) => one[key]))]
  return names.sort((a, b) => a.localeCompare(b, 'nl')).map((name) => ({ name, slug: slugOf(name) }))
}

/** The coordinators of today for any of these municipalities. */
export function coordinatorsOf(site: Site, municipalities: readonly Municipality[]): readonly Coordinator[] {
  const now = nowOf(site)
  return site.directory
    .coordinators()
    .filter(
      (one) => isInForce(one, now) && municipalities.some((municipality) => isIn(municipality, one.area)),
    )
}

/** What every page about a place says of its coordinators; `names` of those roles that nobody is known for stay empty. */
export function showCoordinators(site: Site, language: string, coordinators: readonly Coordinator[]) {
  const now = nowOf(site)
  const shown = coordinators.map((one) => showCoordinator(one, language, now, areaNames(site, one)))
  return {
    care: shown.filter(({ role }) => role === 'care_coordinator'),
    chain: shown.filter(({ role }) => role === 'chain_director'),
  }
}

function areaNames(site: Site, { area }: Coordinator): readonly string[] {
  if (area.level === 'national') return []
  return area.names.map((name) => site.catalogue.regions.byCode(name)?.called ?? name)
}

/** The pages above those of a place. */
export function helpTrail(site: Site, language: string, ...more: readonly Crumb[]): readonly Crumb[] {
  const t = site.translate(language)
  return [{ href: '/help', title: t('near.help') }, ...more]
}

/** An entry that pages name beside others; null when the operator took it out of the directory. */
export function shortly(site: Site, language: string, id: string): ShownEntry | null {
  const entry = site.directory.entries(language).find((one) => one.id === id)
  return entry ? showEntry(entry, language, nowOf(site)) : null
}

/** The pages of help that are the same for everybody, by address; each is made when it is first asked for. */
export function helpPages(site: Site): Map<string, () => string> {
  const pages = new Map<string, () => string>()
  const { municipalities } = site.catalogue.regions
  const provinces = unitsOf(municipalities, 'province')
  const units = unitsOf(municipalities, 'policeUnit')
  for (const { code } of site.languages) {
    pages.set(`/${code}/help`, () => directoryPage(site, code, provinces))
    pages.set(`/${code}/help/nearby`, () => nearbyPage(site, code))
    pages.set(`/${code}/help/regions`, () => regionsPage(site, code, units))
    for (const province of provinces)
      pages.set(`/${code}/help/p/${province.slug}`, () => provincePage(site, code, province))
    for (const unit of units)
      pages.set(`/${code}/help/regions/${unit.slug}`, () => regionPage(site, code, unit))
  }
  return pages
}

function directoryPage(site: Site, language: string, provinces: readonly Unit[]): string {
  const t = site.translate(language)
  const now = nowOf(site)
  const rows = site.directory.entries(language).map((entry) => showEntry(entry, language, now))
  const national = rows.filter(({ entry }) => entry.area.level === 'national')
  const isUrgent = ({ entry }: ShownEntry) => entry.kinds.includes('danger')
  const others = national.filter((row) => !isUrgent(row))
  const wants = WANTS.map(({ id }) => ({
    id,
    rows: others.filter((row) => wantOf(row) === id),
    also: others.filter((row) => wantOf(row) !== id && fits(row, id)),
  })).filter(({ rows, also }) => rows.length + also.length > 0)
  return site.page(
    language,
    'help',
    {
      urgent: national.filter(isUrgent),
      wants,
      provinces,
      regional: rows.some(({ entry }) => entry.area.level !== 'national'),
      sources: gatherSources(
        site,
        national.flatMap(({ sources }) => sources),
      ),
      typed: '',
      errors: {},
    },
    { title: t('near.help'), path: '/help', indexable: true, trail: [] },
  )
}

function wantOf(row: ShownEntry): string {
  return MOST_SPECIAL.find((id) => fits(row, id)) ?? 'talk'
}

function fits({ entry }: ShownEntry, id: string): boolean {
  return WANTS.find((want) => want.id === id)?.kinds.some((kind) => entry.kinds.includes(kind)) ?? false
}

/** What somebody typed who is on the page again; never kept, never in an address. */
export interface Asked {
  readonly typed: string
  readonly error: 'near.empty' | 'near.unknown'
  readonly near: readonly { readonly slug: string; readonly name: string; readonly called: string }[]
}

/** The page that asks where somebody is; with `asked`, again. */
export function nearbyPage(site: Site, language: string, asked: Asked | null = null): string {
  const t = site.translate(language)
  const { regions } = site.catalogue
  const standing = regions.standing(dayOf(site))
  const title = t('near.title')
  return site.page(
    language,
    'nearby',
    {
      typed: asked?.typed ?? '',
      errors: asked ? { place: asked.error } : {},
      near: asked?.near ?? [],
      names: standing.map(({ called }) => called),
      provinces: unitsOf(standing, 'province'),
      comensha: shortly(site, language, 'comensha'),
      young: shortly(site, language, 'veiligthuis'),
      sources: gatherSources(site, [...PLACE_SOURCES]),
    },
    {
      title: asked ? `${t('error.title')}: ${title}` : title,
      path: '/help/nearby',
      indexable: true,
      trail: helpTrail(site, language),
    },
  )
}

function provincePage(site: Site, language: string, { name, slug }: Unit): string {
  const t = site.translate(language)
  const standing = site.catalogue.regions.standing(dayOf(site)).filter(({ province }) => province === name)
  const shown = showCoordinators(site, language, coordinatorsOf(site, standing))
  const comensha = shortly(site, language, 'comensha')
  return site.page(
    language,
    'information/help-province',
    {
      name,
      municipalities: standing,
      units: unitsOf(standing, 'policeUnit'),
      ...shown,
      comensha,
      sources: gatherSources(site, [
        ...[...shown.care, ...shown.chain, ...(comensha ? [comensha] : [])].flatMap(({ sources }) => sources),
        ...PLACE_SOURCES,
      ]),
    },
    {
      title: t('near.provinceTitle', { name }),
      path: `/help/p/${slug}`,
      indexable: true,
      trail: helpTrail(site, language, { href: '/help/nearby', title: t('near.title') }),
    },
  )
}

function regionsPage(site: Site, language: string, units: readonly Unit[]): string {
  const t = site.translate(language)
  const standing = site.catalogue.regions.standing(dayOf(site))
  const told = units.map((unit) => {
    const own = standing.filter(({ policeUnit }) => policeUnit === unit.name)
    return { ...unit, safetyRegions: safetyRegionsOf(own), number: own.length }
  })
  return site.page(
    language,
    'information/help-regions',
    { units: told, sources: gatherSources(site, [...PLACE_SOURCES]) },
    {
      title: t('near.regions'),
      path: '/help/regions',
      indexable: true,
      trail: helpTrail(site, language),
    },
  )
}

/** Whom everybody can reach in every region, in this order; ids of the help directory. */
const EVERYWHERE = ['emergency', 'police', 'mma', 'comensha', 'veiligthuis', 'nla', 'slachtofferhulp']

function regionPage(site: Site, language: string, { name, slug }: Unit): string {
  const t = site.translate(language)
  const now = nowOf(site)
  const standing = site.catalogue.regions
    .standing(dayOf(site))
    .filter(({ policeUnit }) => policeUnit === name)
  const shown = showCoordinators(site, language, coordinatorsOf(site, standing))
  const entries = site.directory.entries(language)
  const everywhere = EVERYWHERE.flatMap((id) => entries.filter((entry) => entry.id === id))
  const own = entries.filter(
    ({ area }) => area.level !== 'national' && standing.some((municipality) => isIn(municipality, area)),
  )
  const rows = [...own, ...everywhere].map((entry) => showEntry(entry, language, now))
  const unknown = standing.filter((one) => coordinatorsOf(site, [one]).every((row) => row.name === null))
  return site.page(
    language,
    'information/help-region',
    {
      name,
      municipalities: standing,
      safetyRegions: safetyRegionsOf(standing),
      unknown: unknown.length,
      ...shown,
      rows,
      comensha: shortly(site, language, 'comensha'),
      sources: gatherSources(site, [
        ...[...shown.care, ...shown.chain, ...rows].flatMap(({ sources }) => sources),
        ...PLACE_SOURCES,
        'riec-liec',
      ]),
    },
    {
      title: t('near.regionTitle', { name }),
      path: `/help/regions/${slug}`,
      indexable: true,
      trail: helpTrail(site, language, { href: '/help/regions', title: t('near.regions') }),
    },
  )
}

function safetyRegionsOf(municipalities: readonly Municipality[]): readonly string[] {
  const names = new Map(municipalities.map((one) => [one.safetyRegionCode, one.safetyRegion]))
  return [...names].sort(([a], [b]) => a.localeCompare(b)).map(([, name]) => name)
}
