// Which names of regions exist: a row of the directory for a region that does not exist would be found by nobody.
import { loadRegions, type Municipality } from '../regions/index.js'
import type { Area, AreaLevel } from './entry.js'

const NAME_OF: Readonly<Record<AreaLevel, (municipality: Municipality) => string>> = {
  province: ({ province }) => province,
  police_unit: ({ policeUnit }) => policeUnit,
  safety_region: ({ safetyRegion }) => safetyRegion,
  municipality: ({ code }) => code,
}

/** The names of one level, in the order of the alphabet; of municipalities their codes. */
export type AreaNames = Readonly<Record<AreaLevel, readonly string[]>>

/** The names of every level, from the list of municipalities. */
export function listAreaNames(
  municipalities: readonly Municipality[] = loadRegions().municipalities,
): AreaNames {
  const names = (level: AreaLevel): string[] => [...new Set(municipalities.map(NAME_OF[level]))].sort()
  return {
    province: names('province'),
    police_unit: names('police_unit'),
    safety_region: names('safety_region'),
    municipality: names('municipality'),
  }
}

/** The names of an area that do not exist. */
export function unknownAreas(area: Area, known: AreaNames): string[] {
  if (area.level === 'national') return []
  const names = known[area.level]
  return area.names.filter((name) => !names.includes(name))
}

/** Whether what an area names contains this municipality; a national one contains all. */
export function isIn(municipality: Municipality, area: Area): boolean {
  return area.level === 'national' || area.names.includes(NAME_OF[area.level](municipality))
}
