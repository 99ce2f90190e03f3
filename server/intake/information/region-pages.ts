// A page for each province and each unit of the police: its municipalities, its public contacts, who helps there.
import { isIn } from '../../help/areas.js'
import type { Municipality } from '../../regions/index.js'
import type { Site } from '../site.js'
import { gatherSources, nowOf, showEntry } from './help-rows.js'
import {
  coordinatorsOf,
  dayOf,
  helpTrail,
  PLACE_SOURCES,
  shortly,
  showCoordinators,
  type Unit,
  unitsOf,
} from './places.js'

export function provincePage(site: Site, language: string, { name, slug }: Unit): string {
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
      own: site.tools,
      trail: helpTrail(site, language, { href: '/help/nearby', title: t('near.title') }),
    },
  )
}

export function regionsPage(site: Site, language: string, units: readonly Unit[]): string {
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
      own: site.tools,
      trail: helpTrail(site, language),
    },
  )
}

/** Whom everybody can reach in every region, in this order; ids of the help directory. */
const EVERYWHERE = ['emergency', 'police', 'mma', 'comensha', 'veiligthuis', 'nla', 'slachtofferhulp']

export function regionPage(site: Site, language: string, { name, slug }: Unit): string {
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
      own: site.tools,
      trail: helpTrail(site, language, { href: '/help/regions', title: t('near.regions') }),
    },
  )
}

function safetyRegionsOf(municipalities: readonly Municipality[]): readonly string[] {
  const names = new Map(municipalities.map((one) => [one.safetyRegionCode, one.safetyRegion]))
  return [...names].sort(([a], [b]) => a.localeCompare(b)).map(([, name]) => name)
}
