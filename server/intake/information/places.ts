// What pages of help say of a place: which day it is there, who coordinates help, and what is known of nobody.
import { isIn } from '../../help/areas.js'
import { type Coordinator, isInForce } from '../../help/entry.js'
import { type Municipality, slugOf } from '../../regions/index.js'
import { halfDayOf } from '../../report/half-day.js'
import type { Crumb, Site } from '../site.js'
import { nowOf, type ShownEntry, showCoordinator, showEntry } from './help-rows.js'

/** Where municipalities, units and their mergers come from; ids of locales/sources.json. */
const OF_MUNICIPALITIES = 'municipalities-2025'
const OF_UNITS = 'police-units'

/** Who says what a care coordinator and a chain director do. */
const OF_ROLES = ['comensha-care', 'ccv-partners']

/** The sources of a municipality's place in the country, and of what is said of its coordinators. */
export const PLACE_SOURCES = [OF_MUNICIPALITIES, OF_UNITS, ...OF_ROLES]

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
